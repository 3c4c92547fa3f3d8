/** A stretch of addresses: its first one and how many. */
export type Stretch = { address: number; count: number };

/**
 * The registers (or bits, as 0 and 1) of one table of a simulated device: one array from the lowest
 * to the highest address, and beside it how far one may read or write from each address in one go,
 * so that checking a block costs one comparison.
 */
export class RegisterImage {
  readonly base: number;
  readonly words: Uint16Array;
  readonly #readable: Uint32Array;
  readonly #writable: Uint32Array;

  /** `gaps`: reads may run over holes between readable addresses; holes read as 0. */
  constructor(all: readonly Stretch[], read: readonly Stretch[], write: Stretch[], gaps: boolean) {
    this.base = Math.min(...all.map((s) => s.address));
    const end = Math.max(...all.map((s) => s.address + s.count));
    this.words = new Uint16Array(end - this.base);
    this.#readable = this.#runs(gaps ? hull(read) : read);
    this.#writable = this.#runs(write);
  }

  mayRead(address: number, count: number): boolean {
    return (this.#readable[address - this.base] ?? 0) >= count;
  }

  mayWrite(address: number, count: number): boolean {
    return (this.#writable[address - this.base] ?? 0) >= count;
  }

  /** For each address how many follow without a hole, itself included. */
  #runs(stretches: readonly Stretch[]): Uint32Array {
    const runs = new Uint32Array(this.words.length);
    for (const { address, count } of stretches) {
      runs.fill(1, address - this.base, address - this.base + count);
    }
    for (let i = runs.length - 2; i >= 0; i--) if (runs[i] === 1) runs[i] = 1 + runs[i + 1]!;
    return runs;
  }
}

function hull(stretches: readonly Stretch[]): Stretch[] {
  if (stretches.length === 0) return [];
  const address = Math.min(...stretches.map((s) => s.address));
  const end = Math.max(...stretches.map((s) => s.address + s.count));
  return [{ address, count: end - address }];
}
