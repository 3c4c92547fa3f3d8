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

/** The reading is greater. */
export type Above = { kind: "above"; hi: Level; hysteresis: number };

export const above = {
  schema: LevelFile,
  resolve(written, tools) {
    const hi = resolveLevel(written, [], tools);
    checkCeiling(hi, [], tools);
    return { kind: "above", hi, hysteresis: tools.hysteresis };
  },
  bind: (plan, places) => ({ ...plan, hi: bindLevel(plan.hi, places) }),
  look({ hi, hysteresis }, column, look) {
    const most = levelAt(hi, column, look);
    return sideOf(readingOf(look, column), Number.NEGATIVE_INFINITY, most, hysteresis);
  },
  describe: ({ hi }, seen) => {
    const { role, value, show } = seen;
    const { en, zh } = levelWords(hi, seen);
    return { en: `${role} ${show(value)} above ${en}`, zh: `${role} ${show(value)}，高于 ${zh}` };
  },
  short: ({ hi }, show) => `> ${levelShort(hi, show)}`,
  latencyMs: oneCycle,
  atRest: () => "watched",
} satisfies ConditionKind<LevelFile, Above>;
