import { describe, expect, it } from "vitest";
import { normal, randomStream, weibull } from "../../../src/base/random.js";

function draw(seed: number, label: string, n: number): number[] {
  const random = randomStream(seed, label);
  return Array.from({ length: n }, random);
}

describe("seeded random streams", () => {
  it("give the same numbers for the same seed and label, others for others", () => {
    expect(draw(7, "a", 20)).toEqual(draw(7, "a", 20));
    expect(draw(7, "a", 20)).not.toEqual(draw(8, "a", 20));
    expect(draw(7, "a", 20)).not.toEqual(draw(7, "b", 20));
  });

  it("are uniform: 100 bins of 100 000 draws pass a chi-square test at 99.9 %", () => {
    const bins = new Array<number>(100).fill(0);
    for (const u of draw(1, "uniform", 100_000)) bins[Math.floor(u * 100)]! += 1;
    const chi2 = bins.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    expect(chi2).toBeGreaterThan(59.1); // chi-square quantiles for 99 degrees, 0.05 % and 99.95 %
    expect(chi2).toBeLessThan(150.2);
  });

  it("draw Weibull lives whose mean is eta gamma(1 + 1/beta)", () => {
    const random = randomStream(3, "weibull");
    const n = 40_000;
    let sum = 0;
    for (let i = 0; i < n; i++) sum += weibull(random, 100, 1.5);
    const mean = 100 * 0.9027452929509336; // gamma(5/3)
    const standardError = (100 * 0.6129) / Math.sqrt(n);
    expect(Math.abs(sum / n - mean)).toBeLessThan(4 * standardError);
  });

  it("draw normals with mean 0 and variance 1", () => {
    const random = randomStream(4, "normal");
    const xs = Array.from({ length: 40_000 }, () => normal(random));
    const mean = xs.reduce((a, b) => a + b, 0) / xs.length;
    const variance = xs.reduce((a, b) => a + (b - mean) ** 2, 0) / xs.length;
    expect(Math.abs(mean)).toBeLessThan(4 / 200);
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / 40_000));
  });
});
