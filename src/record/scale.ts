/**
 * What whole numbers a column of measured values is made of. A register holds n, and the value became
 * n x scale on its way here: whoever finds the scale again can store n. After ALP (Afroozeh, Kuffo and
 * Boncz, "ALP: Adaptive Lossless floating-Point Compression", SIGMOD 2023), with a correction of some
 * last places instead of ALP's list of exceptions, so that it does not matter in which order the
 * arithmetic was done: value = offset + n * times / per, give or take `ulps` last places.
 */
export type Scale = { offset: number; times: number; per: number };

export type Scaled = {
  numbers: Float64Array;
  /** To be added to the bit pattern of what the scale gives. */
  ulps: Float64Array;
  /** 0 scaled, 1 no value (NaN), 2 stands in `others`. */
  kinds: Float64Array;
  others: readonly number[];
};

export const isScaled = 0;
export const isNone = 1;
export const isOther = 2;

/** A share of values that no scale fits is stored as it is; beyond it the scale is the wrong one. */
const othersShare = 1 / 16;
const mostUlps = 63;
const largestNumber = 2 ** 50;

/** The bit patterns of doubles, low half first (all our machines are little-endian). */
function halvesOf(values: Float64Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
}

/** Moves each double by so many last places, in place. */
export function addUlps(values: Float64Array, ulps: Float64Array): void {
  const halves = halvesOf(values);
  for (let i = 0; i < ulps.length; i++) {
    if (ulps[i] === 0) continue;
    const low = halves[2 * i]! + ulps[i]!;
    halves[2 * i] = low;
    halves[2 * i + 1] = halves[2 * i + 1]! + Math.floor(low / 2 ** 32);
  }
}

/** What a scale makes of a whole number; written as one expression, so that every reader rounds alike. */
export function unscale({ offset, times, per }: Scale, n: number): number {
  return offset + (n * times) / per;
}

/** Undefined when the scale does not fit these values. */
export function scaleWith(scale: Scale, values: Float64Array): Scaled | undefined {
  const count = values.length;
  const numbers = new Float64Array(count);
  const ulps = new Float64Array(count);
  const kinds = new Float64Array(count);
  const others: number[] = [];
  const most = Math.max(2, count * othersShare);
  const { offset, times, per } = scale;
  const near = new Float64Array(count);
  const [is, gives] = [halvesOf(values), halvesOf(near)];
  let before = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    const n = Math.round(((value - offset) * per) / times);
    near[i] = unscale(scale, n);
    const high = is[2 * i + 1]! - gives[2 * i + 1]!;
    const off = high * 2 ** 32 + (is[2 * i]! - gives[2 * i]!);
    if (off >= -mostUlps && off <= mostUlps && n < largestNumber && n > -largestNumber) {
      before = n;
      ulps[i] = off;
    } else if (Number.isNaN(value)) kinds[i] = isNone;
    else {
      kinds[i] = isOther;
      others.push(value);
      if (others.length > most) return undefined;
    }
    // Where there is no number the one before stands, which costs nothing.
    numbers[i] = before;
  }
  return { numbers, ulps, kinds, others };
}

/** Decimal scales as devices use them: 0.1 of a degree, and the same arithmetic done by division. */
const decimals: readonly Scale[] = [1, 10, 100, 1000, 1e4, 1e5, 1e6].flatMap((per) => [
  { offset: 0, times: 1, per },
  { offset: 0, times: 1 / per, per: 1 },
]);

/** Tried on a few values first: most scales fail at once. */
const probeCount = 48;

/**
 * The scale that says these values shortest, the one of the chunk before as long as it fits. Undefined
 * when they have none, as computed values with all their digits.
 */
export function findScale(values: Float64Array, last: Scale | undefined): Scale | undefined {
  const probe = values.subarray(0, probeCount);
  if (last !== undefined && fitsExactly(last, probe)) return last;
  const estimate = estimateScale(values);
  let best: Scale | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const scale of estimate === undefined ? decimals : [...decimals, estimate]) {
    const fit = scaleWith(scale, probe);
    const bits = fit === undefined ? Number.POSITIVE_INFINITY : bitsOf(fit);
    if (bits < least) [best, least] = [scale, bits];
  }
  return least < mostBits * probe.length ? best : undefined;
}

function fitsExactly(scale: Scale, values: Float64Array): boolean {
  const fit = scaleWith(scale, values);
  return fit?.others.length === 0 && fit.ulps.every((u) => u === 0);
}

/** A scale that needs more bits for a value is a coincidence of its digits. */
const mostBits = 40;

/** About what a compressor makes of it: differences, corrections, and values as they are. */
function bitsOf({ numbers, ulps, others }: Scaled): number {
  let bits = 64 * others.length;
  for (let i = 1; i < numbers.length; i++) {
    bits += Math.log2(1 + Math.abs(numbers[i]! - numbers[i - 1]!)) + (ulps[i] === 0 ? 0 : 2);
  }
  return bits;
}

/** Values looked at for an estimate, and how near a whole multiple of the step they must lie. */
const estimateCount = 512;
const multipleTolerance = 1e-4;

/** The step of a scale nobody named, from the smallest distance between two values. */
function estimateScale(values: Float64Array): Scale | undefined {
  const known = values.subarray(0, estimateCount).filter((v) => Number.isFinite(v));
  const sorted = [...new Set(known.sort())];
  const [low, high] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  if (sorted.length < 3) return undefined;
  let step = Number.POSITIVE_INFINITY;
  const noise = Math.max(Math.abs(low), Math.abs(high)) * 1e-12;
  for (let i = 1; i < sorted.length; i++) {
    const distance = sorted[i]! - sorted[i - 1]!;
    if (distance > noise && distance < step) step = distance;
  }
  const times = (high - low) / Math.round((high - low) / step);
  const far = (v: number) => Math.abs(v - Math.round(v)) > multipleTolerance;
  if (!sorted.some((v) => far(v / times))) return throughZero(sorted, times);
  if (sorted.some((v) => far((v - low) / times))) return undefined;
  return { offset: low, times, per: 1 };
}

/** The longest lever gives the step its last digits. */
function throughZero(sorted: readonly number[], times: number): Scale {
  const [low, high] = [sorted[0]!, sorted.at(-1)!];
  const far = Math.abs(low) > Math.abs(high) ? low : high;
  return { offset: 0, times: far / Math.round(far / times), per: 1 };
}
