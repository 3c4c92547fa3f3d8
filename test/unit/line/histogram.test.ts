import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Histogram } from "../../../src/line/histogram.js";

function of(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

describe("a histogram of durations", () => {
  it("is nothing as JSON and has no quantile while nothing was counted", () => {
    expect(JSON.stringify({ stops: of([]) })).toBe("{}");
    expect(of([]).quantile(0.5)).toBeNaN();
  });

  it("gives quantiles to a bucket's width, never below the true one and never above the longest", () => {
    const durations = fc.array(fc.double({ min: 0.01, max: 600_000, noNaN: true }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(durations, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, share) => {
        const sorted = [...values].sort((a, b) => a - b);
        const true_ = sorted[Math.ceil(share * values.length) - 1]!;
        const quantile = of(values).quantile(share);
        expect(quantile).toBeGreaterThanOrEqual(true_ * (1 - 1e-12));
        expect(quantile).toBeLessThanOrEqual(Math.min(sorted.at(-1)!, true_ * 1.0906));
      }),
    );
  });

  it("counts what is longer than its last bucket begins", () => {
    expect(of([1e9, 2e9]).toJSON()).toEqual({
      count: 2,
      p50: expect.any(Number),
      p99: expect.any(Number),
      max: 2e9,
    });
  });
});
