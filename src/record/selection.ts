import type { RunMs } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import { suggest } from "../base/nearest.js";
import { type Column, good } from "../base/sample.js";
import { type BatchColumn, Scratch } from "./batch.js";
import type { RecordReader } from "./reader-port.js";

/** Which part of a record is wanted. */
export type Selection = {
  /** Indices in the header's columns. */
  columns: readonly number[];
  from: RunMs;
  to: RunMs;
  /** One row per interval of this length instead of every sample; undefined for all. */
  everyMs: number | undefined;
};

/** Everything there is. */
export function everything(columns: readonly Column[]): Selection {
  const all = columns.map((_, i) => i);
  return { columns: all, from: -Infinity, to: Infinity, everyMs: undefined };
}

/**
 * Columns by name (`s1.vibration`) or role (`vibration`: of every station). Throws `USAGE` for a name the
 * run does not have.
 */
export function columnsNamed(names: readonly string[], columns: readonly Column[]): number[] {
  return names.flatMap((name) => {
    const found = columns.flatMap((c, i) => (c.name === name || c.role === name ? [i] : []));
    if (found.length > 0) return found;
    const known = [...new Set(columns.flatMap((c) => [c.role, c.name]))];
    throw new WearoutError(
      "USAGE",
      `no role "${name}" in this run; expected ${suggest(name, known)}`,
    );
  });
}

/** Rows of the selection, column by column; values in canonical units. */
export type Rows = {
  count: number;
  wall: Float64Array;
  at: Float64Array;
  cycle: Float64Array;
  columns: readonly BatchColumn[];
};

/**
 * The selected rows in order, a batch at a time, so that memory stays the same however long the run: the
 * arrays of one batch are written over by the next.
 */
export function* selectRows(reader: RecordReader, selection: Selection): Generator<Rows> {
  const parts = slices(reader, selection);
  if (selection.everyMs === undefined) yield* parts;
  else yield* thin(parts, selection.everyMs, selection.from);
}

function* slices(reader: RecordReader, { columns, from, to }: Selection): Generator<Rows> {
  for (const batch of reader.batches(from, to, new Scratch())) {
    const at = batch.at;
    let first = 0;
    while (first < at.length && at[first]! < from) first++;
    let end = at.length;
    while (end > first && at[end - 1]! > to) end--;
    if (first === end) continue;
    yield {
      count: end - first,
      wall: batch.wall.subarray(first, end),
      at: at.subarray(first, end),
      cycle: batch.cycles.subarray(first, end),
      columns: columns.map((index) => {
        const { values, quality } = batch.column(index);
        return { values: values.subarray(first, end), quality: quality.subarray(first, end) };
      }),
    };
  }
}

/** One row on its way: sums and counts of the values that are there, and the worst quality. */
class Mean {
  readonly interval: number;
  readonly cycle: number;
  readonly #wallAtStart: number;
  readonly #start: RunMs;
  readonly #sums: Float64Array;
  readonly #counts: Float64Array;
  readonly #worst: Uint8Array;

  /** The first interval begins no earlier than what is selected. */
  constructor(rows: Rows, i: number, everyMs: number, from: RunMs) {
    this.interval = Math.floor(rows.at[i]! / everyMs);
    this.cycle = rows.cycle[i]!;
    this.#start = Math.max(this.interval * everyMs, from);
    this.#wallAtStart = rows.wall[i]! - (rows.at[i]! - this.#start);
    this.#sums = new Float64Array(rows.columns.length);
    this.#counts = new Float64Array(rows.columns.length);
    this.#worst = new Uint8Array(rows.columns.length);
  }

  add(rows: Rows, i: number): void {
    rows.columns.forEach(({ values, quality }, c) => {
      this.#worst[c] = Math.max(this.#worst[c]!, quality[i]!);
      if (Number.isNaN(values[i]!)) return;
      this.#sums[c]! += values[i]!;
      this.#counts[c]! += 1;
    });
  }

  row(): { wall: number; at: number; cycle: number; values: Float64Array; worst: Uint8Array } {
    const values = this.#sums.map((sum, c) => sum / this.#counts[c]!);
    return {
      wall: this.#wallAtStart,
      at: this.#start,
      cycle: this.cycle,
      values,
      worst: this.#worst,
    };
  }
}

const rowsAtOnce = 4096;

/** Means of the values in each interval; an interval without samples has no row. */
function* thin(parts: Iterable<Rows>, everyMs: number, from: RunMs): Generator<Rows> {
  let mean: Mean | undefined;
  let done: ReturnType<Mean["row"]>[] = [];
  for (const rows of parts) {
    for (let i = 0; i < rows.count; i++) {
      if (mean === undefined || Math.floor(rows.at[i]! / everyMs) !== mean.interval) {
        if (mean !== undefined) done.push(mean.row());
        mean = new Mean(rows, i, everyMs, from);
      }
      mean.add(rows, i);
    }
    if (done.length < rowsAtOnce) continue;
    yield gather(done);
    done = [];
  }
  if (mean !== undefined) done.push(mean.row());
  if (done.length > 0) yield gather(done);
}

function gather(rows: readonly ReturnType<Mean["row"]>[]): Rows {
  return {
    count: rows.length,
    wall: Float64Array.from(rows, (r) => r.wall),
    at: Float64Array.from(rows, (r) => r.at),
    cycle: Float64Array.from(rows, (r) => r.cycle),
    columns: Array.from(rows[0]!.values, (_, c) => ({
      values: Float64Array.from(rows, (r) => r.values[c]!),
      quality: Uint8Array.from(rows, (r) => r.worst[c] ?? good),
    })),
  };
}
