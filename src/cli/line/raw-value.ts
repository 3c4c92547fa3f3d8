/** Values of registers nobody has described: encodings and byte orders as a person names them. */
import type { Command } from "commander";
import { WearoutError } from "../../base/error.js";
import { compilePoint, type PointCodec } from "../../device/codec.js";
import type { Point } from "../../device/device-type.js";
import type { Table } from "../../device/request.js";
import { oneOf } from "../option.js";

const encodings = [
  ...(["bit", "u16", "s16", "u32", "s32", "f32", "u64", "s64", "f64"] as const),
  ...(["bcd16", "bcd32", "sm16", "sm32", "m16e16"] as const),
] as const;
export const orders = ["ABCD", "CDAB", "BADC", "DCBA"] as const;

export type ValueOptions = { as?: string; order: string };

export function addValueOptions(command: Command, what: string): Command {
  return command
    .option("--as <encoding>", `${what} as ${encodings.join(", ")}`)
    .option("--order <order>", `byte order on the wire: ${orders.join(", ")}`, "ABCD");
}

/** The codec of one value in the table, in the encoding asked for. */
export function valueCodec(table: Table, options: ValueOptions, usual: Point["as"]): PointCodec {
  const as = options.as === undefined ? usual : oneOf("--as", options.as, encodings);
  return codecAs(table, as, oneOf("--order", options.order, orders));
}

export function codecAs(table: Table, as: Point["as"], order: Point["order"] & string): PointCodec {
  return compilePoint({
    ...{ table, address: 0, as, order },
    ...{ unit: "1", access: "read-write", confidence: "manual" },
  });
}

/** The words of values as typed: numbers in decimal or hex, `on` and `off` for bits. */
export function wordsOf(codec: PointCodec, texts: readonly string[]): number[] {
  return texts.flatMap((text) => {
    const encoded = codec.encode(numberOf(text));
    if (encoded.ok) return encoded.words;
    throw new WearoutError("USAGE", `value "${text}" as ${codec.point.as}: ${encoded.problem}`);
  });
}

function numberOf(text: string): number {
  if (text === "on" || text === "off") return text === "on" ? 1 : 0;
  const value = /^-?(0x[0-9a-f]+|\d*\.?\d+(e[+-]?\d+)?)$/i.test(text) ? signedNumber(text) : NaN;
  if (Number.isFinite(value)) return value;
  throw new WearoutError("USAGE", `value: found "${text}", expected a number, on or off`);
}

/** JavaScript knows no negative hex. */
function signedNumber(text: string): number {
  return text.startsWith("-") ? -Number(text.slice(1)) : Number(text);
}

/** `null` where the words hold no number. */
export function valueAt(codec: PointCodec, words: readonly number[], at: number): number | null {
  const value = codec.decodeValue(words, at);
  return Number.isNaN(value) ? null : value;
}

/** `0BB8 0001` */
export function hexWords(words: readonly number[]): string {
  return words.map((w) => w.toString(16).toUpperCase().padStart(4, "0")).join(" ");
}

/** `0x2000` */
export function hexAddress(address: number): string {
  return `0x${address.toString(16).toUpperCase()}`;
}

/** `01 04 00 00 00 02 71 CB` */
export function hexBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (b) => b.toString(16).toUpperCase().padStart(2, "0")).join(" ");
}
