/**
 * Random and damaged frames for both framers, judged by rules written here once more: whatever a framer
 * lets through must stand in the bytes as it is and be a right answer by an own CRC and own arithmetic.
 */
import type { Random } from "../../src/base/random.js";
import { functionCode, type Request } from "../../src/device/request.js";
import { encodeException, encodeReply, encodeRequest, toTcp } from "../../src/device/rtu-frame.js";
import { RtuFramer } from "../../src/line/frame.js";
import type { Framer } from "../../src/line/framer.js";
import { LateAnswers } from "../../src/line/late.js";
import { TcpFramer } from "../../src/line/mbap.js";
import { Overheard } from "../../src/line/overheard.js";

export type FuzzCounts = {
  frames: number;
  bytes: number;
  /** Streams in which the true answer stood or came, and was let through. */
  right: number;
  /** Let through although the protocol's own checks tell that it is not the answer. Must be 0. */
  wrong: number;
  /** Not the true answer, but right by all that the protocol carries: no receiver can tell. */
  alike: number;
  /** The true answer, sent alone after all that, was not found. Must be 0. */
  deaf: number;
};

export function newCounts(): FuzzCounts {
  return { frames: 0, bytes: 0, right: 0, wrong: 0, alike: 0, deaf: 0 };
}

const unit = 17;

const read = (table: "coil" | "discrete" | "holding" | "input", address: number, count: number) =>
  ({ kind: "read", table, address, count }) as const;
const write = (table: "coil" | "holding", address: number, values: number[], single: boolean) =>
  ({ kind: "write", table, address, values, single }) as const;

const requests: readonly Request[] = [
  read("holding", 0, 1),
  read("holding", 100, 2),
  read("input", 7, 10),
  read("holding", 1, 125),
  read("coil", 3, 19),
  read("discrete", 0, 8),
  write("holding", 7, [5], true),
  write("coil", 9, [1], true),
  write("holding", 7, [1, 2, 3], false),
  write("coil", 0, [1, 0, 1], false),
];

export class FramerFuzz {
  readonly counts = newCounts();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** One stream on a serial line: damaged frames, noise, perhaps the answer, in any pieces. */
  rtu(): void {
    const counts = { staleBytes: 0, lateReplies: 0, otherMaster: 0, localEcho: 0 };
    const framer = new RtuFramer(new LateAnswers(() => 0), new Overheard(false, counts), counts);
    const { request, truth } = this.#asked();
    framer.begin({ unit, request }, encodeRequest(unit, request));
    const stream = this.#stream(() => this.#damaged(this.#candidate(request, truth)), truth);
    const answer = this.#feed(framer, stream);
    if (answer !== undefined) this.#judgeRtu(answer, stream, request, truth);
    framer.end();
    framer.begin({ unit, request }, encodeRequest(unit, request));
    this.#mustFind(framer, truth, truth);
  }

  /** One stream on a connection: headers that lie, ids of others, bodies that are none. */
  tcp(): void {
    const framer = new TcpFramer({ staleBytes: 0, lateReplies: 0 });
    const { request, truth } = this.#asked();
    framer.begin({ unit, request }, encodeRequest(unit, request));
    const stream = this.#stream(() => this.#packet(request, truth), toTcp(1, truth));
    const answer = this.#feed(framer, stream);
    if (answer !== undefined) this.#judgeTcp(answer, stream, request, truth);
    framer.end();
    // What is left of a cut packet swallows bytes behind it; a real line takes a new connection.
    const fresh = new TcpFramer({ staleBytes: 0, lateReplies: 0 });
    fresh.begin({ unit, request }, encodeRequest(unit, request));
    this.#mustFind(fresh, toTcp(1, truth), truth);
  }

  #asked() {
    const request = this.#of(requests);
    const most = request.table === "coil" || request.table === "discrete" ? 1 : 65535;
    const count = request.kind === "read" ? request.count : 0;
    const words = Array.from({ length: count }, () => this.#whole(0, most));
    return { request, truth: encodeReply(unit, request, words) };
  }

  /** Up to eight frames, noise between some, the true answer among them in one stream of four. */
  #stream(next: () => Uint8Array, truth: Uint8Array): Uint8Array {
    const parts: Uint8Array[] = [];
    const frames = this.#whole(1, 8);
    for (let i = 0; i < frames; i++) {
      if (this.#random() < 0.2) parts.push(this.#noise());
      parts.push(next());
    }
    if (this.#random() < 0.25) parts[this.#whole(0, parts.length - 1)] = truth;
    this.counts.frames += frames;
    const stream = Buffer.concat(parts);
    this.counts.bytes += stream.length;
    return stream;
  }

  /** A frame that resembles the answer: the answer, another unit's, another length, an exception. */
  #candidate(request: Request, truth: Uint8Array): Uint8Array {
    const kind = this.#whole(0, 5);
    if (kind === 0) return sealedBody(truth.subarray(0, -2), 0, unit + 1);
    if (kind === 1) return encodeException(unit + 1, functionCode(request), this.#whole(1, 11));
    if (kind === 2) return encodeRequest(unit, request);
    if (kind === 3) return sealedBody(truth.subarray(0, -2), 2, this.#whole(0, 255));
    return truth;
  }

  /** Flips bits, drops, doubles, inserts or cuts bytes; seldom does nothing but cut one byte off. */
  #damaged(frame: Uint8Array): Uint8Array {
    const at = this.#whole(0, frame.length - 1);
    const kind = this.#whole(0, 5);
    if (kind === 0) return frame.subarray(0, at);
    if (kind === 1) return Buffer.concat([frame.subarray(0, at), frame.subarray(at + 1)]);
    if (kind === 2) {
      return Buffer.concat([frame.subarray(0, at), this.#noise(), frame.subarray(at)]);
    }
    const other = frame.slice();
    if (kind === 3) other[at] = other[at]! ^ this.#whole(1, 255);
    else {
      const flips = this.#whole(1, 3);
      for (let i = 0; i < flips; i++) {
        const place = this.#whole(0, other.length - 1);
        other[place] = other[place]! ^ (1 << this.#whole(0, 7));
      }
    }
    return other;
  }

  #packet(request: Request, truth: Uint8Array): Uint8Array {
    const packet = toTcp(this.#of([0, 1, 2, 257, 65535]), this.#candidate(request, truth));
    const kind = this.#whole(0, 7);
    // The only packet that is the answer is put in by `#stream`.
    if (kind > 2 && packet[0] === 0 && packet[1] === 1) packet[1] = 2;
    if (kind === 0) return this.#damaged(packet);
    if (kind === 1) packet[this.#whole(2, 5)] = this.#whole(0, 255);
    if (kind === 2) packet[6] = unit + 1;
    return packet;
  }

  #noise(): Uint8Array {
    return Uint8Array.from({ length: this.#whole(1, 20) }, () => this.#whole(0, 255));
  }

  #feed(framer: Framer, stream: Uint8Array): Uint8Array | undefined {
    const most = this.#of([1, 8, 64, 600]);
    let found: Uint8Array | undefined;
    for (let at = 0; at < stream.length; ) {
      const size = this.#whole(1, most);
      const answer = framer.feed(stream.subarray(at, at + size));
      found ??= answer === undefined ? undefined : framer.frame().slice();
      at += size;
    }
    return found;
  }

  #mustFind(framer: Framer, bytes: Uint8Array, truth: Uint8Array): void {
    const answer = this.#feed(framer, bytes);
    if (answer === undefined || Buffer.compare(answer, truth) !== 0) this.counts.deaf++;
  }

  #judgeRtu(answer: Uint8Array, stream: Uint8Array, request: Request, truth: Uint8Array): void {
    if (Buffer.compare(answer, truth) === 0) this.counts.right++;
    else if (Buffer.from(stream).includes(Buffer.from(answer)) && isAnswer(answer, request)) {
      this.counts.alike++;
    } else this.counts.wrong++;
  }

  /** TCP bodies have no check: what comes whole under the right id, unit and length is the answer. */
  #judgeTcp(answer: Uint8Array, stream: Uint8Array, request: Request, truth: Uint8Array): void {
    if (Buffer.compare(answer, truth) === 0) this.counts.right++;
    else if (
      Buffer.from(stream).includes(Buffer.from(toTcp(1, answer))) &&
      isAnswer(answer, request)
    ) {
      this.counts.alike++;
    } else this.counts.wrong++;
  }

  #of<T>(list: readonly T[]): T {
    return list[this.#whole(0, list.length - 1)]!;
  }

  #whole(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1));
  }
}

/** The standard's rules, written again: unit, function, lengths, echo, CRC bit by bit. */
function isAnswer(frame: Uint8Array, request: Request): boolean {
  if (frame[0] !== unit || !crcIsRight(frame)) return false;
  const code = functionCode(request);
  if (frame[1] === code + 128) return frame.length === 5;
  if (frame[1] !== code) return false;
  if (request.kind === "read") {
    const bits = request.table === "coil" || request.table === "discrete";
    const data = bits ? Math.ceil(request.count / 8) : 2 * request.count;
    return frame[2] === data && frame.length === data + 5;
  }
  const sent = encodeRequest(unit, request).subarray(2, 6);
  return frame.length === 8 && Buffer.compare(frame.subarray(2, 6), sent) === 0;
}

function crcIsRight(frame: Uint8Array): boolean {
  const crc = crcOf(frame.subarray(0, -2));
  return frame.at(-2) === (crc & 0xff) && frame.at(-1) === crc >> 8;
}

function crcOf(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

/** The body with one byte changed, and the CRC that fits then. */
function sealedBody(body: Uint8Array, at: number, byte: number): Uint8Array {
  const frame = new Uint8Array(body.length + 2);
  frame.set(body);
  frame[at] = byte;
  const crc = crcOf(frame.subarray(0, -2));
  frame[frame.length - 2] = crc & 0xff;
  frame[frame.length - 1] = crc >> 8;
  return frame;
}
