import { normal, randomStream } from "../base/random.js";

const tableSize = 4096;

/**
 * Measurement noise as a pure function of seed, channel and instant (microseconds): who reads how
 * often cannot change what others see. A hash of channel and instant picks one of 4096 seeded normal
 * values.
 */
export class Noise {
  readonly #table: Float64Array;
  #key = 0;

  constructor(seed: number, scale: number) {
    const random = randomStream(seed, "noise");
    this.#table = Float64Array.from({ length: tableSize }, () => scale * normal(random));
  }

  /** Chooses the instant for the calls of `of` that follow. */
  at(elapsedMs: number): void {
    const us = Math.round(elapsedMs * 1000);
    this.#key = mix((us | 0) ^ mix(us / 4294967296));
  }

  /** Standard deviation `sigma`, mean 0. */
  of(channel: number, sigma: number): number {
    const index = mix(this.#key + Math.imul(channel + 1, 0x9e3779b9)) & (tableSize - 1);
    return sigma * this.#table[index]!;
  }
}

/** Finaliser of MurmurHash3 (Austin Appleby): every input bit reaches every output bit. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
