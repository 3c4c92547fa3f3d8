import { beyond, unknown, within } from "../look.js";
import { oneCycle } from "./band.js";
import type { ConditionKind } from "./kind.js";
import { bindWord, resolveWord, says, type Word, WordFile } from "./word.js";

/** The device says something else, or has this bit not set. */
export type IsNot = Word & { kind: "isNot" };

export const isNot = {
  schema: WordFile,
  resolve: (written, tools) => ({ kind: "isNot", ...resolveWord(written, tools) }),
  bind: bindWord,
  look(plan, column, look) {
    const said = says(plan, column, look);
    return said === undefined ? unknown : said ? within : beyond;
  },
  describe: ({ word }, { role }) => ({ en: `${role} is not ${word}`, zh: `${role} 不为 ${word}` }),
  short: ({ word }) => `is not ${word}`,
  latencyMs: oneCycle,
  atRest: () => "watched",
} satisfies ConditionKind<WordFile, IsNot>;
