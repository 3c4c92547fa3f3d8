/** Modbus bytes by hand: the checksum, requests out of a stream, replies into frames. */

/** What a request asks for. `coil` tables hold bits. */
export type Request = {
  unit: number;
  code: number;
  address: number;
  count: number;
  values: number[];
  pdu: Buffer;
};

/** CRC-16 of Modbus over serial line 1.02, 6.2.2; sent low byte first. */
export function checksum(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

/** Length of a request's function code and data; 0 while more bytes are needed to know. */
function pduLength(bytes: Buffer): number {
  const code = bytes[0] ?? 0;
  if (code >= 1 && code <= 6) return 5;
  if (code === 15 || code === 16) return bytes.length < 6 ? 0 : 6 + bytes[5]!;
  if (code === 0x2b) return 4;
  return 1;
}

/** One request out of function code and data. */
export function parse(unit: number, pdu: Buffer): Request {
  const code = pdu[0] ?? 0;
  const address = pdu.length >= 3 ? pdu.readUInt16BE(1) : 0;
  const second = pdu.length >= 5 ? pdu.readUInt16BE(3) : 0;
  const request = { unit, code, address, pdu };
  if (code === 6) return { ...request, count: 1, values: [second] };
  if (code === 5) return { ...request, count: 1, values: [second === 0xff00 ? 1 : 0] };
  if (code === 16) {
    const values = Array.from({ length: second }, (_, i) => pdu.readUInt16BE(6 + 2 * i));
    return { ...request, count: second, values };
  }
  if (code === 15) {
    const values = Array.from({ length: second }, (_, i) => (pdu[6 + (i >> 3)]! >> (i & 7)) & 1);
    return { ...request, count: second, values };
  }
  return { ...request, count: second, values: [] };
}

/** The reply to a read or a write that was taken; `read` gives the words or bits asked for. */
export function replyPdu(request: Request, read: readonly number[]): Buffer {
  const { code, pdu } = request;
  if (code === 5 || code === 6) return pdu.subarray(0, 5);
  if (code === 15 || code === 16) return pdu.subarray(0, 5);
  if (code === 1 || code === 2) {
    const bytes = Buffer.alloc(2 + Math.ceil(read.length / 8));
    bytes[0] = code;
    bytes[1] = bytes.length - 2;
    read.forEach((bit, i) => {
      bytes[2 + (i >> 3)]! |= bit << (i & 7);
    });
    return bytes;
  }
  const bytes = Buffer.alloc(2 + 2 * read.length);
  bytes[0] = code;
  bytes[1] = 2 * read.length;
  for (const [i, word] of read.entries()) bytes.writeUInt16BE(word & 0xffff, 2 + 2 * i);
  return bytes;
}

export function exceptionPdu({ code }: Request, exception: number): Buffer {
  return Buffer.from([code | 0x80, exception]);
}

/** A stream cut into requests; `answer` puts a reply into the frame its request came in. */
export type Cut = { request: Request; frame(pdu: Buffer): Buffer };

export class RtuCutter {
  #bytes = Buffer.alloc(0);

  push(bytes: Uint8Array): Cut[] {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const cuts: Cut[] = [];
    for (let cut = this.#next(); cut !== undefined; cut = this.#next()) cuts.push(cut);
    return cuts;
  }

  /** What does not check is skipped byte by byte until something does. */
  #next(): Cut | undefined {
    while (this.#bytes.length >= 4) {
      const length = pduLength(this.#bytes.subarray(1));
      if (length === 0 || this.#bytes.length < length + 3) return undefined;
      const whole = this.#bytes.subarray(0, length + 1);
      if (checksum(whole) === this.#bytes.readUInt16LE(length + 1)) {
        const unit = whole[0]!;
        const request = parse(unit, Buffer.from(whole.subarray(1)));
        this.#bytes = this.#bytes.subarray(length + 3);
        return { request, frame: (pdu) => rtuFrame(unit, pdu) };
      }
      this.#bytes = this.#bytes.subarray(1);
    }
    return undefined;
  }
}

function rtuFrame(unit: number, pdu: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from([unit]), pdu]);
  const tail = Buffer.alloc(2);
  tail.writeUInt16LE(checksum(body));
  return Buffer.concat([body, tail]);
}

export class TcpCutter {
  #bytes = Buffer.alloc(0);

  push(bytes: Uint8Array): Cut[] {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const cuts: Cut[] = [];
    while (this.#bytes.length >= 8) {
      const length = this.#bytes.readUInt16BE(4);
      if (this.#bytes.length < 6 + length) break;
      const head = Buffer.from(this.#bytes.subarray(0, 7));
      const pdu = Buffer.from(this.#bytes.subarray(7, 6 + length));
      this.#bytes = this.#bytes.subarray(6 + length);
      const frame = (reply: Buffer) => {
        head.writeUInt16BE(reply.length + 1, 4);
        return Buffer.concat([head, reply]);
      };
      cuts.push({ request: parse(head[6]!, pdu), frame });
    }
    return cuts;
  }
}
