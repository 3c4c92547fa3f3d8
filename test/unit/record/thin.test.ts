import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bad, good, type Keep } from "../../../src/base/sample.js";
import { type ThinInput, thinned } from "../../../src/record/thin.js";

/** A second between two samples. */
function inputOf(values: readonly number[], quality?: readonly number[]): ThinInput {
  return {
    cycles: Float64Array.from(values, (_, i) => i + 1),
    at: Float64Array.from(values, (_, i) => (i + 1) * 1000),
    whole: new Uint8Array(values.length),
    values: Float64Array.from(values),
    quality: Uint8Array.from(quality ?? values.map(() => good)),
  };
}

/** Zero has one sign, and below the normal numbers a mean has no thirteen digits: no reading is that small. */
const reading = fc
  .double({ min: -1e6, max: 1e6, noNaN: true })
  .map((value) => (Math.abs(value) < 1e-290 ? 0 : value));
const readings = fc.array(reading, { maxLength: 200 });
const keeps: fc.Arbitrary<Keep> = fc.oneof(
  fc.record({ every: fc.integer({ min: 2, max: 50 }) }),
  fc.record({ change: fc.double({ min: 1e-3, max: 1e6, noNaN: true }) }),
  fc.record({ intervalMs: fc.integer({ min: 3000, max: 60_000 }) }),
);

describe("a thinned column", () => {
  it("repeats the last kept of so many samples", () => {
    const input = inputOf([1, 2, 3, 4, 5, 6, 7]);
    expect([...thinned({ every: 3 }, input)]).toEqual([1, 1, 3, 3, 3, 6, 6]);
  });

  it("keeps a value that differs by more than asked from the last one kept", () => {
    const input = inputOf([20, 20.4, 20.5, 20.6, 20.2, 20.05]);
    expect([...thinned({ change: 0.5 }, input)]).toEqual([20, 20, 20, 20.6, 20.6, 20.05]);
  });

  it("has least, mean and most of each interval", () => {
    const input = inputOf([5, 1, 2, 4, 9, 3, 3, 7, 8]);
    // 1 to 4 s and 5 to 9 s lie in the intervals that begin at 0 and 5 s.
    expect([...thinned({ intervalMs: 5000 }, input)]).toEqual([5, 1, 3, 3, 9, 3, 6, 6, 6]);
  });

  it("leaves alone what is not good, and begins anew after it", () => {
    const input = inputOf([1, Number.NaN, 1.1, 1.2], [good, bad, good, good]);
    expect([...thinned({ change: 5 }, input)]).toEqual([1, Number.NaN, 1.1, 1.1]);
    expect([...thinned({ every: 100 }, input)]).toEqual([1, Number.NaN, 1.1, 1.1]);
  });

  it("keeps every sample of a time that is to stay whole", () => {
    fc.assert(
      fc.property(readings, keeps, (values, keep) => {
        const input = inputOf(values);
        input.whole.fill(1);
        expect(thinned(keep, input)).toEqual(input.values);
      }),
    );
  });

  it("is nowhere farther from what was measured than the change asked for", () => {
    fc.assert(
      fc.property(readings, fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (values, change) => {
        const out = thinned({ change }, inputOf(values));
        for (const [i, v] of values.entries())
          expect(Math.abs(out[i]! - v)).toBeLessThanOrEqual(change);
      }),
    );
  });

  it("has the sum and the extremes of every interval as they were", () => {
    fc.assert(
      fc.property(readings, (values) => {
        const input = inputOf(values);
        const out = thinned({ intervalMs: 10_000 }, input);
        for (let from = 0; from < values.length; from = from === 0 ? 9 : from + 10) {
          const to = from === 0 ? 9 : from + 10;
          const [before, after] = [input.values.slice(from, to), out.slice(from, to)];
          expect(Math.min(...after)).toBe(Math.min(...before));
          expect(Math.max(...after)).toBe(Math.max(...before));
          const sum = (list: Float64Array) => list.reduce((s, v) => s + v, 0);
          const size = before.reduce((s, v) => s + Math.abs(v), 0);
          expect(Math.abs(sum(after) - sum(before))).toBeLessThanOrEqual(1e-13 * size);
        }
      }),
    );
  });
});
