import { describe, expect, it } from "vitest";
import { bad, good, type Sample } from "../../../src/base/sample.js";
import { BetweenRuns } from "../../../src/keeper/between-runs.js";

/** One column; NaN is a reading that failed. */
const read = (at: number, value: number): Sample => ({
  cycle: 0,
  at,
  wall: at,
  values: Float64Array.of(value),
  quality: Uint8Array.of(Number.isNaN(value) ? bad : good),
});

function seen(...readings: readonly [number, number][]): BetweenRuns {
  const [first, ...later] = readings.map(([at, value]) => read(at, value));
  const between = new BetweenRuns("r-1", first!, 1000);
  for (const sample of later) between.look(sample);
  return between;
}

describe("what a rig was seen to do between two runs", () => {
  it("is the larger of two readings between them, whatever its sign", () => {
    const between = seen([0, 60], [1000, -90], [2000, 30], [3000, 0], [10_000 / 2, 0]);
    // 90 for 2 s, 30 for 1 s, nothing for 2 s.
    expect(between.average(0)).toBe((90 * 2000 + 30 * 1000) / 5000);
    expect(between.run).toBe("r-1");
  });

  it("bridges a reading that failed by those around it", () => {
    expect(seen([0, 0], [1000, Number.NaN], [2000, 10]).average(0)).toBe(10);
  });

  it("is not known where it was not read for more than three cycles, or not at all", () => {
    expect(seen([0, 0], [3001, 0], [4000, 0]).average(0)).toBeNaN();
    expect(seen([0, 0], [1000, Number.NaN], [5000, Number.NaN]).average(0)).toBeNaN();
    expect(seen([0, Number.NaN], [1000, 0]).average(0)).toBeNaN();
    expect(seen([0, 0]).average(0)).toBeNaN();
  });
});
