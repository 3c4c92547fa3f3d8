import { assert } from "../base/error.js";
import type { RunSample } from "../base/sample.js";

/**
 * Samples on their way to the disk. One blob holds `count` samples of `columns` columns, little-endian:
 * first `count` rows of f64 (cycle, at, wall, then the values), then `count` rows of u8 qualities.
 */
export type Block = {
  firstCycle: number;
  count: number;
  fromMs: number;
  toMs: number;
  data: Uint8Array<ArrayBuffer>;
};

/** Row: cycle, at and wall come before the values. */
export const heads = 3;

/** Room for the samples of one block, filled again and again. */
export class BlockBuilder {
  readonly #columns: number;
  readonly #capacity: number;
  readonly #rows: Float64Array;
  readonly #quality: Uint8Array;
  #count = 0;

  constructor(columns: number, capacity: number) {
    this.#columns = columns;
    this.#capacity = capacity;
    this.#rows = new Float64Array(capacity * (heads + columns));
    this.#quality = new Uint8Array(capacity * columns);
  }

  get count(): number {
    return this.#count;
  }

  get full(): boolean {
    return this.#count === this.#capacity;
  }

  add(sample: RunSample): void {
    const columns = this.#columns;
    assert(sample.values.length === columns, "a sample has the columns of the header");
    assert(sample.quality.length === columns, "a sample has one quality per column");
    const stamps = sample.cycle + sample.at + sample.wall;
    assert(
      Number.isFinite(stamps),
      "a sample has a cycle, a time on the run's clock and a wall time",
    );
    const at = this.#count * (heads + columns);
    this.#rows[at] = sample.cycle;
    this.#rows[at + 1] = sample.at;
    this.#rows[at + 2] = sample.wall;
    this.#rows.set(sample.values, at + heads);
    this.#quality.set(sample.quality, this.#count * columns);
    this.#count++;
  }

  /** The samples since the last take; undefined when there are none. */
  take(): Block | undefined {
    const count = this.#count;
    if (count === 0) return undefined;
    const width = heads + this.#columns;
    const rows = this.#rows.subarray(0, count * width);
    const data = new Uint8Array(rows.byteLength + count * this.#columns);
    data.set(new Uint8Array(rows.buffer, 0, rows.byteLength));
    data.set(this.#quality.subarray(0, count * this.#columns), rows.byteLength);
    this.#count = 0;
    const at = (row: number, place: number) => rows[row * width + place] ?? Number.NaN;
    return { firstCycle: at(0, 0), count, fromMs: at(0, 1), toMs: at(count - 1, 1), data };
  }
}

/** Bytes of a blob of `count` samples. */
export function blobBytes(columns: number, count: number): number {
  return count * ((heads + columns) * Float64Array.BYTES_PER_ELEMENT + columns);
}

/** One column of several blocks, end to end; the places of cycle, at and wall come first. */
export function columnsOf(
  blocks: readonly Pick<Block, "count" | "data">[],
  columns: number,
  place: number,
): { values: Float64Array; quality: Uint8Array } {
  const total = blocks.reduce((sum, b) => sum + b.count, 0);
  const values = new Float64Array(total);
  const quality = new Uint8Array(total);
  const width = heads + columns;
  let to = 0;
  for (const { count, data } of blocks) {
    assert(
      data.byteLength === blobBytes(columns, count),
      "a blob has the length its count implies",
    );
    const rows = rowsOf(data, count * width);
    const qualities = rows.length * Float64Array.BYTES_PER_ELEMENT + place - heads;
    for (let i = 0; i < count; i++, to++) {
      values[to] = rows[i * width + place]!;
      if (place >= heads) quality[to] = data[qualities + i * columns]!;
    }
  }
  return { values, quality };
}

/** A blob out of SQLite may begin at any byte. */
function rowsOf(data: Uint8Array, length: number): Float64Array {
  const aligned = data.byteOffset % Float64Array.BYTES_PER_ELEMENT === 0 ? data : data.slice();
  return new Float64Array(aligned.buffer, aligned.byteOffset, length);
}
