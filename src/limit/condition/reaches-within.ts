import { parseQuantity } from "../../base/quantity.js";
import { QuantityOf, type Static, Strict, Type } from "../../base/schema.js";
import { between, beyond, type Look, unknown, within } from "../look.js";
import { Written } from "../value.js";
import { readingOf, twoCycles } from "./band.js";
import type { ConditionKind } from "./kind.js";

const ReachesFile = Strict(
  {
    above: Type.Optional(Written),
    below: Type.Optional(Written),
    within: QuantityOf("time"),
  },
  {
    description:
      "what it must reach, and how soon after the step began: { above: 4 bar, within: 20 s }",
  },
);

/**
 * The reading has not been above `lo` (or below `hi`) at any time since the step, the start, or since it is looked at,
 * whichever came last, and the time is over.
 */
export type ReachesWithin = { kind: "reachesWithin"; lo: number; hi: number; withinMs: number };

export const reachesWithin = {
  schema: ReachesFile,
  resolve(written, { value, watched: { dimension }, complain }) {
    const { above, below } = written;
    if ((above === undefined) === (below === undefined)) {
      const found = above === undefined ? "neither above nor below" : "both above and below";
      complain([], found, "one of above, below");
    }
    const lo = above === undefined ? Number.NEGATIVE_INFINITY : value(above, dimension, ["above"]);
    const hi = below === undefined ? Number.POSITIVE_INFINITY : value(below, dimension, ["below"]);
    const withinMs = parseQuantity(written.within)?.value ?? Number.NaN;
    return { kind: "reachesWithin", lo, hi, withinMs };
  },
  // `begunAt` is one millisecond late: zero is nothing.
  slots: () => ["begunAt", "reached"],
  look({ lo, hi, withinMs }, column, look, memory, at) {
    if (memory[at] === 0 || beganLater(look, memory[at]! - 1)) {
      memory[at] = look.at + 1;
      memory[at + 1] = 0;
    }
    const value = readingOf(look, column);
    if (Number.isNaN(value)) return unknown;
    if (value > lo && value < hi) memory[at + 1] = 1;
    if (memory[at + 1] === 1) return within;
    return look.at - (memory[at]! - 1) > withinMs ? beyond : between;
  },
  describe: ({ lo, hi, withinMs }, { role, value, show, duration }) => {
    const [en, zh] =
      hi === Infinity
        ? [`above ${show(lo)}`, `高于 ${show(lo)}`]
        : [`below ${show(hi)}`, `低于 ${show(hi)}`];
    return {
      en: `${role} ${show(value)}, not ${en} within ${duration(withinMs)}`,
      zh: `${role} ${show(value)}，${duration(withinMs)} 内未${zh}`,
    };
  },
  short: () => "",
  latencyMs: twoCycles,
  atRest: () => "moving",
} satisfies ConditionKind<Static<typeof ReachesFile>, ReachesWithin>;

/** A step or a start since then. */
function beganLater({ stepAt, startedAt }: Look, begunAt: number): boolean {
  return stepAt > begunAt || startedAt > begunAt;
}
