import { randomStream } from "../../src/base/random.js";

/** Chance of one round, the same for the same seed. */
export class Dice {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = randomStream(seed, "safety");
  }

  upTo(n: number): number {
    return Math.floor(this.#next() * n);
  }

  between(least: number, most: number): number {
    return least + this.#next() * (most - least);
  }

  one<T>(of: readonly T[]): T {
    return of[this.upTo(of.length)]!;
  }

  chance(share: number): boolean {
    return this.#next() < share;
  }
}
