import { gzipSync } from "node:zlib";
import { ByteWriter, type ParquetWriter } from "hyparquet-writer";
import { writePageHeader } from "hyparquet-writer/src/datapage.js";
import { writeRleBitPackedHybrid } from "hyparquet-writer/src/encoding.js";

export type SchemaElement = ParquetWriter["schema"][number];
type ColumnChunk = ParquetWriter["row_groups"][number]["columns"][number];

/** One column of a row group, its values as Parquet wants them. */
export type EncodedColumn = {
  element: SchemaElement;
  encoding: "PLAIN" | "DELTA_BINARY_PACKED";
  bytes: Uint8Array;
  rows: number;
  nulls: number;
  /** 1 where a row has a value, else 0; undefined for a column that must have one everywhere. */
  there: Uint8Array | undefined;
  bounds?: { min: bigint; max: bigint };
};

/** Every reader has it, and Node's own is faster and smaller than the library's snappy. */
const codec = "GZIP";
const level = 1;

/**
 * Writes a column chunk of one page (data page version 2 of the Parquet format). The library's own way from
 * numbers to a page makes an object of every value, three times the memory and the time; headers, levels and metadata are the library's.
 */
export function writeEncoded({ writer }: ParquetWriter, column: EncodedColumn): ColumnChunk {
  const { element, encoding, bytes, rows, nulls, there, bounds } = column;
  const from = writer.offset;
  const levels = new ByteWriter();
  if (there !== undefined) writeRleBitPackedHybrid(levels, there, 1);
  const body = gzipSync(bytes, { level });
  writePageHeader(writer, {
    type: "DATA_PAGE_V2",
    uncompressed_page_size: levels.offset + bytes.length,
    compressed_page_size: levels.offset + body.length,
    data_page_header_v2: {
      ...{ num_values: rows, num_nulls: nulls, num_rows: rows, encoding, is_compressed: true },
      definition_levels_byte_length: levels.offset,
      repetition_levels_byte_length: 0,
    },
  });
  const headerBytes = writer.offset - from;
  writer.appendBytes(levels.getBytes());
  writer.appendBytes(body);
  return {
    file_offset: BigInt(from),
    meta_data: {
      type: element.type!,
      encodings: [encoding],
      path_in_schema: [element.name],
      codec,
      num_values: BigInt(rows),
      total_uncompressed_size: BigInt(headerBytes + levels.offset + bytes.length),
      total_compressed_size: BigInt(writer.offset - from),
      data_page_offset: BigInt(from),
      ...(bounds === undefined ? {} : { statistics: statisticsOf(bounds) }),
    },
  };
}

function statisticsOf({ min, max }: { min: bigint; max: bigint }) {
  return { min_value: min, max_value: max, null_count: 0n };
}
