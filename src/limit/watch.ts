/** The one loop over limits, for whoever watches a rig: its guard, and the run that is its guest. */
import { checkLimit, type Verdict } from "./check.js";
import type { CompiledLimit } from "./compiled.js";
import type { Look } from "./look.js";
import { forgetPending, type LimitMemory, slotsOf } from "./memory.js";

/**
 * Looks at every limit in force, in the order of the list, and tells what was found of each, with where its numbers
 * begin. What is not looked at does not persist: a violation that was pending there begins again. `memory` is of this
 * list and is written to.
 */
export function watchLimits(
  limits: readonly CompiledLimit[],
  memory: LimitMemory,
  look: Look,
  isInForce: (limit: CompiledLimit, i: number) => boolean,
  found: (verdict: Verdict, limit: CompiledLimit, i: number, at: number) => void,
): void {
  let at = 0;
  for (let i = 0; i < limits.length; i++) {
    const limit = limits[i]!;
    if (isInForce(limit, i)) found(checkLimit(limit, memory, at, look), limit, i, at);
    else forgetPending(memory, at, limit);
    at += slotsOf(limit);
  }
}
