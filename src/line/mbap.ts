import { crc16, parseReplyBody, toTcp } from "../device/rtu-frame.js";
import type { Asked, FrameCounts, Framer, Instead } from "./framer.js";

const headerLength = 6;
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
  #bytes: Uint8Array = new Uint8Array(0);
  #asked: Asked | undefined;
  #instead: Instead | undefined;

  constructor(counts: FrameCounts) {
    this.#counts = counts;
  }

  begin(asked: Asked, frame: Uint8Array): Uint8Array {
    this.#asked = asked;
    this.#instead = undefined;
    this.sent++;
    return toTcp(this.sent & 0xffff, frame);
  }

  feed(bytes: Uint8Array): Uint8Array | undefined {
    if (this.broken !== undefined) return undefined;
    this.#bytes = this.#bytes.length === 0 ? bytes : joined(this.#bytes, bytes);
    let found: Uint8Array | undefined;
    while (this.#bytes.length >= headerLength && this.broken === undefined) {
      const length = word(this.#bytes, 4);
      this.#judgeHeader(word(this.#bytes, 2), length);
      if (this.broken !== undefined || this.#bytes.length < headerLength + length) break;
      const body = this.#bytes.subarray(headerLength, headerLength + length);
      found ??= this.#judge(word(this.#bytes, 0), body);
      this.#bytes = this.#bytes.subarray(headerLength + length);
    }
    if (this.broken !== undefined) this.#bytes = new Uint8Array(0);
    return found;
  }

  end(): Instead {
    this.#asked = undefined;
    if (this.#instead !== undefined) return this.#instead;
    if (this.#bytes.length === 0) return { fault: "timeout", detail: "no answer" };
    return { fault: "partial", detail: `${this.#bytes.length} bytes of an answer` };
  }

  #judgeHeader(protocol: number, length: number): void {
    if (protocol !== 0) this.#break("foreign", `protocol ${protocol} in the header`);
    else if (length < 2 || length > longestBody) {
      this.#break("length", `a header that announces ${length} bytes`);
    }
  }

  #break(fault: "foreign" | "length", detail: string): void {
    this.broken = detail;
    this.#instead = { fault, detail };
    this.#counts.staleBytes += this.#bytes.length;
  }

  #judge(transaction: number, body: Uint8Array): Uint8Array | undefined {
    const asked = this.#asked;
    if (asked === undefined || transaction !== (this.sent & 0xffff)) {
      this.#counts.lateReplies++;
      return undefined;
    }
    const reply = parseReplyBody(asked.unit, asked.request, body);
    if (reply.ok || reply.fault === "exception") {
      this.#asked = undefined;
      return sealed(body);
    }
    this.#instead = { fault: reply.fault, detail: reply.detail };
    this.#counts.staleBytes += body.length + headerLength;
    return undefined;
  }
}

/** modbus-serial wants a CRC at the end of every frame. */
function sealed(body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(body.length + 2);
  frame.set(body);
  const crc = crc16(body);
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
