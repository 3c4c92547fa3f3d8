/** Cells of a table, and numbers in them as every country writes them, made plain. */
import { labels, titleOf } from "./column-names.js";

/** `doubtful`: a number whose point or comma may stand for thousands or for decimals, and why that is not known. */
export type Cell = { text: string; line: number; column: number; doubtful?: Doubt };
type Doubt = "commas elsewhere" | "point" | "comma";
export type CsvRow = { line: number; cells: Cell[] };
export type Separator = "," | ";" | "\t";

/** 1.234,5 or 12,5, with what may follow a number: a unit, a share. */
const decimalComma = /^([+-]?(?:\d{1,3}(?:\.\d{3})+|\d+)),(\d+)(\s*(?:\p{L}.*|%)|[eE][+-]?\d+)?$/u;
/** 1.234.567 */
const pointThousands = /^[+-]?\d{1,3}(?:\.\d{3}){2,}$/;
/** 1.234: one thousand, or one and a bit? */
const onePoint = /^[+-]?\d{1,3}\.\d{3}(\s*(?:\p{L}.*|%))?$/u;
/** 1,234: the same question. */
const oneComma = /^[+-]?\d{1,3},\d{3}(\s*(?:\p{L}.*|%))?$/u;
/** Any number with one point. */
const pointed = /^[+-]?\d*\.\d*(?:[eE][+-]?\d+)?(\s*(?:\p{L}.*|%))?$/u;
/** 1,234.5 or 1,234,567 */
const commaThousands = /^[+-]?\d{1,3}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})$/;
/** 1,234: thousands only where the column has such. */
const commaGroups = /^[+-]?\d{1,3}(?:,\d{3})+$/;
/** 1 234.5, 1'234, 1’234,5 km: blanks (also those that do not break) and apostrophes stand for thousands only. */
const setApart = /^([+-]?\d{1,3}(?:[\s'’]\d{3})+)([.,]\d+)?(\s*(?:\p{L}.*|%))?$/u;

/** How numbers were written: with decimal commas, with blanks or apostrophes between thousands. */
export type NumberStyle = { decimalComma: boolean; setApart: boolean };

/**
 * Writes cells anew with a decimal point and nothing between thousands, but for columns of names; answers how
 * they were written: decimal commas are only in tables with semicolons or tabs. What stays doubtful is marked.
 */
export function plainNumbers(
  head: CsvRow,
  rows: readonly CsvRow[],
  separator: Separator,
): NumberStyle {
  const columns = columnsOf(rows).filter((_, i) => !isLabel(head.cells[i]));
  const cells = columns.flat();
  const apart = cells.filter((c) => setApart.test(c.text));
  for (const cell of apart) cell.text = withoutGroups(cell.text);
  for (const column of columns) dropCommas(column);
  for (const column of columns) dropPoints(column);
  const comma = separator !== "," && cells.some(hasDecimalComma);
  if (comma) for (const cell of cells) fromDecimalComma(cell);
  else {
    for (const cell of cells) if (oneComma.test(cell.text)) cell.doubtful = "comma";
    if (separator === ";") for (const column of columns) doubtPoints(column);
  }
  return { decimalComma: comma, setApart: apart.length > 0 };
}

function isLabel(title: Cell | undefined): boolean {
  const name = title === undefined ? undefined : titleOf(title.text)?.name;
  return name !== undefined && (labels as readonly string[]).includes(name);
}

/** `1 234.5` as `1234.5`; any other text as it is. */
function withoutGroups(text: string): string {
  const parts = setApart.exec(text);
  if (parts === null) return text;
  return `${parts[1]!.replace(/[\s'’]/g, "")}${parts[2] ?? ""}${parts[3] ?? ""}`;
}

function columnsOf(rows: readonly CsvRow[]): Cell[][] {
  const width = rows.reduce((most, { cells }) => Math.max(most, cells.length), 0);
  const columns: Cell[][] = Array.from({ length: width }, () => []);
  for (const { cells } of rows) {
    for (const [i, cell] of cells.entries()) columns[i]?.push(cell);
  }
  return columns;
}

/** One number with commas that can only be between thousands says so of all in its column. */
function dropCommas(column: readonly Cell[]): void {
  if (!column.some((c) => commaThousands.test(c.text))) return;
  for (const cell of column) {
    if (commaThousands.test(cell.text) || commaGroups.test(cell.text)) {
      cell.text = cell.text.replaceAll(",", "");
    }
  }
}

/** 1.234,5 in a column or 1.234.567 says so of all its points. */
function dropPoints(column: readonly Cell[]): void {
  const isSaid = ({ text }: Cell) =>
    pointThousands.test(text) || (decimalComma.test(text) && text.includes("."));
  if (!column.some(isSaid)) return;
  for (const cell of column) {
    if (pointThousands.test(cell.text) || onePoint.test(cell.text)) {
      cell.text = cell.text.replace(/^[+-]?[\d.]+/, (number) => number.replaceAll(".", ""));
    }
  }
}

/** 12,5 or 0,125: what can only have decimals; 1,234 may be a thousand. */
function hasDecimalComma({ text }: Cell): boolean {
  return decimalComma.test(text) && (!oneComma.test(text) || /^[+-]?0/.test(text));
}

/**
 * Spreadsheets that set semicolons between cells set points between thousands: a column is in doubt unless
 * one of its numbers (12.5, 0.125) can only have decimals.
 */
function doubtPoints(column: readonly Cell[]): void {
  const isDecimal = ({ text }: Cell) =>
    pointed.test(text) && (!onePoint.test(text) || /^[+-]?0/.test(text));
  if (column.some(isDecimal)) return;
  for (const cell of column) if (onePoint.test(cell.text)) cell.doubtful = "point";
}

/** In a table with decimal commas. */
export function fromDecimalComma(cell: Cell): void {
  const parts = decimalComma.exec(cell.text);
  if (parts !== null) {
    cell.text = `${parts[1]!.replaceAll(".", "")}.${parts[2]}${parts[3] ?? ""}`;
  } else if (onePoint.test(cell.text)) cell.doubtful = "commas elsewhere";
}

/** What a cell says as a number; NaN where it says none, or may say two. */
export function numberIn({ text, doubtful }: Cell): number {
  return text === "" || doubtful !== undefined ? Number.NaN : Number(text);
}

/** Numbers, whatever their point means. */
export function isNumeric(cell: Cell): boolean {
  return cell.doubtful !== undefined || Number.isFinite(numberIn(cell));
}

/** What is expected in place of a cell that is none. */
export function expectedNumber({ text, doubtful }: Cell, what: string): string {
  if (doubtful === undefined) return what;
  const whole = text.replace(/[.,]/, "");
  if (doubtful === "commas elsewhere") {
    return `${whole} or ${text.replace(".", ",")}: a point here, decimal commas elsewhere`;
  }
  const exact = text.replace(/[.,](\d+)/, ".$10");
  return `${whole} or ${exact}: ${doubts[doubtful]} may stand for thousands or for decimals`;
}

const doubts = { point: "between semicolons a point", comma: "a comma" } as const;
