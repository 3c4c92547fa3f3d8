/** Verbs of a limit that is out of force for a while (docs/safety.md). */
import { Strict, Type } from "../base/schema.js";
import { By, command, Reason } from "./verb.js";

/** Safety rule: at most a shift. */
const longestBypassMs = 8 * 3_600_000;

export const limitVerbs = [
  command(
    "limit bypass",
    "one limit out of force, attended, by two persons",
    Strict({
      limit: Type.String(),
      station: Type.Optional(Type.String()),
      reason: Reason,
      by: By,
      second: Type.String({ minLength: 1, maxLength: 200, description: "the second person" }),
      forMs: Type.Number({ exclusiveMinimum: 0, maximum: longestBypassMs }),
    }),
    { presence: true },
  ),
  command(
    "limit restore",
    "a bypassed limit in force again",
    Strict({ limit: Type.String(), station: Type.Optional(Type.String()), by: By }),
    { bound: false },
  ),
] as const;
