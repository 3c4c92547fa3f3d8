import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePoint } from "../../../src/device/codec.js";
import {
  forbiddenWhy,
  isWritable,
  modified,
  planWrite,
  writeRequest,
} from "../../../src/device/command.js";
import type { Point } from "../../../src/device/device-type.js";
import { encodingOf, fieldMask } from "../../../src/device/encoding.js";
import { encodeRequest } from "../../../src/device/rtu-frame.js";
import { changed, parseSample, point, sampleText } from "./sample-type.js";

const codec = (facts: Partial<Point>) => compilePoint(point(facts));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

type Row = [facts: Partial<Point>, words: number[], value: number];

// Worked out by hand; the words hold other things beside the field.
const fields: Row[] = [
  [{ as: "u8", byte: "high" }, [0xc864], 200],
  [{ as: "u8", byte: "low" }, [0xc864], 100],
  [{ as: "s8", byte: "high" }, [0xfb7f], -5],
  [{ as: "s8", byte: "low" }, [0xfb80], -128],
  [{ as: "u16", mask: 0x0ff0 }, [0xa12b], 0x12],
  [{ as: "s16", mask: 0x0ff0 }, [0xafe7], -2],
  [{ as: "u16", mask: 0x8000 }, [0x8001], 1],
  [{ as: "u16", mask: 0x0ff0, order: "BADC" }, [0x2ba1], 0x12],
  [{ as: "u32", mask: 0x00ffff00 }, [0xaa12, 0x34bb], 0x1234],
  [{ as: "u32", mask: 0xffff0000, order: "CDAB" }, [0x00ff, 0x8001], 0x8001],
  [{ as: "s32", mask: 0xfff00000 }, [0xfff7, 0x1234], -1],
  [{ as: "bit", bit: 15 }, [0x8000], 1],
];

describe("a field of a register", () => {
  it.each(fields)("%j of %j is %d", (facts, words, value) => {
    expect(codec(facts).decode([7, ...words], 1)).toEqual({ value, quality: "good" });
  });

  it.each(fields)("%j is stored in %j without touching its neighbours", (facts, words, value) => {
    const c = codec(facts);
    const other = value === c.point.bit ? value : 0;
    const image = [...words];
    expect(c.store(image, 0, other)).toBeUndefined();
    expect(c.decodeValue(image, 0)).toBe(other);
    expect(c.store(image, 0, value)).toBeUndefined();
    expect(image).toEqual(words);
  });

  it("every field keeps every neighbour, whatever is written", () => {
    const word = fc.integer({ min: 0, max: 0xffff });
    const facts = fc.constantFrom(...fields.map(([f]) => f));
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(facts, word, word, share, (f, a, b, s) => {
        const p = point(f);
        const { lowest, highest, registers, read, write } = encodingOf(p);
        const image = [a, b];
        const before = [...image];
        const raw = Math.round(lowest + s * (highest - lowest));
        write(image, 0, raw);
        expect(read(image, 0)).toBe(raw);
        if (registers > 1) return;
        const mask = fieldMask(p)!;
        expect([image[0]! & ~mask, image[1]]).toEqual([before[0]! & ~mask, before[1]]);
      }),
    );
  });
});

describe("writing a field", () => {
  it("by function 22 carries its own bits and no others", () => {
    const p = point({ address: 4, as: "u16", mask: 0x0ff0, write: { function: 22 } });
    const encoded = compilePoint(p).encode(0x12);
    if (!encoded.ok) throw new Error(encoded.problem);
    const request = writeRequest(p, encoded.words);
    // AND F00F keeps the neighbours, OR 0120 sets the field (Modbus Application Protocol V1.1b3, 6.16).
    expect(hex(encodeRequest(1, request)).slice(0, -4)).toBe("01160004f00f0120");
  });

  it("by reading first becomes a write of the whole register as it was read", () => {
    const p = point({ as: "bit", bit: 2, write: { readFirst: true } });
    const request = writeRequest(p, [4]);
    const { mask: _, ...plain } = { ...request, values: [0xabcd | 4] };
    expect(modified(request, 0xabc9)).toEqual(plain);
    expect(modified(writeRequest(p, [0]), 0xffff).values).toEqual([0xfffb]);
    const many = point({ as: "bit", bit: 2, write: { readFirst: true, function: 16 } });
    expect(modified(writeRequest(many, [4]), 0).single).toBe(false);
    expect(modified(request, 0).single).toBe(true);
  });

  it("is only possible where the type says how, and never for a field of two registers", () => {
    expect(isWritable(point({ as: "bit", bit: 2 }))).toBe(false);
    expect(isWritable(point({ as: "u8", byte: "low" }))).toBe(false);
    expect(isWritable(point({ as: "bit", bit: 2, write: { function: 22 } }))).toBe(true);
    expect(isWritable(point({ as: "u8", byte: "low", write: { readFirst: true } }))).toBe(true);
    const wide = { as: "u32", mask: 0xff00, write: { function: 22 } } as const;
    expect(isWritable(point(wide))).toBe(false);
  });

  it("is refused where it may come to what the type forbids", () => {
    const text = sampleText.replace(
      "  brake:",
      '  flag: { table: holding, address: 0x12, as: bit, bit: 1, unit: "1", access: read-write, write: { function: 22 }, confidence: manual }\n  brake:',
    );
    const type = parseSample(text.replace("0x11, as: u32", "0x13, as: u32")).value!;
    const codecs = new Map([["flag", compilePoint(type.points["flag"]!)]]);
    // 7 is forbidden at 0x12: setting bit 1 may make it 7, clearing it cannot.
    expect(planWrite(type, codecs, "flag", 1).ok).toBe(false);
    expect(planWrite(type, codecs, "flag", 0).ok).toBe(true);
    const whole = { kind: "write", table: "holding", address: 0x12, single: true } as const;
    expect(forbiddenWhy(type, { ...whole, values: [7] })).toBe("it bites");
    expect(forbiddenWhy(type, { ...whole, values: [2] })).toBeUndefined();
  });

  it("by function 23 reads the same registers back in one exchange", () => {
    const p = point({ address: 0x0e, as: "u32", write: { function: 23 } });
    const frame = encodeRequest(1, writeRequest(p, [0x0012, 0x3456]));
    expect(hex(frame).slice(0, -4)).toBe("0117000e0002000e00020400123456");
  });
});

describe("what a type may not say of fields", () => {
  const flag = (facts: string) =>
    sampleText.replace(
      "  brake:",
      `  flag: { table: holding, address: 0x18, unit: "1", access: read-write, confidence: manual, ${facts} }\n  brake:`,
    );
  const said = (text: string) =>
    parseSample(text).problems.map(
      ({ field, found, expected }) => `${field}: ${found}; ${expected}`,
    );

  it("a field that can be written says how", () => {
    expect(said(flag("as: bit, bit: 3"))).toEqual([
      expect.stringMatching(/^points.flag.access: .*function: 22 } or { readFirst: true }/),
    ]);
    expect(said(flag("as: bit, bit: 3, write: { function: 22 }"))).toEqual([]);
    expect(said(flag("as: u8, byte: low, write: { readFirst: true, function: 16 }"))).toEqual([]);
  });

  it.each([
    ["as: u8, write: { function: 22 }", "points.flag.byte"],
    ["as: u16, byte: low", "points.flag.byte"],
    ["as: u8, byte: low, order: BADC, write: { function: 22 }", "points.flag.order"],
    ["as: u16, mask: 0x0f0f, write: { function: 22 }", "points.flag.mask"],
    ["as: u16, mask: 0x10000, write: { function: 22 }", "points.flag.mask"],
    ["as: f32, mask: 0xff", "points.flag.mask"],
    ["as: u16, write: { readFirst: true }", "points.flag.write.readFirst"],
    ["as: u16, write: { function: 22 }", "points.flag.write.function"],
    ["as: bit, bit: 3, write: { function: 6 }", "points.flag.access"],
    ["as: bit, bit: 3, write: { function: 22, readFirst: true }", "points.flag.write.function"],
    ["as: bit, bit: 3, write: { readFirst: true, address: 0x19 }", "points.flag.write.readFirst"],
    ["as: u64, bits: { high: 60 }", "points.flag.bits"],
  ])("%s is refused at %s", (facts, field) => {
    expect(said(flag(facts)).some((text) => text.startsWith(`${field}:`))).toBe(true);
  });

  it("what must read first is no part of making safe, nor of what a safe command writes", () => {
    const own = changed("access: write, write: { function: 6 }", "access: read-write");
    const run = own.replace(
      "command: { table: holding, address: 0x20, as: u16, enum: { run: 1, stop: 6 }",
      "command: { table: holding, address: 0x20, as: u16, mask: 0x7, enum: { run: 1, stop: 6 }, write: { readFirst: true }",
    );
    expect(said(run)).toEqual([expect.stringContaining("points.command.write.readFirst")]);
    const beside = flag("as: bit, bit: 3, write: { readFirst: true }").replace("0x18", "0x20");
    expect(said(beside)).toEqual([expect.stringContaining('that making safe writes ("command")')]);
  });
});
