/** A loaded rig bound to its lines: everything of `Rig` but making it safe, which the keeper does. */
import type { Clock, ElapsedMs } from "../base/clock.js";
import { assert } from "../base/error.js";
import { parseQuantity } from "../base/quantity.js";
import type { Column, Sample } from "../base/sample.js";
import { placesOf, type SetpointPlace, type Setpoints, setpointAt } from "../base/setpoint.js";
import type { Line, LineStatistics } from "../line/line.js";
import { type BoundActuator, bindActuators } from "./actuator.js";
import { startSteps } from "./actuator-steps.js";
import { underWayBusyMs } from "./busy.js";
import { inputOf, isRead, type RoleColumn, splitBinding } from "./column.js";
import { type DrivenDevice, drivenDevices } from "./hand.js";
import type { LoadedRig } from "./loaded-rig.js";
import { planDerived, planLines } from "./plan.js";
import type { ActuatorFacts, Rig, RigFault } from "./rig.js";
import type { ActuatorSafety, SafeCause } from "./safety.js";
import { Sampler } from "./sampler.js";
import { DeviceSession } from "./session.js";
import { runSteps } from "./steps.js";
import { SetpointWriter } from "./writer.js";

/** What the guard and the keepalive see beyond `Rig`. */
/** A frame as a line saw it; `at` on the machine's clock, `n` counts per line. */
export type LineFrame = Line["recent"][number] & { line: string };

export interface BoundRig extends Rig {
  /** When the actuators were last started, and everything may move; NaN before the first time. */
  readonly startedAt: ElapsedMs;
  /** A person's signed word (`rig abandon`): what has not acted is not waited for. */
  abandon(): void;
  /** Looks at what each actuator shows; what does not stand as it was made safe is made safe again. */
  verify(): Promise<readonly ActuatorSafety[]>;
  /** Names the run that is the rig's guest in its safe plan; null when it has ended. */
  guest(run: string | null): void;
  /** Asked for setpoints in actuator order, NaN before the first; what the guard compares with. */
  readonly setpoints: Float64Array;
  /** Does a sample carry this column, or is it only written? */
  isRead(column: number): boolean;
  /** Called with every sample before `sample` returns it. */
  watch(listener: (sample: Sample) => void): () => void;
  /** The lines that are read, each with the time of the last answer on it (NaN before the first). */
  lastAnswers(): readonly { line: string; at: ElapsedMs }[];
  /** The columns read or written over each line that is read. */
  columnsOfLines(): readonly { line: string; columns: readonly number[] }[];
  /** The last frames of every line, for the black box. */
  recentFrames(): readonly LineFrame[];
  /** From now on not one frame goes to these devices, and all others are asked as ever. */
  takeOut(devices: ReadonlySet<string>): void;
  /** Devices that a column is read from, itself or what it is derived from. */
  devicesOf(column: number): readonly string[];
  /** Is one of them out of service? */
  isOut(column: number): boolean;
  /** Devices with an actuator of the rig. */
  readonly driven: readonly DrivenDevice[];
  /** Devices with everything needed to talk to them. */
  readonly sessions: ReadonlyMap<string, DeviceSession>;
  /** Devices that do not heed what is sent to make them safe: their keepalive stays away. */
  readonly unheeded: ReadonlySet<string>;
  /** Work that may still write: `safe` waits for its end and then confirms once more. */
  track<T>(work: Promise<T>): Promise<T>;
}

/**
 * What a rig reads is its samples, and the rest is what it writes. `lines` by the names of the rig file; `simulated`
 * is shown wherever the rig's data go.
 */
export abstract class LineRig extends Sampler implements BoundRig {
  readonly name: string;
  readonly simulated: boolean;
  readonly columns: readonly Column[];
  readonly actuators: readonly ActuatorFacts[];
  readonly stations: readonly string[];
  readonly cycleMs: number;
  readonly setpoints: Float64Array;
  readonly #places: readonly SetpointPlace[];
  readonly sessions: ReadonlyMap<string, DeviceSession>;
  readonly driven: readonly DrivenDevice[];
  startedAt: ElapsedMs = Number.NaN;
  abstract readonly unheeded: ReadonlySet<string>;
  protected readonly loaded: LoadedRig;
  protected readonly clock: Clock;
  protected readonly bound: readonly BoundActuator[];
  readonly #read: ReadonlySet<number>;
  readonly #lines: ReadonlyMap<string, Line>;
  readonly #writers: readonly SetpointWriter[];
  readonly #pending = new Set<Promise<unknown>>();
  /** Columns of devices that are out of service. */
  #out: ReadonlySet<number> = new Set();
  #isSafe = false;
  #started = false;
  /** Counts the calls of `safe`: what began before the latest one must not go on. */
  #era = 0;

  constructor(
    loaded: LoadedRig,
    lines: ReadonlyMap<string, Line>,
    clock: Clock,
    simulated: boolean,
  ) {
    const { rig, columns, constants } = loaded;
    const cycleMs = parseQuantity(rig.cycle)?.value ?? 1000;
    const sessions = sessionsOf(loaded, lines, clock);
    const [plans, derived] = [planLines(loaded, sessions), planDerived(columns)];
    super(plans, derived, columns.length, cycleMs, clock, constants);
    this.name = rig.rig;
    this.simulated = simulated;
    this.loaded = loaded;
    this.columns = columns.map(plainColumn);
    this.#read = new Set(columns.filter(isRead).map((c) => c.column));
    this.stations = Object.keys(rig.stations);
    this.cycleMs = cycleMs;
    this.clock = clock;
    this.#lines = lines;
    this.sessions = sessions;
    this.bound = bindActuators(loaded, sessions);
    this.driven = drivenDevices(this.bound);
    this.#writers = this.bound.map((actuator) => new SetpointWriter(actuator, clock));
    this.actuators = this.bound.map((a) => a.facts);
    this.setpoints = new Float64Array(this.actuators.length).fill(Number.NaN);
    this.#places = placesOf(this.actuators.map(({ role }) => role));
  }

  get isSafe(): boolean {
    return this.#isSafe;
  }

  get resets(): readonly string[] {
    const devices = [...this.sessions.values()].map(({ device }) => device);
    return devices.filter(({ type }) => type.reset !== undefined).map(({ name }) => name);
  }

  async identify(): Promise<readonly RigFault[]> {
    const faults = await Promise.all([...this.sessions.values()].map((s) => s.identify("fast")));
    return faults.filter((fault) => fault !== undefined);
  }

  abstract safe(reason: string, cause?: SafeCause): Promise<readonly ActuatorSafety[]>;
  abstract abandon(): void;
  abstract verify(): Promise<readonly ActuatorSafety[]>;
  abstract guest(run: string | null): void;
  abstract safety(): readonly ActuatorSafety[];
  abstract whenActed(): Promise<void>;
  abstract reset(): Promise<readonly RigFault[]>;
  /** Every device is identified and nothing is written yet: what must be so before anything may move. */
  /** The actuators were started. */
  protected abstract afterStart(): Promise<void>;
  protected abstract beforeStart(goesOn: () => boolean): Promise<readonly RigFault[]>;

  async start(): Promise<readonly RigFault[]> {
    const era = this.#era;
    const goesOn = () => era === this.#era;
    const strangers = await this.identify();
    if (strangers.length > 0) return strangers;
    const unfit = goesOn() ? await this.beforeStart(goesOn) : [];
    if (unfit.length > 0) return unfit;
    if (!goesOn()) return [this.#overtaken()];
    this.#isSafe = false;
    this.#started = false;
    this.startedAt = Number.NaN;
    const faults = await this.track(this.#startActuators(goesOn));
    if (faults.length === 0) await this.afterStart();
    return faults;
  }

  #overtaken(): RigFault {
    const detail = "the rig was made safe while it started";
    return { code: "write-failed", device: this.name, detail };
  }

  /** What goes safe last starts first: its setpoint at the floor, then the start command. */
  async #startActuators(goesOn: () => boolean): Promise<readonly RigFault[]> {
    for (const { session } of this.bound) session.forget();
    const order = this.bound.map((_, i) => i).sort((a, b) => this.#order(b) - this.#order(a));
    for (const i of order) {
      const { session, point, mapping, facts } = this.bound[i]!;
      const steps = startSteps(session.device.type, point, mapping.toPoint(facts.floor));
      const run = { session, lane: "write" as const, clock: this.clock, goesOn };
      const fault = await runSteps(run, steps);
      if (fault !== undefined) return [fault];
      this.setpoints[i] = facts.floor;
    }
    this.#started = goesOn();
    if (this.#started) this.#isUnderWay();
    return this.#started ? [] : [this.#overtaken()];
  }

  /** From now on the guard watches, and a busy device costs samples. */
  #isUnderWay(): void {
    this.startedAt = this.clock.elapsed();
    for (const session of this.sessions.values()) session.busyMs = underWayBusyMs;
  }

  #order(i: number): number {
    return this.bound[i]!.facts.safeOrder;
  }

  async write(setpoints: Setpoints): Promise<readonly RigFault[]> {
    if (!this.#started || this.#isSafe) return [];
    const era = this.#era;
    const goesOn = () => era === this.#era;
    const work: Promise<RigFault | undefined>[] = [];
    for (const place of this.#places) {
      const writer = this.#writers[place]!;
      work.push(writer.write(setpointAt(setpoints, place), goesOn));
      this.setpoints[place] = writer.setpoint;
    }
    const faults = await this.track(Promise.all(work));
    return faults.filter((fault) => fault !== undefined);
  }

  /**
   * From now on nothing is written but safe values, until the next start. Waiting writes are withdrawn by the
   * line; what comes back is what was in flight, or about to send its next one, and may still write.
   */
  protected inhibit(): readonly Promise<unknown>[] {
    this.#isSafe = true;
    this.#started = false;
    this.#era++;
    for (const session of this.sessions.values()) {
      // What a device was last seen to hold must not be kept alive any more.
      session.forget();
      session.withdraw();
    }
    return [...this.#pending];
  }

  async track<T>(work: Promise<T>): Promise<T> {
    this.#pending.add(work);
    try {
      return await work;
    } finally {
      this.#pending.delete(work);
    }
  }

  isRead(column: number): boolean {
    return this.#read.has(column);
  }

  override columnsOfLines(): { line: string; columns: readonly number[] }[] {
    return super.columnsOfLines().map(({ line, columns }) => {
      const written = this.bound.filter(({ session }) => session.device.line === line);
      return { line, columns: [...columns, ...written.map(({ facts }) => facts.column)] };
    });
  }

  override lastAnswers(): { line: string; at: ElapsedMs }[] {
    const sessions = [...this.sessions.values()];
    const isAsked = (name: string) => sessions.some((s) => !s.isOut && s.device.line === name);
    return super.lastAnswers().filter(({ line }) => isAsked(line));
  }

  takeOut(devices: ReadonlySet<string>): void {
    for (const [name, session] of this.sessions) {
      session.isOut = devices.has(name);
      session.forget();
    }
    const all = this.columns.map((_, column) => column);
    this.#out = new Set(all.filter((column) => this.devicesOf(column).some((d) => devices.has(d))));
  }

  devicesOf(column: number): readonly string[] {
    const { columns } = this.loaded;
    const { says } = columns[column]!;
    if (says.read !== undefined) return [splitBinding(says.read).device];
    const inputs = (says.derive?.of ?? []).map((name) => inputOf(columns, columns[column]!, name));
    return inputs.flatMap((input) => (input === undefined ? [] : this.devicesOf(input.column)));
  }

  isOut(column: number): boolean {
    return this.#out.has(column);
  }

  recentFrames(): readonly LineFrame[] {
    return [...this.#lines].flatMap(([name, { recent }]) =>
      recent.map((frame) => ({ ...frame, line: name })),
    );
  }

  statistics(): Readonly<Record<string, LineStatistics>> {
    return Object.fromEntries([...this.#lines].map(([name, line]) => [name, line.statistics]));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#lines.values()].map((line) => line.close()));
  }
}

function sessionsOf(
  { devices }: LoadedRig,
  lines: ReadonlyMap<string, Line>,
  clock: Clock,
): Map<string, DeviceSession> {
  return new Map(
    [...devices.values()].map((device) => {
      const line = lines.get(device.line);
      assert(line !== undefined, `the line ${device.line} is given`);
      return [device.name, new DeviceSession(device, line, clock)];
    }),
  );
}

function plainColumn({ name, role, station, dimension, unit, words, keep }: RoleColumn): Column {
  return {
    name,
    role,
    dimension,
    unit,
    ...(station === undefined ? {} : { station }),
    ...(words === undefined ? {} : { words }),
    ...(keep === undefined ? {} : { keep }),
  };
}
