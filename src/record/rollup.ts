import { assert } from "../base/error.js";

/** What one column did in one interval: what a plot of a month needs instead of every value. */
export type Rollup = {
  /** Beginning of the interval on the run's clock, a whole multiple of its length. */
  fromMs: number;
  min: number;
  mean: number;
  max: number;
  /** Values that were there; with none, min, mean and max are NaN. */
  count: number;
  /** The highest quality code of the interval: 0 when all is good. */
  worst: number;
};

/** A second, a minute, an hour. */
const levelsMs = [1000, 60_000, 3_600_000] as const;

/** An interval of fewer samples than this is read as fast from the samples themselves. */
const leastSamples = 60;

/** Lengths of the intervals that a run of this cycle keeps, shortest first. */
export function rollupLevels(cycleMs: number): number[] {
  return levelsMs.filter((level) => level >= leastSamples * cycleMs);
}

/**
 * The rollups of one column of one chunk, in order. An interval that reaches over the chunk's end has its
 * other part in the next chunk; `mergeRollups` puts them together.
 */
export function rollUp(
  at: Float64Array,
  values: Float64Array,
  quality: Uint8Array,
  levelMs: number,
): Rollup[] {
  const all: Rollup[] = [];
  let now = emptyRollup(Number.NaN);
  for (let i = 0; i < at.length; i++) {
    const fromMs = Math.floor(at[i]! / levelMs) * levelMs;
    if (fromMs !== now.fromMs) {
      now = emptyRollup(fromMs);
      all.push(now);
    }
    addValue(now, values[i]!, quality[i]!);
  }
  for (const r of all) r.mean = r.count === 0 ? Number.NaN : r.mean / r.count;
  return all;
}

function emptyRollup(fromMs: number): Rollup {
  return { fromMs, min: Number.NaN, mean: 0, max: Number.NaN, count: 0, worst: 0 };
}

/** `mean` holds the sum until all values are in. */
function addValue(r: Rollup, value: number, quality: number): void {
  if (quality > r.worst) r.worst = quality;
  if (Number.isNaN(value)) return;
  r.count++;
  r.mean += value;
  if (!(value >= r.min)) r.min = value;
  if (!(value <= r.max)) r.max = value;
}

/** Adds what `b` says to `a`, of the same or any other interval. */
export function mergeRollup(a: Rollup, b: Rollup): void {
  if (b.worst > a.worst) a.worst = b.worst;
  if (b.count === 0) return;
  const count = a.count + b.count;
  a.mean = a.count === 0 ? b.mean : (a.mean * a.count + b.mean * b.count) / count;
  a.count = count;
  if (!(b.min >= a.min)) a.min = b.min;
  if (!(b.max <= a.max)) a.max = b.max;
}

/** Six 64-bit floats per rollup, little-endian, in the order of the type. */
export const rollupFields = 6;

export function packRollups(rollups: readonly Rollup[]): Uint8Array {
  const all = rollups.flatMap((r) => [r.fromMs, r.min, r.mean, r.max, r.count, r.worst]);
  return new Uint8Array(Float64Array.from(all).buffer);
}

export function unpackRollups(data: Uint8Array): Rollup[] {
  assert(data.byteLength % (8 * rollupFields) === 0, "rollups are whole");
  const f = new Float64Array(data.slice().buffer);
  return Array.from({ length: f.length / rollupFields }, (_, i) => {
    const at = (field: number) => f[i * rollupFields + field]!;
    return { fromMs: at(0), min: at(1), mean: at(2), max: at(3), count: at(4), worst: at(5) };
  });
}
