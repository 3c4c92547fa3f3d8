import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { Column } from "../../base/sample.js";
import type { RunHeader } from "../document/run.js";
import { columnTitle } from "../export.js";
import type { RecordReader } from "../reader-port.js";
import { type Selection, selectRows } from "../selection.js";
import { writeEncoded } from "./page.js";
import { RowGroup } from "./row-group.js";

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
  const group = new RowGroup(columns);
  for (const rows of selectRows(reader, selection)) {
    for (let first = 0; first < rows.count; ) {
      first = group.add(rows, first);
      if (group.isFull) yield written(file, bytes, group);
    }
  }
  if (group.count > 0) yield written(file, bytes, group);
  void file.finish();
  yield taken(bytes);
}

/** The row group in the file; answers with its bytes. */
function written(file: ParquetWriter, bytes: ByteWriter, group: RowGroup): Uint8Array {
  const from = bytes.offset;
  const columns = group.encoded(file.schema.slice(1)).map((column) => writeEncoded(file, column));
  const sizes = columns.map((c) => c.meta_data?.total_uncompressed_size ?? 0n);
  file.row_groups.push({
    columns,
    num_rows: BigInt(group.count),
    total_byte_size: sizes.reduce((sum, n) => sum + n, 0n),
    total_compressed_size: BigInt(bytes.offset - from),
  });
  file.num_rows += BigInt(group.count);
  group.clear();
  return taken(bytes);
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
