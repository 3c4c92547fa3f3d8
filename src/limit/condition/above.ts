import { Written } from "../value.js";
import { oneCycle, readingOf, sideOf } from "./band.js";
import { checkCeiling } from "./ceiling.js";
import type { ConditionKind } from "./kind.js";

/** The reading is greater. */
export type Above = { kind: "above"; hi: number; hysteresis: number };

export const above = {
  schema: Written,
  resolve(written, tools) {
    const { hysteresis, watched } = tools;
    const hi = tools.value(written, watched.dimension, []);
    checkCeiling(hi, [], tools);
    return { kind: "above", hi, hysteresis };
  },
  look({ hi, hysteresis }, column, look) {
    return sideOf(readingOf(look, column), Number.NEGATIVE_INFINITY, hi, hysteresis);
  },
  describe: ({ hi }, { role, value, show }) => ({
    en: `${role} ${show(value)} above ${show(hi)}`,
    zh: `${role} ${show(value)}，高于 ${show(hi)}`,
  }),
  short: ({ hi }, show) => `> ${show(hi)}`,
  latencyMs: oneCycle,
  atRest: () => "watched",
} satisfies ConditionKind<Written, Above>;
