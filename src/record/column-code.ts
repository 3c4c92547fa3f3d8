import { deflateSync, inflateSync } from "node:zlib";
import { WearoutError } from "../base/error.js";
import { ByteReader, unzigzag, writePlanes, zigzag } from "./planes.js";
import {
  addUlps,
  findScale,
  isNone,
  isOther,
  isScaled,
  type Scale,
  type Scaled,
  scaleWith,
  unscale,
} from "./scale.js";

/**
 * One column of a chunk as bytes, to the bit (of NaN there is one only). `docs/record.md` has the form
 * for other readers; everything is compressed with zlib (RFC 1950).
 */
const asBits = 0;
const asScaled = 1;

/** More costs twice the time for a hundredth of the size. */
const level = 6;

export type Coded = {
  data: Uint8Array;
  /** Handed to the next chunk of the column, whose values are most likely of the same kind. */
  scale: Scale | undefined;
};

export function encodeColumn(values: Float64Array, quality: Uint8Array, last?: Scale): Coded {
  const scale = findScale(values, last);
  const scaled = scale === undefined ? undefined : scaleWith(scale, values);
  const body =
    scale === undefined || scaled === undefined ? bitsOf(values) : scaledBytes(scale, scaled);
  const all = Buffer.concat([...body, writePlanes(Float64Array.from(quality))]);
  return { data: deflateSync(all, { level }), scale: scaled === undefined ? undefined : scale };
}

/**
 * The values are put into `into`, and `spare` is written over; both are as long as their number. Throws
 * `RECORD_DAMAGED` for bytes that are no column of `count` values.
 */
export function decodeColumn(
  data: Uint8Array,
  count: number,
  into = new Float64Array(count),
  spare = new Float64Array(count),
): { values: Float64Array; quality: Uint8Array } {
  try {
    const bytes = new ByteReader(inflateSync(data));
    const method = bytes.byte();
    const values = method === asBits ? readBits(bytes, into) : readScaled(bytes, into, spare);
    const quality = bytes.plane(count) ?? new Uint8Array(count);
    bytes.end();
    return { values, quality };
  } catch (error) {
    throw new WearoutError(
      "RECORD_DAMAGED",
      `a column is not readable: ${(error as Error).message}`,
    );
  }
}

/** The bit patterns, each exclusive-or the one before, as eight planes. */
function bitsOf(values: Float64Array): Uint8Array[] {
  const count = values.length;
  const out = new Uint8Array(8 * count);
  const bytes = new Uint8Array(values.slice().buffer);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 8; k++) {
      const before = i === 0 ? 0 : bytes[8 * (i - 1) + k]!;
      out[k * count + i] = bytes[8 * i + k]! ^ before;
    }
  }
  return [Uint8Array.of(asBits), out];
}

function readBits(bytes: ByteReader, values: Float64Array): Float64Array {
  const count = values.length;
  const out = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const planes = bytes.bytes(8 * count);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 8; k++) {
      const before = i === 0 ? 0 : out[8 * (i - 1) + k]!;
      out[8 * i + k] = planes[k * count + i]! ^ before;
    }
  }
  return values;
}

function scaledBytes({ offset, times, per }: Scale, scaled: Scaled): Uint8Array[] {
  const { numbers, ulps, kinds, others } = scaled;
  const { order, rests } = leastRests(numbers);
  const head = Float64Array.of(offset, times, per);
  return [
    Uint8Array.of(asScaled, order),
    new Uint8Array(head.buffer),
    writePlanes(rests.map(zigzag)),
    writePlanes(ulps.map(zigzag)),
    writePlanes(kinds),
    new Uint8Array(Float64Array.from(others).buffer),
  ];
}

/** The numbers, their differences or the differences of those: whichever is smallest. */
function leastRests(numbers: Float64Array): { order: number; rests: Float64Array } {
  let rests = numbers;
  let best = { order: 0, rests, cost: bitsToSay(rests) };
  for (let order = 1; order <= 2; order++) {
    rests = differences(rests);
    const cost = bitsToSay(rests);
    if (cost < best.cost) best = { order, rests, cost };
  }
  return best;
}

/** The first one stays as it is. */
function differences(numbers: Float64Array): Float64Array {
  const out = numbers.slice();
  for (let i = out.length - 1; i > 0; i--) out[i]! -= out[i - 1]!;
  return out;
}

/** An estimate from every eighth number, which is enough to choose by. */
function bitsToSay(rests: Float64Array): number {
  let bits = 0;
  for (let i = 0; i < rests.length; i += 8) bits += Math.log2(1 + Math.abs(rests[i]!));
  return bits;
}

function readScaled(bytes: ByteReader, values: Float64Array, ulps: Float64Array): Float64Array {
  const count = values.length;
  const order = bytes.byte();
  const scale: Scale = { offset: bytes.f64(), times: bytes.f64(), per: bytes.f64() };
  bytes.planesInto(values);
  for (let i = 0; i < count; i++) values[i] = unzigzag(values[i]!);
  for (let o = 0; o < order; o++) sumUp(values);
  for (let i = 0; i < count; i++) values[i] = unscale(scale, values[i]!);
  if (bytes.planesInto(ulps)) {
    for (let i = 0; i < count; i++) ulps[i] = unzigzag(ulps[i]!);
    addUlps(values, ulps);
  }
  const kinds = bytes.plane(count);
  if (kinds === undefined) return values;
  for (let i = 0; i < count; i++) {
    if (kinds[i] === isScaled) continue;
    values[i] = kinds[i] === isNone ? Number.NaN : kinds[i] === isOther ? bytes.f64() : fail();
  }
  return values;
}

/** Each becomes the sum of all up to it. */
function sumUp(numbers: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) {
    sum += numbers[i]!;
    numbers[i] = sum;
  }
}

function fail(): never {
  throw new Error("a value is of no known kind");
}
