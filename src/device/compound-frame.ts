/**
 * The two functions that do more than read or write: Mask Write Register (22) and Read/Write Multiple
 * registers (23), as bodies (Modbus Application Protocol V1.1b3, 6.16 and 6.17).
 */
import { dataLength, putValues, putWord, takeValues, word } from "./frame-bytes.js";
import type { WriteRequest } from "./request.js";

/** Most registers that one function 23 may write; it may read as many as function 3. */
export const mostReadWritten = 121;
const mostRead = 125;

export const maskWriteLength = 10;

/** The bits that stay (AND mask) and those that are set (OR mask), behind the address. */
export function putMasks(frame: Uint8Array, { mask = 0xffff, values }: WriteRequest): void {
  putWord(frame, 4, ~mask & 0xffff);
  putWord(frame, 6, values[0]!);
}

export function parseMaskWrite(body: Uint8Array): WriteRequest | string {
  if (body.length !== maskWriteLength - 2) return `${body.length} bytes for a mask write`;
  const mask = ~word(body, 4) & 0xffff;
  const values = [word(body, 6)];
  return { kind: "write", table: "holding", address: word(body, 2), values, single: true, mask };
}

export function readWriteLength({ values }: WriteRequest): number {
  return 13 + dataLength("holding", values.length);
}

export function putReadWrite(frame: Uint8Array, { address, values, reads }: WriteRequest): void {
  putWord(frame, 2, reads?.address ?? address);
  putWord(frame, 4, reads?.count ?? values.length);
  putWord(frame, 6, address);
  putWord(frame, 8, values.length);
  frame[10] = dataLength("holding", values.length);
  putValues(frame, 11, "holding", values);
}

export function parseReadWrite(body: Uint8Array): WriteRequest | string {
  if (body.length < 11) return `${body.length} bytes for a read and write`;
  const reads = { address: word(body, 2), count: word(body, 4) };
  const count = word(body, 8);
  if (reads.count < 1 || reads.count > mostRead) return `count ${reads.count}`;
  if (count < 1 || count > mostReadWritten) return `count ${count}`;
  if (body[10] !== 2 * count || body.length !== 11 + 2 * count) return "byte count does not fit";
  const values = takeValues(body, 11, "holding", count);
  return { kind: "write", table: "holding", address: word(body, 6), values, single: false, reads };
}
