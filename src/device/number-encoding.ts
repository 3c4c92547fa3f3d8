/** Numbers in up to 64 bits, high byte first: taken from and put into one shared scratch buffer. */
import type { Point } from "./device-type.js";

/** Big-endian bytes of the number at hand; whoever loads it takes it at once. */
export const scratch = new DataView(new ArrayBuffer(8));

export type NumberEncoding = {
  registers: number;
  lowest: number;
  highest: number;
  /** Raw values are whole numbers. */
  whole: boolean;
  /** NaN where the bytes hold no number of this encoding. */
  take(): number;
  put(raw: number): void;
};

const largestF32 = (2 - 2 ** -23) * 2 ** 127;
const largestSafe = Number.MAX_SAFE_INTEGER;
/** Of a mantissa with its power of ten: more is no measured value. */
export const mostPower = 10;

/** What is a field of its register anyway, or no number, is not among them. */
type Whole = Exclude<Point["as"], "bit" | "u8" | "s8" | "ascii">;

export const numbers: Record<Whole, NumberEncoding> = {
  u16: {
    ...whole(1, 0, 0xffff),
    take: () => scratch.getUint16(0),
    put: (raw) => scratch.setUint16(0, raw),
  },
  s16: {
    ...whole(1, -0x8000, 0x7fff),
    take: () => scratch.getInt16(0),
    put: (raw) => scratch.setInt16(0, raw),
  },
  u32: {
    ...whole(2, 0, 0xffffffff),
    take: () => scratch.getUint32(0),
    put: (raw) => scratch.setUint32(0, raw),
  },
  s32: {
    ...whole(2, -0x80000000, 0x7fffffff),
    take: () => scratch.getInt32(0),
    put: (raw) => scratch.setInt32(0, raw),
  },
  u64: {
    ...whole(4, 0, largestSafe),
    take: () => exact(scratch.getUint32(0), scratch.getUint32(4)),
    put: put64,
  },
  s64: {
    ...whole(4, -largestSafe, largestSafe),
    take: () => exact(scratch.getInt32(0), scratch.getUint32(4)),
    put: put64,
  },
  f32: {
    ...{ registers: 2, lowest: -largestF32, highest: largestF32, whole: false },
    take: () => scratch.getFloat32(0),
    put: (raw) => scratch.setFloat32(0, raw),
  },
  f64: {
    ...{ registers: 4, lowest: -Number.MAX_VALUE, highest: Number.MAX_VALUE, whole: false },
    take: () => scratch.getFloat64(0),
    put: (raw) => scratch.setFloat64(0, raw),
  },
  bcd16: {
    ...whole(1, 0, 9999),
    take: () => fromBcd(scratch.getUint16(0), 4),
    put: (raw) => scratch.setUint16(0, toBcd(raw, 4)),
  },
  bcd32: {
    ...whole(2, 0, 99999999),
    take: () => fromBcd(scratch.getUint32(0), 8),
    put: (raw) => scratch.setUint32(0, toBcd(raw, 8)),
  },
  sm16: {
    ...whole(1, -0x7fff, 0x7fff),
    take: () => magnitude(scratch.getUint16(0), 0x8000),
    put: (raw) => scratch.setUint16(0, raw < 0 ? 0x8000 - raw : raw),
  },
  sm32: {
    ...whole(2, -0x7fffffff, 0x7fffffff),
    take: () => magnitude(scratch.getUint32(0), 0x80000000),
    put: (raw) => scratch.setUint32(0, raw < 0 ? 0x80000000 - raw : raw),
  },
  m16e16: {
    ...{ registers: 2, lowest: -32767 * 10 ** mostPower, highest: 32767 * 10 ** mostPower },
    whole: false,
    take: () => powerOfTen(scratch.getInt16(0), scratch.getInt16(2)),
    put: putWithPower,
  },
};

function whole(registers: number, lowest: number, highest: number) {
  return { registers, lowest, highest, whole: true };
}

/** A JavaScript number holds whole values to 2^53; beyond there is none, never a rounded one. */
function exact(high: number, low: number): number {
  const value = high * 2 ** 32 + low;
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

function put64(raw: number): void {
  const high = Math.floor(raw / 2 ** 32);
  scratch.setInt32(0, high);
  scratch.setUint32(4, raw - high * 2 ** 32);
}

function fromBcd(digits: number, count: number): number {
  let value = 0;
  for (let shift = 4 * (count - 1); shift >= 0; shift -= 4) {
    const digit = (digits >>> shift) & 0xf;
    if (digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function toBcd(value: number, count: number): number {
  let digits = 0;
  for (let i = 0, rest = value; i < count; i++, rest = Math.floor(rest / 10)) {
    digits += (rest % 10) * 16 ** i;
  }
  return digits;
}

/** The sign stands in the highest bit, the rest is the magnitude; a negative zero is zero. */
function magnitude(bits: number, sign: number): number {
  return bits < sign ? bits : sign - bits;
}

/** Dividing keeps 2312 and -1 at 231.2; 2312 * 0.1 is not. */
export function powerOfTen(mantissa: number, power: number): number {
  if (!(Math.abs(power) <= mostPower)) return Number.NaN;
  return power < 0 ? mantissa / 10 ** -power : mantissa * 10 ** power;
}

/** The smallest power whose mantissa fits: as many digits as there are. */
function putWithPower(raw: number): void {
  let power = -mostPower;
  while (power < mostPower && Math.abs(Math.round(raw / 10 ** power)) > 0x7fff) power++;
  scratch.setInt16(0, Math.round(raw / 10 ** power));
  scratch.setInt16(2, power);
}
