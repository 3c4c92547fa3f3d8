import type { RunMs } from "../base/clock.js";
import type { Column } from "../base/sample.js";
import { heads } from "./block.js";
import type { RecordReader } from "./reader-port.js";
import { rollupFields, rollupLevels } from "./rollup.js";

/** One column over time in equal intervals, for a picture: every extreme is in it, whatever its length. */
export type Series = {
  column: Column;
  fromMs: RunMs;
  bucketMs: number;
  /** Per interval; NaN where there are no values. */
  min: Float64Array;
  mean: Float64Array;
  max: Float64Array;
  count: Float64Array;
  /** The highest quality code of the interval. */
  worst: Uint8Array;
};

/**
 * One column from `from` to `to` in `buckets` intervals. Read from the longest rollups that still fit in
 * an interval, so that a month takes as long as a minute; what is not folded yet comes from the samples.
 * A rollup counts for the interval in which it begins; where the edges must be exact, ask for samples.
 */
export function seriesOf(
  reader: RecordReader,
  index: number,
  from: RunMs,
  to: RunMs,
  buckets: number,
  only: "rollups too" | "samples" = "rollups too",
): Series {
  const series = new Buckets(reader.header.columns[index]!, from, to, buckets);
  const levels = only === "samples" ? [] : rollupLevels(reader.header.cycleMs);
  const level = levels.filter((ms) => ms <= series.bucketMs).at(-1);
  const folded = level === undefined ? undefined : reader.stored.chunksWithin(from, to);
  let rest = from;
  if (level !== undefined && folded !== undefined) {
    const { first, last, toMs } = folded;
    for (const { data } of reader.stored.rollups(heads + index, level, first, last)) {
      series.addRollups(data, level);
    }
    // Nothing is after it in a chunk; one that has come meanwhile is read as samples.
    rest = Math.max(rest, nextAfter(toMs));
  }
  for (const batch of reader.batches(rest, to)) {
    const { values, quality } = batch.column(index);
    series.addSamples(batch.at, values, quality, rest);
  }
  return series.finished();
}

/** Times are whole microseconds. */
function nextAfter(ms: RunMs): RunMs {
  return ms + 0.0005;
}

class Buckets {
  readonly column: Column;
  readonly bucketMs: number;
  readonly #fromMs: number;
  readonly #toMs: number;
  readonly #min: Float64Array;
  readonly #sum: Float64Array;
  readonly #max: Float64Array;
  readonly #count: Float64Array;
  readonly #worst: Uint8Array;

  constructor(column: Column, fromMs: RunMs, toMs: RunMs, buckets: number) {
    this.column = column;
    this.#fromMs = fromMs;
    this.#toMs = toMs;
    this.bucketMs = Math.max(toMs - fromMs, 0.001) / buckets;
    this.#min = new Float64Array(buckets).fill(Number.POSITIVE_INFINITY);
    this.#max = new Float64Array(buckets).fill(Number.NEGATIVE_INFINITY);
    this.#sum = new Float64Array(buckets);
    this.#count = new Float64Array(buckets);
    this.#worst = new Uint8Array(buckets);
  }

  addRollups(data: Uint8Array, levelMs: number): void {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    for (let at = 0; at < data.byteLength; at += rollupFields * 8) {
      const f = (field: number) => view.getFloat64(at + field * 8, true);
      const fromMs = Math.max(f(0), this.#fromMs);
      if (fromMs > this.#toMs || f(0) + levelMs <= this.#fromMs) continue;
      const b = this.#bucketOf(fromMs);
      this.#add(b, f(1), f(2) * f(4), f(3), f(4), f(5));
    }
  }

  addSamples(at: Float64Array, values: Float64Array, quality: Uint8Array, from: RunMs): void {
    for (let i = 0; i < at.length; i++) {
      if (at[i]! < from || at[i]! > this.#toMs) continue;
      const v = values[i]!;
      const b = this.#bucketOf(at[i]!);
      if (Number.isNaN(v)) this.#add(b, v, 0, v, 0, quality[i]!);
      else this.#add(b, v, v, v, 1, quality[i]!);
    }
  }

  finished(): Series {
    const mean = this.#sum.map((sum, i) => sum / this.#count[i]!);
    const known = (list: Float64Array) => list.map((v) => (Number.isFinite(v) ? v : Number.NaN));
    return {
      column: this.column,
      fromMs: this.#fromMs,
      bucketMs: this.bucketMs,
      min: known(this.#min),
      mean,
      max: known(this.#max),
      count: this.#count,
      worst: this.#worst,
    };
  }

  #bucketOf(at: RunMs): number {
    const bucket = Math.floor((at - this.#fromMs) / this.bucketMs);
    return Math.min(Math.max(bucket, 0), this.#min.length - 1);
  }

  #add(b: number, min: number, sum: number, max: number, count: number, worst: number): void {
    if (worst > this.#worst[b]!) this.#worst[b] = worst;
    if (count === 0) return;
    if (min < this.#min[b]!) this.#min[b] = min;
    if (max > this.#max[b]!) this.#max[b] = max;
    this.#sum[b]! += sum;
    this.#count[b]! += count;
  }
}

/** When the last sample on the disk was taken; 0 without any. */
export function lastMoment(reader: RecordReader): RunMs {
  return reader.stored.lastSampleAt() ?? 0;
}
