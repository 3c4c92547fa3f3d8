import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bitIsSet, compilePoint, type PointCodec } from "../../../src/device/codec.js";
import type { Point } from "../../../src/device/device-type.js";
import { encodingOf } from "../../../src/device/encoding.js";
import { point } from "./sample-type.js";

const codec = (facts: Partial<Point>, parameters = {}) => compilePoint(point(facts), parameters);

function words(encoder: PointCodec, value: number | string, factor?: number): number[] | string {
  const encoded = encoder.encode(value, factor);
  return encoded.ok ? encoded.words : encoded.problem;
}

type Row = [as: Point["as"], order: NonNullable<Point["order"]>, words: number[], value: number];

// 12.375 is 41460000 as f32 and 4028C00000000000 as f64 (IEEE 754, worked out by hand).
const table: Row[] = [
  ["u16", "ABCD", [0x1234], 0x1234],
  ["u16", "CDAB", [0x1234], 0x1234],
  ["u16", "BADC", [0x3412], 0x1234],
  ["u16", "DCBA", [0x3412], 0x1234],
  ["s16", "ABCD", [0xfffe], -2],
  ["s16", "BADC", [0xfeff], -2],
  ["u32", "ABCD", [0x1234, 0x5678], 0x12345678],
  ["u32", "CDAB", [0x5678, 0x1234], 0x12345678],
  ["u32", "BADC", [0x3412, 0x7856], 0x12345678],
  ["u32", "DCBA", [0x7856, 0x3412], 0x12345678],
  ["u32", "ABCD", [0xffff, 0xffff], 4294967295],
  ["s32", "ABCD", [0xffff, 0xfffe], -2],
  ["s32", "CDAB", [0xfffe, 0xffff], -2],
  ["s32", "BADC", [0xffff, 0xfeff], -2],
  ["s32", "DCBA", [0xfeff, 0xffff], -2],
  ["f32", "ABCD", [0x4146, 0x0000], 12.375],
  ["f32", "CDAB", [0x0000, 0x4146], 12.375],
  ["f32", "BADC", [0x4641, 0x0000], 12.375],
  ["f32", "DCBA", [0x0000, 0x4641], 12.375],
  ["u64", "ABCD", [0, 0x0001, 0x2345, 0x6789], 0x123456789],
  ["u64", "CDAB", [0x6789, 0x2345, 0x0001, 0], 0x123456789],
  ["u64", "BADC", [0, 0x0100, 0x4523, 0x8967], 0x123456789],
  ["u64", "DCBA", [0x8967, 0x4523, 0x0100, 0], 0x123456789],
  ["f64", "ABCD", [0x4028, 0xc000, 0, 0], 12.375],
  ["f64", "CDAB", [0, 0, 0xc000, 0x4028], 12.375],
  ["f64", "BADC", [0x2840, 0x00c0, 0, 0], 12.375],
  ["f64", "DCBA", [0, 0, 0x00c0, 0x2840], 12.375],
  ["bcd16", "ABCD", [0x1904], 1904],
  ["bcd16", "BADC", [0x0419], 1904],
];

describe("every encoding in every order", () => {
  it.each(table)("%s %s %j is %d, both ways", (as, order, raw, value) => {
    const c = codec({ as, order });
    expect(c.registers).toBe(raw.length);
    expect(c.decode([9, ...raw], 1)).toEqual({ value, quality: "good" });
    expect(words(c, value)).toEqual(raw);
  });

  it("a coil is 0 or 1 and nothing between", () => {
    const c = codec({ table: "coil", as: "bit" });
    expect(c.decodeValue([0, 1], 1)).toBe(1);
    expect(words(c, 0)).toEqual([0]);
    expect(words(c, 0.4)).toMatch(/neither 0 nor 1/);
    expect(words(c, 2)).toMatch(/outside 0 to 1/);
  });

  it("a bit of a register is read alone and stored without touching its neighbours", () => {
    const c = codec({ as: "bit", bit: 8 });
    expect(c.decodeValue([0x0100], 0)).toBe(1);
    expect(c.decodeValue([0xfeff], 0)).toBe(0);
    const image = [0xffff];
    expect(c.store(image, 0, 0)).toBeUndefined();
    expect(image).toEqual([0xfeff]);
  });
});

describe("scale", () => {
  it("a tenth is exact, as people read it", () => {
    expect(codec({ scale: 0.1 }).decodeValue([2312], 0)).toBe(231.2);
    expect(codec({ as: "s16", scale: 0.01 }).decodeValue([0xd8f0], 0)).toBe(-100);
  });

  it("value = (raw * scale + offset) * full scale", () => {
    const c = codec({ scale: 0.001, offset: -1, times: "full-scale" }, { "full-scale": 50 });
    expect(c.decodeValue([2000], 0)).toBe(50);
    expect(words(c, 25)).toEqual([1500]);
  });

  it("a factor from another register scales the value; without it there is none", () => {
    const c = codec({ as: "s16", scaleFrom: { point: "dp", factors: { "0": 1, "1": 0.1 } } });
    expect(c.scaleFrom).toBe("dp");
    expect(c.decodeValue([620], 0, c.factorOf(1))).toBeCloseTo(62, 12);
    expect(words(c, 62, c.factorOf(1))).toEqual([620]);
    expect(c.decode([620], 0, c.factorOf(7))).toEqual({ value: Number.NaN, quality: "bad" });
    expect(c.decode([620], 0)).toEqual({ value: Number.NaN, quality: "bad" });
    expect(words(c, 62)).toMatch(/no raw value/);
  });

  it("straight lines between pairs, both ways, and no write outside them", () => {
    const c = codec({
      unit: "mA",
      linear: [
        [0, 4],
        [1000, 12],
        [4095, 20],
      ],
    });
    expect(c.decodeValue([500], 0)).toBe(8);
    expect(c.decodeValue([4095], 0)).toBe(20);
    expect(words(c, 12)).toEqual([1000]);
    expect(words(c, 3.9)).toMatch(/no raw value/);
    expect(words(c, 20.1)).toMatch(/no raw value/);
  });

  it("the noise of a unit conversion does not push a value out of its range", () => {
    const c = codec({
      unit: "mA",
      linear: [
        [0, 4],
        [4095, 20],
      ],
      range: [4, 20],
    });
    expect(words(c, 20.000000000000004)).toEqual([4095]);
    expect(words(c, 3.9999999999999996)).toEqual([0]);
    expect(c.encode(20.001).ok).toBe(false);
  });

  it("a falling line is inverted too", () => {
    const c = codec({
      linear: [
        [0, 100],
        [10, 50],
        [20, 0],
      ],
    });
    expect(words(c, 75)).toEqual([5]);
    expect(words(c, 25)).toEqual([15]);
  });
});

describe("no value", () => {
  it("a sentinel is not a number and never zero", () => {
    const c = codec({ as: "s16", scale: 0.1, sentinels: [0x8000, 32767] });
    expect(c.decode([0x8000], 0)).toEqual({ value: Number.NaN, quality: "sentinel" });
    expect(c.quality([0x7fff], 0)).toBe("sentinel");
    expect(words(c, 3276.7)).toMatch(/means no value/);
  });

  it("not-a-number of a float is the device's own no value, infinity is nonsense", () => {
    const c = codec({ as: "f32" });
    expect(c.decode([0x7fc0, 0], 0)).toEqual({ value: Number.NaN, quality: "sentinel" });
    expect(c.decode([0x7f80, 0], 0)).toEqual({ value: Number.NaN, quality: "bad" });
  });

  it("digits above nine are no BCD", () => {
    expect(codec({ as: "bcd16" }).decode([0x1a00], 0).quality).toBe("bad");
  });

  it("a text has no number", () => {
    const c = codec({ as: "ascii", length: 3 });
    expect(c.registers).toBe(3);
    expect(c.quality([0x4142, 0x4300, 0], 0)).toBe("bad");
  });
});

describe("encode refuses instead of wrapping", () => {
  it.each<[Partial<Point>, number]>([
    [{ as: "u16" }, -1],
    [{ as: "u16" }, 65536],
    [{ as: "s16" }, 32768],
    [{ as: "s16", scale: 0.1 }, -3276.9],
    [{ as: "u32" }, 4294967296],
    [{ as: "s32" }, -2147483649],
    [{ as: "bcd16" }, 10000],
    [{ as: "f32" }, 1e39],
    [{ as: "u64" }, 2 ** 53],
    [{ as: "u16" }, Number.NaN],
    [{ as: "f64" }, Number.POSITIVE_INFINITY],
    [{ as: "s16", range: [-100, 100] }, 100.01],
    [{ as: "s16", range: [-100, 100] }, Number.NaN],
  ])("%j refuses %d", (facts, value) => {
    expect(codec(facts).encode(value).ok).toBe(false);
  });

  it("an enum writes its words and their values only", () => {
    const c = codec({ enum: { run: 1, stop: 6 } });
    expect(words(c, "stop")).toEqual([6]);
    expect(words(c, 1)).toEqual([1]);
    expect(words(c, 5)).toMatch(/no value of this point's enum/);
    expect(words(c, "coast")).toMatch(/no word of this point/);
    expect([c.word(6), c.word(7)]).toEqual(["stop", undefined]);
  });
});

const whole = ["u16", "s16", "u32", "s32", "bcd16"] as const;
const order = fc.constantFrom("ABCD", "CDAB", "BADC", "DCBA");
const scales = fc.constantFrom(1, 0.1, 0.01, 10, 0.00048828125, 0.3, -0.5);

describe("round trips", () => {
  it("decode(encode(v)) is within half a raw step of v", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const offset = fc.constantFrom(0, -40, 12.5);
    fc.assert(
      fc.property(
        fc.constantFrom(...whole),
        order,
        scales,
        offset,
        share,
        (as, o, scale, off, s) => {
          const { lowest, highest } = encodingOf(point({ as }));
          const value = (lowest + s * (highest - lowest)) * scale + off;
          const c = codec({ as, order: o, scale, offset: off });
          const encoded = c.encode(value);
          if (!encoded.ok) throw new Error(encoded.problem);
          const back = c.decodeValue(encoded.words, 0);
          expect(Math.abs(back - value)).toBeLessThanOrEqual(
            Math.abs(scale) / 2 + 1e-9 * Math.abs(value),
          );
        },
      ),
    );
  });

  it("every word pattern of whole numbers comes back as it was", () => {
    const word = fc.integer({ min: 0, max: 0xffff });
    const kinds = fc.constantFrom("u16", "s16", "u32", "s32");
    fc.assert(
      fc.property(kinds, order, fc.tuple(word, word), scales, (as, o, pair, scale) => {
        const c = codec({ as, order: o, scale });
        const raw = pair.slice(0, c.registers);
        expect(words(c, c.decodeValue(raw, 0))).toEqual(raw);
      }),
    );
  });

  it("floats come back as the nearest float", () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), order, (value, o) => {
        const c = codec({ as: "f32", order: o });
        const encoded = c.encode(value);
        expect(encoded.ok && c.decodeValue(encoded.words, 0)).toBe(Math.fround(value) + 0);
      }),
    );
  });
});

it("bits are counted from the lowest, also above the sign bit", () => {
  expect(bitIsSet(0b100, 2)).toBe(true);
  expect(bitIsSet(0b100, 1)).toBe(false);
  expect(bitIsSet(0x80000000, 31)).toBe(true);
});
