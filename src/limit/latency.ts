/** How late a limit is found, at most. */
import type { ResolvedLimit } from "./compiled.js";
import { kindOf } from "./condition/all.js";

/**
 * From when the quantity itself meets the condition until the limit is raised, at most, where every sample is good and
 * no mask is in force: proved over all phases of the cycle (`test/unit/limit/latency.test.ts`).
 */
export function latencyMs(limit: ResolvedLimit, cycleMs: number): number {
  const { condition, forMs, count } = limit;
  const lookMs = kindOf(condition.kind).latencyMs(condition, cycleMs);
  if (count !== undefined) return lookMs + (count.times - 1) * cycleMs;
  return lookMs + Math.ceil(forMs / cycleMs) * cycleMs;
}
