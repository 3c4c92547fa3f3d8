import type { ElapsedMs } from "../base/clock.js";
import { good, type Sample } from "../base/sample.js";

/** Without a reading for longer than so many cycles nobody knows what was meanwhile. */
const mostMissedCycles = 3;

type Seen = { at: ElapsedMs; size: number; area: number };

/**
 * What the readings of a rig were since a run left it: a run that comes back to it was not away from everything, and its
 * exposure meanwhile is bounded by what its keeper saw.
 */
export class BetweenRuns {
  /** Of the run that left. */
  readonly run: string;
  readonly #from: ElapsedMs;
  readonly #mostMissedMs: number;
  readonly #columns: Seen[];
  #at: ElapsedMs;

  /** `last` was read just before; `cycleMs` is the longest time between two samples. */
  constructor(run: string, last: Sample, cycleMs: number) {
    this.run = run;
    this.#from = last.at;
    this.#at = last.at;
    this.#mostMissedMs = mostMissedCycles * cycleMs;
    this.#columns = Array.from(last.values, (value, i) => {
      const size = last.quality[i] === good ? Math.abs(value) : Number.NaN;
      return { at: last.at, size, area: 0 };
    });
  }

  look({ at, values, quality }: Sample): void {
    this.#at = at;
    this.#columns.forEach((seen, i) => {
      if (quality[i] !== good) return;
      const size = Math.abs(values[i]!);
      const ms = at - seen.at;
      seen.area += ms > this.#mostMissedMs ? Number.NaN : Math.max(seen.size, size) * ms;
      seen.at = at;
      seen.size = size;
    });
  }

  /**
   * The most that a column's size can have been on average from then to the last sample, in its canonical unit: between
   * two readings the larger one. NaN where a stretch was not read.
   */
  average(column: number): number {
    const { at, area } = this.#columns[column]!;
    if (this.#at - at > this.#mostMissedMs || at === this.#from) return Number.NaN;
    return area / (at - this.#from);
  }
}
