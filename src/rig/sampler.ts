/**
 * All readings of one cycle. What to read is planned once; a cycle sends the planned requests, decodes
 * into fresh arrays and derives. Lines work side by side, the devices of a line one after the other.
 */
import type { Clock, ElapsedMs } from "../base/clock.js";
import { bad, good, held, never, type Sample, sentinel, stale } from "../base/sample.js";
import { bitIsSet, type PointCodec } from "../device/codec.js";
import type { ReadRequest } from "../device/request.js";
import type { Reply } from "../line/line.js";
import { busyPauseMs, isBusy } from "./busy.js";
import { type DerivedColumn, deriveAll } from "./derive.js";
import { DeviceReader } from "./device-reader.js";
import type { Constant } from "./loaded-rig.js";
import type { Mapping } from "./mapping.js";
import type { DeviceSession } from "./session.js";

/** Where a point's words stand in the replies of its device. */
export type Place = { codec: PointCodec; block: number; offset: number };

/** How one column gets its value. */
export type Reader = Place & {
  column: number;
  mapping: Mapping;
  factor: Place | undefined;
  quality: (Place & { bits: readonly number[] }) | undefined;
};

/** One line with the devices that are read over it, in their order. */
export type LinePlan = { line: string; devices: readonly DevicePlan[] };

export type DevicePlan = {
  session: DeviceSession;
  requests: readonly ReadRequest[];
  readers: readonly Reader[];
};

/** A failed reading repeats the last good one for so many cycles. */
export const heldCycles = 3;
/** Of a cycle, for a busy device to get ready. */
const busyShare = 0.1;
/** So often it is asked again in a cycle: in whatever rhythm, one that answers two of three questions answers one of these. */
const mostBusyTimes = 2;

/** A device and its replies of this cycle, by request of its plan. */
type Device = { reader: DeviceReader; replies: (Reply | undefined)[] };

export class Sampler {
  readonly #clock: Clock;
  readonly #names: readonly string[];
  readonly #lines: readonly (readonly Device[])[];
  readonly #derived: readonly DerivedColumn[];
  readonly #constants: readonly Constant[];
  readonly #heldMs: number;
  readonly #busyPauseMs: number;
  readonly #blank: Float64Array;
  readonly #unread: Uint8Array;
  readonly #lastValue: Float64Array;
  readonly #lastGoodAt: Float64Array;
  readonly #listeners = new Set<(sample: Sample) => void>();

  constructor(
    lines: readonly LinePlan[],
    derived: readonly DerivedColumn[],
    columns: number,
    cycleMs: number,
    clock: Clock,
    constants: readonly Constant[] = [],
  ) {
    this.#clock = clock;
    this.#names = lines.map(({ line }) => line);
    this.#lines = lines.map(({ devices }) =>
      devices.map((plan) => ({ reader: new DeviceReader(plan), replies: [] })),
    );
    this.#derived = derived;
    this.#constants = constants;
    this.#heldMs = heldCycles * cycleMs;
    this.#busyPauseMs = Math.min(busyPauseMs, busyShare * cycleMs);
    this.#blank = new Float64Array(columns).fill(Number.NaN);
    this.#unread = new Uint8Array(columns).fill(never);
    this.#lastValue = this.#blank.slice();
    this.#lastGoodAt = this.#blank.slice();
  }

  async sample(cycle: number): Promise<Sample> {
    const at = this.#clock.elapsed();
    const wall = this.#clock.wall();
    const values = this.#blank.slice();
    const quality = this.#unread.slice();
    await Promise.all(this.#lines.map((devices) => this.#readLine(devices, at, values, quality)));
    for (const { column, value } of this.#constants) {
      values[column] = value;
      quality[column] = good;
      this.#lastGoodAt[column] = this.#clock.elapsed();
    }
    deriveAll(this.#derived, values, quality);
    this.#ageDerived();
    const sample = { cycle, at, wall, values, quality };
    for (const listener of this.#listeners) listener(sample);
    return sample;
  }

  /** Called with every sample before `sample` returns it. */
  watch(listener: (sample: Sample) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** When the column's value was last good; for a derived one, when all its inputs were. */
  lastGoodAt(column: number): ElapsedMs {
    return this.#lastGoodAt[column] ?? Number.NaN;
  }

  /** The columns read over each line. */
  columnsOfLines(): { line: string; columns: readonly number[] }[] {
    return this.#lines.map((devices, i) => {
      const columns = devices.flatMap(({ reader }) => reader.plan.readers.map((r) => r.column));
      return { line: this.#names[i] ?? "", columns };
    });
  }

  /** The lines that are read, each with the time of the last answer on it (NaN before the first). */
  lastAnswers(): { line: string; at: ElapsedMs }[] {
    return this.#lines.map((devices, i) => {
      let at = Number.NaN;
      // Also takes the first one, since nothing is above or below NaN.
      for (const { reader } of devices) {
        const { answeredAt } = reader;
        if (!Number.isNaN(answeredAt) && !(at >= answeredAt)) at = answeredAt;
      }
      return { line: this.#names[i] ?? "", at };
    });
  }

  /** One async function for a whole line: a layer per device would cost a promise each. */
  async #readLine(
    devices: readonly Device[],
    at: ElapsedMs,
    values: Float64Array,
    quality: Uint8Array,
  ): Promise<void> {
    let isAnyBusy = false;
    for (let i = 0; i < devices.length; i++) {
      const { reader, replies } = devices[i]!;
      replies.fill(undefined);
      const lane = reader.begin(at);
      const { session, requests } = reader.plan;
      for (let k = 0; lane !== undefined && k < requests.length; k++) {
        const askedAt = this.#clock.elapsed();
        const reply = await session.exchange(requests[k]!, lane);
        replies[k] = reply;
        isAnyBusy ||= isBusy(reply);
        if (reader.look(k, reply)) continue;
        const now = this.#clock.elapsed();
        reader.wasSilent(now, now - askedAt, devices.filter((d) => d.reader.isDoubted).length);
        break;
      }
    }
    if (isAnyBusy) await this.#askBusy(devices);
    for (const { reader: device, replies } of devices) {
      for (const reader of device.plan.readers) this.#decode(reader, replies, at, values, quality);
    }
  }

  /** Again at the end of the round: a device that is busy in a rhythm would never be read otherwise. */
  async #askBusy(devices: readonly Device[]): Promise<void> {
    for (let times = 0, busy = true; busy && times < mostBusyTimes; times++) {
      await this.#clock.sleep(this.#busyPauseMs);
      busy = false;
      for (const device of devices) busy = (await this.#askDevice(device)) || busy;
    }
  }

  /** What it was busy for; is it still? */
  async #askDevice({ reader, replies }: Device): Promise<boolean> {
    const { session, requests } = reader.plan;
    let busy = false;
    for (let k = 0; k < requests.length; k++) {
      const before = replies[k];
      if (before === undefined || !isBusy(before)) continue;
      const reply = await session.exchange(requests[k]!, "fast");
      replies[k] = reply;
      reader.look(k, reply);
      busy ||= isBusy(reply);
    }
    return busy;
  }

  #decode(
    reader: Reader,
    replies: readonly (Reply | undefined)[],
    at: ElapsedMs,
    values: Float64Array,
    quality: Uint8Array,
  ): void {
    const { column, codec } = reader;
    const reply = replies[reader.block];
    const factor = rawAt(reader.factor, replies);
    const judged = rawAt(reader.quality, replies);
    // A value whose factor or quality bits did not arrive is as unknown as one that did not.
    if (reply === undefined || !reply.ok || factor === lost || judged === lost) {
      if (reply?.ok === false && reply.fault === "stale") quality[column] = stale;
      else this.#hold(column, at, values, quality);
      return;
    }
    if (judged !== none && anyBit(judged, reader.quality?.bits ?? [])) {
      quality[column] = bad;
      return;
    }
    const scale = factor === none ? undefined : codec.factorOf(factor);
    const value = codec.decodeValue(reply.words, reader.offset, scale);
    if (Number.isNaN(value)) {
      const why = codec.quality(reply.words, reader.offset, scale);
      quality[column] = why === "sentinel" ? sentinel : bad;
      return;
    }
    const canonical = reader.mapping.toRole(value);
    values[column] = canonical;
    quality[column] = good;
    this.#lastValue[column] = canonical;
    this.#lastGoodAt[column] = reply.at;
  }

  #hold(column: number, at: ElapsedMs, values: Float64Array, quality: Uint8Array): void {
    const isYoung = at - this.#lastGoodAt[column]! < this.#heldMs;
    values[column] = isYoung ? this.#lastValue[column]! : Number.NaN;
    quality[column] = isYoung ? held : bad;
  }

  /** A derived value is as old as its oldest input, also where it is not defined. */
  #ageDerived(): void {
    for (let i = 0; i < this.#derived.length; i++) {
      const { column, at } = this.#derived[i]!;
      let oldest = Number.POSITIVE_INFINITY;
      for (let k = 0; k < at.length; k++) oldest = Math.min(oldest, this.#lastGoodAt[at[k]!]!);
      this.#lastGoodAt[column] = oldest;
    }
  }
}

/** Instead of a raw value: there is no such place, or its block did not arrive. */
const none = Number.NEGATIVE_INFINITY;
const lost = Number.POSITIVE_INFINITY;

function rawAt(place: Place | undefined, replies: readonly (Reply | undefined)[]): number {
  if (place === undefined) return none;
  const reply = replies[place.block];
  return reply?.ok === true ? place.codec.raw(reply.words, place.offset) : lost;
}

function anyBit(raw: number, bits: readonly number[]): boolean {
  for (let i = 0; i < bits.length; i++) if (bitIsSet(raw, bits[i]!)) return true;
  return false;
}
