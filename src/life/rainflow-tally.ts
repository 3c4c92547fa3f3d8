/** Counted cycles as a table of ranges and means, and their damage by Palmgren and Miner. */
import type { Cycle } from "./rainflow.js";

/** What all bins lie in: the least and the greatest value of the history. */
export type Extent = { minimum: number; maximum: number };

/** Cycles of similar range, with their whole damage: sum of count * (range / largest possible)^slope. */
export type RangeBin = { from: number; to: number; count: number; damage: number; mean: number };

export type RainflowDamage = {
  slope: number;
  /** Sum of count * range^slope: damage up to the constant of the S-N curve. */
  sum: number;
  /** The constant range that with the same number of cycles does the same damage. */
  equivalentRange: number;
  equivalentAmplitude: number;
  /** Cycles of the largest range that do the same damage. */
  cyclesAtLargest: number;
};

/** More different ranges than this are not listed one by one. */
const mostRanges = 1000;

export class RainflowTally {
  readonly extent: Extent;
  readonly slope: number;
  /** By bin of the range, then of the mean. */
  readonly counts: number[][];
  cycles = 0;
  largest = 0;
  readonly #damage: Float64Array;
  readonly #means: Float64Array;
  #ranges: Map<number, number> | undefined = new Map();

  /** Ranges from 0 and means in `bins` equal parts of the extent each. */
  constructor(extent: Extent, bins: number, slope: number) {
    this.extent = extent;
    this.slope = slope;
    this.counts = Array.from({ length: bins }, () => new Array<number>(bins).fill(0));
    this.#damage = new Float64Array(bins);
    this.#means = new Float64Array(bins);
  }

  add({ range, mean, count }: Cycle): void {
    const share = range / this.#span;
    const bins = this.counts.length;
    // A range on an edge belongs to the bin below it, in spite of rounding.
    const row = Math.max(0, Math.ceil(share * bins - 1e-9) - 1);
    const at = Math.floor(((mean - this.extent.minimum) / this.#span) * bins);
    const line = this.counts[Math.min(row, bins - 1)]!;
    line[Math.max(0, Math.min(at, bins - 1))]! += count;
    this.#damage[row]! += count * share ** this.slope;
    this.#means[row]! += count * mean;
    this.cycles += count;
    this.largest = Math.max(this.largest, range);
    this.#note(range, count);
  }

  get #span(): number {
    return this.extent.maximum - this.extent.minimum;
  }

  #note(range: number, count: number): void {
    if (this.#ranges === undefined) return;
    this.#ranges.set(range, (this.#ranges.get(range) ?? 0) + count);
    if (this.#ranges.size > mostRanges) this.#ranges = undefined;
  }

  /** Every range with its count, ascending; undefined where they are too many to list. */
  ranges(): { range: number; count: number }[] | undefined {
    if (this.#ranges === undefined) return undefined;
    return [...this.#ranges]
      .map(([range, count]) => ({ range, count }))
      .sort((a, b) => a.range - b.range);
  }

  /** Bins with cycles, from small ranges to large. */
  bins(): RangeBin[] {
    const width = this.#span / this.counts.length;
    return this.counts.flatMap((line, i) => {
      const count = line.reduce((s, c) => s + c, 0);
      if (count === 0) return [];
      const mean = this.#means[i]! / count;
      return [{ from: i * width, to: (i + 1) * width, count, damage: this.#damage[i]!, mean }];
    });
  }

  damage(): RainflowDamage {
    const relative = this.#damage.reduce((s, d) => s + d, 0);
    const equivalentRange = this.#span * (relative / this.cycles) ** (1 / this.slope);
    return {
      slope: this.slope,
      sum: relative * this.#span ** this.slope,
      equivalentRange,
      equivalentAmplitude: equivalentRange / 2,
      cyclesAtLargest: relative * (this.#span / this.largest) ** this.slope,
    };
  }
}
