import { type Static, show as showWritten, Type } from "../../base/schema.js";
import { oneCycle, readingOf, sideOf } from "./band.js";
import { checkCeiling } from "./ceiling.js";
import type { ConditionKind } from "./kind.js";
import {
  bindLevel,
  type Level,
  LevelFile,
  levelAt,
  levelShort,
  levelWords,
  resolveLevel,
} from "./level.js";

const Band = Type.Tuple([LevelFile, LevelFile]);

/** The reading is less than the first or greater than the second. */
export type Outside = { kind: "outside"; lo: Level; hi: Level; hysteresis: number };

export const outside = {
  schema: Band,
  resolve(written, tools) {
    const { hysteresis, complain } = tools;
    const lo = resolveLevel(written[0], [0], tools);
    const hi = resolveLevel(written[1], [1], tools);
    const bandOf = typeof lo === "number" && typeof hi === "number" ? hi - lo : Infinity;
    if (bandOf <= 0) {
      complain([], `${showWritten(written)}, lowest not below highest`, "[lowest, highest]");
    }
    if (hysteresis > 0 && 2 * hysteresis >= bandOf) {
      const found = `${showWritten(written)}, so narrow for the hysteresis that it could never return`;
      complain([], found, "a band of more than twice the hysteresis");
    }
    checkCeiling(hi, [1], tools);
    return { kind: "outside", lo, hi, hysteresis };
  },
  bind: (plan, places) => ({
    ...plan,
    lo: bindLevel(plan.lo, places),
    hi: bindLevel(plan.hi, places),
  }),
  look({ lo, hi, hysteresis }, column, look) {
    const least = levelAt(lo, column, look);
    return sideOf(readingOf(look, column), least, levelAt(hi, column, look), hysteresis);
  },
  describe: ({ lo, hi }, seen) => {
    const { role, value, show, column, look } = seen;
    const isOver = value > levelAt(hi, column, look);
    const { en, zh } = levelWords(isOver ? hi : lo, seen);
    return {
      en: `${role} ${show(value)} ${isOver ? "above" : "below"} ${en}`,
      zh: `${role} ${show(value)}，${isOver ? "高于" : "低于"} ${zh}`,
    };
  },
  short: ({ lo, hi }, show) => `< ${levelShort(lo, show)} or > ${levelShort(hi, show)}`,
  latencyMs: oneCycle,
  atRest: () => "watched",
} satisfies ConditionKind<Static<typeof Band>, Outside>;
