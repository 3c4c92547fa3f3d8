import { WearoutError } from "../base/error.js";
import { suggest } from "../base/schema.js";
import type { Parameters } from "../device/codec.js";
import { commandPlan, forbiddenWhy, isWritable, pointValue } from "../device/command.js";
import type { DeviceType, Point } from "../device/device-type.js";
import { encodingOf } from "../device/encoding.js";
import type { ReadRequest, Request, Table, WriteRequest } from "../device/request.js";
import { mostValues } from "../device/rtu-frame.js";
import { RegisterImage } from "./register-image.js";
import { SimPoint, writeAddress } from "./sim-point.js";
import { commissioned, statesOf } from "./sim-state.js";

/** What a device makes of a request: registers or bits (none for a write), a refusal, or nothing. */
export type DeviceAnswer = { words: readonly number[] } | { exception: number } | { silent: true };

const confirmed: DeviceAnswer = { words: [] };
const noAnswer: DeviceAnswer = { silent: true };
const refusals = [0, 1, 2, 3, 4].map((exception): DeviceAnswer => ({ exception }));
const illegalAddress = refusals[2]!;
const illegalValue = refusals[3]!;
const deviceFailure = refusals[4]!;

/**
 * A device built from its type, answering at the level of registers. Identity points hold what
 * `identify` expects, settings what actuators require; all others start at 0 or the allowed value nearest
 * to it. State points follow what the device does (`acted`).
 *
 * Refusals: a register no point names (or, where `link.gaps` is false, a hole inside the block) or a write
 * to a read-only one is exception 2; too many at once, or a value outside range or enum, exception 3,
 * and nothing is changed. A write the type forbids is refused with 4 and counted, so that tests can
 * prove nobody ever sends one.
 */
export class SimDevice {
  readonly type: DeviceType;
  readonly unit: number;
  /** No power, or its plug is out: it answers nothing and does nothing. */
  silent = false;
  /** Its measuring has stalled: what plants measure does not reach its registers. */
  stuck = false;
  forbiddenWrites = 0;
  readonly #images: Partial<Record<Table, RegisterImage>> = {};
  readonly #points: SimPoint[];
  readonly #index: ReadonlyMap<string, number>;
  readonly #writeListeners: ((points: readonly string[]) => void)[] = [];
  readonly #readListeners: (() => void)[] = [];
  readonly #states: readonly ReturnType<typeof statesOf>[];

  /** Parameters in the units the type declares (`parameterValues`). */
  constructor(type: DeviceType, parameters: Parameters, unit: number) {
    this.type = type;
    this.unit = unit;
    for (const table of ["coil", "discrete", "holding", "input"] as const) {
      const image = imageOf(type, table);
      if (image !== undefined) this.#images[table] = image;
    }
    const entries = Object.entries(type.points);
    this.#points = entries.map(([name, point]) => {
      return new SimPoint(name, point, parameters, this.#images[point.table]!);
    });
    this.#index = new Map(entries.map(([name], i) => [name, i]));
    for (const point of this.#points) {
      const { scaleFrom } = point.codec;
      if (scaleFrom !== undefined) point.source = this.#point(scaleFrom);
    }
    this.#states = (type.actuators ?? []).map((actuator) => statesOf(type, actuator));
    this.#setInitial();
    this.#showStates();
  }

  /** A number for a point's name, for `getIndex` and `setIndex`. */
  indexOf(name: string): number {
    const index = this.#index.get(name);
    if (index !== undefined) return index;
    const known = suggest(name, Object.keys(this.type.points));
    throw new WearoutError("USAGE", `${this.type.type} has no point "${name}", expected ${known}`);
  }

  /** Value in the point's unit; NaN when the registers say "no value". */
  get(name: string): number {
    return this.#point(name).get();
  }

  getIndex(index: number): number {
    return this.#points[index]!.get();
  }

  /** Sets a value in the point's unit, a word of its enum or a text; throws `USAGE` when unfit. */
  set(name: string, value: number | string): void {
    const problem = this.#point(name).put(value);
    if (problem !== undefined) {
      throw new WearoutError("USAGE", `${this.type.type} ${name} = ${value}: ${problem}`);
    }
  }

  /** Sets a word of the point's enum. */
  setWord(name: string, word: string): void {
    this.set(name, word);
  }

  /**
   * The plants' way, made for many calls: a value beyond what the point can say saturates, NaN
   * becomes the device's own sign for "no value" (and is ignored where it has none). Ignored while
   * the device is stuck.
   */
  setIndex(index: number, value: number): void {
    if (!this.stuck) this.#points[index]!.measure(value);
  }

  /** What a setpoint holds before anybody wrote it, in its point's unit. */
  untouched(name: string): number {
    return initialValue(this.#point(name).point);
  }

  /** The setpoint an actuator follows now (in its point's unit); undefined while it does not. */
  activeSetpoint(actuator: number): number | undefined {
    const { point, follows } = this.type.actuators?.[actuator] ?? {};
    if (point === undefined) return undefined;
    if (follows === undefined) return this.get(point);
    const now = this.get(follows.point);
    const follow = follows.is.some((v) => pointValue(this.type, follows.point, v) === now);
    return follow ? this.get(point) : undefined;
  }

  /** Called after each write that was carried out, with the points it touched. */
  onWrite(listener: (points: readonly string[]) => void): void {
    this.#writeListeners.push(listener);
  }

  /** Called before each request, reads and writes: a plant catches up with the clock here. */
  beforeRead(listener: () => void): void {
    this.#readListeners.push(listener);
  }

  /** The device changes its own registers: plants catch up before and look again after. */
  act(values: readonly (readonly [point: string, value: number])[]): void {
    for (const listener of this.#readListeners) listener();
    for (const [point, value] of values) this.set(point, value);
    this.#showStates();
    const names = values.map(([point]) => point);
    for (const listener of this.#writeListeners) listener(names);
  }

  handle(request: Request): DeviceAnswer {
    if (this.silent) return noAnswer;
    for (const listener of this.#readListeners) listener();
    if (request.kind === "read") return this.#read(request);
    const answer = this.#write(request);
    if (request.reads === undefined || answer !== confirmed) return answer;
    return this.#read({ kind: "read", table: request.table, ...request.reads });
  }

  #read({ table, address, count }: ReadRequest): DeviceAnswer {
    if (count > most("read", table, this.type.link.mostRegistersPerRead)) return illegalValue;
    const image = this.#images[table];
    if (image === undefined || !image.mayRead(address, count)) return illegalAddress;
    // A plain array: three times as cheap to make as a typed one of a few words.
    const words: number[] = [];
    const end = address - image.base + count;
    for (let at = end - count; at < end; at++) words.push(image.words[at]!);
    return { words };
  }

  #write(request: WriteRequest): DeviceAnswer {
    const { table, address, values } = request;
    if (forbiddenWhy(this.type, request) !== undefined) {
      this.forbiddenWrites++;
      return deviceFailure;
    }
    const count = values.length;
    if (count > most("write", table, this.type.link.mostRegistersPerWrite)) return illegalValue;
    const image = this.#images[table];
    if (image === undefined || !image.mayWrite(address, count)) return illegalAddress;
    const at = address - image.base;
    const before = image.words.slice(at, at + count);
    const { mask = 0xffff } = request;
    for (let i = 0; i < count; i++)
      image.words[at + i] = (before[i]! & ~mask) | (values[i]! & mask);
    const touched = this.#writtenBy(image, at, count, mask);
    if (!touched.every((p) => p.accepts())) {
      image.words.set(before, at);
      return illegalValue;
    }
    this.#carryOut(touched);
    return touched.some((p) => p.point.write?.readBack === "none") ? noAnswer : confirmed;
  }

  #writtenBy(image: RegisterImage, at: number, count: number, mask: number): SimPoint[] {
    return this.#points.filter((p) => {
      if (p.image !== image || !p.writable || (p.mask & mask) === 0) return false;
      return p.writeAt < at + count && at < p.writeAt + p.codec.registers;
    });
  }

  #carryOut(touched: readonly SimPoint[]): void {
    for (const point of touched) if (point.at !== point.writeAt) point.takeOver();
    this.#showStates();
    const names = touched.map((p) => p.name);
    for (const listener of this.#writeListeners) listener(names);
  }

  #showStates(): void {
    this.#states.forEach((shown, i) => {
      for (const [point, value] of shown(this.activeSetpoint(i))) this.#point(point).put(value);
    });
  }

  #point(name: string): SimPoint {
    return this.#points[this.indexOf(name)]!;
  }

  /** Factors first: points scaled by another register need it before they can hold a value. */
  #setInitial(): void {
    for (const point of this.#points) {
      const { factors } = point.point.scaleFrom ?? {};
      const raws = factors === undefined ? [0] : Object.keys(factors).map(Number);
      if (point.source !== undefined) point.source.putRaw(nearestToZero(raws));
    }
    const sources = new Set(this.#points.map((p) => p.source));
    for (const point of this.#points) {
      if (!sources.has(point) && point.point.as !== "ascii") point.put(initialValue(point.point));
    }
    for (const [point, value] of commissioned(this.type)) this.#point(point).put(value);
    for (const { follows, safe } of this.type.actuators ?? []) {
      if (follows !== undefined) this.#setAtRest(follows, safe);
    }
    for (const { point, raw, rawRange } of this.type.identify) {
      const expected = raw ?? rawRange?.[0];
      if (expected !== undefined) this.#point(point).putRaw(expected);
    }
  }

  /** Nothing runs from power-up: what an actuator follows starts as its safe command leaves it. */
  #setAtRest({ point, is }: Follows, safe: string | undefined): void {
    const runs = is.map((v) => pointValue(this.type, point, v));
    const steps = safe === undefined ? [] : commandPlan(this.type, safe);
    const written = steps.flatMap((s) => s.write);
    const stopped = written.filter((w) => w.point === point).map((w) => w.value);
    const now = this.get(point);
    const known = Object.values(this.type.points[point]?.enum ?? {});
    const rest = [...stopped, now, ...known].find((value) => !runs.includes(value));
    if (rest !== undefined) this.#point(point).put(rest);
  }
}

type Follows = NonNullable<NonNullable<DeviceType["actuators"]>[number]["follows"]>;

function initialValue({ enum: known, range, linear }: Point): number {
  if (known !== undefined) return nearestToZero(Object.values(known));
  const values = range ?? linear?.map(([, value]) => value) ?? [0];
  return Math.min(Math.max(0, Math.min(...values)), Math.max(...values));
}

function nearestToZero(values: readonly number[]): number {
  return values.reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a));
}

/** Values in one exchange; a limit in registers admits 16 bits for each. */
function most(kind: "read" | "write", table: Table, registers: number | undefined): number {
  const standard = mostValues(kind, table);
  if (registers === undefined) return standard;
  const bits = table === "coil" || table === "discrete";
  return Math.min(standard, bits ? 16 * registers : registers);
}

function imageOf(type: DeviceType, table: Table): RegisterImage | undefined {
  const points = Object.values(type.points).filter((p) => p.table === table);
  if (points.length === 0) return undefined;
  const stretch = (p: Point) => ({ address: p.address, count: encodingOf(p).registers });
  const read = points.filter((p) => p.access !== "write").map(stretch);
  const written = points.filter(isWritable);
  const write = written.map((p) => ({ ...stretch(p), address: writeAddress(p) }));
  return new RegisterImage(
    [...points.map(stretch), ...write],
    read,
    write,
    type.link.gaps !== false,
  );
}
