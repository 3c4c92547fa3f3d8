import { beyond, unknown, within } from "../look.js";
import { oneCycle } from "./band.js";
import type { ConditionKind } from "./kind.js";
import { bindWord, resolveWord, says, type Word, WordFile } from "./word.js";

/** The device says this word, or has this bit set. */
export type Is = Word & { kind: "is" };

export const is = {
  schema: WordFile,
  resolve: (written, tools) => ({ kind: "is", ...resolveWord(written, tools) }),
  bind: bindWord,
  look(plan, column, look) {
    const said = says(plan, column, look);
    return said === undefined ? unknown : said ? beyond : within;
  },
  describe: ({ word }, { role }) => ({ en: `${role} is ${word}`, zh: `${role} 为 ${word}` }),
  short: ({ word }) => `is ${word}`,
  latencyMs: oneCycle,
  atRest: () => "watched",
} satisfies ConditionKind<WordFile, Is>;
