/**
 * A point compiled once into a small decoder: register words to value and back, in the point's own
 * unit. value = (raw * scale * factor + offset) * full scale, or a table of straight lines instead of
 * scale and offset; `factor` comes from another register (`scaleFrom`), full scale from a parameter
 * (`times`). Reading runs many times a second for years: `decodeValue` allocates nothing.
 */
import { assert } from "../base/error.js";
import type { DeviceType, Point } from "./device-type.js";
import { type Encoding, encodingOf, type WordArray } from "./encoding.js";
import { powerOfTen } from "./number-encoding.js";

/** `sentinel`: the device itself says there is no value; `bad`: the words make no sense. */
export type DecodeQuality = "good" | "sentinel" | "bad";
export type Decoded = { value: number; quality: DecodeQuality };
export type Encoded = { ok: true; words: number[] } | { ok: false; problem: string };

/** Parameter values in the unit their device type declares. */
export type Parameters = Readonly<Record<string, number>>;

export class PointCodec {
  readonly point: Point;
  /** Words on the wire; bits in a bit table. */
  readonly registers: number;
  /** The register that gives the factor, when there is one. */
  readonly scaleFrom: string | undefined;
  readonly #encoding: Encoding;
  readonly #sentinels: readonly number[];
  readonly #line: Line;
  readonly #times: number;
  readonly #factors: ReadonlyMap<number, number>;
  readonly #isPower: boolean;

  constructor(point: Point, parameters: Parameters) {
    const times = point.times === undefined ? 1 : parameters[point.times];
    assert(times !== undefined, `parameter ${point.times} has a value`);
    this.point = point;
    this.#encoding = encodingOf(point);
    this.registers = this.#encoding.registers;
    this.scaleFrom = point.scaleFrom?.point;
    this.#sentinels = (point.sentinels ?? []).map((raw) => signed(raw, this.#encoding));
    this.#line = lineOf(point);
    this.#times = times;
    const factors = Object.entries(point.scaleFrom?.factors ?? {});
    this.#factors = new Map(factors.map(([raw, factor]) => [Number(raw), factor]));
    this.#isPower = point.scaleFrom?.powerOf !== undefined;
  }

  /** The raw number, before scale and sentinels; NaN when the words hold none. */
  raw(words: ArrayLike<number>, at: number): number {
    return this.#encoding.read(words, at);
  }

  /** The factor that a raw value of the `scaleFrom` point selects; NaN when it selects none. */
  factorOf(raw: number): number {
    return this.#isPower ? powerOfTen(1, raw) : (this.#factors.get(raw) ?? Number.NaN);
  }

  /** NaN when there is no value (`quality` says why). A point with `scaleFrom` needs its factor. */
  decodeValue(words: ArrayLike<number>, at: number, factor?: number): number {
    const raw = this.#encoding.read(words, at);
    if (this.#isSentinel(raw)) return Number.NaN;
    const value = this.#line.toValue(raw, factor ?? this.#noFactor()) * this.#times;
    return Number.isFinite(value) ? value : Number.NaN;
  }

  /** Why a value is missing; a not-a-number of a float point is its device's "no value". */
  quality(words: ArrayLike<number>, at: number, factor?: number): DecodeQuality {
    const raw = this.#encoding.read(words, at);
    if (this.#isSentinel(raw)) return "sentinel";
    if (Number.isNaN(raw)) return isFloat(this.point) ? "sentinel" : "bad";
    return Number.isNaN(this.decodeValue(words, at, factor)) ? "bad" : "good";
  }

  /** Value and quality at once, for the places that are not hot. */
  decode(words: ArrayLike<number>, at: number, factor?: number): Decoded {
    const quality = this.quality(words, at, factor);
    return { value: this.decodeValue(words, at, factor), quality };
  }

  /** The raw value nearest to a value in the point's unit, or what is wrong with it. */
  toRaw(value: number | string, factor?: number): number | string {
    const wanted = typeof value === "string" ? this.#rawOfWord(value) : value;
    if (typeof wanted === "string") return wanted;
    if (this.point.enum !== undefined) return this.#listed(wanted);
    const unfit = outside(wanted, this.point.range, this.point.unit);
    if (unfit !== undefined) return unfit;
    const exact = this.#line.toRaw(wanted / this.#times, factor ?? this.#noFactor());
    return this.#fitRaw(wanted, exact);
  }

  /**
   * Words of a value in the point's unit, or of a word of its enum. Rounds to the nearest raw value;
   * what the encoding cannot hold or the point's range excludes is a problem, never wrapped.
   */
  encode(value: number | string, factor?: number): Encoded {
    const raw = this.toRaw(value, factor);
    if (typeof raw === "string") return { ok: false, problem: raw };
    const words = new Array<number>(this.registers).fill(0);
    this.#encoding.write(words, 0, raw);
    return { ok: true, words };
  }

  /** Puts a value in place (a single bit of a register leaves its neighbours); gives the problem. */
  store(words: WordArray, at: number, value: number | string, factor?: number): string | undefined {
    const raw = this.toRaw(value, factor);
    if (typeof raw === "string") return raw;
    this.#encoding.write(words, at, raw);
    return undefined;
  }

  /**
   * Puts a measured value in place, or nothing where `store` would have a problem. Made for many calls:
   * no text, no allocation.
   */
  storeMeasured(words: WordArray, at: number, value: number, factor?: number): void {
    const { enum: known, range, as } = this.point;
    if (known !== undefined || as === "bit") {
      this.store(words, at, value, factor);
      return;
    }
    if (range !== undefined && !within(value, range[0], range[1])) return;
    const exact = this.#line.toRaw(value / this.#times, factor ?? this.#noFactor());
    const { lowest, highest, whole } = this.#encoding;
    const raw = whole ? Math.round(exact) : exact;
    if (raw >= lowest && raw <= highest && !this.#isSentinel(raw)) {
      this.#encoding.write(words, at, raw);
    }
  }

  /** The enum's word for a value; undefined when it has none. */
  word(value: number): string | undefined {
    const entries = Object.entries(this.point.enum ?? {});
    return entries.find(([, raw]) => raw === value)?.[0];
  }

  #noFactor(): number {
    return this.scaleFrom === undefined ? 1 : Number.NaN;
  }

  #isSentinel(raw: number): boolean {
    const sentinels = this.#sentinels;
    for (let i = 0; i < sentinels.length; i++) if (sentinels[i] === raw) return true;
    return false;
  }

  #rawOfWord(word: string): number | string {
    const { enum: words, unit } = this.point;
    if (words !== undefined) return words[word] ?? `"${word}" is no word of this point`;
    const inUnit = unit === undefined || unit === "1" ? "" : ` in ${unit}`;
    return `found "${word}", expected a number${inUnit}`;
  }

  /** Only values the enum names may be written: a raw number can mean "run" on a clone (trap T2). */
  #listed(raw: number): number | string {
    return this.word(raw) === undefined ? `${raw} is no value of this point's enum` : raw;
  }

  #said(value: number): string {
    return this.point.unit === "1" ? `${value}` : `${value} ${this.point.unit}`;
  }

  #fitRaw(value: number, exact: number): number | string {
    const { lowest, highest, whole } = this.#encoding;
    if (!Number.isFinite(exact)) return `${this.#said(value)} has no raw value here`;
    const raw = whole ? Math.round(exact) + 0 : exact;
    if (!(raw >= lowest && raw <= highest)) {
      return `${this.#said(value)} is raw ${raw}, outside ${lowest} to ${highest}`;
    }
    if (this.point.as === "bit" && raw !== exact) return `${value} is neither 0 nor 1`;
    if (this.#isSentinel(raw)) return `${this.#said(value)} is raw ${raw}: means no value`;
    return raw;
  }
}

/** Compiles one point. Every parameter it names must have a value. */
export function compilePoint(point: Point, parameters: Parameters = {}): PointCodec {
  return new PointCodec(point, parameters);
}

/** All points of a type by name. */
export function compilePoints(
  type: DeviceType,
  parameters: Parameters = {},
): ReadonlyMap<string, PointCodec> {
  const entries = Object.entries(type.points);
  return new Map(entries.map(([name, point]) => [name, compilePoint(point, parameters)]));
}

/** Is this bit (0 is the lowest) of a raw value set? For points with `bits` and for `badWhen`. */
export function bitIsSet(raw: number, bit: number): boolean {
  return Math.floor(raw / 2 ** bit) % 2 === 1;
}

function isFloat({ as }: Point): boolean {
  return as === "f32" || as === "f64";
}

type Line = {
  toValue(raw: number, factor: number): number;
  toRaw(value: number, factor: number): number;
};

function lineOf(point: Point): Line {
  if (point.linear !== undefined) return tableLine(point.linear);
  const { scale = 1, offset = 0 } = point;
  // 2312 / 10 is 231.2, 2312 * 0.1 is not: divide where the scale is one over a whole number.
  const divisor = Math.round(1 / scale);
  const divides = Math.abs(scale) < 1 && Math.abs(1 / scale - divisor) < 1e-9;
  return {
    toValue: (raw, factor) => (divides ? raw / divisor : raw * scale) * factor + offset,
    toRaw: (value, factor) => {
      const scaled = (value - offset) / factor;
      return divides ? scaled * divisor : scaled / scale;
    },
  };
}

type Pairs = readonly (readonly [number, number])[];

/** Straight lines between pairs; readings outside go on along the end, writes stay inside. */
function tableLine(pairs: Pairs): Line {
  const raws = Float64Array.from(pairs, ([raw]) => raw);
  const values = Float64Array.from(pairs, ([, value]) => value);
  const lowest = Math.min(...values);
  const highest = Math.max(...values);
  return {
    toValue: (raw) => interpolate(raws, values, raw, 1),
    toRaw: (value) => {
      if (!within(value, lowest, highest)) return Number.NaN;
      return interpolate(values, raws, value, values.at(-1)! > values[0]! ? 1 : -1);
    },
  };
}

function interpolate(xs: Float64Array, ys: Float64Array, x: number, direction: 1 | -1): number {
  let i = 1;
  while (i < xs.length - 1 && direction * (x - xs[i]!) > 0) i++;
  const share = (x - xs[i - 1]!) / (xs[i]! - xs[i - 1]!);
  return ys[i - 1]! + share * (ys[i]! - ys[i - 1]!);
}

function outside(value: number, range: Point["range"], unit: string): string | undefined {
  if (range === undefined || within(value, range[0], range[1])) return undefined;
  return `${value} ${unit} is outside ${range[0]} to ${range[1]} ${unit}`;
}

/** Not a number is never within; 20.000000000000004 mA, got by converting units, is within 20 mA. */
function within(value: number, lowest: number, highest: number): boolean {
  const slack = 1e-9 * (highest - lowest);
  return value >= lowest - slack && value <= highest + slack;
}

/** A sentinel of a signed point may be written as its bit pattern (0x8000 for -32768). */
function signed(raw: number, { lowest, highest }: Encoding): number {
  return lowest < 0 && raw > highest ? raw + 2 * lowest : raw;
}
