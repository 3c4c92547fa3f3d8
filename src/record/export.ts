import type { ElapsedMs, EpochMs } from "../base/clock.js";
import { fromCanonical } from "../base/quantity.js";
import { type Column, good, qualities, type Sample } from "../base/sample.js";
import type { RecordReader } from "./record.js";

/** Samples with `from <= at <= to`; all of them without. */
export type ExportRange = { from?: ElapsedMs; to?: ElapsedMs };

/**
 * The samples as CSV (RFC 4180, but lines end in LF), one string per line, the header first: `time`
 * (ISO 8601, UTC), `elapsed_s`, `cycle`, one column `<name>_<unit>` per value in the unit the rig shows
 * it in, and `quality`. A value that is not there is an empty cell. `quality` is empty when all values
 * of the line are good, else it names the others: `s1.vibration=bad load=held`.
 */
export function* exportCsv(reader: RecordReader, range: ExportRange = {}): Generator<string> {
  const { columns } = reader.header;
  const names = columns.map((c) => (c.unit === "1" ? c.name : `${c.name}_${c.unit}`));
  yield line(["time", "elapsed_s", "cycle", ...names, "quality"]);
  for (const sample of reader.samples(range.from, range.to)) yield sampleLine(sample, columns);
}

/** The events as CSV, `data` as JSON in the last column. */
export function* exportEventsCsv(reader: RecordReader): Generator<string> {
  yield line(["seq", "time", "elapsed_s", "cycle", "kind", "station", "text", "data"]);
  for (const e of reader.events()) {
    const when = [String(e.seq), isoTime(e.wall), String(e.at / 1000), String(e.cycle)];
    yield line([...when, e.kind, e.station ?? "", e.text, JSON.stringify(e.data)]);
  }
}

function sampleLine(sample: Sample, columns: readonly Column[]): string {
  let text = `${isoTime(sample.wall)},${sample.at / 1000},${sample.cycle}`;
  for (const [i, column] of columns.entries()) {
    text += `,${cell(sample.values[i] ?? Number.NaN, column.unit)}`;
  }
  return `${text},${quote(qualityText(sample.quality, columns))}\n`;
}

function qualityText(quality: Uint8Array, columns: readonly Column[]): string {
  let text = "";
  quality.forEach((q, i) => {
    if (q === good) return;
    text += `${text === "" ? "" : " "}${columns[i]?.name}=${qualities[q] ?? q}`;
  });
  return text;
}

/** Fifteen digits: all that a double surely has in decimal, without the noise of changing units. */
function cell(value: number, unit: string): string {
  if (Number.isNaN(value)) return "";
  const shown = fromCanonical(value, unit);
  return Number.isInteger(shown) ? String(shown) : String(Number(shown.toPrecision(15)));
}

function isoTime(wall: EpochMs): string {
  return new Date(wall).toISOString();
}

function line(cells: readonly string[]): string {
  return `${cells.map(quote).join(",")}\n`;
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
