/** Readings that are words of a device: its state, or bits of one register. */
import { own } from "../../base/own.js";
import type { Column } from "../../base/sample.js";
import { suggest, Type } from "../../base/schema.js";
import type { Look } from "../look.js";
import { readingOf } from "./band.js";
import type { Places, ResolveTools } from "./kind.js";

export const WordFile = Type.Union([Type.String({ minLength: 1 }), Type.Integer({ minimum: 0 })], {
  description: "a state or a bit by its name in the device type, or the number that is read",
});
export type WordFile = string | number;

/** `bit` of the reading, or the number it is; `unbound` before the words of the column are known. */
export type Word = { word: string; test: "unbound" | "bit" | "number"; number: number };

type Words = NonNullable<Column["words"]>;

export function resolveWord(written: WordFile, { role, watched, complain }: ResolveTools): Word {
  const word = `${written}`;
  if (typeof written === "number") return { word, test: "number", number: written };
  const { words } = watched;
  if (words !== undefined && wordIn(words, word) === undefined) {
    const names = namesIn(words);
    const expected = names.length === 0 ? "a number: it has no words" : suggest(word, names);
    complain([], `"${word}", which the role "${role}" never says`, expected);
  }
  return { word, test: "unbound", number: 0 };
}

function namesIn(words: Words): string[] {
  return [...Object.keys(words.enum ?? {}), ...Object.keys(words.bits ?? {})];
}

function wordIn(words: Words, word: string): Pick<Word, "test" | "number"> | undefined {
  const state = own(words.enum, word);
  if (state !== undefined) return { test: "number", number: state };
  const bit = own(words.bits, word);
  return bit === undefined ? undefined : { test: "bit", number: bit };
}

export function bindWord<W extends Word>(plan: W, { columns, role }: Places): W {
  const words = columns.find((column) => column.role === role)?.words ?? {};
  return { ...plan, ...wordIn(words, plan.word) };
}

/** Whether the column says it; undefined where it says nothing good. */
export function says({ test, number }: Word, column: number, look: Look): boolean | undefined {
  const value = readingOf(look, column);
  if (Number.isNaN(value) || test === "unbound") return undefined;
  return test === "number" ? value === number : Math.floor(value / 2 ** number) % 2 === 1;
}
