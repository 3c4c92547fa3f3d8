import { compilePoint, type Parameters, type PointCodec } from "../device/codec.js";
import { isWritable } from "../device/command.js";
import type { Point } from "../device/device-type.js";
import { encodingOf, fieldMask } from "../device/encoding.js";
import { encodeText } from "../device/text.js";
import type { RegisterImage } from "./register-image.js";

/** One point of a simulated device: where it lies in the register image, and what it accepts. */
export class SimPoint {
  readonly name: string;
  readonly point: Point;
  readonly codec: PointCodec;
  readonly image: RegisterImage;
  /** Place in the image's words where it is read, and where it is written. */
  readonly at: number;
  readonly writeAt: number;
  readonly writable: boolean;
  /** The bits of its register that it is. */
  readonly mask: number;
  /** The point whose raw value gives the factor (`scaleFrom`). */
  source: SimPoint | undefined;
  readonly #least: number;
  readonly #most: number;

  constructor(name: string, point: Point, parameters: Parameters, image: RegisterImage) {
    this.name = name;
    this.point = point;
    this.codec = compilePoint(point, parameters);
    this.image = image;
    this.at = point.address - image.base;
    this.writeAt = writeAddress(point) - image.base;
    this.writable = isWritable(point);
    this.mask = fieldMask(point) ?? 0xffff;
    [this.#least, this.#most] = expressible(point, this.codec);
  }

  /** Value in the point's unit; NaN when the registers say "no value". */
  get(): number {
    return this.codec.decodeValue(this.image.words, this.at, this.#factor());
  }

  /** Stores a value, a word of the enum or a text; gives the problem when it does not fit. */
  put(value: number | string): string | undefined {
    if (this.point.as === "ascii") return this.#putText(String(value));
    return this.codec.store(this.image.words, this.at, value, this.#factor());
  }

  /**
   * Stores a measured value. Beyond what the point can say it saturates, as a converter does; NaN
   * becomes the device's own sign for "no value", where it has one.
   */
  measure(value: number): void {
    if (Number.isNaN(value)) this.#putSentinel();
    else {
      const clamped = Math.min(Math.max(value, this.#least), this.#most);
      this.codec.storeMeasured(this.image.words, this.at, clamped, this.#factor());
    }
  }

  putRaw(raw: number): void {
    encodingOf(this.point).write(this.image.words, this.at, raw);
  }

  /** What was written at its other address is from now on what is read. */
  takeOver(): void {
    const { words } = this.image;
    for (let i = 0; i < this.codec.registers; i++) {
      const [old, written] = [words[this.at + i]!, words[this.writeAt + i]!];
      words[this.at + i] = (old & ~this.mask) | (written & this.mask);
    }
  }

  /** Would the device accept what now stands where this point is written? */
  accepts(): boolean {
    const { words } = this.image;
    const factor = this.#factor();
    if (this.codec.quality(words, this.writeAt, factor) !== "good") return false;
    const { enum: known, range } = this.point;
    if (known !== undefined) {
      return Object.values(known).includes(this.codec.raw(words, this.writeAt));
    }
    if (range === undefined) return true;
    const value = this.codec.decodeValue(words, this.writeAt, factor);
    const slack = rounding(this.point) * Math.max(Math.abs(range[0]), Math.abs(range[1]));
    return value >= range[0] - slack && value <= range[1] + slack;
  }

  #factor(): number | undefined {
    const source = this.source;
    if (source === undefined) return undefined;
    return this.codec.factorOf(source.codec.raw(source.image.words, source.at));
  }

  #putText(text: string): string | undefined {
    const words = encodeText(this.point, text);
    if (words === undefined) return `"${text}" does not fit ${this.codec.registers} registers`;
    this.image.words.set(words, this.at);
    return undefined;
  }

  #putSentinel(): void {
    const sentinel = this.point.sentinels?.[0];
    if (sentinel !== undefined) this.putRaw(sentinel);
  }
}

/** Where writes to the point go. */
export function writeAddress(point: Point): number {
  return point.write?.address ?? point.address;
}

/** A limit such as 0.1 is not exactly itself in 32 bits. */
function rounding(point: Point): number {
  return point.as === "f32" ? 1e-6 : 1e-12;
}

/** Lowest and highest value that encoding, scale, table and range can express. */
function expressible(point: Point, codec: PointCodec): [number, number] {
  let [least, most] = point.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const values = point.linear?.map(([, value]) => value) ?? ends(point, codec);
  least = Math.max(least, Math.min(...values));
  most = Math.min(most, Math.max(...values));
  return [least, most];
}

/** Values at both ends of the encoding, past the sentinels that often sit there. */
function ends(point: Point, codec: PointCodec): number[] {
  const all = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  if (codec.scaleFrom !== undefined || point.as === "ascii") return all;
  const { lowest, highest, registers, write } = encodingOf(point);
  const words = new Uint16Array(registers);
  const valueAt = (raw: number, inward: number): number => {
    write(words, 0, raw);
    const { value, quality } = codec.decode(words, 0);
    return quality === "sentinel" ? valueAt(raw + inward, inward) : value;
  };
  return [valueAt(lowest, 1), valueAt(highest, -1)];
}
