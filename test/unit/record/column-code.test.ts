import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeColumn, encodeColumn } from "../../../src/record/column-code.js";

const count = 600;

/** There and back, bit for bit, into arrays that hold what was before; the bytes a value takes. */
function bytesPerValue(values: Float64Array, quality = new Uint8Array(values.length)): number {
  const { data, scale } = encodeColumn(values, quality);
  const again = encodeColumn(values, quality, scale);
  for (const coded of [data, again.data]) {
    const used = () => new Float64Array(values.length).fill(Number.NaN);
    const back = decodeColumn(coded, values.length, used(), used());
    expect(back.values.every((v, i) => Object.is(v, values[i]))).toBe(true);
    expect(back.quality).toEqual(quality);
  }
  return again.data.byteLength / values.length;
}

/** A register: drift, a sine and some counts of noise, the same at every run. */
function registers(noise: number): number[] {
  let seed = 12345;
  const chance = () => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return seed / 2 ** 31 - 0.5;
  };
  return Array.from({ length: count }, (_, i) => {
    return Math.round(2000 + i / 50 + 300 * Math.sin(i / 40) + noise * (chance() + chance()));
  });
}

describe("a column of measured values", () => {
  it.each<[string, (raw: number) => number]>([
    ["whole numbers", (raw) => raw],
    ["multiplied by 0.1", (raw) => raw * 0.1],
    ["divided by 10", (raw) => raw / 10],
    ["in kN, made N", (raw) => raw * 0.01 * 1000],
    ["a 4 to 20 mA input", (raw) => -50 + (raw * 200) / 27648],
    ["a factor of no special kind", (raw) => raw * 0.0173],
    ["negative and through zero", (raw) => (raw - 2000) * 0.05],
    ["in degrees Fahrenheit, made Celsius", (raw) => ((raw * 0.1 - 32) * 5) / 9],
  ])("takes at most two bytes a value: %s", (_, scaled) => {
    expect(bytesPerValue(Float64Array.from(registers(40), scaled))).toBeLessThan(2);
  });

  it("takes next to nothing when it stands still", () => {
    expect(bytesPerValue(new Float64Array(count).fill(1500.1))).toBeLessThan(0.2);
  });

  it("takes at most three bytes a value with readings missing and outliers among them", () => {
    const values = Float64Array.from(registers(40), (raw) => raw * 0.1);
    const quality = new Uint8Array(count);
    for (let i = 5; i < count; i += 50) [values[i], quality[i]] = [Number.NaN, 3];
    values[100] = 1 / 3;
    values[101] = -0;
    values[102] = Number.POSITIVE_INFINITY;
    expect(bytesPerValue(values, quality)).toBeLessThan(3);
  });
});

describe("any column", () => {
  it("comes back to the bit, whatever it holds", () => {
    const column = fc
      .array(fc.tuple(fc.double(), fc.integer({ min: 0, max: 4 })), { minLength: 1, maxLength: 80 })
      .map((rows) => ({
        values: Float64Array.from(rows, (r) => r[0]),
        quality: Uint8Array.from(rows, (r) => r[1]),
      }));
    fc.assert(fc.property(column, ({ values, quality }) => void bytesPerValue(values, quality)));
  });

  it("comes back to the bit when it is a scale with gaps, outliers and steps", () => {
    const value = fc.oneof(
      { weight: 20, arbitrary: fc.integer({ min: -32768, max: 32767 }) },
      { weight: 1, arbitrary: fc.constantFrom(Number.NaN, -0, 1e300, 5e-324, -Infinity) },
    );
    const times = fc.constantFrom(0.1, 0.01, 1 / 3, 7.25, 0.007234, 1e-6, 1e9);
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), times, (raws, by) => {
        bytesPerValue(Float64Array.from(raws, (raw) => raw * by));
      }),
    );
  });

  it("comes back to the bit when the chunk before had another scale", () => {
    const one = encodeColumn(
      Float64Array.from(registers(9), (r) => r * 0.1),
      new Uint8Array(count),
    );
    const values = Float64Array.from(registers(9), (r) => r * 0.037 + 5);
    const { data } = encodeColumn(values, new Uint8Array(count), one.scale);
    expect(decodeColumn(data, count).values).toEqual(values);
  });

  it("is refused when its bytes are not a column of that many values", () => {
    const { data } = encodeColumn(Float64Array.of(1, 2, 3), new Uint8Array(3));
    for (const bytes of [Buffer.from("no zlib"), data.subarray(0, 9), deflateSync("")]) {
      expect(() => decodeColumn(bytes, 3)).toThrow(/a column is not readable/);
    }
    expect(() => decodeColumn(data, 4)).toThrow(/a column is not readable/);
    expect(() => decodeColumn(data, 2)).toThrow(/a column is not readable/);
  });
});
