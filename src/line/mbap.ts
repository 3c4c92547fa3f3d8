import { crc16, type ParsedReply, parseReplyBody } from "../device/rtu-frame.js";
import type { Asked, FrameCounts, Framer, Instead } from "./framer.js";
import type { Tolerated } from "./wire.js";

const headerLength = 6;
const none = new Uint8Array(0);
/** Unit, function and at most 252 bytes of data (Modbus Messaging on TCP/IP V1.0b, 3.1.3). */
const longestBody = 254;

/**
 * Modbus TCP: cuts the stream by its headers and matches answers by the whole 16-bit transaction id
 * (modbus-serial wraps at 256, so that an answer held back long enough is taken for another's), then
 * by unit, function, length and echo. A header that cannot be one breaks the connection.
 */
export class TcpFramer implements Framer {
  broken: string | undefined;
  /** Requests sent on this connection; beyond 65535 ids repeat. */
  sent = 0;
  readonly #counts: FrameCounts;
  readonly #tolerate: readonly Tolerated[];
  readonly #late: (transaction: number) => void;
  #bytes: Uint8Array = none;
  #asked: Asked | undefined;
  /** Of the last answer that was let through. */
  #unit = 0;
  #body: Uint8Array = none;
  #instead: Instead | undefined;

  /** `late` is called with the number of an answer to a question that was given up. */
  constructor(
    counts: FrameCounts,
    tolerate: readonly Tolerated[] = [],
    late: (transaction: number) => void = () => {},
  ) {
    this.#counts = counts;
    this.#tolerate = tolerate;
    this.#late = late;
  }

  begin(asked: Asked, frame: Uint8Array): Uint8Array {
    this.#asked = asked;
    this.#instead = undefined;
    this.sent++;
    return withHeader(this.sent & 0xffff, frame);
  }

  feed(bytes: Uint8Array): ParsedReply | undefined {
    if (this.broken !== undefined) return undefined;
    const all = this.#bytes.length === 0 ? bytes : joined(this.#bytes, bytes);
    let found: ParsedReply | undefined;
    let at = 0;
    while (at + headerLength <= all.length) {
      const length = word(all, at + 4);
      this.#judgeHeader(word(all, at + 2), length, all.length - at);
      const end = at + headerLength + length;
      if (this.broken !== undefined || end > all.length) break;
      found ??= this.#judge(word(all, at), all.subarray(at + headerLength, end));
      at = end;
    }
    // The stream uses its buffer again: what is kept for later is copied.
    this.#bytes = this.broken === undefined && at < all.length ? all.slice(at) : none;
    return found;
  }

  frame(): Uint8Array {
    return sealed(this.#unit, this.#body);
  }

  end(): Instead {
    this.#asked = undefined;
    if (this.#instead !== undefined) return this.#instead;
    if (this.#bytes.length === 0) return { fault: "timeout", detail: "no answer" };
    return { fault: "partial", detail: `${this.#bytes.length} bytes of an answer` };
  }

  #judgeHeader(protocol: number, length: number, bytes: number): void {
    if (protocol !== 0) this.#break("foreign", `protocol ${protocol} in the header`, bytes);
    else if (length < 2 || length > longestBody) {
      this.#break("length", `a header that announces ${length} bytes`, bytes);
    }
  }

  #break(fault: "foreign" | "length", detail: string, bytes: number): void {
    this.broken = detail;
    this.#instead = { fault, detail };
    this.#counts.staleBytes += bytes;
  }

  #judge(transaction: number, body: Uint8Array): ParsedReply | undefined {
    const asked = this.#asked;
    if (asked === undefined || !this.#isOurs(transaction)) {
      this.#counts.lateReplies++;
      this.#late(transaction);
      return undefined;
    }
    const unit = this.#tolerate.includes("unit") ? body[0]! : asked.unit;
    const reply = parseReplyBody(unit, asked.request, body);
    if (reply.ok || reply.fault === "exception") {
      this.#asked = undefined;
      this.#unit = asked.unit;
      this.#body = body;
      return reply;
    }
    const hint = body[0] === unit ? "" : "; a gateway that always does so: tolerate: [unit]";
    this.#instead = { fault: reply.fault, detail: `${reply.detail}${hint}` };
    this.#counts.staleBytes += body.length + headerLength;
    return undefined;
  }

  /** A number that was never given is no late answer: the server does not copy it. */
  #isOurs(transaction: number): boolean {
    if (transaction === (this.sent & 0xffff)) return true;
    if (this.#tolerate.includes("transaction")) return true;
    if (transaction === 0 || transaction > this.sent) {
      const detail = `no answer of its number, but one of transaction ${transaction}`;
      this.#instead ??= { fault: "timeout", detail: `${detail} (tolerate: [transaction])` };
    }
    return false;
  }
}

/** `toTcp` without a detour: memory from Node's pool, and of the kind that a socket takes as it is. */
function withHeader(transaction: number, frame: Uint8Array): Uint8Array {
  const bodyLength = frame.length - 2;
  const bytes = Buffer.allocUnsafe(headerLength + bodyLength);
  bytes[0] = transaction >>> 8;
  bytes[1] = transaction;
  bytes[2] = 0;
  bytes[3] = 0;
  bytes[4] = bodyLength >>> 8;
  bytes[5] = bodyLength;
  for (let i = 0; i < bodyLength; i++) bytes[headerLength + i] = frame[i]!;
  return bytes;
}

/** The body as the RTU frame of the unit that was asked. */
function sealed(unit: number, body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(body.length + 2);
  frame.set(body);
  frame[0] = unit;
  const crc = crc16(frame, 0, body.length);
  frame[body.length] = crc;
  frame[body.length + 1] = crc >>> 8;
  return frame;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}
