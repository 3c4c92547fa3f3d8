import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Request } from "../../../src/device/request.js";
import { crcFits, encodeReply, encodeRequest, parseReply } from "../../../src/device/rtu-frame.js";
import { RtuFramer } from "../../../src/line/frame.js";
import { LateAnswers } from "../../../src/line/late.js";
import { Overheard } from "../../../src/line/overheard.js";
import { read, write } from "./scripted.js";

function bench(unit: number, request: Request) {
  const counts = { staleBytes: 0, lateReplies: 0, otherMaster: 0, localEcho: 0 };
  const late = new LateAnswers(() => 0);
  const framer = new RtuFramer(late, new Overheard(false, counts), counts);
  framer.begin({ unit, request }, encodeRequest(unit, request));
  return { framer, late, counts };
}

/** Feeds `bytes` in chunks of the given sizes, over and over; gives the answers let through. */
function feed(framer: RtuFramer, bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const answers: Uint8Array[] = [];
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const size = sizes[n % sizes.length]!;
    const answer = framer.feed(bytes.subarray(at, at + size));
    if (answer !== undefined) answers.push(framer.frame());
    at += size;
  }
  return answers;
}

const requests: Request[] = [read(0, 1), read(10, 2), read(0, 120), write(7, 5), write(7, 1, 2)];
const anyRequest = fc.constantFrom(...requests, {
  kind: "read",
  table: "coil",
  address: 3,
  count: 19,
} as const);
const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 });
const noise = fc.uint8Array({ maxLength: 60 });
/** Bytes that look like frames more often than chance would have it. */
const nasty = fc
  .array(fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 15, 16, 0x81, 0x83, 0x86, 0x90, 9, 0xff), {
    maxLength: 60,
  })
  .map((bytes) => Uint8Array.from(bytes));

function wordsFor(request: Request, seed: number): number[] {
  if (request.kind === "write") return [];
  const most = request.table === "coil" ? 2 : 65536;
  return Array.from({ length: request.count }, (_, i) => ((seed + i) * 40503) % most);
}

/** A frame of unit 1 with a CRC that fits begins before `end`: an exception, or of the answer's length. */
function answersBefore(bytes: Uint8Array, end: number, length: number): boolean {
  for (let at = 0; at < end; at++) {
    if (bytes[at] !== 1) continue;
    for (const to of [at + 5, at + length]) {
      if (to <= bytes.length && crcFits(bytes, at, to)) return true;
    }
  }
  return false;
}

describe("the RTU framer", () => {
  it("lets random bytes through only if they are the right answer, and keeps few of them", () => {
    fc.assert(
      fc.property(anyRequest, fc.oneof(noise, nasty), sizes, (request, bytes, chunk) => {
        const { framer, counts } = bench(1, request);
        for (const answer of feed(framer, bytes, chunk)) {
          const reply = parseReply(1, request, answer);
          expect(reply.ok || reply.fault === "exception").toBe(true);
        }
        framer.end();
        framer.begin({ unit: 1, request }, encodeRequest(1, request));
        expect(counts.staleBytes).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 20_000 },
    );
  });

  it("never gives a wrong value for a damaged reply", () => {
    const flips = fc.array(fc.nat(), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(anyRequest, fc.nat(65535), flips, sizes, (request, seed, flip, chunk) => {
        const right = encodeReply(1, request, wordsFor(request, seed));
        const frame = Uint8Array.from(right);
        for (const f of flip) frame[(f >> 3) % frame.length]! ^= 1 << (f & 7);
        const whole = Buffer.compare(frame, right) === 0;
        const answers = feed(bench(1, request).framer, frame, chunk);
        expect(answers.length).toBe(whole ? 1 : 0);
      }),
      { numRuns: 10_000 },
    );
  });

  it("finds the answer behind any noise, in any pieces", () => {
    const before = fc.oneof(noise, nasty);
    fc.assert(
      fc.property(anyRequest, fc.nat(65535), before, sizes, (request, seed, garbage, chunk) => {
        const words = wordsFor(request, seed);
        const frame = encodeReply(1, request, words);
        const bytes = Buffer.concat([garbage, frame]);
        // Noise that is a whole right answer by itself is one: nobody could tell.
        fc.pre(!answersBefore(bytes, garbage.length, frame.length));
        const { framer, counts } = bench(1, request);
        const answers = feed(framer, bytes, chunk);
        expect(answers.map((a) => parseReply(1, request, a))).toEqual([{ ok: true, words }]);
        expect(counts.staleBytes).toBe(garbage.length);
      }),
      { numRuns: 10_000 },
    );
  });

  it("takes noise that is a whole exception for the answer, for nobody could tell", () => {
    const request = { kind: "read", table: "coil", address: 3, count: 19 } as const;
    const noise = Uint8Array.from([1, 0x81, 1, 0x81, 0x90]);
    const { framer } = bench(1, request);
    const answers = feed(
      framer,
      Buffer.concat([noise, encodeReply(1, request, wordsFor(request, 0))]),
      [1],
    );
    expect(answers.map((a) => parseReply(1, request, a))).toMatchObject([{ ok: false }]);
  });

  it("survives a megabyte of garbage and then answers", () => {
    const request = read(3, 2);
    const { framer, counts } = bench(1, request);
    const garbage = new Uint8Array(1 << 20).fill(1);
    expect(feed(framer, garbage, [7, 65_536])).toEqual([]);
    expect(counts.staleBytes).toBeGreaterThan(garbage.length - 1024);
    expect(feed(framer, encodeReply(1, request, [3, 4]), [3]).length).toBe(1);
  });

  it("gives nothing when nothing was asked, and drops it when something is", () => {
    const request = read(3, 2);
    const { framer, counts } = bench(1, request);
    framer.end();
    const stale = encodeReply(1, request, [3, 4]);
    expect(feed(framer, stale, [9])).toEqual([]);
    framer.begin({ unit: 1, request }, encodeRequest(1, request));
    expect(counts.staleBytes).toBe(stale.length);
    expect(framer.end()).toEqual({ fault: "timeout", detail: "no answer" });
  });

  it("says what came instead of the answer", () => {
    const instead = (request: Request, bytes: Uint8Array) => {
      const { framer } = bench(1, request);
      framer.feed(bytes);
      return framer.end().fault;
    };
    const right = encodeReply(1, read(0), [1, 2]);
    const damaged = Uint8Array.from(right);
    damaged[5]! ^= 1;
    expect(instead(read(0), new Uint8Array(0))).toBe("timeout");
    expect(instead(read(0), right.subarray(0, 6))).toBe("partial");
    expect(instead(read(0), damaged)).toBe("crc");
    expect(instead(read(0), encodeReply(2, read(0), [1, 2]))).toBe("foreign");
    expect(
      instead(
        read(0),
        encodeReply(1, { ...read(0), kind: "read", table: "input", count: 2 }, [1, 2]),
      ),
    ).toBe("foreign");
    expect(instead(read(0), encodeReply(1, read(0, 3), [1, 2, 3]))).toBe("length");
    expect(instead(write(7, 5), encodeReply(1, write(7, 6), []))).toBe("echo");
  });
});
