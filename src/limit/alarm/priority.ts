/** How soon a person is needed, of a limit that does not say so; docs/alarms.md says why. */
import type { Priority, Reaction } from "../limit.js";

const byReaction: { readonly [R in Reaction]: Priority } = {
  log: "low",
  warn: "low",
  suspend: "medium",
  hold: "medium",
  stop: "medium",
  trip: "high",
  fail: "high",
};

/** What is isolated (fire, smoke, an oil leak) is urgent. */
export function defaultPriority(reaction: Reaction, isIsolating: boolean): Priority {
  return isIsolating ? "urgent" : byReaction[reaction];
}
