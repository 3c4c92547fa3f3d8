import { ByteWriter, type ColumnSource, ParquetWriter } from "hyparquet-writer";
import { fromCanonical } from "../base/quantity.js";
import type { Column } from "../base/sample.js";
import { columnTitle, qualityText } from "./export.js";
import type { RecordReader, RunHeader } from "./record.js";
import { type Rows, type Selection, selectRows } from "./selection.js";

/** Rows of a row group: enough for a scan to be fast, few enough for steady memory. */
const groupRows = 100_000;

/**
 * The samples as Parquet, in pieces of the file: `time` (timestamp, UTC), `elapsed_s`, `cycle`, one
 * nullable double per value in the unit the rig shows it in, and `quality` as in the CSV. The file's
 * metadata hold the run's header (`wearout.run`, JSON without the kept texts) and the units
 * (`wearout.units`, JSON from column to unit).
 */
export function* exportParquet(reader: RecordReader, selection: Selection): Generator<Uint8Array> {
  const columns = selection.columns.map((i) => reader.header.columns[i]!);
  const bytes = new ByteWriter();
  const file = new ParquetWriter({
    writer: bytes,
    schema: [{ name: "run", num_children: columns.length + 4 }, ...schemaOf(columns)],
    kvMetadata: metadataOf(reader.header, columns),
    createdBy: reader.header.software,
  });
  for (const rows of groups(selectRows(reader, selection))) {
    void file.write({ columnData: columnData(rows, columns), rowGroupSize: groupRows });
    yield taken(bytes);
  }
  void file.finish();
  yield taken(bytes);
}

/** What was written since the last look; offsets in the file go on from the writer's own count. */
function taken(bytes: ByteWriter): Uint8Array {
  const part = new Uint8Array(bytes.buffer, 0, bytes.index).slice();
  bytes.index = 0;
  return part;
}

function schemaOf(columns: readonly Column[]) {
  const required = { repetition_type: "REQUIRED" } as const;
  return [
    { name: "time", type: "INT64", converted_type: "TIMESTAMP_MILLIS", ...required },
    { name: "elapsed_s", type: "DOUBLE", ...required },
    { name: "cycle", type: "INT32", ...required },
    ...columns.map(
      (c) => ({ name: columnTitle(c), type: "DOUBLE", repetition_type: "OPTIONAL" }) as const,
    ),
    { name: "quality", type: "BYTE_ARRAY", converted_type: "UTF8", ...required },
  ] as const;
}

function metadataOf(header: RunHeader, columns: readonly Column[]) {
  const { files, ...run } = header;
  const kept = files.map(({ kind, name }) => ({ kind, name }));
  const units = Object.fromEntries(columns.map((c) => [columnTitle(c), c.unit]));
  return [
    { key: "wearout.run", value: JSON.stringify({ ...run, files: kept }) },
    { key: "wearout.units", value: JSON.stringify({ elapsed_s: "s", ...units }) },
  ];
}

/** Batches gathered to row groups. */
function* groups(batches: Iterable<Rows>): Generator<Rows[]> {
  let group: Rows[] = [];
  let count = 0;
  for (const rows of batches) {
    group.push(rows);
    count += rows.count;
    if (count < groupRows) continue;
    yield group;
    [group, count] = [[], 0];
  }
  if (count > 0) yield group;
}

function columnData(group: readonly Rows[], columns: readonly Column[]): ColumnSource[] {
  const wall = joined(group.map((r) => r.wall));
  const plain = { encoding: "PLAIN", columnIndex: false } as const;
  // Readers skip by time; extremes of every value cost more to find than they save.
  const value = { ...plain, statistics: false } as const;
  return [
    { name: "time", data: BigInt64Array.from(wall, (ms) => BigInt(Math.round(ms))), ...plain },
    { name: "elapsed_s", data: joined(group.map((r) => r.at)).map((ms) => ms / 1000), ...plain },
    { name: "cycle", data: Int32Array.from(joined(group.map((r) => r.cycle))), ...value },
    ...columns.map((column, c) => ({
      name: columnTitle(column),
      data: nullable(joined(group.map((r) => r.columns[c]!.values)), column.unit),
      ...value,
    })),
    { name: "quality", data: group.flatMap((rows) => qualityTexts(rows, columns)) },
  ];
}

/** In the rig's unit; without a value null. */
function nullable(values: Float64Array, unit: string): Float64Array | (number | null)[] {
  const shown = values.map((v) => fromCanonical(v, unit));
  if (!shown.some((v) => Number.isNaN(v))) return shown;
  return Array.from(shown, (v) => (Number.isNaN(v) ? null : v));
}

function qualityTexts(rows: Rows, columns: readonly Column[]): string[] {
  return Array.from({ length: rows.count }, (_, i) => qualityText(rows, i, columns));
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
