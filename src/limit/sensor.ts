/** A sensor that is mostly bad protects nothing, whatever it says when it is heard: of a trip that is a trip. */
import { good } from "../base/sample.js";
import type { CompiledLimit } from "./compiled.js";
import type { Look } from "./look.js";
import type { LimitMemory } from "./memory.js";

/** Fewer good samples than this share of them are a fault of the sensor. */
export const leastGoodShare = 0.8;
const leastMs = 10_000;
/** Of fewer samples some lost answers of a healthy line would be a share. */
const leastSamples = 60;

/** So long it may take until it is known: a stretch that was begun before, and one that is bad. */
export function sensorLatencyMs({ forMs }: Pick<CompiledLimit, "forMs">, cycleMs: number): number {
  return 2 * Math.max(forMs, leastMs, leastSamples * cycleMs);
}

/**
 * Counts a sample, and says whether the sensor was mostly bad over the last stretch of `for`, 10 s or 60 samples,
 * whichever is longest. Of several sensors enough must be good to raise the limit. What is switched off counts nothing.
 */
export function isFaulty(
  limit: CompiledLimit,
  look: Look,
  memory: LimitMemory,
  start: number,
): boolean {
  if (limit.sensorAt < 0) return false;
  const at = start + limit.sensorAt;
  if (look.mayBeSilent) {
    memory.fill(0, at, at + 4);
    return false;
  }
  if (memory[at] === 0) memory[at] = look.at + 1;
  memory[at + 1]!++;
  if (goodOf(limit, look) >= limit.vote) memory[at + 2]!++;
  const lastedMs = look.at - (memory[at]! - 1);
  if (lastedMs >= Math.max(limit.forMs, leastMs) && memory[at + 1]! >= leastSamples) {
    memory[at + 3] = memory[at + 2]! < leastGoodShare * memory[at + 1]! ? 1 : 0;
    memory[at] = look.at + 1;
    memory[at + 1] = 0;
    memory[at + 2] = 0;
  }
  return memory[at + 3] === 1;
}

/** Was the limit raised, or does it stand, for the sensor's sake? */
export function isSensorFault(limit: CompiledLimit, memory: LimitMemory, start: number): boolean {
  return limit.sensorAt >= 0 && memory[start + limit.sensorAt + 3] === 1;
}

function goodOf({ columns }: CompiledLimit, { quality }: Look): number {
  let count = 0;
  for (let i = 0; i < columns.length; i++) if (quality[columns[i]!] === good) count++;
  return count;
}
