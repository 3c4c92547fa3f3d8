import { type Static, show as showWritten, Type } from "../../base/schema.js";
import { Written } from "../value.js";
import { oneCycle, readingOf, sideOf } from "./band.js";
import { checkCeiling } from "./ceiling.js";
import type { ConditionKind } from "./kind.js";

const Band = Type.Tuple([Written, Written]);

/** The reading is less than the first or greater than the second. */
export type Outside = { kind: "outside"; lo: number; hi: number; hysteresis: number };

export const outside = {
  schema: Band,
  resolve(written, tools) {
    const { watched, hysteresis, complain } = tools;
    const lo = tools.value(written[0], watched.dimension, [0]);
    const hi = tools.value(written[1], watched.dimension, [1]);
    if (lo >= hi) {
      complain([], `${showWritten(written)}, lowest not below highest`, "[lowest, highest]");
    }
    if (hysteresis > 0 && 2 * hysteresis >= hi - lo) {
      const found = `${showWritten(written)}, so narrow for the hysteresis that it could never return`;
      complain([], found, "a band of more than twice the hysteresis");
    }
    checkCeiling(hi, [1], tools);
    return { kind: "outside", lo, hi, hysteresis };
  },
  look({ lo, hi, hysteresis }, column, look) {
    return sideOf(readingOf(look, column), lo, hi, hysteresis);
  },
  describe: ({ lo, hi }, { role, value, show }) =>
    value > hi
      ? {
          en: `${role} ${show(value)} above ${show(hi)}`,
          zh: `${role} ${show(value)}，高于 ${show(hi)}`,
        }
      : {
          en: `${role} ${show(value)} below ${show(lo)}`,
          zh: `${role} ${show(value)}，低于 ${show(lo)}`,
        },
  short: ({ lo, hi }, show) => `< ${show(lo)} or > ${show(hi)}`,
  latencyMs: oneCycle,
  atRest: () => "watched",
} satisfies ConditionKind<Static<typeof Band>, Outside>;
