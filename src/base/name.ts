/** Names and sentences that people enter: checked once, where they come in. */
import { WearoutError } from "./error.js";
import { visibleLine } from "./visible.js";

/** Begins with a letter or digit of any script, so that no spreadsheet takes it for a formula. */
const namePattern = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M} ._/#+:()-]{0,62}[\p{L}\p{N}\p{M}.)])?$/u;
const longestSentence = 1000;

/** A name of a lot, a project, a tag; throws `USAGE` for what could not be printed and typed everywhere. */
export function checkedName(what: string, text: string): string {
  if (namePattern.test(text)) return text;
  const expected =
    "letters and digits of any script, blanks and . _ / # + : ( ) -, beginning and ending with a letter or digit, at most 64";
  throw new WearoutError("USAGE", `${what}: found "${visibleLine(text)}", expected ${expected}`);
}

/** A reason or a signature: one line without control characters; throws `USAGE`. */
export function checkedSentence(what: string, text: string): string {
  const isFine = text.trim() !== "" && text.length <= longestSentence && visibleLine(text) === text;
  if (isFine) return text;
  const expected = `one line of at most ${longestSentence} characters, none of them a control character`;
  throw new WearoutError(
    "USAGE",
    `${what}: found "${visibleLine(text).slice(0, 80)}", expected ${expected}`,
  );
}
