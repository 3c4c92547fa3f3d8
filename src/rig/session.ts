/** One device as a rig talks to it: read a point, write and confirm a point, prove its identity. */
import type { Clock, ElapsedMs } from "../base/clock.js";
import { modified } from "../device/command.js";
import type { Point } from "../device/device-type.js";
import { fieldMask, holdsWords } from "../device/encoding.js";
import { identityMismatch } from "../device/identity.js";
import type { Request, WriteRequest } from "../device/request.js";
import { valueWords } from "../device/value-words.js";
import type { Lane, Line, LineFault, Reply } from "../line/line.js";
import { busyPauseMs, isBusy, wayUpBusyMs } from "./busy.js";
import type { LoadedDevice } from "./device.js";
import type { RigFault } from "./rig.js";

/** What a single read of a point gave. */
export type PointReading =
  | { ok: true; raw: number; value: number; words: readonly number[] }
  | { ok: false; fault: RigFault };

/** How sure we are who answers at this address. */
export type Identity = "unknown" | "right" | "wrong";

type Confirmed = { words: readonly number[]; at: ElapsedMs };

const leftInSilence: Reply = {
  ok: false,
  fault: "cut",
  detail: "left in silence, so that its own watchdog can act",
  at: Number.NaN,
};

const onlyRead: Reply = {
  ok: false,
  fault: "cut",
  detail: "in another hand: it is only read",
  at: Number.NaN,
};

export const outOfServiceReply: Reply = {
  ok: false,
  fault: "cut",
  detail: "out of service: nothing goes to it before a person returns it",
  at: Number.NaN,
};

const withdrawn: Reply = {
  ok: false,
  fault: "cut",
  detail: "withdrawn for a stop",
  at: Number.NaN,
};

export class DeviceSession {
  readonly device: LoadedDevice;
  identity: Identity = "unknown";
  /** Left in silence, so that its own watchdog can act: only a stop may still speak to it. */
  quiet = false;
  /** Not one frame goes to it. */
  isOut = false;
  /** What shows that it takes its commands from elsewhere (its panel, another controller); undefined: from us. */
  anotherHand: string | undefined;
  /** So long what the device is too busy for is asked again. */
  busyMs = wayUpBusyMs;
  readonly #line: Line;
  readonly #clock: Clock;
  /** Words each written point is known to hold. */
  readonly #confirmed = new Map<string, Confirmed>();
  readonly #factors = new Map<string, number>();
  #modifying: Promise<unknown> = Promise.resolve();
  /** Writes of stops that were sent so far. */
  #stops = 0;
  /** Counts the calls of `withdraw`. */
  #withdrawals = 0;

  constructor(device: LoadedDevice, line: Line, clock: Clock) {
    this.device = device;
    this.#line = line;
    this.#clock = clock;
    if (device.type.identify.length === 0) this.identity = "right";
  }

  /** Words the point was last seen to hold; undefined after any fault of the device. */
  confirmed(point: string): Confirmed | undefined {
    return this.#confirmed.get(point);
  }

  /** The device failed or restarted: what it holds is not known any more. */
  forget(): void {
    this.#confirmed.clear();
    this.#factors.clear();
  }

  /** Another hand has it: nothing is written to it but a stop, and what it held is not repeated. */
  handOver(said: string): void {
    this.anotherHand = said;
    this.forget();
  }

  /** The rig is made safe: what waits for a busy device is not asked again. */
  withdraw(): void {
    this.#withdrawals++;
    this.busyMs = wayUpBusyMs;
  }

  exchange(request: Request, lane: Lane): Promise<Reply> {
    if (this.isOut) return Promise.resolve(outOfServiceReply);
    if (this.quiet && lane !== "stop") return Promise.resolve(leftInSilence);
    const isWrite = request.kind === "write";
    if (this.anotherHand !== undefined && lane !== "stop" && isWrite) {
      return Promise.resolve(onlyRead);
    }
    if (lane === "stop" && isWrite) this.#stops++;
    return this.#line.exchange(this.device.unit, request, this.device.timing, lane);
  }

  /** One answer may get lost on any line; a stop is repeated as a whole. */
  async #askAgain(request: Request & { kind: "read" }, lane: Lane): Promise<Reply> {
    const reply = await this.#patiently(request, lane);
    const isLost = !reply.ok && reply.fault !== "exception" && reply.fault !== "cut";
    return isLost && lane !== "stop" ? this.#patiently(request, lane) : reply;
  }

  /** Again while the device is busy; a stop waits by itself, and nothing goes on waiting beside it. */
  async #patiently(request: Request, lane: Lane, write?: Point["write"]): Promise<Reply> {
    const [stops, withdrawals] = [this.#stops, this.#withdrawals];
    const until = this.#clock.elapsed() + this.busyMs;
    for (;;) {
      const reply = await this.exchange(request, lane);
      if (lane === "stop" || !isBusy(reply, write) || this.#clock.elapsed() >= until) return reply;
      await this.#clock.sleep(busyPauseMs);
      if (this.#stops !== stops || this.#withdrawals !== withdrawals) return reply;
    }
  }

  async read(point: string, lane: Lane): Promise<PointReading> {
    const { type, codecs } = this.device;
    const codec = codecs.get(point);
    const says = type.points[point];
    if (codec === undefined || says === undefined) return this.#no("device-nonsense", point);
    const factor = await this.factor(point, lane);
    const { table, address } = says;
    const request = { kind: "read", table, address, count: codec.registers } as const;
    const reply = await this.#askAgain(request, lane);
    if (!reply.ok) return this.#no(faultCode(reply.fault), `${point}: ${reply.detail}`);
    const words = Array.from(reply.words);
    return {
      ok: true,
      words,
      raw: codec.raw(words, 0),
      value: codec.decodeValue(words, 0, factor),
    };
  }

  /** The factor of a point with `scaleFrom`, read once; undefined when it needs none. */
  async factor(point: string, lane: Lane): Promise<number | undefined> {
    const codec = this.device.codecs.get(point);
    if (codec?.scaleFrom === undefined) return undefined;
    const known = this.#factors.get(codec.scaleFrom);
    if (known !== undefined) return codec.factorOf(known);
    const reading = await this.read(codec.scaleFrom, lane);
    if (!reading.ok) return Number.NaN;
    this.#factors.set(codec.scaleFrom, reading.raw);
    return codec.factorOf(reading.raw);
  }

  /**
   * Sends words to a point and confirms them: `value` reads the register again, `echo` trusts the
   * compared echo of the line, `none` expects no reply at all. Undefined when confirmed. A field that the
   * type wants read first is not written at all when its register cannot be read.
   */
  async write(
    point: string,
    request: WriteRequest,
    confirm: "value" | "echo" | "none",
    lane: Lane,
  ): Promise<RigFault | undefined> {
    this.#confirmed.delete(point);
    const says = this.device.type.points[point]?.write;
    const readFirst = says?.readFirst === true;
    const reply = await (readFirst
      ? this.#modify(request, lane, says)
      : this.#patiently(request, lane, says));
    const silent = confirm === "none" && !reply.ok && reply.fault === "timeout";
    if (!reply.ok && !silent) return this.#failed(reply.fault, `${point}: ${reply.detail}`);
    // Function 23 has read it in the same exchange, after the write.
    const read = reply.ok && reply.words.length > 0 ? Array.from(reply.words) : undefined;
    if (read !== undefined || confirm === "value") {
      const differs =
        read === undefined
          ? await this.differs(point, request.values, lane)
          : this.#difference(point, request.values, read);
      if (differs !== undefined) return differs;
    }
    this.#confirmed.set(point, { words: request.values, at: this.#clock.elapsed() });
    return undefined;
  }

  /**
   * A field by reading its register first: one such write at a time, or one would bring back what the
   * other changed. The lost answer of the read costs the write, never a neighbour.
   */
  #modify(request: WriteRequest, lane: Lane, write: Point["write"]): Promise<Reply> {
    const { table, address } = request;
    const stops = this.#stops;
    const after = this.#modifying.then(async (): Promise<Reply> => {
      const held = await this.#patiently({ kind: "read", table, address, count: 1 }, lane);
      if (!held.ok) return held;
      // What was asked before a stop must not reach the device after it: it may start it again.
      if (this.#stops !== stops) return { ...withdrawn, at: held.at };
      return this.#patiently(modified(request, held.words[0]!), lane, write);
    });
    this.#modifying = after.catch(() => undefined);
    return after;
  }

  /** Reads a point again; undefined when it holds exactly these words. */
  async differs(
    point: string,
    words: readonly number[],
    lane: Lane,
  ): Promise<RigFault | undefined> {
    const reading = await this.read(point, lane);
    return reading.ok ? this.#difference(point, words, reading.words) : reading.fault;
  }

  #difference(
    point: string,
    words: readonly number[],
    read: readonly number[],
  ): RigFault | undefined {
    const says = this.device.type.points[point];
    if (holdsWords(words, read, says && fieldMask(says))) return undefined;
    const detail = `${point} reads back ${this.#inWords(point, read)} instead of ${this.#inWords(point, words)}`;
    return { code: "write-failed", device: this.device.name, detail };
  }

  /** Of a point whose values have words of their own: those; else the registers as they are. */
  #inWords(point: string, registers: readonly number[]): string {
    const says = this.device.type.points[point];
    const value = this.device.codecs.get(point)?.decodeValue(registers, 0) ?? Number.NaN;
    const hasWords = says !== undefined && (says.enum ?? says.bits) !== undefined;
    return hasWords && !Number.isNaN(value) ? valueWords(says, value) : registers.join(" ");
  }

  /** Notes that the point was found to hold these words. */
  found(point: string, words: readonly number[], at: ElapsedMs): void {
    this.#confirmed.set(point, { words, at });
  }

  /** Reads what the device type says identifies it. A mismatch is final until the next look. */
  async identify(lane: Lane): Promise<RigFault | undefined> {
    const { points } = this.device.type;
    for (const check of this.device.type.identify) {
      const reading = await this.read(check.point, lane);
      if (!reading.ok) return reading.fault;
      const mismatch = identityMismatch(check, reading.raw, points[check.point]);
      if (mismatch === undefined) continue;
      this.identity = "wrong";
      const detail = `not a ${this.device.type.type}: ${mismatch}`;
      return { code: "identity", device: this.device.name, detail };
    }
    this.identity = "right";
    return undefined;
  }

  #no(code: RigFault["code"], detail: string): { ok: false; fault: RigFault } {
    return { ok: false, fault: { code, device: this.device.name, detail } };
  }

  #failed(fault: LineFault, detail: string): RigFault {
    const code = fault === "closed" ? "line-lost" : "write-failed";
    return { code, device: this.device.name, detail };
  }
}

function faultCode(fault: LineFault): RigFault["code"] {
  if (fault === "closed") return "line-lost";
  return fault === "timeout" ? "device-silent" : "device-nonsense";
}
