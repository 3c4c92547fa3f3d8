/**
 * Modbus RTU frames as pure functions: both directions, functions 1 to 6, 15, 16, 22 and 23.
 * A frame is `unit, function, data, CRC` (Modbus over Serial Line V1.02, 2.3 and 2.5.1); the part
 * before the CRC is called the body and is also what a Modbus TCP header carries.
 */
import { assert } from "../base/error.js";
import {
  maskWriteLength,
  mostReadWritten,
  parseMaskWrite,
  parseReadWrite,
  putMasks,
  putReadWrite,
  readWriteLength,
} from "./compound-frame.js";
import { dataLength, putValues, putWord, takeValues, word } from "./frame-bytes.js";
import {
  functionCode,
  maskWrite,
  type Request,
  readWrite,
  type Table,
  type WriteRequest,
  wordsAnswered,
} from "./request.js";

/** Longest RTU frame (Modbus over Serial Line V1.02, 2.5.1). */
export const longestFrame = 256;

const crcTable = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  return crc;
});

/** CRC-16/MODBUS of `bytes[from, to)`; on the wire the low byte goes first. */
export function crc16(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let crc = 0xffff;
  for (let i = from; i < to; i++) crc = (crc >>> 8) ^ crcTable[(crc ^ bytes[i]!) & 0xff]!;
  return crc;
}

/** Does the frame `bytes[from, to)` end in its own CRC? */
export function crcFits(bytes: Uint8Array, from = 0, to = bytes.length): boolean {
  if (to - from < 4) return false;
  return crc16(bytes, from, to - 2) === (bytes[to - 2]! | (bytes[to - 1]! << 8));
}

/** Most values one exchange may carry (Modbus Application Protocol V1.1b3, sections 6.1 to 6.12). */
export function mostValues(kind: Request["kind"], table: Table): number {
  const bits = table === "coil" || table === "discrete";
  if (kind === "read") return bits ? 2000 : 125;
  return bits ? 1968 : 123;
}

/** The whole request as an RTU frame. Counts and addresses outside Modbus are our own mistake. */
export function encodeRequest(unit: number, request: Request): Uint8Array {
  const count = request.kind === "read" ? request.count : request.values.length;
  assert(count >= 1 && count <= mostOf(request), `${count} values at once`);
  assert(request.address >= 0 && request.address + count <= 65536, "addresses within 0 to 65535");
  const frame = new Uint8Array(requestLength(request));
  frame[0] = unit;
  frame[1] = functionCode(request);
  putWord(frame, 2, request.address);
  if (request.kind === "read") putWord(frame, 4, count);
  else if (request.mask !== undefined) putMasks(frame, request);
  else if (request.reads !== undefined) putReadWrite(frame, request);
  else if (request.single) putWord(frame, 4, singleWord(request.table, request.values[0]!));
  else {
    putWord(frame, 4, count);
    frame[6] = dataLength(request.table, count);
    putValues(frame, 7, request.table, request.values);
  }
  return seal(frame);
}

function mostOf(request: Request): number {
  if (request.kind === "write" && request.mask !== undefined) return 1;
  if (request.kind === "write" && request.reads !== undefined) return mostReadWritten;
  return mostValues(request.kind, request.table);
}

/** Bytes of the request's frame. */
export function requestLength(request: Request): number {
  if (request.kind === "read") return 8;
  if (request.mask !== undefined) return maskWriteLength;
  if (request.reads !== undefined) return readWriteLength(request);
  return request.single ? 8 : 9 + dataLength(request.table, request.values.length);
}

/** Bytes of the frame that answers it, unless it is an exception (always 5). */
export function replyLength(request: Request): number {
  const count = wordsAnswered(request);
  if (count > 0) return 5 + dataLength(request.table, count);
  return request.kind === "write" && request.mask !== undefined ? maskWriteLength : 8;
}

/**
 * Length of the request frame that begins at `from`, as its own head says; 0 while too little of it
 * is there to tell, -1 for a function we do not know. For servers that cut a stream into frames.
 */
export function announcedLength(bytes: Uint8Array, from = 0): number {
  const code = bytes[from + 1];
  if (code === undefined) return 0;
  if (code >= 1 && code <= 6) return 8;
  if (code === maskWrite) return maskWriteLength;
  const head = code === readWrite ? 13 : 9;
  if (code !== 15 && code !== 16 && code !== readWrite) return -1;
  const dataBytes = bytes[from + head - 3];
  return dataBytes === undefined ? 0 : head + dataBytes;
}

/**
 * A request as a device sees it. `exception` is what a device must answer; without one it must stay
 * silent (frame cut short or CRC wrong).
 */
export type ParsedRequest =
  | { ok: true; unit: number; request: Request }
  | { ok: false; unit: number; functionCode: number; exception?: number; problem: string };

/** Reads a whole RTU request frame, CRC included. */
export function parseRequest(frame: Uint8Array): ParsedRequest {
  if (!crcFits(frame)) return bad(frame, undefined, "CRC does not fit");
  return parseRequestBody(frame.subarray(0, -2));
}

/** Reads a request without CRC: what follows the length of a Modbus TCP header. */
export function parseRequestBody(body: Uint8Array): ParsedRequest {
  if (body.length < 2) return bad(body, undefined, "cut short");
  const code = body[1]!;
  const kind = requestKinds[code];
  if (kind === undefined) return bad(body, 1, `function ${code} is not known`);
  if (body.length < 6) return bad(body, 3, "cut short");
  const request = parseKind(body, kind);
  if (typeof request === "string") return bad(body, 3, request);
  if (runsBeyond(request)) return bad(body, 2, "runs beyond address 65535");
  return { ok: true, unit: body[0]!, request };
}

function runsBeyond(request: Request): boolean {
  const count = request.kind === "read" ? request.count : request.values.length;
  const reads = request.kind === "read" ? undefined : request.reads;
  const readEnd = reads === undefined ? 0 : reads.address + reads.count;
  return Math.max(request.address + count, readEnd) > 65536;
}

type RequestKind =
  | { write: false; table: Table }
  | { write: true; table: "coil" | "holding"; single: boolean }
  | ((body: Uint8Array) => WriteRequest | string);

const requestKinds: Record<number, RequestKind> = {
  1: { write: false, table: "coil" },
  2: { write: false, table: "discrete" },
  3: { write: false, table: "holding" },
  4: { write: false, table: "input" },
  5: { write: true, table: "coil", single: true },
  6: { write: true, table: "holding", single: true },
  15: { write: true, table: "coil", single: false },
  16: { write: true, table: "holding", single: false },
  [maskWrite]: parseMaskWrite,
  [readWrite]: parseReadWrite,
};

function parseKind(body: Uint8Array, kind: RequestKind): Request | string {
  if (typeof kind === "function") return kind(body);
  return kind.write ? parseWrite(body, kind) : parseRead(body, kind.table);
}

function parseRead(body: Uint8Array, table: Table): Request | string {
  if (body.length !== 6) return `${body.length} bytes for a read`;
  const count = word(body, 4);
  if (count < 1 || count > mostValues("read", table)) return `count ${count}`;
  return { kind: "read", table, address: word(body, 2), count };
}

function parseWrite(
  body: Uint8Array,
  { table, single }: { table: "coil" | "holding"; single: boolean },
): Request | string {
  const address = word(body, 2);
  const count = word(body, 4);
  if (single) {
    if (body.length !== 6) return `${body.length} bytes for a single write`;
    if (table === "coil" && count !== 0 && count !== 0xff00) return `coil value ${count}`;
    return {
      kind: "write",
      table,
      address,
      values: [table === "coil" ? +(count > 0) : count],
      single,
    };
  }
  if (count < 1 || count > mostValues("write", table)) return `count ${count}`;
  const length = dataLength(table, count);
  if (body[6] !== length || body.length !== 7 + length) return "byte count does not fit";
  return { kind: "write", table, address, values: takeValues(body, 7, table, count), single };
}

function bad(frame: Uint8Array, exception: number | undefined, problem: string): ParsedRequest {
  const head = { ok: false as const, unit: frame[0] ?? 0, functionCode: frame[1] ?? 0, problem };
  return exception === undefined ? head : { ...head, exception };
}

/** The device's answer: `words` are the registers (or bits) read; a write is confirmed. */
export function encodeReply(unit: number, request: Request, words: ArrayLike<number>): Uint8Array {
  const frame = new Uint8Array(replyLength(request));
  frame[0] = unit;
  frame[1] = functionCode(request);
  const count = wordsAnswered(request);
  if (count > 0) {
    assert(words.length === count, "as many words as were asked for");
    frame[2] = dataLength(request.table, count);
    putValues(frame, 3, request.table, words);
  } else if (request.kind === "write") {
    putWord(frame, 2, request.address);
    if (request.mask === undefined) putWord(frame, 4, confirmation(request));
    else putMasks(frame, request);
  }
  return seal(frame);
}

/** The device refuses (Modbus Application Protocol V1.1b3, section 7). */
export function encodeException(unit: number, code: number, exception: number): Uint8Array {
  return seal(Uint8Array.of(unit, code | 0x80, exception, 0, 0));
}

/** A frame's body behind a Modbus TCP header (Modbus Messaging on TCP/IP V1.0b, 3.1.3). */
export function toTcp(transaction: number, frame: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(frame.length + 4);
  putWord(bytes, 0, transaction);
  putWord(bytes, 4, frame.length - 2);
  bytes.set(frame.subarray(0, -2), 6);
  return bytes;
}

/** Why a reply is not one; the words are those of a line's faults. */
export type ReplyFault = "partial" | "crc" | "foreign" | "length" | "echo" | "exception";

export type ParsedReply =
  | { ok: true; words: number[] }
  | { ok: false; fault: ReplyFault; exception?: number; detail: string };

/**
 * Reads a whole RTU reply frame against the request it answers: unit, function, byte count, length,
 * CRC, and for a write the echoed address and value or count. Reads give their registers or bits.
 */
export function parseReply(unit: number, request: Request, frame: Uint8Array): ParsedReply {
  if (frame.length < 5) return no("partial", `${frame.length} bytes`);
  if (!crcFits(frame)) return no("crc", "CRC does not fit");
  return parseReplyBody(unit, request, frame.subarray(0, -2));
}

/** The same without CRC: what follows the length of a Modbus TCP header. */
export function parseReplyBody(unit: number, request: Request, body: Uint8Array): ParsedReply {
  if (body.length < 3) return no("partial", `${body.length} bytes`);
  const code = functionCode(request);
  if (body[0] !== unit) return no("foreign", `unit ${body[0]} answered for unit ${unit}`);
  if (body[1] === (code | 0x80)) {
    if (body.length !== 3) return no("length", `${body.length} bytes for an exception`);
    const exception = body[2]!;
    return { ok: false, fault: "exception", exception, detail: exceptionText(exception) };
  }
  if (body[1] !== code) return no("foreign", `function ${body[1]} instead of ${code}`);
  const expected = replyLength(request) - 2;
  if (body.length !== expected) return no("length", `${body.length} bytes instead of ${expected}`);
  if (request.kind === "write" && request.reads === undefined) return compareEcho(request, body);
  if (body[2] !== expected - 3) return no("length", `byte count ${body[2]}`);
  return { ok: true, words: takeValues(body, 3, request.table, wordsAnswered(request)) };
}

function compareEcho(request: WriteRequest, body: Uint8Array): ParsedReply {
  const sent = encodeReply(body[0]!, request, []).subarray(0, -2);
  if (sent.every((byte, i) => byte === body[i])) return { ok: true, words: [] };
  return no("echo", `confirmed ${inWords(body)}, sent ${inWords(sent)}`);
}

/** `7=5`, `7=5,1` where a mask was confirmed. */
function inWords(body: Uint8Array): string {
  const values = body.length < 8 ? [word(body, 4)] : [word(body, 4), word(body, 6)];
  return `${word(body, 2)}=${values.join(",")}`;
}

function no(fault: ReplyFault, detail: string): ParsedReply {
  return { ok: false, fault, detail };
}

/** Modbus Application Protocol V1.1b3, section 7. */
const exceptionTexts: Record<number, string> = {
  1: "illegal function",
  2: "illegal data address",
  3: "illegal data value",
  4: "device failure",
  5: "acknowledged, not done yet",
  6: "device busy",
  8: "memory parity error",
  10: "gateway path unavailable",
  11: "gateway target does not answer",
};

/** `exception 2: illegal data address` */
export function exceptionText(exception: number): string {
  const text = exceptionTexts[exception];
  return text === undefined ? `exception ${exception}` : `exception ${exception}: ${text}`;
}

/** Second word of a write's reply: the value of a single write, the count of a multiple one. */
function confirmation(request: WriteRequest): number {
  return request.single ? singleWord(request.table, request.values[0]!) : request.values.length;
}

function singleWord(table: Table, value: number): number {
  if (table === "coil") return value === 0 ? 0 : 0xff00;
  return value & 0xffff;
}

function seal(frame: Uint8Array): Uint8Array {
  const crc = crc16(frame, 0, frame.length - 2);
  frame[frame.length - 2] = crc;
  frame[frame.length - 1] = crc >>> 8;
  return frame;
}
