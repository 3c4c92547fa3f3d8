/**
 * CSV text as cells that know their place (RFC 4180, and `#` comments, blank lines, a byte order mark), as
 * spreadsheets of any country write it: commas, semicolons or tabs between cells, decimal commas between
 * semicolons, empty cells and rows at the ends.
 */

import { titleOf } from "./column-names.js";
import {
  type Cell,
  type CsvRow,
  type NumberStyle,
  plainNumbers,
  type Separator,
} from "./csv-cell.js";

export type CsvTable = NumberStyle & {
  rows: CsvRow[];
  /** A quote that nothing closes. */
  openQuote?: Cell;
  separator: Separator;
  /** Lines passed over because they begin with #. */
  comments: number;
  /** Titles above the header. */
  above: readonly string[];
};

/** Columns count characters of the line from 1. Cells lose the spaces around them. */
export function parseCsv(text: string): CsvTable {
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const said = separatorSaid(source);
  const separator = said ?? (isOneColumn(source) ? ";" : separatorOf(source));
  const scan: Scan = { text: source, at: 0, line: 1, lineStart: 0, separator };
  if (said !== undefined) skipLine(scan);
  const rows: CsvRow[] = [];
  let comments = 0;
  while (scan.at < source.length) {
    if (skipBlank(scan)) continue;
    if (isComment(scan, rows[0])) {
      comments++;
      skipLine(scan);
      continue;
    }
    const { row, openQuote } = readRow(scan);
    if (openQuote !== undefined) return { ...tidied(rows, separator), comments, openQuote };
    endLine(scan);
    rows.push(row);
  }
  return { ...tidied(rows, separator), comments };
}

/** `sep=;`, a first line by which a spreadsheet is told how to open the file. */
export function separatorSaid(text: string): Separator | undefined {
  const said = /^[^\S\r\n]*"?sep=([,;\t])"?[^\S\r\n]*(?:[\r\n]|$)/i.exec(text)?.[1];
  return said as Separator | undefined;
}

/**
 * What stands more often in the first line that is no comment: semicolons, tabs, or commas. Of the first lines, for a
 * title may stand above, the first that knows a word of ours.
 */
export function separatorOf(text: string): Separator {
  const lines = text
    .split(/\r\n|\r|\n/, linesToHeader)
    .filter((l) => l.trim() !== "" && !l.trim().startsWith("#"))
    .map((line) => line.replace(/"(?:[^"]|"")*"/g, ""));
  const header = lines.find((line) => line.split(/[,;\t]/).some((c) => titleOf(c) !== undefined));
  const bare = header ?? lines[0] ?? "";
  const count = (mark: string) => bare.split(mark).length - 1;
  const [commas, semicolons, tabs] = [count(","), count(";"), count("\t")];
  if (semicolons > 0 && semicolons >= commas && semicolons >= tabs) return ";";
  return tabs > commas ? "\t" : ",";
}

/** A title and below it numbers alone, with commas that cannot all be between thousands: they stand for decimals. */
function isOneColumn(text: string): boolean {
  const [head, ...body] = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
  const isDecimal = (line: string) => /\.\d{3},|,(?!\d{3}\s*$)/.test(line);
  if (head === undefined || /[,;\t]/.test(head) || !body.some(isDecimal)) return false;
  return body.every((line) => /^\s*(\d{1,3}(\.\d{3})+|\d+)(,\d+)?\s*$/.test(line));
}

/** Among so many lines the header is looked for. */
const linesToHeader = 40;

const plainStyle: NumberStyle = { decimalComma: false, setApart: false };

/** Without rows and cells at the end in which nothing stands; numbers with a decimal point and no thousands. */
function tidied(rows: CsvRow[], separator: Separator) {
  const { some, above } = withoutTitles(rows.filter((r) => r.cells.some((c) => c.text !== "")));
  const [head, ...body] = some;
  if (head === undefined) return { rows: some, above, separator, ...plainStyle };
  const filled = (cells: Cell[]) => cells.findLastIndex((c) => c.text !== "") + 1;
  const width = Math.max(...some.map((r) => filled(r.cells)));
  head.cells.length = Math.min(head.cells.length, Math.max(filled(head.cells), width));
  for (const { cells } of body) {
    cells.length = Math.min(cells.length, Math.max(filled(cells), head.cells.length));
  }
  return { rows: some, above, separator, ...plainNumbers(head, body, separator) };
}

/** Rows of one cell each above the first that has a title of ours and more cells. */
function withoutTitles(rows: CsvRow[]): { some: CsvRow[]; above: string[] } {
  const filled = ({ cells }: CsvRow) => cells.filter((c) => c.text !== "");
  const isTitled = (row: CsvRow) => filled(row).some((c) => titleOf(c.text) !== undefined);
  const at = rows.findIndex((row) => filled(row).length > 1);
  if (at < 1 || !isTitled(rows[at]!) || rows.slice(0, at).some(isTitled)) {
    return { some: rows, above: [] };
  }
  return { some: rows.slice(at), above: rows.slice(0, at).map((row) => filled(row)[0]!.text) };
}

/**
 * A line that begins with # is one, but for what a spreadsheet writes in place of a value (#N/A), and for
 * lines with as many cells as the header: a row may be meant.
 */
function isComment(scan: Scan, head: CsvRow | undefined): boolean {
  const line = scan.text.slice(scan.at, lineEnd(scan)).trimStart();
  if (!line.startsWith("#")) return false;
  if (isNoValue(line)) return head === undefined;
  const columns = head?.cells.length ?? 0;
  return columns < 2 || readRow({ ...scan }).row.cells.length !== columns;
}

/** What spreadsheets write where a formula has no value. */
export function isNoValue(text: string): boolean {
  return /^#(N\/A|DIV\/0!|VALUE!|REF!|NAME\?|NUM!|NULL!)/i.test(text);
}

function readRow(scan: Scan): { row: CsvRow; openQuote?: Cell } {
  const row: CsvRow = { line: scan.line, cells: [] };
  for (;;) {
    const { cell, closed } = readCell(scan);
    row.cells.push(cell);
    if (!closed) return { row, openQuote: cell };
    if (scan.text[scan.at] !== scan.separator) return { row };
    scan.at++;
  }
}

/** What keeps a table from being one: a quote nothing closes, rows with more cells than the header. */
export function brokenPlaces({ rows, openQuote }: CsvTable): Broken[] {
  const [head, ...body] = rows;
  const columns = head?.cells.length ?? 0;
  const long = body.flatMap(({ cells }) => {
    const extra = cells[columns];
    const expected = `${columns}, as in the header`;
    return extra === undefined ? [] : [{ at: extra, found: `${cells.length} cells`, expected }];
  });
  if (openQuote === undefined) return long;
  return [{ at: openQuote, found: "a quote nothing closes", expected: 'a closing "' }, ...long];
}

type Broken = { at: Cell; found: string; expected: string };

type Scan = { text: string; at: number; line: number; lineStart: number; separator: Separator };

function skipBlank(scan: Scan): boolean {
  if (scan.text.slice(scan.at, lineEnd(scan)).trim() !== "") return false;
  skipLine(scan);
  return true;
}

function skipLine(scan: Scan): void {
  scan.at = lineEnd(scan);
  endLine(scan);
}

function lineEnd(scan: Scan): number {
  toLineEnd.lastIndex = scan.at;
  return scan.at + toLineEnd.exec(scan.text)![0].length;
}

function endLine(scan: Scan): void {
  if (scan.text[scan.at] === "\r") scan.at++;
  if (scan.text[scan.at] === "\n") scan.at++;
  scan.line++;
  scan.lineStart = scan.at;
}

const toLineEnd = /[^\r\n]*/y;
const bareCells = { ",": /[^,\r\n]*/y, ";": /[^;\r\n]*/y, "\t": /[^\t\r\n]*/y };
const quotedCell = /[^\S\r\n\t]*"((?:[^"]|"")*)"/y;
const openQuote = /[^\S\r\n\t]*"/y;

function readCell(scan: Scan): { cell: Cell; closed: boolean } {
  const { text, line } = scan;
  const column = scan.at - scan.lineStart + 1;
  openQuote.lastIndex = scan.at;
  if (!openQuote.test(text)) {
    const raw = match(bareCells[scan.separator], scan)![0];
    const lead = raw.length - raw.trimStart().length;
    return { cell: { text: shown(raw.trim()), line, column: column + lead }, closed: true };
  }
  const quoted = match(quotedCell, scan);
  if (quoted === undefined) return { cell: { text: "", line, column }, closed: false };
  const inside = quoted[1]!.replaceAll('""', '"');
  countLines(scan, quoted.index, quoted[0]);
  const rest = match(bareCells[scan.separator], scan)![0].trim();
  return { cell: { text: shown((inside + rest).trim()), line, column }, closed: true };
}

/**
 * Without what a terminal would obey (escapes are written out, line ends become blanks), and without the mark
 * that keeps a spreadsheet from taking a name for a formula.
 */
function shown(text: string): string {
  const bare = /^'[=+@-]/.test(text) ? text.slice(1) : text;
  return bare
    .replace(/[\t\r\n]+/g, " ")
    .replace(/[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, (c) => {
      return `\\x${c.codePointAt(0)!.toString(16).padStart(2, "0")}`;
    });
}

function match(pattern: RegExp, scan: Scan): RegExpExecArray | undefined {
  pattern.lastIndex = scan.at;
  const found = pattern.exec(scan.text);
  if (found === null) return undefined;
  scan.at += found[0].length;
  return found;
}

function countLines(scan: Scan, start: number, text: string): void {
  for (const m of text.matchAll(/\r\n|\r|\n/g)) {
    scan.line++;
    scan.lineStart = start + m.index + m[0].length;
  }
}

/** What a reader should know of how a table was taken. */
export function tableNotes(table: CsvTable): string[] {
  const { separator, decimalComma, setApart, comments, above } = table;
  const cells = { ",": "", ";": "semicolons", "\t": "tabs" }[separator];
  const commas = decimalComma ? " and decimal commas" : "";
  const lines =
    comments === 1 ? "1 line that begins with # was" : `${comments} lines that begin with # were`;
  return [
    ...(cells === "" ? [] : [`read with ${cells} between cells${commas}`]),
    ...(setApart ? ["blanks or apostrophes between digits taken as thousands"] : []),
    ...(comments === 0 ? [] : [`${lines} passed over as a comment`]),
    ...(above.length === 0
      ? []
      : [`passed over above the header: ${above.map((text) => `"${text}"`).join(", ")}`]),
  ];
}
