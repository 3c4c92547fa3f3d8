import { oneCycle, readingOf, sideOf } from "./band.js";
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

/** The reading is less. */
export type Below = { kind: "below"; lo: Level; hysteresis: number };

export const below = {
  schema: LevelFile,
  resolve(written, tools) {
    const lo = resolveLevel(written, [], tools);
    return { kind: "below", lo, hysteresis: tools.hysteresis };
  },
  bind: (plan, places) => ({ ...plan, lo: bindLevel(plan.lo, places) }),
  look({ lo, hysteresis }, column, look) {
    const least = levelAt(lo, column, look);
    return sideOf(readingOf(look, column), least, Number.POSITIVE_INFINITY, hysteresis);
  },
  describe: ({ lo }, seen) => {
    const { role, value, show } = seen;
    const { en, zh } = levelWords(lo, seen);
    return { en: `${role} ${show(value)} below ${en}`, zh: `${role} ${show(value)}，低于 ${zh}` };
  },
  short: ({ lo }, show) => `< ${levelShort(lo, show)}`,
  latencyMs: oneCycle,
  atRest: () => "watched",
} satisfies ConditionKind<LevelFile, Below>;
