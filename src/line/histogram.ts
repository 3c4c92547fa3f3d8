/** How long things took: counts by size, each bucket an eighth of an octave wide (9 %). */

const perOctave = 8;
const smallestMs = 0.01;
/** The last bucket begins above ten minutes. */
const buckets = 1 + perOctave * 26;

/** In milliseconds. A quantile is its bucket's upper end, at most `max`. */
export type Durations = { count: number; p50: number; p99: number; max: number };

export class Histogram {
  count = 0;
  max = 0;
  readonly #counts = new Uint32Array(buckets);

  add(ms: number): void {
    const octaves = Math.log2(Math.max(ms, smallestMs) / smallestMs);
    const bucket = Math.min(buckets - 1, Math.ceil(octaves * perOctave));
    this.#counts[bucket] = this.#counts[bucket]! + 1;
    this.count++;
    if (ms > this.max) this.max = ms;
  }

  /** NaN while nothing was counted. */
  quantile(share: number): number {
    let left = Math.max(1, Math.ceil(share * this.count));
    for (let i = 0; i < buckets && this.count > 0; i++) {
      left -= this.#counts[i]!;
      if (left <= 0) return Math.min(this.max, smallestMs * 2 ** (i / perOctave));
    }
    return Number.NaN;
  }

  copy(): Histogram {
    const copy = new Histogram();
    copy.#counts.set(this.#counts);
    copy.count = this.count;
    copy.max = this.max;
    return copy;
  }

  /** What was counted after `before`, an earlier copy; its `max` is a bucket's upper end where that came before. */
  since(before: Histogram): Histogram {
    const later = new Histogram();
    for (let i = 0; i < buckets; i++) later.#counts[i] = this.#counts[i]! - before.#counts[i]!;
    later.count = this.count - before.count;
    later.max = this.max;
    if (this.max === before.max) later.max = later.quantile(1);
    return later;
  }

  /** What is written down; nothing while nothing was counted. */
  toJSON(): Durations | undefined {
    if (this.count === 0) return undefined;
    return { count: this.count, p50: this.quantile(0.5), p99: this.quantile(0.99), max: this.max };
  }
}
