/**
 * Raw numbers in register words: one reader and one writer per encoding and byte order. Raw means
 * before scale, offset and sentinels. Nothing here allocates per call.
 *
 * Orders name the bytes as they arrive: ABCD is high word first, CDAB low word first, BADC high word
 * first with the bytes of each word swapped, DCBA all bytes reversed; 64 bits likewise, 16 bits only
 * know swapped (BADC, DCBA) or not.
 */
import type { Point } from "./device-type.js";
import { numbers, scratch } from "./number-encoding.js";

export type WordArray = { [index: number]: number; readonly length: number };

/** NaN where the words hold no number of this encoding. */
export type RawReader = (words: ArrayLike<number>, at: number) => number;
/** A field of a register leaves its neighbours as they are. */
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

/** The encoding of a point; one that is a field of a register reads and writes that field alone. */
export function encodingOf(point: Point): Encoding {
  if (point.as === "bit" && point.bit === undefined) return coil;
  if (point.as === "ascii") return { ...noNumber, registers: point.length ?? 1 };
  const field = fieldOf(point);
  if (field !== undefined) return fieldEncoding(point, field);
  const { take, put, ...facts } = numbers[point.as as keyof typeof numbers];
  const order = point.order ?? "ABCD";
  const load = loader(facts.registers, order);
  const store = storer(facts.registers, order);
  const read: RawReader = (words, at) => {
    load(words, at);
    return take();
  };
  const write: RawWriter = (words, at, raw) => {
    put(raw);
    store(words, at);
  };
  return { ...facts, read, write };
}

/**
 * Which bits of its register a point is, as they stand on the wire; undefined where it has whole
 * registers to itself, and where it is a field of more than one.
 */
export function fieldMask(point: Point): number | undefined {
  const field = fieldOf(point);
  if (field === undefined || field.bits > 16) return undefined;
  return swapped(point.order ?? "ABCD") ? swap(field.mask) : field.mask;
}

/** Do registers that were read hold what was written? Of a field of a register only its own bits count. */
export function holdsWords(wanted: readonly number[], held: readonly number[], mask = 0xffff) {
  const same = (word: number, i: number) => (word & mask) === (held[i]! & mask);
  return wanted.length === held.length && wanted.every(same);
}

/** Does the point share its registers with others? */
export function isField(point: Point): boolean {
  return fieldOf(point) !== undefined;
}

/** `mask` as in the number before it is shifted down; `bits` of that number. */
type Field = { mask: number; bits: 16 | 32; signed: boolean };

function fieldOf({ as, bit, byte, mask }: Point): Field | undefined {
  if (as === "bit") return bit === undefined ? undefined : { ...unsigned16, mask: 1 << bit };
  if (as === "u8" || as === "s8") {
    return { ...unsigned16, mask: byte === "high" ? 0xff00 : 0x00ff, signed: as === "s8" };
  }
  if (mask === undefined) return undefined;
  return {
    mask,
    bits: as === "u32" || as === "s32" ? 32 : 16,
    signed: as === "s16" || as === "s32",
  };
}

const unsigned16 = { bits: 16, signed: false } as const;

const coil: Encoding = {
  ...{ registers: 1, lowest: 0, highest: 1, whole: true },
  read: (words, at) => (words[at] === 0 ? 0 : 1),
  write: (words, at, raw) => {
    words[at] = raw;
  },
};

const noNumber = {
  lowest: Number.NaN,
  highest: Number.NaN,
  whole: true,
  read: () => Number.NaN,
  write: () => undefined,
};

/** The number of some bits that stand together, shifted down to the lowest. */
function fieldEncoding(point: Point, { mask, bits, signed }: Field): Encoding {
  const registers = bits / 16;
  const shift = 31 - Math.clz32(mask & -mask);
  const highest = mask >>> shift;
  const sign = signed ? (highest >>> 1) + 1 : 0;
  const take = () => (bits === 16 ? scratch.getUint16(0) : scratch.getUint32(0));
  const put = (n: number) => (bits === 16 ? scratch.setUint16(0, n) : scratch.setUint32(0, n));
  const load = loader(registers, point.order ?? "ABCD");
  const store = storer(registers, point.order ?? "ABCD");
  return {
    ...{ registers, whole: true, lowest: 0 - sign, highest: signed ? sign - 1 : highest },
    read: (words, at) => {
      load(words, at);
      const raw = (take() & mask) >>> shift;
      return signed && raw >= sign ? raw - 2 * sign : raw;
    },
    write: (words, at, raw) => {
      load(words, at);
      put((take() & ~mask) | ((raw << shift) & mask));
      store(words, at);
    },
  };
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
