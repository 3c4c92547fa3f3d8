/** Words and values in the bytes of a frame. */
import type { Table } from "./request.js";

function isBits(table: Table): boolean {
  return table === "coil" || table === "discrete";
}

export function dataLength(table: Table, count: number): number {
  return isBits(table) ? (count + 7) >> 3 : 2 * count;
}

export function putWord(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

export function word(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

export function putValues(
  to: Uint8Array,
  at: number,
  table: Table,
  values: ArrayLike<number>,
): void {
  const bits = isBits(table);
  for (let i = 0; i < values.length; i++) {
    if (!bits) putWord(to, at + 2 * i, values[i]!);
    else if (values[i] !== 0) to[at + (i >> 3)]! |= 1 << (i & 7);
  }
}

export function takeValues(from: Uint8Array, at: number, table: Table, count: number): number[] {
  const values = new Array<number>(count);
  const bits = isBits(table);
  for (let i = 0; i < count; i++) {
    values[i] = bits ? (from[at + (i >> 3)]! >> (i & 7)) & 1 : word(from, at + 2 * i);
  }
  return values;
}
