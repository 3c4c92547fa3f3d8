import { describe, expect, it } from "vitest";
import { Bench, sampleOf } from "./bench.js";

/** Samples every second, the wall clock ahead of the run's by `offsets`. */
function run(offsets: readonly number[]): Bench {
  const bench = Bench.started();
  offsets.forEach((offset, i) => {
    const sample = sampleOf(i + 1, i * 1000, bench.readings);
    bench.input({ kind: "sample", sample: { ...sample, wall: sample.at + offset } });
  });
  return bench;
}

describe("the wall clock", () => {
  it("may be slewed without a word", () => {
    expect(run([0, 0.4, 0.8, 1.2]).kinds("clock")).toEqual([]);
  });

  it("is told of once when it is set, forward or back", () => {
    const bench = run([1e12, 1e12, 1e12 + 3_600_000, 1e12 + 3_600_000, 0]);
    expect(bench.kinds("clock").map((e) => [e.at, e.data.byMs])).toEqual([
      [2000, 3_600_000],
      [4000, -1e12 - 3_600_000],
    ]);
    expect(bench.kinds("clock")[0]?.text).toBe("the wall clock was set forward by 1 h");
  });

  it("does not change what is booked", () => {
    expect(run([0, 1e9, 0]).state.book).toEqual(run([0, 0, 0]).state.book);
  });
});
