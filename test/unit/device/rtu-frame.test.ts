import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Request, wordsAnswered } from "../../../src/device/request.js";
import {
  announcedLength,
  crc16,
  encodeException,
  encodeReply,
  encodeRequest,
  mostValues,
  parseReply,
  parseReplyBody,
  parseRequest,
  parseRequestBody,
  replyLength,
  requestLength,
  toTcp,
} from "../../../src/device/rtu-frame.js";

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

const table = fc.constantFrom("coil", "discrete", "holding", "input");
const read = table.chain((t) =>
  fc.record({
    kind: fc.constant("read" as const),
    table: fc.constant(t),
    address: fc.integer({ min: 0, max: 63000 }),
    count: fc.integer({ min: 1, max: mostValues("read", t) }),
  }),
);
const write = fc
  .tuple(fc.constantFrom("coil", "holding"), fc.boolean(), fc.integer({ min: 0, max: 63000 }))
  .chain(([t, single, address]) => {
    const value = fc.integer({ min: 0, max: t === "coil" ? 1 : 65535 });
    const most = single ? 1 : mostValues("write", t);
    return fc.record({
      kind: fc.constant("write" as const),
      table: fc.constant(t),
      address: fc.constant(address),
      values: fc.array(value, { minLength: 1, maxLength: most }),
      single: fc.constant(single),
    });
  });
const word = fc.integer({ min: 0, max: 65535 });
const address = fc.integer({ min: 0, max: 63000 });
const masked = fc.tuple(address, word, word).map(([at, value, mask]): Request => {
  return { kind: "write", table: "holding", address: at, values: [value], single: true, mask };
});
const both = fc
  .tuple(
    address,
    fc.array(word, { minLength: 1, maxLength: 121 }),
    address,
    fc.integer({ min: 1, max: 125 }),
  )
  .map(([at, values, from, count]): Request => {
    const reads = { address: from, count };
    return { kind: "write", table: "holding", address: at, values, single: false, reads };
  });
const anyRequest: fc.Arbitrary<Request> = fc.oneof(read, write, masked, both);
const anyUnit = fc.integer({ min: 0, max: 255 });

/** What an honest device would hold: as many values as the request reads. */
function contents(request: Request): number[] {
  const bits = request.table === "coil" || request.table === "discrete";
  return Array.from({ length: wordsAnswered(request) }, (_, i) =>
    bits ? (i % 3) & 1 : (i * 40503) & 0xffff,
  );
}

describe("RTU frames", () => {
  it("has the check value of CRC-16/MODBUS", () => {
    expect(crc16(Buffer.from("123456789"))).toBe(0x4b37);
  });

  it("writes the frames printed in the Modbus specification, CRC added", () => {
    const reads: Request = { kind: "read", table: "holding", address: 0x6b, count: 3 };
    expect(text(encodeRequest(0x11, reads))).toBe("1103006b00037687");
    const one: Request = { kind: "write", table: "holding", address: 1, values: [3], single: true };
    expect(text(encodeRequest(0x11, one))).toBe("1106000100039a9b");
    const two = { ...one, values: [10, 258], single: false };
    expect(text(encodeRequest(0x11, two))).toBe("11100001000204000a0102c6f0");
    const coils: Request = {
      kind: "write",
      table: "coil",
      address: 0x13,
      values: [1, 0, 1, 1, 0, 0, 1, 1, 1, 0],
      single: false,
    };
    expect(text(encodeRequest(0x11, coils))).toBe("110f0013000a02cd01bf0b");
  });

  it("knows the printed mask write and read with write (V1.1b3, 6.16 and 6.17)", () => {
    const mask = hex("11 16 00 04 00 F2 00 25 66 E2");
    const parsed = parseRequest(mask);
    if (!parsed.ok) throw new Error(parsed.problem);
    expect(parsed.request).toMatchObject({ address: 4, mask: 0xff0d, values: [0x25] });
    expect(encodeRequest(0x11, parsed.request)).toEqual(mask);
    expect(encodeReply(0x11, parsed.request, [])).toEqual(mask);
    const both = parseRequestBody(hex("11 17 00 03 00 06 00 0E 00 03 06 00 FF 00 FF 00 FF"));
    if (!both.ok) throw new Error(both.problem);
    const reads = { address: 3, count: 6 };
    expect(both.request).toMatchObject({ address: 0x0e, values: [255, 255, 255], reads });
    const answer = hex("11 17 0C 00 FE 0A CD 00 01 00 03 00 0D 00 FF");
    const reply = parseReplyBody(0x11, both.request, answer);
    expect(reply).toEqual({ ok: true, words: [0xfe, 0x0acd, 1, 3, 13, 255] });
  });

  it("takes no mask write for confirmed whose masks come back changed", () => {
    const sent: Request = {
      ...{ kind: "write", table: "holding", address: 4, values: [1], single: true },
      mask: 1,
    };
    for (const other of [{ values: [0] }, { mask: 3 }, { address: 5 }]) {
      const reply = parseReply(1, sent, encodeReply(1, { ...sent, ...other }, []));
      expect(reply).toMatchObject({ ok: false, fault: "echo" });
    }
  });

  it("reads back every request it writes", () => {
    fc.assert(
      fc.property(anyUnit, anyRequest, (unit, request) => {
        const frame = encodeRequest(unit, request);
        expect(frame.length).toBe(requestLength(request));
        expect(announcedLength(frame)).toBe(frame.length);
        expect(parseRequest(frame)).toEqual({ ok: true, unit, request });
        expect(parseRequestBody(toTcp(1, frame).subarray(6))).toEqual({ ok: true, unit, request });
      }),
    );
  });

  it("reads back every reply it writes", () => {
    fc.assert(
      fc.property(anyUnit, anyRequest, (unit, request) => {
        const frame = encodeReply(unit, request, contents(request));
        expect(frame.length).toBe(replyLength(request));
        expect(parseReply(unit, request, frame)).toEqual({ ok: true, words: contents(request) });
      }),
    );
  });

  it("never takes a damaged reply for a good one", () => {
    const bit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(anyUnit, anyRequest, bit, (unit, request, where) => {
        const frame = encodeReply(unit, request, contents(request));
        const at = Math.floor(where * frame.length * 8);
        frame[at >> 3]! ^= 1 << (at & 7);
        expect(parseReply(unit, request, frame).ok).toBe(false);
      }),
    );
  });

  it("names what is wrong with a reply", () => {
    const request: Request = { kind: "read", table: "holding", address: 0, count: 2 };
    const fault = (frame: Uint8Array) => {
      const reply = parseReply(1, request, frame);
      return reply.ok ? "none" : reply.fault;
    };
    const one: Request = { ...request, count: 1 };
    expect(fault(hex("01 03 04"))).toBe("partial");
    expect(fault(hex("01 03 04 00 01 00 02 00 00"))).toBe("crc");
    expect(fault(encodeReply(2, request, [1, 2]))).toBe("foreign");
    expect(fault(encodeReply(1, { ...request, table: "input" }, [1, 2]))).toBe("foreign");
    expect(fault(encodeReply(1, one, [1]))).toBe("length");
    expect(fault(hex("01 03 02 00 01 00 02 5a 32"))).toBe("crc");
    const lie = encodeReply(1, request, [1, 2]);
    lie[2] = 2;
    const crc = crc16(lie, 0, 7);
    lie.set([crc & 0xff, crc >> 8], 7);
    expect(fault(lie)).toBe("length");
    const refused = parseReply(1, request, encodeException(1, 3, 2));
    expect(refused).toMatchObject({ fault: "exception", exception: 2 });
  });

  it("compares the echo of a write with what was sent", () => {
    const sent: Request = {
      kind: "write",
      table: "holding",
      address: 7,
      values: [5],
      single: true,
    };
    for (const other of [{ address: 8 }, { values: [6] }]) {
      const reply = parseReply(1, sent, encodeReply(1, { ...sent, ...other }, []));
      expect(reply).toMatchObject({ ok: false, fault: "echo" });
    }
  });

  it("says which exception a device must answer, and when to stay silent", () => {
    const answer = (bytes: string) => {
      const parsed = parseRequestBody(hex(bytes));
      return parsed.ok ? "ok" : parsed.exception;
    };
    expect(answer("01 07 00 00")).toBe(1);
    expect(answer("01 03 00 00 00 7e")).toBe(3);
    expect(answer("01 03 00 00 00 00")).toBe(3);
    expect(answer("01 03 ff ff 00 02")).toBe(2);
    expect(answer("01 05 00 00 12 34")).toBe(3);
    expect(answer("01 10 00 00 00 02 03 00 00 00")).toBe(3);
    expect(answer("01")).toBe(undefined);
    expect(parseRequest(hex("01 06 00 01 00 03 00 00"))).not.toHaveProperty("exception");
  });
});
