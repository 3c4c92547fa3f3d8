import { Written } from "../value.js";
import { oneCycle, readingOf, sideOf } from "./band.js";
import type { ConditionKind } from "./kind.js";

/** The reading is less. */
export type Below = { kind: "below"; lo: number; hysteresis: number };

export const below = {
  schema: Written,
  resolve(written, { value, watched, hysteresis }) {
    return { kind: "below", lo: value(written, watched.dimension, []), hysteresis };
  },
  look({ lo, hysteresis }, column, look) {
    return sideOf(readingOf(look, column), lo, Number.POSITIVE_INFINITY, hysteresis);
  },
  describe: ({ lo }, { role, value, show }) => ({
    en: `${role} ${show(value)} below ${show(lo)}`,
    zh: `${role} ${show(value)}，低于 ${show(lo)}`,
  }),
  short: ({ lo }, show) => `< ${show(lo)}`,
  latencyMs: oneCycle,
  atRest: () => "watched",
} satisfies ConditionKind<Written, Below>;
