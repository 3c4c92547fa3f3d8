import { describe, expect, it } from "vitest";
import { normal, randomStream, weibull } from "../../../src/base/random.js";
import type { LifeRow } from "../../../src/life/data.js";
import { lacksFit } from "../../../src/life/lack-of-fit.js";
import { fitModel } from "../../../src/life/model.js";
import { smallestExtremeValue, standardNormal } from "../../../src/life/standard.js";

const row = (kind: "exact" | "right", time: number, count = 1): LifeRow => {
  return { kind, time, count, stress: {} };
};

/** How many of 200 samples of 20 lives, some taken off at random, are said not to fit. */
function said(
  draw: (random: ReturnType<typeof randomStream>) => number,
  standard: typeof standardNormal,
) {
  const random = randomStream(5, "lack");
  let count = 0;
  for (let i = 0; i < 200; i++) {
    const rows = Array.from({ length: 20 }, () => {
      const [life, off] = [draw(random), 50 + 150 * random()];
      return row(life < off ? "exact" : "right", Math.min(life, off));
    });
    if (lacksFit(rows, fitModel(rows, standard))) count++;
  }
  return count;
}

describe("lack of fit", () => {
  it("is said of early failures among late ones, for each distribution", () => {
    const failures = [1, 2, 3, 5, 900, 950, 1000, 1040, 1100, 1150].map((t) => row("exact", t));
    const rows = [...failures, row("right", 1200, 5)];
    expect(lacksFit(rows, fitModel(rows, smallestExtremeValue))).toBe(true);
    expect(lacksFit(rows, fitModel(rows, standardNormal))).toBe(true);
    expect(lacksFit(rows, fitModel(rows, smallestExtremeValue, { sigma: 1 }))).toBe(true);
  });

  it("is said of one in a hundred samples that do come from the distribution", () => {
    // 200 at 1 %: 2 expected, 8 are four standard errors above.
    expect(said((random) => weibull(random, 100, 2), smallestExtremeValue)).toBeLessThan(8);
    expect(said((random) => 100 * Math.exp(0.6 * normal(random)), standardNormal)).toBeLessThan(8);
  });

  it("is not asked of few failures, intervals or entry ages", () => {
    const few = [1, 2, 900, 1000].map((t) => row("exact", t));
    expect(lacksFit(few, fitModel(few, smallestExtremeValue))).toBe(false);
    const late = [1, 2, 3, 5, 900, 950, 1000].map((t) => ({ ...row("exact", t), entry: t / 2 }));
    expect(lacksFit(late, fitModel(late, smallestExtremeValue))).toBe(false);
  });
});
