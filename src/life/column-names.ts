/** What people call the columns of life data, and the words in their cells. */
import { dimensionOf } from "../base/quantity.js";
import {
  type ColumnName,
  columnNames,
  doubtfulTitles,
  type Flag,
  flagTitles,
  noWords,
  remarkTitles,
  statusWords,
  synonyms,
  timeTitles,
  unitWords,
  valueTitles,
  yesWords,
} from "./column-words.js";

export { type ColumnName, columnNames, type Flag, labels } from "./column-words.js";

/** A title understood: `own` where it is the name itself, not another word for it. */
export type Title = { name: ColumnName; own: boolean; unit?: string; flag?: Flag };

/** As words are compared: small, without accents, and without what is set behind a title (`Failed?`, `Nr.`). */
function plainWord(text: string): string {
  const bare = text
    .normalize("NFKC")
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "");
  return bare
    .replace(/[.:?]/g, "")
    .replace(/[\s_-]+/g, " ")
    .trim();
}

const titles = new Map<string, Omit<Title, "own">>();
for (const name of columnNames) {
  for (const word of synonyms[name]) titles.set(plainWord(word), { name });
}
for (const [unit, words] of Object.entries(timeTitles)) {
  for (const word of words) titles.set(plainWord(word), { name: "time", unit });
}
for (const flag of ["failed", "censored"] as const) {
  for (const word of flagTitles[flag]) titles.set(plainWord(word), { name: "status", flag });
}

const units = new Map(
  Object.entries(unitWords).flatMap(([unit, words]) => words.map((w) => [plainWord(w), unit])),
);

/** `Time [h]`, `寿命（小时）`, `Laufzeit / h`, `durée, h`, `Laufzeit in Std.` */
const withUnit = /^(.*?)\s*(?:[[(]\s*([^\])]+?)\s*[\])]|(?:\/|,|\sin\s)\s*(\p{L}+)\.?)$/u;
/** `lifetime_h` */
const withUnitBelow = /^(.+)_(\p{L}+)$/u;
const ownWithUnit = /^(time_high|time|entry)(?:_|\s*[[(/,]|\s+in\s)\s*([^\])]+?)\s*[\])]?$/i;

/** `time_h`, `Time [h]`, `寿命（小时）`, `Hours`; undefined for a title that is none of ours. */
export function titleOf(text: string): Title | undefined {
  const plain = text.normalize("NFKC").trim();
  const known = columnNames.find((name) => name === plain.toLowerCase());
  if (known !== undefined) return { name: known, own: true };
  const whole = titles.get(plainWord(plain));
  if (whole !== undefined) return { ...whole, own: false };
  const own = ownWithUnit.exec(plain);
  if (own !== null) {
    return { name: own[1]!.toLowerCase() as ColumnName, own: true, unit: unitOf(own[2]!) };
  }
  const { bare, unit } = unitTaken(plain) ?? { bare: "", unit: "" };
  const found = titles.get(plainWord(bare));
  // `failure (h)` is no column of yes and no.
  if (found === undefined || found.name === "status") return undefined;
  return { ...found, own: false, unit };
}

/** A title and the unit in it; behind a low line only what a life is counted in (`sample_time` has none). */
function unitTaken(plain: string): { bare: string; unit: string } | undefined {
  const [, bare, inBrackets, behind = ""] = withUnit.exec(plain) ?? [];
  if (bare !== undefined) return { bare, unit: unitOf(inBrackets ?? behind) };
  const [, above, below = ""] = withUnitBelow.exec(plain) ?? [];
  const isCounted = ["time", "turns", "cycles"].includes(dimensionOf(unitOf(below)) ?? "");
  return above === undefined || !isCounted ? undefined : { bare: above, unit: unitOf(below) };
}

/** The column that a title may mean, which may as well mean something else (`n`, `weight`, `start_h`). */
export function doubtOf(text: string): ColumnName | undefined {
  const plain = text.normalize("NFKC").trim();
  const timed = doubts.get(plainWord(unitTaken(plain)?.bare ?? ""));
  return doubts.get(plainWord(plain)) ?? (timed === "entry" ? timed : undefined);
}

const doubts = new Map(
  (["count", "entry"] as const).flatMap((name) =>
    (doubtfulTitles[name] ?? []).map((word) => [plainWord(word), name] as const),
  ),
);

/** A title for people: its words, or its place from 0 where it has none. */
export function titleShown(text: string, place: number): string {
  return text === "" ? `column ${place + 1}, which has no title` : `"${text}"`;
}

/** `Wert (mm/s)`, `测量值`: what was measured; undefined for any other title. */
export function valueTitleOf(text: string): { unit: string | undefined } | undefined {
  const plain = text.normalize("NFKC").trim();
  if (values.has(plainWord(plain))) return { unit: undefined };
  const [, bare = "", unit] = inBrackets.exec(plain) ?? [];
  return values.has(plainWord(bare)) ? { unit } : undefined;
}

const values = new Set(valueTitles.map(plainWord));

/** The name of a column of stress, its unit at the end: `Temperatur (°C)` is `Temperatur_degC`. */
export function stressName(title: string): string {
  const [, bare, unit] = inBrackets.exec(title.normalize("NFKC").trim()) ?? [];
  if (bare === undefined || unit === undefined) return title;
  return `${bare}_${/^°\s*C$/i.test(unit) ? "degC" : unit}`;
}

const inBrackets = /^(.*?\S)\s*[[(]\s*([^\])]+?)\s*[\])]$/;

/** Nothing is counted from it: a text for people, a date. */
export function isRemark(title: string): boolean {
  return remarks.has(plainWord(title));
}

const remarks = new Set(remarkTitles.map(plainWord));

/** A unit of time by its usual name: `h` for `Std.`. Units that are not known stay as they are. */
export function unitOf(text: string): string {
  return units.get(plainWord(text)) ?? text;
}

/** Every word for a status, with its letter. */
export const letterOf: ReadonlyMap<string, string> = new Map(
  Object.entries(statusWords).flatMap(([letter, words]) => words.map((w) => [w, letter])),
);

const letters = new Map([...letterOf].map(([word, letter]) => [plainWord(word), letter]));

/** F, S, L or I; `flag`: what yes means, where the title says it. */
export function letterIn(text: string, flag: Flag | undefined): string | undefined {
  const word = plainWord(text);
  return (flag === undefined ? undefined : letterOfFlag(word, flag)) ?? letters.get(word);
}

function letterOfFlag(word: string, flag: Flag): string | undefined {
  if (yesWords.includes(word)) return flag === "failed" ? "F" : "S";
  return noWords.includes(word) ? (flag === "failed" ? "S" : "F") : undefined;
}
