import { type Static, Strict, Type } from "../../base/schema.js";
import { between, beyond, unknown, within } from "../look.js";
import { Written } from "../value.js";
import { oneCycle, readingOf } from "./band.js";
import { type ConditionKind, columnOf, noColumn } from "./kind.js";

const StallFile = Strict(
  { below: Written, effort: Type.String({ minLength: 1 }), above: Written },
  {
    description:
      "a drive that pushes and does not move: the role below this while the effort (torque, current, power) is above that",
  },
);

/** The reading is below `lo` while that of the effort is above `hi`, whichever way round they are. */
export type Stall = {
  kind: "stall";
  lo: number;
  hi: number;
  hysteresis: number;
  effort: string;
  effortColumn: number;
};

export const stall = {
  schema: StallFile,
  resolve({ below, effort, above }, { value, watched, hysteresis, otherRole }) {
    const lo = value(below, watched.dimension, ["below"]);
    const other = otherRole(effort, ["effort"]);
    const hi = other === undefined ? Number.NaN : value(above, other.dimension, ["above"]);
    return { kind: "stall", lo, hi, hysteresis, effort, effortColumn: noColumn };
  },
  bind: (plan, places) => ({ ...plan, effortColumn: columnOf(places, plan.effort) }),
  look({ lo, hi, hysteresis, effortColumn }, column, look) {
    const value = Math.abs(readingOf(look, column));
    const effort = Math.abs(readingOf(look, effortColumn));
    // Either alone is enough to know that it is none.
    if (value >= lo + hysteresis || effort <= hi) return within;
    if (Number.isNaN(value) || Number.isNaN(effort)) return unknown;
    return value < lo ? beyond : between;
  },
  describe: ({ lo, effort }, { role, value, show }) => ({
    en: `${role} ${show(value)} below ${show(lo)} though ${effort} is high: it is stalled`,
    zh: `${role} ${show(value)}，低于 ${show(lo)}，而 ${effort} 偏高：堵转`,
  }),
  short: () => "",
  latencyMs: oneCycle,
  atRest: () => "moving",
} satisfies ConditionKind<Static<typeof StallFile>, Stall>;
