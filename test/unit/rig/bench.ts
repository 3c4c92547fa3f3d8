import { fileURLToPath } from "node:url";
import type { Clock } from "../../../src/base/clock.js";
import type { Request } from "../../../src/device/request.js";
import { keepRig } from "../../../src/keeper/kept-rig.js";
import {
  type DeviceTiming,
  type Lane,
  type Line,
  newStatistics,
  type Reply,
} from "../../../src/line/line.js";
import type { BoundRig } from "../../../src/rig/bind.js";
import { type LoadedRig, loadRig } from "../../../src/rig/load.js";
import { SimDevice } from "../../../src/sim/sim-device.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";

export const root = fileURLToPath(new URL("../../../../", import.meta.url));
export const folders = { rigs: [`${root}rigs`], devices: [`${root}devices`] };

export type Sent = { unit: number; request: Request; lane: Lane; at: number };

/** A line without a wire: devices answer after `delayMs`, silent ones after `timeoutMs`. */
export class StubLine implements Line {
  readonly name: string;
  readonly statistics = newStatistics();
  readonly recent = [];
  readonly sent: Sent[] = [];
  readonly dead = new Set<number>();
  /** Units whose answers may belong to other questions. */
  readonly stale = new Set<number>();
  delayMs = 1;
  timeoutMs = 100;
  hangs = false;
  /** Reads of more registers are refused with exception 2, as of a device with holes. */
  mostRegisters = 125;
  /** So many requests are carried out, but their answers do not arrive. */
  lostAnswers = 0;
  /** Of these the answer does not arrive. */
  loses: (sent: Sent) => boolean = () => false;
  /** The exception that a request is refused with; undefined where it is carried out. */
  refuses: (sent: Sent) => number | undefined = () => undefined;
  /** Words a unit answers with instead of its own. */
  readonly says = new Map<number, number[]>();
  closed = false;
  readonly #units: ReadonlyMap<number, SimDevice>;
  readonly #clock: Clock;

  constructor(name: string, units: ReadonlyMap<number, SimDevice>, clock: Clock) {
    this.name = name;
    this.#units = units;
    this.#clock = clock;
  }

  async exchange(unit: number, request: Request, _t: DeviceTiming, lane: Lane): Promise<Reply> {
    const sent = { unit, request, lane, at: this.#clock.elapsed() };
    this.sent.push(sent);
    if (this.hangs) return new Promise(() => {});
    if (this.closed) return this.#fault("closed");
    if (this.dead.has(unit)) {
      await this.#clock.sleep(this.timeoutMs);
      return this.#fault("timeout");
    }
    await this.#clock.sleep(this.delayMs);
    if (this.stale.has(unit)) return this.#fault("stale");
    if (request.kind === "read" && request.count > this.mostRegisters) return this.#refused(2);
    const refused = this.refuses(sent);
    if (refused !== undefined) return this.#refused(refused);
    const answer = this.#units.get(unit)?.handle(request) ?? { silent: true };
    if (this.lostAnswers > 0 || this.loses(sent)) {
      this.lostAnswers = Math.max(0, this.lostAnswers - 1);
      return this.#fault("timeout");
    }
    const at = this.#clock.elapsed();
    const words = this.says.get(unit);
    if (words !== undefined) return { ok: true, words, at };
    if ("words" in answer) return { ok: true, words: answer.words, at };
    if ("silent" in answer) return this.#fault("timeout");
    return this.#refused(answer.exception);
  }

  #refused(exception: number): Reply {
    const at = this.#clock.elapsed();
    return { ok: false, fault: "exception", exception, detail: `exception ${exception}`, at };
  }

  #fault(fault: "timeout" | "closed" | "stale"): Reply {
    return { ok: false, fault, detail: fault, at: this.#clock.elapsed() };
  }

  writes(): Sent[] {
    return this.sent.filter((s) => s.request.kind === "write");
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

export type Bench = {
  clock: VirtualClock;
  loaded: LoadedRig;
  devices: ReadonlyMap<string, SimDevice>;
  line(name: string): StubLine;
  device(name: string): SimDevice;
  rig: BoundRig;
  column(name: string): number;
};

/** A rig of the project over stub lines; `adjust` may change what was loaded. */
export function bench(
  name = "bearing-four",
  adjust: (loaded: LoadedRig) => void = () => {},
  loaded = loadRig(name, folders),
): Bench {
  const clock = new VirtualClock(0);
  adjust(loaded);
  const { devices, units } = simulate(loaded);
  const lines = new Map(
    Object.keys(loaded.rig.lines).map((l) => [
      l,
      new StubLine(l, units.get(l) ?? new Map(), clock),
    ]),
  );
  const rig = keepRig(loaded, lines, clock, true);
  const must = <T>(value: T | undefined, what: string): T => {
    if (value === undefined) throw new Error(`no ${what}`);
    return value;
  };
  return {
    clock,
    loaded,
    devices,
    rig,
    line: (l) => must(lines.get(l), l),
    device: (d) => must(devices.get(d), d),
    column: (c) => rig.columns.findIndex((column) => column.name === c),
  };
}

/** Simulated devices of a loaded rig, by name and by line and unit. */
export function simulate({ devices }: LoadedRig) {
  const byName = new Map<string, SimDevice>();
  const units = new Map<string, Map<number, SimDevice>>();
  for (const { name, line, unit, type, parameters } of devices.values()) {
    const device = new SimDevice(type, parameters, unit);
    byName.set(name, device);
    units.set(line, (units.get(line) ?? new Map<number, SimDevice>()).set(unit, device));
  }
  return { devices: byName, units };
}
