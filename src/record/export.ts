import type { EpochMs } from "../base/clock.js";
import { fromCanonical } from "../base/quantity.js";
import { type Column, good, qualities } from "../base/sample.js";
import { visible } from "../base/visible.js";
import type { RecordReader } from "./reader-port.js";
import { everything, type Rows, type Selection, selectRows } from "./selection.js";

/**
 * The samples as CSV (RFC 4180, but lines end in LF), one string per batch of lines, the header first:
 * `time` (ISO 8601, UTC), `elapsed_s`, `cycle`, one column `<name>_<unit>` per value in the unit the rig
 * shows it in, and `quality`. A value that is not there is an empty cell. `quality` is empty when all
 * values of the line are good, else it names the others: `s1.vibration=bad load=held`.
 */
export function* exportCsv(reader: RecordReader, selection?: Selection): Generator<string> {
  const wanted = selection ?? everything(reader.header.columns);
  const columns = wanted.columns.map((i) => reader.header.columns[i]!);
  yield line(["time", "elapsed_s", "cycle", ...columns.map(columnTitle), "quality"]);
  for (const rows of selectRows(reader, wanted)) {
    let text = "";
    for (let i = 0; i < rows.count; i++) text += rowLine(rows, i, columns);
    yield text;
  }
}

/** `load_kN`; a plain ratio has no unit in its name. */
export function columnTitle({ name, unit }: Pick<Column, "name" | "unit">): string {
  return unit === "1" ? name : `${name}_${unit}`;
}

/** The events as CSV, `data` as JSON in the last column. */
export function* exportEventsCsv(reader: RecordReader): Generator<string> {
  yield line(["seq", "time", "elapsed_s", "cycle", "kind", "station", "text", "data"]);
  for (const e of reader.events()) {
    const when = [String(e.seq), isoTime(e.wall), String(e.at / 1000), String(e.cycle)];
    yield line([...when, e.kind, e.station ?? "", e.text, JSON.stringify(e.data)]);
  }
}

function rowLine(rows: Rows, i: number, columns: readonly Column[]): string {
  let text = `${isoTime(rows.wall[i]!)},${rows.at[i]! / 1000},${rows.cycle[i]!}`;
  for (let c = 0; c < columns.length; c++) {
    text += `,${cell(rows.columns[c]!.values[i]!, columns[c]!.unit)}`;
  }
  return `${text},${quote(qualityText(rows, i, columns))}\n`;
}

/** What is not good in a row, by name; empty when all is. */
export function qualityText(rows: Rows, i: number, columns: readonly Column[]): string {
  let text = "";
  for (let c = 0; c < columns.length; c++) {
    const q = rows.columns[c]!.quality[i]!;
    if (q === good) continue;
    text += `${text === "" ? "" : " "}${columns[c]!.name}=${qualities[q] ?? q}`;
  }
  return text;
}

/** Fifteen digits: all that a double surely has in decimal, without the noise of changing units. */
export function cell(value: number, unit: string): string {
  if (Number.isNaN(value)) return "";
  const shown = fromCanonical(value, unit);
  return Number.isInteger(shown) ? String(shown) : String(Number(shown.toPrecision(15)));
}

/** To the nearest millisecond, as in the Parquet; `Date` alone cuts off. */
export function isoTime(wall: EpochMs): string {
  return new Date(Math.round(wall)).toISOString();
}

/** One line of CSV. */
export function line(cells: readonly string[]): string {
  return `${cells.map(quote).join(",")}\n`;
}

function quote(text: string): string {
  const shown = noFormula(visible(text));
  return /[",\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}

/** What a spreadsheet would take for a formula is marked as text; our own reader takes the mark off. */
function noFormula(text: string): string {
  return /^\s*[=+@-]/.test(text) && !Number.isFinite(Number(text)) ? `'${text}` : text;
}
