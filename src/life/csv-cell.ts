/** Cells of a table, and numbers in them as every country writes them, made plain. */

/** `doubtful`: a number whose point may stand for thousands or for decimals. */
export type Cell = { text: string; line: number; column: number; doubtful?: true };
export type CsvRow = { line: number; cells: Cell[] };
export type Separator = "," | ";" | "\t";

/** 1.234,5 or 12,5, with what may follow a number: a unit, a share. */
const decimalComma = /^([+-]?(?:\d{1,3}(?:\.\d{3})+|\d+)),(\d+)(\s*(?:\p{L}.*|%)|[eE][+-]?\d+)?$/u;
/** 1.234.567 */
const pointThousands = /^[+-]?\d{1,3}(?:\.\d{3}){2,}$/;
/** 1.234: one thousand, or one and a bit? */
const onePoint = /^[+-]?\d{1,3}\.\d{3}$/;
/** 1,234.5 or 1,234,567 */
const commaThousands = /^[+-]?\d{1,3}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})$/;

/**
 * Writes cells anew with a decimal point and nothing between thousands; answers whether they had decimal
 * commas, which only tables with semicolons or tabs have. What stays doubtful is marked.
 */
export function plainNumbers(rows: readonly CsvRow[], separator: Separator): boolean {
  const cells = rows.flatMap((r) => r.cells);
  const comma = separator !== "," && cells.some((c) => decimalComma.test(c.text));
  for (const cell of cells) {
    if (comma) fromDecimalComma(cell);
    else if (commaThousands.test(cell.text)) cell.text = cell.text.replaceAll(",", "");
  }
  return comma;
}

/** In a table with decimal commas. */
export function fromDecimalComma(cell: Cell): void {
  const parts = decimalComma.exec(cell.text);
  if (parts !== null) {
    cell.text = `${parts[1]!.replaceAll(".", "")}.${parts[2]}${parts[3] ?? ""}`;
  } else if (pointThousands.test(cell.text)) {
    cell.text = cell.text.replaceAll(".", "");
  } else if (onePoint.test(cell.text)) cell.doubtful = true;
}

/** What a cell says as a number; NaN where it says none, or may say two. */
export function numberIn({ text, doubtful }: Cell): number {
  return text === "" || doubtful === true ? Number.NaN : Number(text);
}

/** What is expected in place of a cell that is none. */
export function expectedNumber({ text, doubtful }: Cell, what: string): string {
  if (doubtful !== true) return what;
  const whole = text.replace(".", "");
  return `${whole} or ${text.replace(".", ",")}: a point here, decimal commas elsewhere`;
}
