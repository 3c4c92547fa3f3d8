import { parseQuantity } from "../../base/quantity.js";
import { QuantityOf, type Static, Strict } from "../../base/schema.js";
import { beyond, unknown, within } from "../look.js";
import { Written } from "../value.js";
import { differenceOf } from "../written.js";
import { readingOf, twoCycles } from "./band.js";
import type { ConditionKind } from "./kind.js";

const IntegralFile = Strict(
  { above: Written, by: Written, during: QuantityOf("time") },
  {
    description:
      "a dose: what the reading is above a value, added up over time, is more than `by` during so long",
  },
);

/** What the reading was above `level`, added up between good samples that follow each other, is more than `dose` (x ms). */
export type Integral = { kind: "integral"; level: number; by: number; duringMs: number };

export const integral = {
  schema: IntegralFile,
  resolve(written, { value, watched: { dimension }, complain }) {
    const level = value(written.above, dimension, ["above"]);
    const by = value(written.by, differenceOf(dimension), ["by"]);
    const duringMs = parseQuantity(written.during)?.value ?? Number.NaN;
    if (by <= 0) complain(["by"], `${written.by}`, "more than zero");
    if (duringMs <= 0) complain(["during"], written.during, "a time above zero");
    return { kind: "integral", level, by, duringMs };
  },
  // A dose is kept where nobody looks; `at` is one millisecond late: zero is nothing.
  keeps: () => ["dose"],
  slots: () => ["excess", "excessAt"],
  look({ level, by, duringMs }, column, look, memory, at) {
    const excess = Math.max(0, readingOf(look, column) - level);
    if (Number.isNaN(excess)) {
      memory[at + 2] = 0;
      return unknown;
    }
    const before = memory[at + 2]!;
    // Of two readings the smaller counts: what was between them nobody saw.
    if (before > 0) memory[at]! += Math.min(excess, memory[at + 1]!) * (look.at - (before - 1));
    memory[at + 1] = excess;
    memory[at + 2] = look.at + 1;
    return memory[at]! > by * duringMs ? beyond : within;
  },
  describe: ({ level, by, duringMs }, { role, value, show, showChange, duration }) => ({
    en: `${role} ${show(value)}, above ${show(level)} by more than ${showChange(by)} for ${duration(duringMs)} in sum`,
    zh: `${role} ${show(value)}，高于 ${show(level)} 的累计量超过 ${showChange(by)} × ${duration(duringMs)}`,
  }),
  short: () => "",
  latencyMs: twoCycles,
  atRest: () => "watched",
} satisfies ConditionKind<Static<typeof IntegralFile>, Integral>;
