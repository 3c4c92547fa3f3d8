/**
 * Modbus ASCII (Modbus over Serial Line V1.02, 2.5.2): a colon, the body of the frame as hex digits, its LRC, CR and
 * LF. Both ways between that and the RTU frame of the same body.
 */
import { crc16, crcFits } from "./rtu-frame.js";

const colon = 0x3a;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
/** Characters of the longest frame, colon to line feed (2.5.2.1). */
const longestAscii = 513;

/** Two's complement of the sum of all bytes of the body (6.2.1). */
function lrc(body: Uint8Array): number {
  let sum = 0;
  for (const byte of body) sum += byte;
  return -sum & 0xff;
}

/** Bytes on the wire of what is `length` bytes as an RTU frame, CRC included. */
export function asciiLength(length: number): number {
  return 2 * length + 1;
}

/** The same frame in ASCII; one whose CRC does not fit gets an LRC that does not fit either. */
export function asciiOf(frame: Uint8Array): Uint8Array {
  const body = frame.subarray(0, -2);
  const check = crcFits(frame) ? lrc(body) : lrc(body) ^ 0xff;
  const hex = Buffer.concat([body, Uint8Array.of(check)])
    .toString("hex")
    .toUpperCase();
  return Uint8Array.from(Buffer.from(`:${hex}\r\n`, "latin1"));
}

/**
 * Cuts a stream into frames and gives each as an RTU frame: one whose LRC does not fit with a CRC that does not fit,
 * what is no hex at all as the bytes it came as.
 */
export class AsciiReader {
  #characters: number[] = [];

  feed(bytes: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (const byte of bytes) {
      // A colon always begins a new one; what was cut off before it is told apart.
      if (byte === colon || this.#characters.length >= longestAscii) frames.push(...this.rest());
      this.#characters.push(byte);
      if (byte === lineFeed) frames.push(this.#frame());
    }
    return frames;
  }

  /** What came of a frame that has no end. */
  rest(): Uint8Array[] {
    const bytes = Uint8Array.from(this.#characters.splice(0));
    return bytes.length === 0 ? [] : [bytes];
  }

  #frame(): Uint8Array {
    const bytes = Uint8Array.from(this.#characters.splice(0));
    const ends = bytes.at(-2) === carriageReturn ? -2 : -1;
    const hex = Buffer.from(bytes.subarray(1, ends)).toString("latin1");
    if (bytes[0] !== colon || !/^([0-9A-Fa-f]{2}){3,}$/.test(hex)) return bytes;
    const whole = Uint8Array.from(Buffer.from(hex, "hex"));
    const body = whole.subarray(0, -1);
    const crc = crc16(body) ^ (lrc(body) === whole.at(-1) ? 0 : 0xffff);
    return Uint8Array.from([...body, crc & 0xff, crc >>> 8]);
  }
}
