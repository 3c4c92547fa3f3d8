import { describe, expect, it } from "vitest";
import type { ResolvedLimit } from "../../../src/limit/compile.js";
import { Bench, limit, type Setup } from "./bench.js";

const calm = [0, 0, 100, 2, 1, 9];
const baseline = {
  name: "quiet",
  role: "vibration",
  segment: 0,
  afterMs: 5000,
  samples: 4,
  scatter: 0.2,
};
const tripled: ResolvedLimit = {
  ...limit("tripled", { reaction: "warn" }),
  condition: {
    kind: "above",
    hysteresis: 0,
    hi: { baseline: "quiet", times: 3, plus: 0 },
  },
};
const setup: Setup = {
  parts: [
    { kind: "dwell", dwellMs: 10_000 },
    { kind: "dwell", dwellMs: 3_600_000 },
  ],
  limits: [tripled],
  baselines: [baseline],
};

/** Vibration of s1 in each second of the first step, then a sample of the next. */
function learning(values: readonly number[], more: Partial<Setup> = {}): Bench {
  const bench = Bench.started({ ...setup, ...more });
  for (const value of values) bench.sample(1000, calm.with(3, value));
  bench.samples(2, calm);
  return bench;
}

describe("a baseline", () => {
  const values = [9, 9, 9, 9, 9, 2.1, 1.9, 2.1, 1.9, 2, 2];

  it("is the mean of its window, frozen with its scatter when the step is over", () => {
    const bench = learning(values);
    const [event, ...others] = bench.kinds("baseline");
    expect(others.map(({ station }) => station)).toEqual(["s2"]);
    expect(event).toMatchObject({
      station: "s1",
      data: { name: "quiet", role: "vibration", specimen: "s1-specimen", isUsed: true },
    });
    expect(event?.data.mean).toBeCloseTo(2, 9);
    expect(event?.data.deviation).toBeCloseTo(Math.sqrt(0.04 / (event!.data.samples - 1)), 9);
    expect(event?.text).toMatch(
      /^s1 baseline quiet: vibration 2 mm\/s ± 0\.\d+ mm\/s of \d samples$/,
    );
    expect(bench.state.packml).toBe("Execute");
  });

  it("is what limits compare with from then on, at each station by itself", () => {
    const bench = learning(values);
    bench.sample(1000, calm.with(3, 5.9));
    expect(bench.kinds("alarm")).toEqual([]);
    bench.sample(1000, calm.with(3, 6.1).with(4, 3.1));
    expect(bench.kinds("alarm").map(({ text }) => text)).toEqual([
      "warn: s1 tripled: vibration 6.1 mm/s above 6 mm/s (3 x baseline quiet)",
      "warn: s2 tripled: vibration 3.1 mm/s above 3 mm/s (3 x baseline quiet)",
    ]);
    bench.samples(50, calm.with(3, 4));
    bench.sample(1000, calm.with(3, 5.9));
    expect(bench.kinds("baseline")).toHaveLength(2);
  });

  it("that scatters too much holds the run and is not used", () => {
    const bench = learning([1, 1, 1, 1, 1, 1, 3, 1, 3, 1, 3]);
    const [event] = bench.kinds("baseline");
    expect(event?.data.isUsed).toBe(false);
    expect(event?.text).toContain("not used: it scatters by");
    expect(bench.state.packml).toBe("Held");
    bench.command("resume");
    bench.samples(3, calm.with(3, 99));
    expect(bench.kinds("alarm")).toEqual([]);
  });

  it("of too few good samples is none", () => {
    const bench = learning([...values.slice(0, 8), Number.NaN, Number.NaN, Number.NaN]);
    expect(bench.kinds("baseline")[0]?.text).toContain("not used: fewer than 4 good samples");
  });
});
