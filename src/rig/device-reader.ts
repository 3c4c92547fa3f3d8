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

/** One device's replies of this cycle, and how it has been doing. */
export class DeviceReader {
  plan: DevicePlan;
  /** When anything that belongs to it last came over the line. */
  answeredAt: ElapsedMs = Number.NaN;
  replies: (Reply | undefined)[];
  #silentCycles = 0;
  #probeAt: ElapsedMs = 0;
  #probeEveryMs = firstProbeMs;
  /** A block the device refused for its addresses. */
  #refused: number | undefined;

  constructor(plan: DevicePlan) {
    this.plan = plan;
    this.replies = plan.requests.map(() => undefined);
  }

  get isDoubted(): boolean {
    return this.#silentCycles > silentCyclesToDoubt;
  }

  /** A cycle begins: over which lane to ask, undefined when it is not this device's turn. */
  begin(now: ElapsedMs): Lane | undefined {
    if (this.#refused !== undefined) this.#split(this.#refused);
    this.replies.fill(undefined);
    if (this.#silentCycles < silentCyclesToDoubt) return "fast";
    return now < this.#probeAt ? undefined : "probe";
  }

  /** Keeps the reply to a block; false when the next blocks would only be a waste of line time. */
  take(i: number, reply: Reply): boolean {
    this.replies[i] = reply;
    if (reply.ok || reply.fault === "exception") this.answeredAt = reply.at;
    else {
      this.plan.session.forget();
      if (reply.fault === "timeout" || reply.fault === "closed") {
        this.#silentCycles++;
        return false;
      }
    }
    if (!reply.ok && reply.exception === illegalAddress) this.#refused = i;
    if (i === this.replies.length - 1) this.#wasHeard();
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

  /** The holes it was read over may be what it does not have: from now on every value by itself. */
  #split(block: number): void {
    this.#refused = undefined;
    this.plan = splitBlock(this.plan, block);
    this.replies = this.plan.requests.map(() => undefined);
  }
}

/** The plan with one block read value by value; a value's own words stay together. */
export function splitBlock(plan: DevicePlan, block: number): DevicePlan {
  const whole = plan.requests[block]!;
  const parts = partsOf(plan, block);
  const requests: ReadRequest[] = [...plan.requests];
  const at = new Map<number, number>();
  parts.forEach(([offset, count], i) => {
    const request: ReadRequest = { ...whole, address: whole.address + offset, count };
    at.set(offset, i === 0 ? block : requests.length);
    requests[at.get(offset)!] = request;
  });
  const moved = <P extends Place>(place: P): P =>
    place.block === block ? { ...place, block: at.get(place.offset)!, offset: 0 } : place;
  const readers = plan.readers.map(
    (reader): Reader => ({
      ...moved(reader),
      factor: reader.factor && moved(reader.factor),
      quality: reader.quality && moved(reader.quality),
    }),
  );
  return { ...plan, requests, readers };
}

/** Offset and length of every value read from the block, each once. */
function partsOf(plan: DevicePlan, block: number): [number, number][] {
  const places = plan.readers.flatMap((r) => [r, r.factor, r.quality]);
  const lengths = new Map<number, number>();
  for (const place of places) {
    if (place?.block !== block) continue;
    const length = Math.max(lengths.get(place.offset) ?? 0, place.codec.registers);
    lengths.set(place.offset, length);
  }
  return [...lengths];
}
