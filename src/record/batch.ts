import { WearoutError } from "../base/error.js";
import type { RunSample } from "../base/sample.js";
import { columnsOf, heads } from "./block.js";
import { decodeColumn } from "./column-code.js";
import type { RunFile, StoredBlock, StoredChunk, StoredPiece } from "./run-file.js";

export type BatchColumn = { values: Float64Array; quality: Uint8Array };

/** Arrays for the columns of one batch after the other, where nobody keeps those of the batch before. */
export class Scratch {
  readonly #arrays: Float64Array<ArrayBuffer>[] = [];
  #spare = new Float64Array(0);

  at(place: number, count: number): Float64Array<ArrayBuffer> {
    const before = this.#arrays[place];
    const array = (before?.length ?? 0) < count ? new Float64Array(count) : before!;
    this.#arrays[place] = array;
    return array.subarray(0, count);
  }

  /** For what is thrown away when a column is decoded. */
  spare(count: number): Float64Array<ArrayBuffer> {
    if (this.#spare.length < count) this.#spare = new Float64Array(count);
    return this.#spare.subarray(0, count);
  }
}

/** Some consecutive samples, column by column; a column is read when it is asked for. */
export class Batch {
  readonly count: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly #width: number;
  readonly #read: (place: number) => BatchColumn;

  constructor(file: RunFile, piece: StoredPiece, width: number, scratch?: Scratch) {
    const { count, fromMs, toMs } = "chunk" in piece ? piece.chunk : piece.block;
    this.count = count;
    this.fromMs = fromMs;
    this.toMs = toMs;
    this.#width = width;
    this.#read =
      "chunk" in piece ? ofChunk(file, piece.chunk, scratch) : ofBlock(file, piece.block, width);
  }

  get cycles(): Float64Array {
    return this.#read(0).values;
  }

  get at(): Float64Array {
    return this.#read(1).values;
  }

  get wall(): Float64Array {
    return this.#read(2).values;
  }

  /** By the index of the column in the header. */
  column(index: number): BatchColumn {
    return this.#read(heads + index);
  }

  /** All columns together again, as the run saw them. */
  *samples(): Generator<RunSample> {
    const [cycles, at, wall] = [this.cycles, this.at, this.wall];
    const columns = Array.from({ length: this.#width }, (_, i) => this.column(i));
    const width = columns.length;
    const values = new Float64Array(this.count * width);
    const quality = new Uint8Array(this.count * width);
    columns.forEach((column, c) => {
      for (let i = 0, to = c; i < this.count; i++, to += width) {
        values[to] = column.values[i]!;
        quality[to] = column.quality[i]!;
      }
    });
    for (let i = 0, from = 0; i < this.count; i++, from += width) {
      yield {
        cycle: cycles[i]!,
        at: at[i]!,
        wall: wall[i]!,
        values: values.subarray(from, from + width),
        quality: quality.subarray(from, from + width),
      };
    }
  }
}

function ofChunk(
  file: RunFile,
  { chunk, count }: StoredChunk,
  scratch: Scratch | undefined,
): (place: number) => BatchColumn {
  return (place) => {
    const stored = file.chunkColumn(chunk, place);
    if (stored === undefined) throw file.damaged(`chunk ${chunk} lacks its column ${place}`);
    try {
      return decodeColumn(stored.data, count, scratch?.at(place, count), scratch?.spare(count));
    } catch (error) {
      if (!(error instanceof WearoutError)) throw error;
      throw file.damaged(`chunk ${chunk}, column ${place}: ${error.message}`);
    }
  };
}

function ofBlock(file: RunFile, block: StoredBlock, width: number): (place: number) => BatchColumn {
  return (place) => {
    try {
      return columnsOf([block], width, place);
    } catch {
      throw file.damaged(`sample block ${block.seq} has the wrong length`);
    }
  };
}
