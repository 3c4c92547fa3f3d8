import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AsciiReader, asciiLength, asciiOf } from "../../../src/device/ascii-frame.js";
import {
  crcFits,
  encodeReply,
  encodeRequest,
  parseReply,
  parseRequest,
} from "../../../src/device/rtu-frame.js";

const read = { kind: "read", table: "holding", address: 4, count: 2 } as const;
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
const bytes = (frame: string) => Uint8Array.from(Buffer.from(frame, "latin1"));

/** The frames of a stream that comes in pieces of this size. */
function framesOf(stream: Uint8Array, size: number): Uint8Array[] {
  const reader = new AsciiReader();
  const frames: Uint8Array[] = [];
  for (let at = 0; at < stream.length; at += size) {
    frames.push(...reader.feed(stream.subarray(at, at + size)));
  }
  return [...frames, ...reader.rest()];
}

describe("Modbus ASCII", () => {
  it("writes and reads the frames that the CHE100 manual prints (p. 122)", () => {
    const request = encodeRequest(1, read);
    expect(text(asciiOf(request))).toBe(":010300040002F6\r\n");
    expect(framesOf(bytes(":010300040002F6\r\n"), 99)).toEqual([request]);
    const [reply] = framesOf(bytes(":01030400000000F8\r\n"), 99);
    expect(parseReply(1, read, reply!)).toEqual({ ok: true, words: [0, 0] });
  });

  it("every frame comes back, in whatever pieces, with the length it was said to have", () => {
    const body = fc.uint8Array({ minLength: 2, maxLength: 253 });
    const pieces = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(fc.array(body, { minLength: 1, maxLength: 4 }), pieces, (bodies, size) => {
        const frames = bodies.map((b) => encoded(b));
        const stream = Buffer.concat(frames.map(asciiOf));
        expect(framesOf(stream, size)).toEqual(frames);
        expect(asciiOf(frames[0]!).length).toBe(asciiLength(frames[0]!.length));
      }),
    );
  });

  it("one wrong character is never a good frame: of the others the LRC tells", () => {
    const good = asciiOf(encodeReply(1, read, [0x1234, 0xabcd]));
    const at = fc.integer({ min: 1, max: good.length - 3 });
    fc.assert(
      fc.property(at, fc.integer({ min: 0, max: 255 }), (i, character) => {
        fc.pre(
          character !== good[i] && text(good)[i] !== String.fromCharCode(character).toUpperCase(),
        );
        const spoilt = good.slice();
        spoilt[i] = character;
        for (const frame of framesOf(spoilt, 99)) {
          const reply = frame.length < 5 ? { ok: false } : parseReply(1, read, frame);
          expect(reply.ok).toBe(false);
        }
      }),
    );
  });

  it("a frame whose LRC does not fit, or that was cut off, is told as one that is damaged", () => {
    const [wrong] = framesOf(bytes(":010300040002F7\r\n"), 99);
    expect(parseRequest(wrong!)).toMatchObject({ ok: false, unit: 1, problem: "CRC does not fit" });
    const both = framesOf(bytes(":0103000400:010300040002F6\r\n"), 7);
    expect(both.map((frame) => crcFits(frame))).toEqual([false, true]);
    expect(framesOf(bytes("noise\r\n"), 99).map(text)).toEqual(["noise\r\n"]);
  });

  it("does not grow without end on a line that never ends", () => {
    const reader = new AsciiReader();
    const pieces = Array.from({ length: 40 }, () => reader.feed(new Uint8Array(100).fill(0x41)));
    expect(pieces.flat().reduce((sum, piece) => sum + piece.length, 0)).toBeGreaterThan(3400);
  });
});

/** Any body with its CRC, as asciiOf wants it. */
function encoded(body: Uint8Array): Uint8Array {
  const reader = new AsciiReader();
  const sum = body.reduce((s, b) => s + b, 0);
  const hex = Buffer.from([...body, -sum & 0xff]).toString("hex");
  return reader.feed(bytes(`:${hex}\r\n`))[0]!;
}
