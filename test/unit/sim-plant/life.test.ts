import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/random.js";
import {
  frailWeibull,
  positiveStable,
  scaleOfL10,
  scaleOfMedian,
} from "../../../src/sim/part-life.js";

const alpha = 0.7;

function pairs(count: number, seed: number): [number, number][] {
  const random = randomStream(seed, "life");
  return Array.from({ length: count }, () => {
    const frailty = positiveStable(random, alpha);
    return [
      frailWeibull(random, frailty, alpha, 1, 1.5),
      frailWeibull(random, frailty, alpha, 1, 3),
    ];
  });
}

/** Largest distance between the empirical and the Weibull distribution (Kolmogorov and Smirnov). */
function distance(lives: readonly number[], shape: number): number {
  const sorted = lives.toSorted((a, b) => a - b);
  return Math.max(
    ...sorted.map((life, i) => {
      const f = 1 - Math.exp(-(life ** shape));
      return Math.max(f - i / sorted.length, (i + 1) / sorted.length - f);
    }),
  );
}

describe("lives under a shared frailty", () => {
  it("have the scale that puts the quantile at 1", () => {
    const survival = (scale: number, shape: number) => Math.exp(-((1 / scale) ** shape));
    expect(survival(scaleOfL10(1.5), 1.5)).toBeCloseTo(0.9, 12);
    expect(survival(scaleOfMedian(3), 3)).toBeCloseTo(0.5, 12);
  });

  it("stay Weibull one by one", () => {
    const count = 4000;
    const lives = pairs(count, 11);
    // Critical value of the test at 0.1 %: 1.95 / sqrt(n).
    expect(
      distance(
        lives.map(([a]) => a),
        1.5,
      ),
    ).toBeLessThan(1.95 / Math.sqrt(count));
    expect(
      distance(
        lives.map(([, b]) => b),
        3,
      ),
    ).toBeLessThan(1.95 / Math.sqrt(count));
  });

  it("go together with Kendall's tau = 1 - alpha", () => {
    const count = 1500;
    const lives = pairs(count, 5);
    let score = 0;
    for (let i = 0; i < count; i++)
      for (let j = 0; j < i; j++)
        score += Math.sign((lives[i]![0] - lives[j]![0]) * (lives[i]![1] - lives[j]![1]));
    const tau = score / ((count * (count - 1)) / 2);
    // The variance of tau is at most 2 (1 - tau^2) / n (Kendall, Rank Correlation Methods).
    const bound = 4 * Math.sqrt((2 * (1 - 0.3 ** 2)) / count);
    expect(Math.abs(tau - (1 - alpha))).toBeLessThan(bound);
  });
});
