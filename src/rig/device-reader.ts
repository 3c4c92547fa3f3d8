/** How one device of a line is read in each cycle, and what its silence and refusals teach. */
import type { ElapsedMs } from "../base/clock.js";
import type { ReadRequest } from "../device/request.js";
import type { Lane, Reply } from "../line/line.js";
import type { DevicePlan, Place, Reader } from "./sampler.js";

/** So many silent cycles, and the device is only looked for now and then. */
const silentCyclesToDoubt = 3;
const firstProbeMs = 1000;
const longestProbeMs = 30_000;
/** All dead devices of a line together may cost this share of its time. */
const probeShare = 0.05;
/** "Illegal data address" (Modbus Application Protocol V1.1b3, 7). */
const illegalAddress = 2;

/** How a device has been doing, and what of it is worth asking. */
export class DeviceReader {
  plan: DevicePlan;
  /** When anything that belongs to it last came over the line. */
  answeredAt: ElapsedMs = Number.NaN;
  #silentCycles = 0;
  #probeAt: ElapsedMs = 0;
  #probeEveryMs = firstProbeMs;
  /** A block the device refused for its addresses, or met with silence as if it did. */
  #refused: number | undefined;
  /** Blocks that were answered once: their silence is the device's own. */
  readonly #answered: boolean[] = [];

  constructor(plan: DevicePlan) {
    this.plan = plan;
  }

  get isDoubted(): boolean {
    return this.#silentCycles > silentCyclesToDoubt;
  }

  /** A cycle begins: over which lane to ask, undefined when it is not this device's turn. */
  begin(now: ElapsedMs): Lane | undefined {
    if (this.#refused !== undefined) this.#split(this.#refused);
    if (this.#silentCycles < silentCyclesToDoubt) return "fast";
    return now < this.#probeAt ? undefined : "probe";
  }

  /** Looks at the reply to a block; false when the next blocks would only be a waste of line time. */
  look(i: number, reply: Reply): boolean {
    if (reply.ok) this.#answered[i] = true;
    if (reply.ok || reply.fault === "exception") this.answeredAt = reply.at;
    else {
      this.plan.session.forget();
      if (reply.fault === "timeout" && this.#mayNotBeThere(i)) this.#refused = i;
      if (reply.fault === "timeout" || reply.fault === "closed") {
        this.#silentCycles++;
        return false;
      }
    }
    if (!reply.ok && reply.exception === illegalAddress) this.#refused = i;
    if (i === this.plan.requests.length - 1) this.#wasHeard();
    return true;
  }

  /** Nobody answered at `now` for `tookMs`; so many devices of the line are silent, this one included. */
  wasSilent(now: ElapsedMs, tookMs: number, silentDevices: number): void {
    if (!this.isDoubted) return;
    const fairMs = (tookMs * silentDevices) / probeShare;
    this.#probeAt = now + Math.max(this.#probeEveryMs, fairMs);
    this.#probeEveryMs = Math.min(2 * this.#probeEveryMs, longestProbeMs);
  }

  #wasHeard(): void {
    this.#silentCycles = 0;
    this.#probeEveryMs = firstProbeMs;
  }

  /** Some devices say nothing where others refuse. */
  #mayNotBeThere(block: number): boolean {
    return this.#answered[block] !== true && withoutHoles(valuesOf(this.plan, block)).length > 1;
  }

  /** The holes it was read over may be what it does not have: from now on it is read over none. */
  #split(block: number): void {
    this.#refused = undefined;
    this.plan = splitBlock(this.plan, block);
  }
}

/** Part of a block: where it begins in it, and how many registers (or bits) it has. */
type Part = { offset: number; count: number };

/**
 * The plan with one block read in the parts between its holes or, where it has none, value by value; a
 * value's own words stay together.
 */
export function splitBlock(plan: DevicePlan, block: number): DevicePlan {
  const whole = plan.requests[block]!;
  const values = valuesOf(plan, block);
  const between = withoutHoles(values);
  const requests: ReadRequest[] = [...plan.requests];
  const parts = (between.length > 1 ? between : values).map(({ offset, count }, i) => {
    const at = i === 0 ? block : requests.length;
    requests[at] = { ...whole, address: whole.address + offset, count };
    return { offset, at };
  });
  const moved = <P extends Place>(place: P): P => {
    if (place.block !== block) return place;
    const part = parts.findLast(({ offset }) => offset <= place.offset)!;
    return { ...place, block: part.at, offset: place.offset - part.offset };
  };
  const readers = plan.readers.map(
    (reader): Reader => ({
      ...moved(reader),
      factor: reader.factor && moved(reader.factor),
      quality: reader.quality && moved(reader.quality),
    }),
  );
  return { ...plan, requests, readers };
}

/** Every value read from the block, each once, in their order. */
function valuesOf(plan: DevicePlan, block: number): Part[] {
  const places = plan.readers.flatMap((r) => [r, r.factor, r.quality]);
  const counts = new Map<number, number>();
  for (const place of places) {
    if (place?.block !== block) continue;
    counts.set(place.offset, Math.max(counts.get(place.offset) ?? 0, place.codec.registers));
  }
  const values = [...counts].map(([offset, count]) => ({ offset, count }));
  return values.sort((a, b) => a.offset - b.offset);
}

/** Neighbours joined: what is left lies between holes. */
function withoutHoles(values: readonly Part[]): Part[] {
  const parts: Part[] = [];
  for (const { offset, count } of values) {
    const last = parts.at(-1);
    if (last === undefined || last.offset + last.count < offset) parts.push({ offset, count });
    else last.count = Math.max(last.count, offset + count - last.offset);
  }
  return parts;
}
