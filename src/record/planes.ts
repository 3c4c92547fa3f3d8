import { assert } from "../base/error.js";

/**
 * Whole numbers from 0 to 2^53 as planes of bytes: one byte that says how many planes, then the lowest byte of
 * every number, then the next byte of every number. Neighbours in a plane are alike, which is what a
 * compressor wants.
 */
export function writePlanes(numbers: Float64Array): Uint8Array {
  const count = numbers.length;
  const width = widthOf(numbers);
  const out = new Uint8Array(1 + width * count);
  out[0] = width;
  for (let i = 0; i < count; i++) {
    let rest = numbers[i]!;
    for (let at = 1 + i; rest > 0; at += count) {
      const high = Math.floor(rest / 256);
      out[at] = rest - high * 256;
      rest = high;
    }
  }
  return out;
}

function widthOf(numbers: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < numbers.length; i++) if (numbers[i]! > largest) largest = numbers[i]!;
  let width = 0;
  for (; largest > 0; width++) largest = Math.floor(largest / 256);
  return width;
}

/** Reads one thing after another from the bytes of a column. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    return this.#view.getUint8(this.#take(1));
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  bytes(count: number): Uint8Array {
    const at = this.#take(count);
    return this.#bytes.subarray(at, at + count);
  }

  /** Into an array as long as their number; false when all are zero, which costs one byte. */
  planesInto(numbers: Float64Array): boolean {
    const count = numbers.length;
    const width = this.byte();
    const from = this.#take(width * count);
    numbers.fill(0);
    for (let k = 0, weight = 1; k < width; k++, weight *= 256) {
      const plane = this.#bytes.subarray(from + k * count, from + (k + 1) * count);
      for (let i = 0; i < count; i++) numbers[i]! += plane[i]! * weight;
    }
    return width > 0;
  }

  /** Numbers below 256; undefined when all are zero. */
  plane(count: number): Uint8Array | undefined {
    const width = this.byte();
    if (width === 0) return undefined;
    assert(width === 1, "kinds and qualities are single bytes");
    const from = this.#take(count);
    return new Uint8Array(this.#bytes.subarray(from, from + count));
  }

  end(): void {
    assert(this.#at === this.#bytes.byteLength, "a column has no bytes left over");
  }

  #take(bytes: number): number {
    const at = this.#at;
    assert(at + bytes <= this.#bytes.byteLength, "a column has the bytes its count implies");
    this.#at += bytes;
    return at;
  }
}

/** 0, -1, 1, -2, 2, ... as 0, 1, 2, 3, 4, ...: small for small numbers of either sign. */
export function zigzag(n: number): number {
  return n < 0 ? -2 * n - 1 : 2 * n;
}

export function unzigzag(z: number): number {
  if (z < 2 ** 31) return (z >>> 1) ^ -(z & 1);
  const half = Math.floor(z / 2);
  return half * 2 === z ? half : -half - 1;
}
