import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/random.js";
import { bestLinear, linearEstimate, linearSample } from "../../../src/life/blie.js";
import type { LifeRow } from "../../../src/life/data.js";
import { extremeOrderStatistics } from "../../../src/life/extreme-order.js";
import { type FitOptions, fitLife } from "../../../src/life/fit.js";
import { ratedRatio } from "../../../src/life/rated-ratio.js";
import { oracle, relativeError, rowsOf } from "./oracle.js";
import { simulateHere } from "./simulate.js";

const euler = 0.5772156649015329;

describe("order statistics of the smallest extreme value", () => {
  it("add up to the mean and variance of the sample", () => {
    for (const n of [1, 2, 7, 30]) {
      const { means, covariances } = extremeOrderStatistics(n, n);
      const sum = (v: Float64Array) => v.reduce((a, b) => a + b, 0);
      expect(relativeError(sum(means), -n * euler)).toBeLessThan(1e-13);
      expect(relativeError(sum(covariances), (n * Math.PI ** 2) / 6)).toBeLessThan(1e-12);
    }
  });

  it("have the first mean and variance in closed form", () => {
    const { means, covariances } = extremeOrderStatistics(25, 3);
    expect(means[0]).toBeCloseTo(-euler - Math.log(25), 13);
    expect(covariances[0]).toBeCloseTo(Math.PI ** 2 / 6, 12);
  });
});

describe("best linear estimation", () => {
  // J. Lieblein 1954 (NACA TN 3053), for largest values: weights of the mode and of the scale, largest
  // value last. Recollected; they fix six digits of every weight.
  const lieblein: [number[], number[]][] = [
    [
      [0.916373, 0.083627],
      [-0.721348, 0.721348],
    ],
    [
      [0.65632, 0.255714, 0.087966],
      [-0.630541, 0.255816, 0.374725],
    ],
    [
      [0.510998, 0.263943, 0.15368, 0.07138],
      [-0.558619, 0.085903, 0.223919, 0.248797],
    ],
    [
      [0.418934, 0.246282, 0.167609, 0.108824, 0.05835],
      [-0.503127, 0.006534, 0.130455, 0.181656, 0.184483],
    ],
    [
      [0.35545, 0.225488, 0.16562, 0.121054, 0.083522, 0.048867],
      [-0.459273, -0.035992, 0.073199, 0.126724, 0.149534, 0.145807],
    ],
  ];

  it("has Lieblein's published weights", () => {
    for (const [mode, scale] of lieblein) {
      const n = mode.length;
      const { unbiased } = bestLinear(n, n);
      mode.forEach((w, i) => {
        expect(Math.abs(unbiased.mu[n - 1 - i]! - w)).toBeLessThan(1.1e-6);
        expect(Math.abs(-unbiased.sigma[n - 1 - i]! - scale[i]!)).toBeLessThan(1.1e-6);
      });
    }
    const { variance } = bestLinear(6, 6);
    expect(variance.mu).toBeCloseTo(0.19117, 5);
    expect(variance.sigma).toBeCloseTo(0.13196, 5);
  });

  it("is unbiased, and moves with the unit and the spread of the data", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 15 }), fc.integer({ min: 0, max: 10 }), (r, more) => {
        const { unbiased, invariant, variance } = bestLinear(r + more, r);
        const { means } = extremeOrderStatistics(r + more, r);
        const [mu, sigma] = linearEstimate(
          unbiased,
          means.map((m) => 3 + 2 * m),
        );
        expect(mu).toBeCloseTo(3, 10);
        expect(sigma).toBeCloseTo(2, 10);
        const less = linearEstimate(
          invariant,
          means.map((m) => 3 + 2 * m),
        );
        expect(less[1]).toBeCloseTo(2 / (1 + variance.sigma), 10);
      }),
      { numRuns: 20 },
    );
  });

  it("has the mean square errors that simulated samples show", () => {
    const [n, r] = [8, 5];
    const { invariant, unbiased, variance } = bestLinear(n, r);
    const random = randomStream(11, "blie");
    const draws = 20_000;
    const square = { invariant: 0, unbiased: 0 };
    for (let i = 0; i < draws; i++) {
      const z = Float64Array.from({ length: n }, () => Math.log(-Math.log1p(-random()))).sort();
      square.invariant += (linearEstimate(invariant, z)[1] - 1) ** 2 / draws;
      square.unbiased += (linearEstimate(unbiased, z)[1] - 1) ** 2 / draws;
    }
    expect(Math.abs(square.unbiased / variance.sigma - 1)).toBeLessThan(0.06);
    const want = variance.sigma / (1 + variance.sigma);
    expect(Math.abs(square.invariant / want - 1)).toBeLessThan(0.06);
  });

  it("refuses units taken off early, interval data and more than a hundred units", () => {
    const row = (kind: LifeRow["kind"], time: number): LifeRow => ({
      kind,
      time,
      count: 1,
      stress: {},
    });
    const early = [row("exact", 5), row("right", 6), row("exact", 9)];
    expect(() => linearSample(early)).toThrow(/EXACT_RANGE/);
    const interval = [row("exact", 5), { ...row("interval", 6), timeHigh: 7 }];
    expect(() => linearSample(interval)).toThrow(/EXACT_RANGE/);
    expect(() => bestLinear(101, 5)).toThrow(/METHOD_RANGE/);
  });
});

describe("a fit by best linear invariant estimation", () => {
  const options: FitOptions = {
    distribution: "weibull",
    method: "blie",
    ranks: "exact",
    bounds: "exact",
    confidence: 0.9,
    unbiased: "none",
    at: [],
  };

  it("has exact bounds around its estimate, near those of maximum likelihood", async () => {
    const rows = rowsOf(oracle("lieblein-zelen"));
    const simulate: typeof simulateHere = (job) => simulateHere({ ...job, draws: 4000 });
    const blie = await fitLife(rows, options, simulate);
    const mle = await fitLife(rows, { ...options, method: "mle" }, simulate);
    expect(relativeError(blie.life.B10.estimate, mle.life.B10.estimate)).toBeLessThan(0.08);
    expect(relativeError(blie.life.B10.lower, mle.life.B10.lower)).toBeLessThan(0.08);
    expect(
      relativeError(blie.parameters["shape"]!.lower, mle.parameters["shape"]!.lower),
    ).toBeLessThan(0.08);
    expect(blie.logLikelihood).toBeLessThan(mle.logLikelihood);
    expect(blie.life.B10.lower).toBeLessThan(blie.life.B10.estimate);
  });

  it("refuses bounds and distributions that it has not", async () => {
    const rows = rowsOf(oracle("lieblein-zelen"));
    const refused = (o: Partial<FitOptions>) => fitLife(rows, { ...options, ...o }, simulateHere);
    await expect(refused({ bounds: "likelihood" })).rejects.toThrow(/METHOD_RANGE.*exact/);
    await expect(refused({ distribution: "lognormal" })).rejects.toThrow(/METHOD_RANGE/);
    await expect(refused({ unbiased: "ross" })).rejects.toThrow(/METHOD_RANGE/);
  });
});

describe("tested over rated L10", () => {
  it("tells a coefficient that is shown from one that is only reached", () => {
    const b10 = { estimate: 150, lower: 110, upper: 190 };
    expect(ratedRatio(b10, 100, 1)).toMatchObject({ reached: true, shown: true });
    expect(ratedRatio(b10, 100, 1.4)).toMatchObject({ reached: true, shown: false });
    expect(ratedRatio(b10, 100, 1.6)).toMatchObject({
      reached: false,
      shown: false,
      ratio: { estimate: 1.5, lower: 1.1, upper: 1.9 },
    });
  });
});
