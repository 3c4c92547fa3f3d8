/** What to write in the place of what was found in a table of lives. */
import { nearest } from "../../base/nearest.js";
import { dimensionOf } from "../../base/quantity.js";
import { letterOf } from "../column-names.js";

/** Of a header of one cell, that is none. */
export function separatorHint(title: string): string {
  const full = /[，；]/.exec(title)?.[0];
  if (full !== undefined) {
    return `: between the cells stand commas of full width (${full}), write plain ones (,)`;
  }
  return /[|:]/.test(title) ? ", cells set off by commas or semicolons" : "";
}

/** What to write in place of a time that is no plain number. */
export function timeHint(text: string): string {
  const longer = /^[>≥]=?\s*(\d.*)$/.exec(text)?.[1];
  if (longer !== undefined) return `, as ${longer}: that it lived longer is said by S`;
  const [, hours, minutes, seconds = "0"] = /^(\d+):([0-5]\d)(?::([0-5]\d))?$/.exec(text) ?? [];
  if (hours !== undefined) {
    const value = Number(hours) + Number(minutes) / 60 + Number(seconds) / 3600;
    return `, as ${Number(value.toPrecision(9))}: hours as a number`;
  }
  return /\d,\d/.test(text) ? ", with a decimal point" : "";
}

export function statusHint(word: string): string {
  if (word === "0" || word === "1") {
    return `; is 1 a failure? name the column "failed" then, or "censored" where 1 is a suspension`;
  }
  const near = nearest(
    word,
    [...letterOf.keys()].filter((w) => w.length > 2),
  );
  return near === undefined ? "" : `; did you mean ${letterOf.get(near)} for "${near}"?`;
}

export function quote(text: string): string {
  return text === "" ? "nothing" : `"${text}"`;
}

/** `2 kN`, `80%`, `12,5`: meant as a number, but none as it stands. */
const almostNumber = /^([+-]?\d+(?:[.,]\d+)?)\s*(%|°?\p{L}\S*)?$/u;

/** Meant as a number of a stress: with a decimal comma, or with a unit that we know. */
export function isMeantAsNumber(text: string): boolean {
  const [, , unit] = almostNumber.exec(text) ?? [];
  if (unit === undefined) return almostNumber.test(text);
  return unit === "%" || dimensionOf(unit) !== undefined;
}

/** What to write for such a number in the column `title`. */
export function numberHint(text: string, title: string): string {
  const [, digits = "", unit] = almostNumber.exec(text) ?? [];
  if (digits === "" || !isMeantAsNumber(text)) return "";
  const point = digits.includes(",") ? ", with a decimal point" : "";
  if (unit === undefined) return point;
  if (unit === "%") return `${point}, without %: a share as 0.8, or 80 in all rows`;
  const held = title.endsWith(`_${unit}`)
    ? "the title says the unit"
    : `a title as ${title}_${unit}`;
  return `${point}, without ${unit}: ${held}`;
}

/** What may stand in a cell that holds no number, as statistics programs write it. */
export function isNothing(text: string): boolean {
  return /^(?:|-|na|nan|n\/a|null)$/i.test(text);
}

/** The upper end of a life that is only known to be longer. */
export function isEndless(text: string): boolean {
  return /^\+?(?:inf|infinity|∞)$/i.test(text);
}
