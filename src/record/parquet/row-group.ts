import { ByteWriter } from "hyparquet-writer";
import { deltaBinaryPack } from "hyparquet-writer/src/delta.js";
import { fromCanonical } from "../../base/quantity.js";
import { type Column, good } from "../../base/sample.js";
import type { BatchColumn } from "../batch.js";
import { qualityText } from "../export.js";
import type { Rows } from "../selection.js";
import type { EncodedColumn, SchemaElement } from "./page.js";

/** Rows of a full group: enough for a scan to be fast, few enough for little memory. */
const groupRows = 65_536;

const lengthBytes = 4;
const noTexts = new Uint8Array(lengthBytes * groupRows);

/** The values of one column that are there, end to end, and for every row whether there is one. */
class Nullable {
  readonly values = new Float64Array(groupRows);
  readonly there = new Uint8Array(groupRows);
  known = 0;
}

/**
 * Samples gathered to a row group of a Parquet file, in the units the rig shows them in. Its arrays are
 * filled again and again: fresh ones for every group would be most of an export's memory.
 */
export class RowGroup {
  readonly #columns: readonly Column[];
  /** 64-bit whole numbers, the low half first. */
  readonly #time = new Uint32Array(2 * groupRows);
  readonly #elapsed = new Float64Array(groupRows);
  readonly #cycle = new Int32Array(groupRows);
  readonly #values: readonly Nullable[];
  /** Texts, each after its length: Parquet's plain encoding. */
  readonly #quality = new ByteWriter();
  #count = 0;
  #earliest = Number.POSITIVE_INFINITY;
  #latest = Number.NEGATIVE_INFINITY;

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
    this.#values = columns.map(() => new Nullable());
  }

  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count === groupRows;
  }

  clear(): void {
    this.#count = 0;
    this.#quality.index = 0;
    this.#earliest = Number.POSITIVE_INFINITY;
    this.#latest = Number.NEGATIVE_INFINITY;
    for (const column of this.#values) column.known = 0;
  }

  /** Takes rows from `first` on as long as there is room; answers with the first it did not take. */
  add(rows: Rows, first: number): number {
    const end = Math.min(rows.count, first + groupRows - this.#count);
    for (let i = first, to = this.#count; i < end; i++, to++) {
      this.#addTime(Math.round(rows.wall[i]!), to);
      this.#elapsed[to] = rows.at[i]! / 1000;
      this.#cycle[to] = rows.cycle[i]!;
    }
    rows.columns.forEach((column, c) => {
      this.#addValues(column, c, first, end);
    });
    this.#addQuality(rows, first, end);
    this.#count += end - first;
    return end;
  }

  #addTime(ms: number, to: number): void {
    this.#time[2 * to] = ms;
    this.#time[2 * to + 1] = Math.floor(ms / 2 ** 32);
    if (ms < this.#earliest) this.#earliest = ms;
    if (ms > this.#latest) this.#latest = ms;
  }

  #addValues({ values }: BatchColumn, c: number, first: number, end: number): void {
    const column = this.#values[c]!;
    const { unit } = this.#columns[c]!;
    let { known } = column;
    for (let i = first, to = this.#count; i < end; i++, to++) {
      const value = values[i]!;
      const isThere = !Number.isNaN(value);
      column.there[to] = isThere ? 1 : 0;
      if (isThere) column.values[known++] = fromCanonical(value, unit);
    }
    column.known = known;
  }

  #addQuality(rows: Rows, first: number, end: number): void {
    if (rows.columns.every(({ quality }) => isAllGood(quality))) {
      this.#quality.appendBytes(noTexts.subarray(0, lengthBytes * (end - first)));
      return;
    }
    for (let i = first; i < end; i++) {
      const text = Buffer.from(qualityText(rows, i, this.#columns));
      this.#quality.appendUint32(text.length);
      this.#quality.appendBytes(text);
    }
  }

  /** In the order of the schema. */
  encoded(schema: readonly SchemaElement[]): EncodedColumn[] {
    const rows = this.#count;
    const plain = { rows, encoding: "PLAIN", nulls: 0, there: undefined } as const;
    const bounds = { min: BigInt(this.#earliest), max: BigInt(this.#latest) };
    const cycle = { ...plain, encoding: "DELTA_BINARY_PACKED" } as const;
    const all = [
      { ...plain, bytes: bytesOf(this.#time, 2 * rows), bounds },
      { ...plain, bytes: bytesOf(this.#elapsed, rows) },
      { ...cycle, bytes: differencesOf(this.#cycle.subarray(0, rows)) },
      ...this.#values.map(({ values, known, there }) => {
        const levels = there.subarray(0, rows);
        return { ...plain, bytes: bytesOf(values, known), nulls: rows - known, there: levels };
      }),
      { ...plain, bytes: this.#quality.getBytes() },
    ];
    return all.map((column, i) => ({ element: schema[i]!, ...column }));
  }
}

/** As they lie in memory, which is Parquet's plain encoding: all our machines are little-endian. */
function bytesOf(numbers: Uint32Array | Float64Array, count: number): Uint8Array {
  return new Uint8Array(numbers.buffer, 0, count * numbers.BYTES_PER_ELEMENT);
}

function differencesOf(numbers: Int32Array): Uint8Array {
  const bytes = new ByteWriter();
  deltaBinaryPack(bytes, numbers, "INT32");
  return bytes.getBytes();
}

function isAllGood(quality: Uint8Array): boolean {
  for (let i = 0; i < quality.length; i++) if (quality[i] !== good) return false;
  return true;
}
