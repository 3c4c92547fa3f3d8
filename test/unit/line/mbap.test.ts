import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeReply, encodeRequest, parseReply, toTcp } from "../../../src/device/rtu-frame.js";
import { TcpFramer } from "../../../src/line/mbap.js";
import { read } from "./scripted.js";

const request = read(10, 2);
const asked = { unit: 1, request };
const sent = encodeRequest(1, request);
const answer = (id: number, ...words: number[]) => toTcp(id, encodeReply(1, request, words));

function bench() {
  const counts = { staleBytes: 0, lateReplies: 0 };
  return { framer: new TcpFramer(counts), counts };
}

describe("the Modbus TCP framer", () => {
  it("C2: an answer held back for 256 requests is not taken for the one after them", () => {
    const { framer, counts } = bench();
    for (let i = 0; i < 257; i++) framer.begin(asked, sent);
    expect(framer.feed(answer(1, 7, 7))).toBe(undefined);
    expect(framer.feed(answer(257, 1, 2))).toEqual({
      ok: true,
      words: [1, 2],
    });
    expect(counts.lateReplies).toBe(1);
  });

  it("sends what the codec makes of a request", () => {
    const { framer } = bench();
    for (let id = 1; id <= 300; id++)
      expect([...framer.begin(asked, sent)]).toEqual([...toTcp(id, sent)]);
  });

  it("keeps the beginning of an answer although the stream reads into the same buffer again", () => {
    const { framer } = bench();
    framer.begin(asked, sent);
    const whole = answer(1, 7, 8);
    const buffer = new Uint8Array(64);
    const heard = (bytes: Uint8Array) => {
      buffer.fill(0xee);
      buffer.set(bytes);
      return framer.feed(buffer.subarray(0, bytes.length));
    };
    expect(heard(whole.subarray(0, 8))).toBe(undefined);
    expect(heard(whole.subarray(8))).toEqual({ ok: true, words: [7, 8] });
    expect(framer.frame()).toEqual(encodeReply(1, request, [7, 8]));
  });

  it("takes several answers in one chunk apart and joins one that came in pieces", () => {
    const { framer } = bench();
    for (let i = 0; i < 3; i++) framer.begin(asked, sent);
    const bytes = Buffer.concat([answer(1, 7, 7), answer(2, 8, 8), answer(3, 1, 2)]);
    const found: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += 5) {
      const answer = framer.feed(bytes.subarray(at, at + 5));
      if (answer !== undefined) found.push(framer.frame());
    }
    expect(found.map((f) => parseReply(1, request, f))).toEqual([{ ok: true, words: [1, 2] }]);
  });

  it("C8: a header that announces 60 000 bytes, or another protocol, breaks the connection", () => {
    const long = bench().framer;
    long.begin(asked, sent);
    long.feed(Uint8Array.of(0, 1, 0, 0, 0xea, 0x60, 1, 3));
    expect(long.broken).toContain("60000 bytes");
    expect(long.end().fault).toBe("length");
    const other = bench().framer;
    other.begin(asked, sent);
    other.feed(Uint8Array.of(0, 1, 0, 9, 0, 5, 1, 3));
    expect(other.broken).toContain("protocol 9");
  });

  it("lets no body through behind a header of another protocol, right as it may look", () => {
    const { framer } = bench();
    framer.begin(asked, sent);
    const answer = toTcp(1, encodeReply(1, request, [1, 2]));
    answer[2] = 0x80;
    expect(framer.feed(answer)).toBeUndefined();
    expect(framer.broken).toContain("protocol");
  });

  it("never throws, gives no wrong value and keeps no more than a frame, whatever bytes come", () => {
    const header = fc.tuple(fc.nat(3), fc.nat(40)).map(([id, n]) => [0, id, 0, 0, 0, n]);
    const bytes = fc.array(fc.oneof(header, fc.array(fc.nat(255), { maxLength: 30 })), {
      maxLength: 9,
    });
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 50 }), (parts, size) => {
        const { framer } = bench();
        framer.begin(asked, sent);
        const all = Uint8Array.from(parts.flat());
        for (let at = 0; at < all.length; at += size) {
          const reply = framer.feed(all.subarray(at, at + size));
          if (reply === undefined) continue;
          expect(parseReply(1, request, framer.frame())).toEqual(reply);
          expect(reply.ok || reply.fault === "exception").toBe(true);
        }
        framer.end();
      }),
      { numRuns: 10_000 },
    );
  });
});
