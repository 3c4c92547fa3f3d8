import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePoint } from "../../../src/device/codec.js";
import type { Point } from "../../../src/device/device-type.js";

function codec(facts: Partial<Point>) {
  return compilePoint({
    ...{ table: "holding", address: 0, as: "u16", unit: "1" },
    ...{ access: "read-write", confidence: "manual" },
    ...facts,
  } as Point);
}

function words(c: ReturnType<typeof codec>, value: number): number[] {
  const encoded = c.encode(value);
  if (!encoded.ok) throw new Error(encoded.problem);
  return encoded.words;
}

const order = fc.constantFrom("ABCD", "CDAB", "BADC", "DCBA");

describe("64 bits", () => {
  it("s64 is told from u64 by its sign, in every order", () => {
    expect(codec({ as: "s64" }).decodeValue([0xffff, 0xffff, 0xffff, 0xfffe], 0)).toBe(-2);
    const low = codec({ as: "s64", order: "CDAB" });
    expect(low.decodeValue([0xfffe, 0xffff, 0xffff, 0xffff], 0)).toBe(-2);
    expect(words(low, -2)).toEqual([0xfffe, 0xffff, 0xffff, 0xffff]);
  });

  it("every whole number up to 2^53 - 1 comes back exactly", () => {
    const value = fc.maxSafeInteger();
    fc.assert(
      fc.property(value, order, (v, o) => {
        const signed = codec({ as: "s64", order: o });
        expect(signed.decodeValue(words(signed, v), 0)).toBe(v + 0);
        const unsigned = codec({ as: "u64", order: o });
        expect(unsigned.decodeValue(words(unsigned, Math.abs(v)), 0)).toBe(Math.abs(v));
      }),
    );
  });

  it("beyond 2^53 - 1 there is no value, never a rounded one", () => {
    const bad = { value: Number.NaN, quality: "bad" };
    // 2^53 + 1 would be rounded to 2^53.
    expect(codec({ as: "u64" }).decode([0x0020, 0, 0, 1], 0)).toEqual(bad);
    expect(codec({ as: "u64" }).decode([0x0020, 0, 0, 0], 0)).toEqual(bad);
    expect(codec({ as: "u64" }).decodeValue([0x001f, 0xffff, 0xffff, 0xffff], 0)).toBe(2 ** 53 - 1);
    expect(codec({ as: "s64" }).decode([0x8000, 0, 0, 0], 0)).toEqual(bad);
    expect(codec({ as: "s64" }).decode([0xffe0, 0, 0, 0], 0)).toEqual(bad);
    expect(codec({ as: "s64" }).encode(2 ** 53).ok).toBe(false);
  });
});

describe("digits, signs and powers", () => {
  it("bcd32 is eight digits", () => {
    const c = codec({ as: "bcd32" });
    expect(c.decodeValue([0x1234, 0x5678], 0)).toBe(12345678);
    expect(c.decode([0x1234, 0x567a], 0)).toEqual({ value: Number.NaN, quality: "bad" });
    expect(words(c, 90000001)).toEqual([0x9000, 0x0001]);
    expect(c.encode(100000000).ok).toBe(false);
    expect(codec({ as: "bcd32", order: "CDAB" }).decodeValue([0x5678, 0x1234], 0)).toBe(12345678);
  });

  it("signed magnitude has its sign in the highest bit, and one zero", () => {
    const c = codec({ as: "sm16" });
    expect(c.decodeValue([0x8005], 0)).toBe(-5);
    expect(c.decodeValue([0x7fff], 0)).toBe(32767);
    expect(Object.is(c.decodeValue([0x8000], 0), 0)).toBe(true);
    expect(words(c, -5)).toEqual([0x8005]);
    expect(codec({ as: "sm32" }).decodeValue([0x8001, 0x0000], 0)).toBe(-65536);
    expect(words(codec({ as: "sm32" }), -2147483647)).toEqual([0xffff, 0xffff]);
  });

  it("every whole number in its range comes back, whatever the encoding", () => {
    const kinds = [
      ["bcd32", 0, 99999999],
      ["sm16", -32767, 32767],
      ["sm32", -2147483647, 2147483647],
    ] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        order,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (k, o, s) => {
          const [as, lowest, highest] = k;
          const value = Math.round(lowest + s * (highest - lowest)) + 0;
          const c = codec({ as, order: o });
          expect(c.decodeValue(words(c, value), 0)).toBe(value);
        },
      ),
    );
  });

  it("m16e16 is a mantissa and its power of ten in one answer", () => {
    const c = codec({ as: "m16e16", unit: "Nm" });
    expect(c.decodeValue([2312, 0xffff], 0)).toBe(231.2);
    expect(c.decodeValue([0xfff4, 3], 0)).toBe(-12000);
    expect(c.decode([1, 11], 0)).toEqual({ value: Number.NaN, quality: "bad" });
    const back = c.decodeValue(words(c, -231.2), 0);
    expect(back).toBeCloseTo(-231.2, 2);
    expect(codec({ as: "m16e16", order: "CDAB" }).decodeValue([0xffff, 2312], 0)).toBe(231.2);
  });

  it("m16e16 keeps at least four digits of whatever it is given", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 3e14, noNaN: true }), fc.boolean(), (v, minus) => {
        const c = codec({ as: "m16e16" });
        const value = minus ? -v : v;
        const back = c.decodeValue(words(c, value), 0);
        expect(Math.abs(back - value)).toBeLessThanOrEqual(1e-10 / 2 + 2e-4 * v);
      }),
    );
  });

  it("an exponent in another register scales by a power of ten", () => {
    const c = codec({ as: "s16", scaleFrom: { point: "exponent", powerOf: 10 } });
    expect(c.decodeValue([2312], 0, c.factorOf(-1))).toBeCloseTo(231.2, 12);
    expect(c.decodeValue([12], 0, c.factorOf(3))).toBe(12000);
    expect(c.quality([12], 0, c.factorOf(-32768))).toBe("bad");
  });
});
