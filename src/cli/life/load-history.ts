/** One column of a CSV of any length, value by value; memory does not grow with the file. */
import { closeSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import {
  failOnProblems,
  formatProblem,
  type Problem,
  unreadable,
  WearoutError,
} from "../../base/error.js";
import { nearest } from "../../base/nearest.js";
import { dimensionOf } from "../../base/quantity.js";
import { type Cell, fromDecimalComma, type Separator } from "../../life/csv-cell.js";
import { isNoValue, parseCsv, separatorOf, separatorSaid } from "../../life/csv-table.js";
import { readText } from "./data.js";

/** `name` is the title without its unit. */
export type LoadColumn = { title: string; name: string; unit: string | undefined };

/** What an export of a run holds beside its values. */
const besides = ["time", "elapsed_s", "cycle", "quality"];
const mostProblems = 10;

export type LoadHistory = {
  column: LoadColumn;
  /**
   * Hands every value to `take`; answers how many cells held none. May be read again. Throws
   * `FILE_INVALID` with the places of what is no number.
   */
  read(take: (value: number) => void): { values: number; missing: number };
  /** Throws `FILE_INVALID`: nothing was read, `missing` cells held no number. */
  refuseEmpty(missing: number): never;
};

/**
 * Opens a history and finds the column: by its title, its name without unit, or as the only one. `-` is
 * standard input, kept in memory because it is read twice.
 */
export function openLoadHistory(path: string, wanted: string | undefined): LoadHistory {
  const file = fileOf(path);
  const first = firstLine(file);
  const separator = separatorOf(first);
  const head = cellsOf(first, separator);
  const hasHeader = !head.every((c) => isNumber(c));
  const titles = hasHeader ? head : head.map((_, i) => String(i + 1));
  const at = columnAt(file.name, titles, wanted, hasHeader);
  const quality = hasHeader ? titles.indexOf("quality") : -1;
  const column = columnOf(titles[at]!, hasHeader);
  return {
    column,
    read: (take) => readColumn(file, { column, at, quality, hasHeader, separator }, take),
    refuseEmpty: (missing) => refuseEmpty(file.name, first, column.title, missing),
  };
}

/** A row of numbers set off by spaces looks like a header and is all there is. */
function refuseEmpty(file: string, first: string, field: string, missing: number): never {
  const isSpaced = /\s/.test(first) && first.split(/\s+/).every(isNumber);
  const only = isSpaced ? "numbers with spaces between them" : "a header without rows";
  const found = missing > 0 ? `no value in any of ${missing} rows` : only;
  const expected = isSpaced ? "one number in each line" : "rows with loads";
  const problem: Problem = { file, line: 1, column: 1, field, found, expected };
  throw new WearoutError("FILE_INVALID", `1 problem in files:\n${formatProblem(problem)}`, [
    problem,
  ]);
}

function columnOf(title: string, hasHeader: boolean): LoadColumn {
  const cut = title.lastIndexOf("_");
  const unit = title.slice(cut + 1);
  const known = hasHeader && cut > 0 && dimensionOf(unit) !== undefined;
  if (known) return { title, name: title.slice(0, cut), unit };
  return { title, name: hasHeader ? title : "load", unit: undefined };
}

function columnAt(
  path: string,
  titles: readonly string[],
  wanted: string | undefined,
  hasHeader: boolean,
): number {
  if (wanted !== undefined) {
    const at = titles.findIndex((t) => t === wanted || columnOf(t, hasHeader).name === wanted);
    if (at >= 0) return at;
    const near = nearest(wanted, [...titles, ...titles.map((t) => columnOf(t, hasHeader).name)]);
    const hint = near === undefined ? "" : `; did you mean "${near}"?`;
    const message = `--column: found "${wanted}", expected one of ${titles.join(", ")}${hint}`;
    throw new WearoutError("USAGE", message);
  }
  const candidates = titles.filter((t) => !besides.includes(t));
  if (candidates.length === 1) return titles.indexOf(candidates[0]!);
  const message = `${path} has the columns ${titles.join(", ")}: --column says which holds the load`;
  throw new WearoutError("USAGE", message);
}

type Reading = {
  column: LoadColumn;
  at: number;
  quality: number;
  hasHeader: boolean;
  separator: Separator;
};

function readColumn(file: File, r: Reading, take: (value: number) => void) {
  const problems: Problem[] = [];
  let [values, missing, header] = [0, 0, r.hasHeader];
  for (const { text, line } of linesOf(file)) {
    if (header) {
      header = false;
      continue;
    }
    const cells = cellsOf(text, r.separator);
    const cell = cells[r.at] ?? "";
    if (cell === "" || (r.quality >= 0 && isBad(cells[r.quality] ?? "", r.column.name))) {
      missing++;
    } else if (isNumber(cell)) {
      values++;
      take(Number(cell));
    } else {
      const column = cells.slice(0, r.at).reduce((s, c) => s + c.length + 1, 1);
      const found = `"${cell}"`;
      problems.push({
        file: file.name,
        line,
        column,
        field: r.column.title,
        found,
        expected: "a number",
      });
      if (problems.length === mostProblems) break;
    }
  }
  failOnProblems(problems);
  return { values, missing };
}

/** `s1.torque=bad load=held`: a value that was held is the last one again and turns nothing. */
function isBad(quality: string, name: string): boolean {
  return quality.split(" ").some((q) => q.startsWith(`${name}=`) && q !== `${name}=held`);
}

function firstLine(file: File): string {
  for (const { text } of linesOf(file)) return text;
  const problem = {
    line: 1,
    column: 1,
    field: "",
    found: "no data",
    expected: "a column of loads",
  };
  failOnProblems([{ file: file.name, ...problem }]);
  return "";
}

function isNumber(text: string): boolean {
  return text !== "" && Number.isFinite(Number(text));
}

/** Between semicolons or tabs a comma is a decimal one. */
function cellsOf(text: string, separator: Separator): string[] {
  if (separator === "," && text.includes('"')) {
    return (parseCsv(text).rows[0]?.cells ?? []).map((c) => c.text);
  }
  const cells = text.split(separator).map((c) => c.trim());
  if (separator === ",") return cells;
  return cells.map((c) => {
    const cell: Cell = { text: c.replace(/^"(.*)"$/, "$1"), line: 1, column: 1 };
    if (cell.text.includes(",")) fromDecimalComma(cell);
    return cell.text;
  });
}

/** `name` for people. */
type File = { name: string; lines(): Generator<string> };

function fileOf(path: string): File {
  if (path !== "-") return { name: path, lines: () => linesIn(path) };
  const { text, source } = readText("-");
  return {
    name: source,
    *lines() {
      yield* text.split("\n");
    },
  };
}

function* linesIn(path: string): Generator<string> {
  const fd = open(path);
  try {
    yield* rawLines(fd);
  } finally {
    closeSync(fd);
  }
}

/** Lines that say something, with their numbers; not blank ones and comments. */
function* linesOf(file: File): Generator<{ text: string; line: number }> {
  let line = 0;
  for (const text of file.lines()) {
    line++;
    const bare = (line === 1 && text.startsWith("\uFEFF") ? text.slice(1) : text).trimEnd();
    if (line === 1 && separatorSaid(bare) !== undefined) continue;
    if (bare !== "" && (!bare.startsWith("#") || isNoValue(bare))) yield { text: bare, line };
  }
}

function open(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    throw unreadable(path, error);
  }
}

function* rawLines(fd: number): Generator<string> {
  const decoder = new StringDecoder("utf8");
  const chunk = Buffer.alloc(1 << 16);
  let rest = "";
  for (let size = readSync(fd, chunk); size > 0; size = readSync(fd, chunk)) {
    const lines = (rest + decoder.write(chunk.subarray(0, size))).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== "") yield rest;
}
