/** `line write --type TYPE POINT VALUE`: a point by its name, its value in its unit or in its words. */
import { WearoutError } from "../../base/error.js";
import { dimensionOf, formatQuantity, parseQuantity, toCanonical } from "../../base/quantity.js";
import { suggest } from "../../base/schema.js";
import type { PointCodec } from "../../device/codec.js";
import { planWrite } from "../../device/command.js";
import type { DeviceType, Point } from "../../device/device-type.js";
import type { WriteRequest } from "../../device/request.js";
import { valueWords } from "../../device/value-words.js";
import { codecsOf } from "../device/read.js";
import { hexAddress, hexWords } from "./raw-value.js";

/** A value that is to be written to a point. */
export type PointWrite = {
  name: string;
  point: Point;
  codec: PointCodec;
  /** In the point's unit; a word of its enum as its number. */
  value: number;
  /** The register whose raw value scales it; read first. */
  scaleFrom: { name: string; codec: PointCodec } | undefined;
  /** Once the factor is known; throws `WRITE_REFUSED` for what the type forbids or cannot hold. */
  request(factor?: number): WriteRequest;
};

/** Throws `USAGE` for no such point or no such word, `WRITE_REFUSED` for what must not be written. */
export function pointWrite(
  type: DeviceType,
  name: string,
  text: string,
  parameter: readonly string[],
): PointWrite {
  const point = Object.hasOwn(type.points, name) ? type.points[name] : undefined;
  if (point === undefined) {
    const expected = suggest(name, Object.keys(type.points));
    throw new WearoutError("USAGE", `${type.type} has no point "${name}", expected ${expected}`);
  }
  const { codecs, missing } = codecsOf(type, { parameter: [...parameter] });
  if (point.times !== undefined && missing.includes(point.times)) {
    throw new WearoutError("USAGE", `say what it is: --parameter ${point.times}=QUANTITY`);
  }
  const codec = codecs.get(name)!;
  const value = valueSaid(name, point, text);
  const source = codec.scaleFrom;
  const scaleFrom = source === undefined ? undefined : { name: source, codec: codecs.get(source)! };
  const request = (factor?: number) => {
    const plan = planWrite(type, codecs, name, value, factor);
    if (plan.ok) return plan.request;
    throw new WearoutError(plan.error.code, `refused: ${plan.error.message}`);
  };
  // What cannot be right whatever the factor is, is said before a line is opened.
  if (scaleFrom === undefined) request();
  else refuseOutside(name, point, value);
  return { name, point, codec, value, scaleFrom, request };
}

function refuseOutside(name: string, { range, unit }: Point, value: number): void {
  if (range === undefined || (value >= range[0] && value <= range[1])) return;
  const text = `refused: ${name} = ${value} ${unit}: outside ${range[0]} to ${range[1]} ${unit}`;
  throw new WearoutError("WRITE_REFUSED", text);
}

/** A temperature written in K is an absolute one here: no point takes a difference in degC. */
const zeroCelsiusK = 273.15;

/** A word of the enum, names of bits as `ready+remote`, on or off, a number in the unit, or a quantity. */
function valueSaid(name: string, point: Point, text: string): number {
  if (Object.hasOwn(point.enum ?? {}, text)) return point.enum![text]!;
  const bits = bitsOf(point, text);
  if (bits !== undefined) return bits;
  if (text === "on" || text === "off") return text === "on" ? 1 : 0;
  const value = /^[+-]?0x[0-9a-f]+$/i.test(text) ? hexValue(text) : Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  const quantity = parseQuantity(text);
  const own = dimensionOf(point.unit);
  if (quantity !== undefined && point.unit !== "1" && !quantity.perSecond) {
    if (quantity.dimension === own) return fromCanonicalOf(quantity.value, point.unit);
    const isKelvin = quantity.dimension === "temperature difference";
    if (isKelvin && own === "temperature") return quantity.value - zeroCelsiusK;
  }
  throw new WearoutError("USAGE", `${name}: found "${text}", expected ${expectedOf(point)}`);
}

function hexValue(text: string): number {
  return text.startsWith("-") ? -Number(text.slice(1)) : Number(text);
}

function fromCanonicalOf(value: number, unit: string): number {
  const zero = toCanonical(0, unit);
  return (value - zero) / (toCanonical(1, unit) - zero);
}

function bitsOf({ bits }: Point, text: string): number | undefined {
  if (bits === undefined) return undefined;
  const names = text.split("+");
  if (!names.every((bit) => Object.hasOwn(bits, bit))) return undefined;
  return [...new Set(names)].reduce((sum, bit) => sum + 2 ** bits[bit]!, 0);
}

function expectedOf({ enum: words, bits, unit }: Point): string {
  if (words !== undefined) return `one of ${Object.keys(words).join(", ")}`;
  if (bits !== undefined) return `a number, or bits as ${Object.keys(bits).slice(0, 2).join("+")}`;
  return unit === "1" ? "a number" : `a number in ${unit}`;
}

/** What a write costs where the device keeps it; nothing where it does not, or the type does not say. */
export function eepromWords(name: string, { write, note }: Point): string[] {
  if (write?.persist !== "eeprom") return [];
  const worn = `${name} is kept in EEPROM: it outlasts the power, and each write wears the memory`;
  return [note === undefined ? worn : `${worn} (${note})`];
}

/** `sp (0x2103) = 35 degC, raw 015E; kept in EEPROM, which ...`: what is about to be done. */
export function writeWords(
  { name, point, codec, value }: PointWrite,
  request: WriteRequest,
  factor: number | undefined,
): string[] {
  const at = `${request.table} ${hexAddress(request.address)}`;
  const held = codec.decodeValue(request.values, 0, factor);
  const isOther = !(Math.abs(held - value) <= 1e-9 * Math.max(1, Math.abs(value)));
  const other = isOther ? ` (the nearest it can hold to ${value})` : "";
  const said = `${name} (${at}) = ${valueWords(point, held)}${other}`;
  const lines = [`${said}, raw ${hexWords(request.values)}`];
  lines.push(...eepromWords(name, point));
  if (point.range !== undefined) {
    const [low, high] = point.range.map((v) =>
      formatQuantity(toCanonical(v, point.unit), point.unit),
    );
    lines.push(`it takes ${low} to ${high}`);
  }
  return lines;
}
