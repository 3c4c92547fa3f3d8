/**
 * Raw numbers in register words: one reader and one writer per encoding and byte order. Raw means
 * before scale, offset and sentinels. Nothing here allocates per call.
 *
 * Orders name the bytes as they arrive: ABCD is high word first, CDAB low word first, BADC high word
 * first with the bytes of each word swapped, DCBA all bytes reversed; 64 bits likewise, 16 bits only
 * know swapped (BADC, DCBA) or not.
 */
import type { Point } from "./device-type.js";

export type WordArray = { [index: number]: number; readonly length: number };

/** NaN where the words hold no number of this encoding. */
export type RawReader = (words: ArrayLike<number>, at: number) => number;
export type RawWriter = (words: WordArray, at: number, raw: number) => void;

export type Encoding = {
  /** Words (bits in a bit table) on the wire. */
  registers: number;
  lowest: number;
  highest: number;
  /** Raw values are whole numbers. */
  whole: boolean;
  read: RawReader;
  write: RawWriter;
};

type Order = NonNullable<Point["order"]>;

const swapped = (order: Order) => order === "BADC" || order === "DCBA";
const lowFirst = (order: Order) => order === "CDAB" || order === "DCBA";
const swap = (word: number) => ((word & 0xff) << 8) | (word >>> 8);

const scratch = new DataView(new ArrayBuffer(8));

/** The encoding of a point; a `bit` point of a register table reads and writes that one bit. */
export function encodingOf(point: Point): Encoding {
  if (point.as === "bit") return bitEncoding(point.bit);
  if (point.as === "ascii") return { ...noNumber, registers: point.length ?? 1 };
  const { registers, lowest, highest, whole, take, put } = numbers[point.as];
  const order = point.order ?? "ABCD";
  const load = loader(registers, order);
  const store = storer(registers, order);
  const read: RawReader = (words, at) => {
    load(words, at);
    return take();
  };
  const write: RawWriter = (words, at, raw) => {
    put(raw);
    store(words, at);
  };
  return { registers, lowest, highest, whole, read, write };
}

const noNumber = {
  lowest: Number.NaN,
  highest: Number.NaN,
  whole: true,
  read: () => Number.NaN,
  write: () => undefined,
};

function bitEncoding(bit: number | undefined): Encoding {
  const head = { registers: 1, lowest: 0, highest: 1, whole: true };
  if (bit === undefined) {
    const write: RawWriter = (words, at, raw) => {
      words[at] = raw;
    };
    return { ...head, read: (words, at) => (words[at] === 0 ? 0 : 1), write };
  }
  const write: RawWriter = (words, at, raw) => {
    words[at] = (words[at]! & ~(1 << bit)) | (raw << bit);
  };
  return { ...head, read: (words, at) => (words[at]! >>> bit) & 1, write };
}

/** Brings the words into `scratch` as big-endian bytes. */
function loader(registers: number, order: Order): (words: ArrayLike<number>, at: number) => void {
  const swaps = swapped(order);
  const backwards = lowFirst(order);
  return (words, at) => {
    for (let i = 0; i < registers; i++) {
      const word = words[backwards ? at + registers - 1 - i : at + i]!;
      scratch.setUint16(2 * i, swaps ? swap(word) : word);
    }
  };
}

function storer(registers: number, order: Order): (words: WordArray, at: number) => void {
  const swaps = swapped(order);
  const backwards = lowFirst(order);
  return (words, at) => {
    for (let i = 0; i < registers; i++) {
      const word = scratch.getUint16(2 * i);
      words[backwards ? at + registers - 1 - i : at + i] = swaps ? swap(word) : word;
    }
  };
}

type Numbers = Omit<Encoding, "read" | "write"> & { take(): number; put(raw: number): void };

const largestF32 = (2 - 2 ** -23) * 2 ** 127;

const numbers: Record<Exclude<Point["as"], "bit" | "ascii">, Numbers> = {
  u16: {
    ...{ registers: 1, lowest: 0, highest: 0xffff, whole: true },
    take: () => scratch.getUint16(0),
    put: (raw) => scratch.setUint16(0, raw),
  },
  s16: {
    ...{ registers: 1, lowest: -0x8000, highest: 0x7fff, whole: true },
    take: () => scratch.getInt16(0),
    put: (raw) => scratch.setInt16(0, raw),
  },
  bcd16: {
    ...{ registers: 1, lowest: 0, highest: 9999, whole: true },
    take: () => fromBcd(scratch.getUint16(0)),
    put: (raw) => scratch.setUint16(0, toBcd(raw)),
  },
  u32: {
    ...{ registers: 2, lowest: 0, highest: 0xffffffff, whole: true },
    take: () => scratch.getUint32(0),
    put: (raw) => scratch.setUint32(0, raw),
  },
  s32: {
    ...{ registers: 2, lowest: -0x80000000, highest: 0x7fffffff, whole: true },
    take: () => scratch.getInt32(0),
    put: (raw) => scratch.setInt32(0, raw),
  },
  f32: {
    ...{ registers: 2, lowest: -largestF32, highest: largestF32, whole: false },
    take: () => scratch.getFloat32(0),
    put: (raw) => scratch.setFloat32(0, raw),
  },
  // A JavaScript number holds whole values to 2^53; above that reading rounds and writing refuses.
  u64: {
    ...{ registers: 4, lowest: 0, highest: Number.MAX_SAFE_INTEGER, whole: true },
    take: () => scratch.getUint32(0) * 2 ** 32 + scratch.getUint32(4),
    put: (raw) => {
      scratch.setUint32(0, Math.floor(raw / 2 ** 32));
      scratch.setUint32(4, raw % 2 ** 32);
    },
  },
  f64: {
    ...{ registers: 4, lowest: -Number.MAX_VALUE, highest: Number.MAX_VALUE, whole: false },
    take: () => scratch.getFloat64(0),
    put: (raw) => scratch.setFloat64(0, raw),
  },
};

function fromBcd(word: number): number {
  let value = 0;
  for (let shift = 12; shift >= 0; shift -= 4) {
    const digit = (word >>> shift) & 0xf;
    if (digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function toBcd(value: number): number {
  let word = 0;
  for (let shift = 0, rest = value; shift < 16; shift += 4, rest = Math.floor(rest / 10)) {
    word |= (rest % 10) << shift;
  }
  return word;
}
