/**
 * Rainflow counting as the values come (ASTM E1049-85, 5.4.4). Kept are only the turning points whose
 * ranges shrink from one to the next: a few dozen for a real load, however long.
 */

/** One cycle, or a half of one (`count` 0.5): from peak to valley and their middle. */
export type Cycle = { range: number; mean: number; count: 0.5 | 1 };

export class RainflowCounter {
  readonly #take: (cycle: Cycle) => void;
  /** Turning points not yet counted and discarded; the first is the starting point S. */
  readonly #open: number[] = [];
  #last: number | undefined;
  #direction = 0;
  reversals = 0;

  constructor(take: (cycle: Cycle) => void) {
    this.#take = take;
  }

  /** The next value of the load; finite. */
  add(value: number): void {
    const last = this.#last;
    if (value === last) return;
    this.#last = value;
    if (last === undefined) return;
    const direction = value > last ? 1 : -1;
    // The first value is where the history starts, and counts as a turning point.
    if (direction !== this.#direction) this.#turn(last);
    this.#direction = direction;
  }

  /** After the last value, once: what is left are half cycles. */
  end(): void {
    if (this.#last !== undefined && this.#direction !== 0) this.#turn(this.#last);
    for (let i = 1; i < this.#open.length; i++) this.#count(i - 1, 0.5);
  }

  #turn(point: number): void {
    this.reversals++;
    const open = this.#open;
    open.push(point);
    while (open.length >= 3) {
      const n = open.length;
      const [x, y] = [this.#range(n - 2), this.#range(n - 3)];
      if (x < y) return;
      if (n === 3) {
        this.#count(0, 0.5);
        open.shift();
      } else {
        this.#count(n - 3, 1);
        open.splice(n - 3, 2);
      }
    }
  }

  #range(i: number): number {
    return Math.abs(this.#open[i + 1]! - this.#open[i]!);
  }

  #count(i: number, count: 0.5 | 1): void {
    const mean = this.#open[i]! / 2 + this.#open[i + 1]! / 2;
    this.#take({ range: this.#range(i), mean, count });
  }
}
