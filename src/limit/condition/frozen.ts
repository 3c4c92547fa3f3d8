import { parseQuantity } from "../../base/quantity.js";
import { QuantityOf } from "../../base/schema.js";
import { beyond, unknown, within } from "../look.js";
import { readingOf, twoCycles } from "./band.js";
import type { ConditionKind } from "./kind.js";

/** Good readings have been the very same number for so long: a sensor that hangs, or a gateway that repeats itself. */
export type Frozen = { kind: "frozen"; frozenMs: number };

export const frozen = {
  schema: QuantityOf("time"),
  resolve: (written) => ({ kind: "frozen", frozenMs: parseQuantity(written)?.value ?? Number.NaN }),
  // `sinceAt` is one millisecond late: zero is nothing.
  slots: () => ["value", "sinceAt"],
  look({ frozenMs }, column, look, memory, at) {
    const value = readingOf(look, column);
    if (Number.isNaN(value)) return unknown;
    if (memory[at + 1] === 0 || memory[at] !== value) {
      memory[at] = value;
      memory[at + 1] = look.at + 1;
    }
    return look.at - (memory[at + 1]! - 1) < frozenMs ? within : beyond;
  },
  describe: ({ frozenMs }, { role, value, show, duration }) => ({
    en: `${role} has been exactly ${show(value)} for ${duration(frozenMs)}`,
    zh: `${role} 已有 ${duration(frozenMs)} 始终为 ${show(value)}`,
  }),
  short: () => "",
  latencyMs: twoCycles,
  atRest: () => "moving",
} satisfies ConditionKind<string, Frozen>;
