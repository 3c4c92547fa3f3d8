import { describe, expect, it } from "vitest";
import type { Series } from "../../../src/record/series.js";
import { seriesSvg } from "../../../src/report/series-svg.js";

/** A sample in every `apart`-th interval of 100 ms, but none from 4 s to 8 s. */
function seriesWith(apart: number): Series {
  const values = Float64Array.from({ length: 120 }, (_, i) =>
    i % apart === 0 && (i < 40 || i >= 80) ? i : Number.NaN,
  );
  return {
    column: { name: "speed", role: "speed", dimension: "speed", unit: "rpm" },
    ...{ fromMs: 0, bucketMs: 100, min: values, mean: values, max: values },
    count: values.map((v) => (Number.isNaN(v) ? 0 : 1)),
    worst: new Uint8Array(120),
  };
}

function lines(apart: number, cycleMs: number): number {
  const series = [seriesWith(apart)];
  const svg = seriesSvg({ title: "", subtitle: "", series, cycleMs, marks: [] });
  return svg.match(/<polyline/g)?.length ?? 0;
}

describe("a picture of samples over time", () => {
  it("joins samples that are a cycle apart, however short its intervals, and leaves a gap open", () => {
    expect(lines(10, 1000)).toBe(2);
    expect(lines(1, 100)).toBe(2);
    expect(lines(1, 10)).toBe(2);
  });

  it("joins nothing over two cycles without a sample", () => {
    expect(lines(10, 400)).toBe(8);
  });
});
