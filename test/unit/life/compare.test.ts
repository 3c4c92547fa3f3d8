import { describe, expect, it } from "vitest";
import { compareLives } from "../../../src/life/compare.js";
import { contourOf } from "../../../src/life/contour.js";
import type { LifeRow } from "../../../src/life/data.js";
import { fitModel } from "../../../src/life/model.js";
import { smallestExtremeValue, standardNormal } from "../../../src/life/standard.js";
import { oracle, relativeError, rowsOf } from "./oracle.js";

const failures = (...times: number[]): LifeRow[] =>
  times.map((time) => ({ kind: "exact", time, count: 1, stress: {} }));

const options = { distribution: "weibull", confidence: 0.9 } as const;
const a = failures(17.88, 28.92, 33, 41.52, 42.12, 45.6, 48.4, 51.84, 51.96, 54.12);
const b = failures(55.56, 67.8, 68.64, 68.64, 68.88, 84.12, 93.12, 98.64, 105.12, 127.92);

describe("two lots compared", () => {
  it("a lot and itself are one population with ratio one", () => {
    const got = compareLives(a, [...a.map((r) => ({ ...r }))], options);
    expect(got.samePopulation.statistic).toBeCloseTo(0, 9);
    expect(got.samePopulation.p).toBeCloseTo(1, 6);
    expect(got.ratioB10.estimate).toBeCloseTo(1, 9);
    expect(got.ratioB10.lower * got.ratioB10.upper).toBeCloseTo(1, 5);
    expect(got.ratioB10.lower).toBeLessThan(1);
  });

  it("a lot that lives three times as long, each specimen: one shape, another population", () => {
    const longer = a.map((r) => ({ ...r, time: 3 * r.time }));
    const got = compareLives(a, longer, options);
    expect(got.sameShape.statistic).toBeCloseTo(0, 8);
    expect(got.samePopulation.p).toBeLessThan(0.001);
    expect(got.ratioB10.estimate).toBeCloseTo(3, 8);
    expect(got.ratioB10SameShape.estimate).toBeCloseTo(3, 8);
    expect(got.ratioB10SameShape.lower).toBeGreaterThan(got.ratioB10.lower);
  });

  it("the other way round the ratio is the inverse", () => {
    const [ab, ba] = [compareLives(a, b, options), compareLives(b, a, options)];
    expect(relativeError(ab.ratioB10.lower, 1 / ba.ratioB10.upper)).toBeLessThan(1e-6);
    expect(relativeError(ab.ratioB10.upper, 1 / ba.ratioB10.lower)).toBeLessThan(1e-6);
    expect(ab.samePopulation.statistic).toBeCloseTo(ba.samePopulation.statistic, 9);
  });

  it("bounds of the ratio are where the joint likelihood has fallen by half of chi-square", () => {
    const { ratioB10 } = compareLives(a, b, options);
    const sets = [a, b].map((rows) => fitModel(rows, smallestExtremeValue));
    const z = smallestExtremeValue.quantile(0.1);
    const top = sets[0]!.logLikelihood + sets[1]!.logLikelihood;
    // A coarse climb by itself: best ln B10 of the first and both sigmas by golden sections.
    const best = (f: (x: number) => number, low: number, high: number): number => {
      for (let i = 0; i < 45; i++) {
        const [p, q] = [low + 0.382 * (high - low), low + 0.618 * (high - low)];
        if (f(p) > f(q)) high = q;
        else low = p;
      }
      return f((low + high) / 2);
    };
    const profile = (k: number, c: number) =>
      best((s) => sets[k]!.likelihood(Float64Array.of(c - Math.exp(s) * z, s)).value, -3, 1);
    for (const bound of [ratioB10.lower, ratioB10.upper]) {
      const joint = best((c) => profile(0, c) + profile(1, c + Math.log(bound)), 2, 5);
      expect(2 * (top - joint)).toBeCloseTo(1.6448536269514722 ** 2, 5);
    }
  });

  it("contours reach as far as published ones", () => {
    for (const [set, path, standard] of [
      ["lieblein-zelen", "weibull_2p_mle", smallestExtremeValue],
      ["lieblein-zelen", "lognormal_mle", standardNormal],
      ["shock-absorber", "weibull_2p_mle_any_mode", smallestExtremeValue],
    ] as const) {
      const { reference } = oracle(set);
      const rows = rowsOf(oracle(set));
      const names = standard === standardNormal ? ["mu", "sigma"] : ["beta", "eta"];
      const { points } = contourOf(fitModel(rows, standard), 0.9);
      names.forEach((name, k) => {
        const extent = reference[path]!["joint_contour_extent_df2"]!["90"]![name]!;
        const along = points.map((p) => p[k]!);
        // 120 points touch the extremes to about a thousandth from inside.
        expect(relativeError(Math.min(...along), extent[0]!)).toBeLessThan(2e-3);
        expect(relativeError(Math.max(...along), extent[1]!)).toBeLessThan(2e-3);
        expect(Math.min(...along)).toBeGreaterThan(extent[0]! * (1 - 1e-7));
      });
    }
  });
});
