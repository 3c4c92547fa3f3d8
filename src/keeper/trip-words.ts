/** What a trip limit was raised by, where its reading alone does not say it. */
import type { Column } from "../base/sample.js";
import type { CompiledLimit } from "../limit/compiled.js";
import { describeLimit, describeSensor } from "../limit/describe.js";
import type { Look } from "../limit/look.js";

const told: readonly string[] = ["above", "below", "outside", "differsFromSetpoint", "stale"];

/** Undefined where the guard's own sentence, of the reading as it is, says it all. */
export function tripWords(
  limit: CompiledLimit,
  column: Column | undefined,
  look: Look,
  isBlind: boolean,
): string | undefined {
  if (column === undefined) return undefined;
  if (isBlind) return describeSensor(limit, column).en;
  if (told.includes(limit.condition.kind)) return undefined;
  return describeLimit(limit, column, look.values[limit.column]!, look).en;
}
