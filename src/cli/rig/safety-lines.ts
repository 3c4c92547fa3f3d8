/** What the end of a run or command says of each actuator. */
import { type Clock, withDeadline } from "../../base/clock.js";
import type { Rig } from "../../rig/rig.js";

/** A look that is under way is waited for: without its answer an actuator that has acted reads as one that has not. */
const longestLookMs = 5000;

/** One line for each actuator: how far it is known to be safe, by the last look at it. */
export async function safetyLines(
  rig: Pick<Rig, "safety" | "whenActed">,
  clock: Clock,
): Promise<string[]> {
  await withDeadline(clock, rig.whenActed(), longestLookMs, () => undefined);
  return rig.safety().map(({ role, device, level, acted, detail, next }) => {
    const todo = next === "" ? "" : `; ${next}`;
    return `  ${role} (${device}): ${acted ? level : `NOT SAFE, ${level}`}: ${detail}${todo}`;
  });
}
