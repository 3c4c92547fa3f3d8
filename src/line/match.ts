import { functionCode, type Request, wordsAnswered } from "../device/request.js";
import { crcFits, parseReply, replyLength } from "../device/rtu-frame.js";
import type { Asked } from "./framer.js";
import type { LineFault } from "./line.js";

/** Would the two put the same bytes on the wire for the same unit? */
export function sameRequest(a: Request, b: Request): boolean {
  if (a === b) return true;
  if (a.table !== b.table || a.address !== b.address) return false;
  if (a.kind === "read") return b.kind === "read" && a.count === b.count;
  if (b.kind === "read" || a.single !== b.single || a.mask !== b.mask) return false;
  if (a.reads?.address !== b.reads?.address || a.reads?.count !== b.reads?.count) return false;
  return a.values.length === b.values.length && a.values.every((v, i) => v === b.values[i]);
}

/** Could the RTU answer to `a` pass for the answer to `b`? */
export function confusable(a: Asked, b: Asked): boolean {
  if (a.unit !== b.unit || functionCode(a.request) !== functionCode(b.request)) return false;
  const [x, y] = [a.request, b.request];
  if (wordsAnswered(x) > 0) return replyLength(x) === replyLength(y);
  if (x.kind === "read" || y.kind === "read") return false;
  if (x.address !== y.address) return false;
  return x.single ? x.values[0] === y.values[0] : x.values.length === y.values.length;
}

/** Is the confirmation of it byte for byte the request (functions 5, 6 and 22)? */
export function isConfirmedAlike(request: Request): boolean {
  if (request.kind === "read" || request.reads !== undefined) return false;
  return request.single || request.mask !== undefined;
}

/** Do two writes touch the same place? */
export function overlaps(a: Request, b: Request): boolean {
  return a.table === b.table && a.address < endOf(b) && b.address < endOf(a);
}

function endOf(request: Request): number {
  return request.address + (request.kind === "read" ? request.count : request.values.length);
}

/** Length of the right answer (or the exception) that stands at `at`; 0 when there is none. */
export function answerAt(bytes: Uint8Array, at: number, end: number, asked: Asked): number {
  if (bytes[at] !== asked.unit) return 0;
  const code = functionCode(asked.request);
  const exception = bytes[at + 1] === (code | 0x80);
  if (!exception && bytes[at + 1] !== code) return 0;
  const length = exception ? 5 : replyLength(asked.request);
  if (at + length > end || !crcFits(bytes, at, at + length)) return 0;
  if (exception) return length;
  const reply = parseReply(asked.unit, asked.request, bytes.subarray(at, at + length));
  return reply.ok ? length : 0;
}

/** Does what stands at `at` refuse what was asked (exceptions 1 to 3), whatever state the device is in? */
export function isRefusalAt(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 1]! > 0x80 && bytes[at + 2]! <= 3;
}

/** Does what stands at `at` look like the head of an answer whose end is still to come? */
export function mayBegin(bytes: Uint8Array, at: number, end: number, asked: Asked): boolean {
  if (bytes[at] !== asked.unit || bytes[at + 1] !== functionCode(asked.request)) return false;
  const length = replyLength(asked.request);
  return at + length > end && (asked.request.kind === "write" || bytes[at + 2] === length - 5);
}

/** What stands at `at` instead of the answer; `partial` when nothing whole does. */
export function faultAt(bytes: Uint8Array, at: number, end: number, asked: Asked): LineFault {
  if (bytes[at] !== asked.unit || bytes[at + 1] !== functionCode(asked.request)) {
    return wholeFrameAt(bytes, at, end) ? "foreign" : "partial";
  }
  const length = replyLength(asked.request);
  const isRead = wordsAnswered(asked.request) > 0;
  if (isRead && bytes[at + 2] !== length - 5) {
    return wholeFrameAt(bytes, at, end) ? "length" : "partial";
  }
  if (at + length > end) return "partial";
  if (!crcFits(bytes, at, at + length)) return "crc";
  return isRead ? "length" : "echo";
}

/** A well-formed frame of whatever unit: an exception, a read's reply, a read request or an echo. */
function wholeFrameAt(bytes: Uint8Array, at: number, end: number): boolean {
  const code = bytes[at + 1] ?? 0;
  if (code > 0x80) return fits(bytes, at, at + 5, end);
  return fits(bytes, at, at + 8, end) || fits(bytes, at, at + 5 + (bytes[at + 2] ?? 0), end);
}

function fits(bytes: Uint8Array, at: number, to: number, end: number): boolean {
  return to <= end && crcFits(bytes, at, to);
}
