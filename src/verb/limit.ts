/** Verbs of one limit of a kept rig. */
import { Strict, Type } from "../base/schema.js";
import { longestBypassMs } from "../limit/alarm/service.js";
import { By, command, Reason } from "./verb.js";

const limit = Type.String({ description: "name of a limit that trips, or limit@station" });

export const limitVerbs = [
  command(
    "limit bypass",
    "one limit is not looked at for a while: a reason, a second person, somebody at the rig",
    Strict({
      limit,
      reason: Reason,
      by: By,
      second: Type.String({ minLength: 1, maxLength: 200, description: "the second person" }),
      forMs: Type.Number({ exclusiveMinimum: 0, maximum: longestBypassMs }),
    }),
    { presence: true },
  ),
  command("limit restore", "it counts again", Strict({ limit, by: By }), { bound: false }),
] as const;
