/** What the verbs of `wearout life` share: reading DATA, options, and how results are written. */
import { readFileSync } from "node:fs";
import { failOnProblems, unreadable, WearoutError } from "../../base/error.js";
import { parseQuantity, toCanonical } from "../../base/quantity.js";
import {
  type LifeData,
  type LifeRow,
  leavesOut,
  modeList,
  modesOf,
  ofModes,
  repeatsOf,
} from "../../life/data.js";
import type { Bounded } from "../../life/estimate.js";
import { type ParseOptions, parseLifeData } from "../../life/parse.js";
import { refusalFor, type WarningCode, warningTable } from "../../life/warning.js";
import { decodeText } from "../text-file.js";
import { type DataArgument, dataWritten, type RunsLives } from "./source.js";

export const dataHelp = `
DATA is a CSV file, or - for standard input. Columns: time, status (F failure, S suspension,
L failed before time, I failed between time and time_high), optional time_high, entry (age when it
came under watch), count, mode, group, lot, system, specimen, and stresses; usual English, German,
French and Chinese words for them too. Commas, semicolons (with decimal commas) or tabs between
cells; UTF-8, UTF-16, GBK or Windows-1252. Lines that start with # are comments. With --runs DATA are
lives of the records: what still lives in an open run is a suspension, --ended leaves open runs out
(wearout life table --help).`;

/**
 * Reads life data from a file, with `-` from standard input, or from the records. `asked` is the verb's
 * argument as it is: name the argument `data` (or `a` and `b`), and `--runs`, `--exposure` and
 * `--records` work without more (`life-source.ts`, put on every verb by `addLife`). Name the data to
 * people by `source`. Throws what `parseLifeData` and reading records throw.
 */
export function readLifeData(asked: DataArgument, options: ReadOptions): LifeData {
  if (typeof asked !== "string") return livesOfRuns(asked, options);
  const { text, source, note } = readText(asked);
  const data = parseLifeData(text, source, options);
  const twice = options.repeats === true ? [] : repeatsOf(data.rows);
  const notes = [
    ...(note === undefined ? [] : [note]),
    ...(data.notes ?? []),
    ...twice.map((r) => `specimen "${r.specimen}" stands in ${r.times} rows and counts in each`),
  ];
  for (const line of notes) options.talk(`${source}: ${line}`);
  return data;
}

/** What `work` answers; where it is refused, the way out is said for these data. */
export async function answering(
  asked: DataArgument,
  work: () => Promise<number> | number,
): Promise<number> {
  try {
    return await work();
  } catch (error) {
    throw refusalFor(error, dataWritten(asked));
  }
}

/** Lines of a complaint are those of `life table`. */
function livesOfRuns({ data, runs, notes }: RunsLives, { check }: ReadOptions): LifeData {
  const complaints = check?.(data.rows, data.unit) ?? [];
  const at = { file: data.source, column: 1 };
  failOnProblems(complaints.map(({ row, ...what }) => ({ ...at, line: row + 2, ...what })));
  return { ...data, runs, notes: notes.map(({ en }) => en) };
}

/** `talk` hears how a file was taken. */
export type ReadOptions = ParseOptions & {
  talk: (text: string) => void;
  /** One specimen may stand in several rows: they are its steps or its failures. */
  repeats?: boolean;
};

/** The same for a verb with options of time; `assumed` is what `assumeUnit` warns of. */
export function readTimedData(
  asked: DataArgument,
  times: readonly (string | undefined)[],
  options: ReadOptions,
): { data: LifeData; assumed: WarningCode[] } {
  const read = readLifeData(asked, options);
  const { unit, assumed } = assumeUnit(read.unit, times);
  return { data: { ...read, unit }, assumed };
}

/**
 * `--modes a,b`: failures by these modes only, others as suspensions; without it all rows. `warnings` says
 * who was left out. A mode with a comma stands in double quotes.
 */
export function rowsOfModes(
  { rows }: LifeData,
  written: string | undefined,
): { rows: readonly LifeRow[]; warnings: WarningCode[] } {
  if (written === undefined) return { rows, warnings: [] };
  const known = modesOf(rows);
  const parts = written.match(/(?:"[^"]*"|[^,])+/g) ?? [""];
  const modes = parts.map((part) => known.find((m) => [m, modeList([m])].includes(part.trim())));
  const wrong = parts.find((_, i) => modes[i] === undefined);
  if (wrong !== undefined) {
    const names = known.map((m) => modeList([m])).join(", ");
    throw new WearoutError("USAGE", `--modes: found "${wrong}", expected one of ${names}`);
  }
  const wanted = modes as string[];
  const warnings: WarningCode[] = leavesOut(rows, wanted) ? ["OTHER_MODE_LEFT_OUT"] : [];
  return { rows: ofModes(rows, wanted), warnings };
}

/**
 * The text of a file, or of standard input for `-`, with its name for people; `note` where it is not UTF-8.
 * Throws `FILE_UNREADABLE`.
 */
export function readText(path: string): { text: string; source: string; note?: string } {
  const source = path === "-" ? "standard input" : path;
  const read = decodeText(bytesOf(path));
  if (read === undefined) {
    const message = `${source}: this is no text but a binary file; save the table as CSV (UTF-8) and give that`;
    throw new WearoutError("FILE_UNREADABLE", message);
  }
  const { text, encoding } = read;
  return { text, source, ...(encoding === undefined ? {} : { note: `read as ${encoding}` }) };
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path === "-" ? 0 : path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** A number above zero, below `below` where given. */
export function positive(name: string, text: string, below = Number.POSITIVE_INFINITY): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value > 0 && value < below) return value;
  const limit = below === Number.POSITIVE_INFINITY ? "" : ` and below ${below}`;
  throw new WearoutError("USAGE", `${name}: found "${text}", expected a number above 0${limit}`);
}

/** `5000`, or `5000h` when the data says its unit. */
export function timeOption(name: string, text: string, unit: string | undefined): number {
  const quantity = parseQuantity(text);
  if (/[a-z]/i.test(text.replace(/e[+-]?\d+$/i, "")) && quantity !== undefined) {
    const one = unit === undefined ? undefined : parseQuantity(`1 ${unit}`);
    if (one?.dimension === quantity.dimension) return quantity.value / toCanonical(1, unit!);
    const has = unit === undefined ? "the data says no unit" : `the data is in ${unit}`;
    throw new WearoutError("USAGE", `${name}: found "${text}", but ${has}`);
  }
  return positive(name, text);
}

/**
 * Data that say no unit are taken to be in that of the first time option which has one (`--at 5000h` of
 * a bare column `time`); `assumed` is the warning that says so.
 */
export function assumeUnit(
  unit: string | undefined,
  options: readonly (string | undefined)[],
): { unit: string | undefined; assumed: WarningCode[] } {
  const written = options.map(unitWritten).find((u) => u !== undefined);
  if (unit !== undefined || written === undefined) return { unit, assumed: [] };
  return { unit: written, assumed: ["UNIT_ASSUMED"] };
}

/** `h` of `5000h`. */
function unitWritten(text: string | undefined): string | undefined {
  if (text === undefined || parseQuantity(text) === undefined) return undefined;
  return /^[\d.eE+\s-]*([^\d.eE+\s-].*)$/.exec(text.trim())?.[1];
}

/** Above 0, below 1: `0.9` or `90%`. */
export function share(name: string, text: string): number {
  const percent = /^(.+)%$/.exec(text.trim());
  return percent === null ? positive(name, text, 1) : positive(name, percent[1]!, 100) / 100;
}

export function confidenceOf(text: string): number {
  return share("--confidence", text);
}

/** Six significant digits: more than any life test supports, enough to compare with books. */
export function number(value: number): string {
  if (Math.abs(value) === Number.POSITIVE_INFINITY) return "none";
  if (Number.isNaN(value)) return "-";
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-4 || size >= 1e9)
    ? value.toExponential(5)
    : String(Number(value.toPrecision(6)));
}

export function boundedRow(name: string, b: Bounded): string[] {
  return [name, number(b.estimate), number(b.lower), number(b.upper)];
}

/** `warning FEW_FAILURES: ...`, one line each. */
export function warningLines(codes: readonly WarningCode[]): string[] {
  return codes.map((code) => `warning ${code}: ${warningTable[code]}`);
}

/** `3 failures, 5 suspensions`, how many of the failures have no exact time, and whose lives were not watched from new. */
export function countsLine(fit: Counts): string {
  const counts = [plural(fit.failures, "failure"), plural(fit.suspensions, "suspension")];
  const { intervals = 0, entries } = fit;
  if (intervals > 0) counts.push(`${number(intervals)} of the failures within an interval`);
  if (entries > 0) counts.push(`${number(entries)} watched from an age on (entry)`);
  return counts.join(", ");
}

type Counts = { failures: number; suspensions: number; intervals?: number; entries: number };

/** `unit` of a result in JSON, where the data say one. */
export function unitIn({ unit }: Pick<LifeData, "unit">): { unit?: string } {
  return unit === undefined ? {} : { unit };
}

/** `1 unit`, `3 units` */
export function plural(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
}
