/** Device-A (Hooper and Amster 1990): the likelihood with a linear predictor, as life-stress relations use it. */
import { describe, expect, it } from "vitest";
import { lifeOf } from "../../../src/life/functional.js";
import { fitModel } from "../../../src/life/model.js";
import { delta, fisherBounds, likelihoodBounds } from "../../../src/life/profile.js";
import { smallestExtremeValue, standardNormal } from "../../../src/life/standard.js";
import { type Json, oracle, relativeError, rowsOf } from "./oracle.js";

const set = oracle("device-a-arrhenius");
const z = { "90": 1.6448536269514722, "95": 1.959963984540054 };
const rows = rowsOf(set);
const fractions = { B1: 0.01, B10: 0.1, B50: 0.5 } as const;

function near(got: number | undefined, want: number | undefined, relative: number): void {
  expect(relativeError(got ?? Number.NaN, want ?? Number.NaN)).toBeLessThan(relative);
}

describe("Device-A, Arrhenius", () => {
  for (const [name, standard] of [
    ["lognormal_arrhenius", standardNormal],
    ["weibull_arrhenius", smallestExtremeValue],
  ] as const) {
    const want = set.reference[name]!;
    const model = fitModel(rows, standard, { predictor: (r) => [1, r.stress["x0"]!] });
    const coefficients = ["b0", "Ea_eV"].map((c) => want["coefficients"]![c]!);

    it(`${name}: coefficients, sigma, covariance and log-likelihood to 1e-9`, () => {
      near(model.logLikelihood, want["loglik"], 1e-12);
      coefficients.forEach((c, i) => {
        near(model.theta[i], c["estimate"], 1e-9);
        near(delta(model, { entry: i }).standardError, c["se"], 1e-8);
      });
      near(Math.exp(model.theta[2]!), want["sigma"], 1e-9);
      want["cov_b_logsigma"]!.forEach((line: Json, i: number) => {
        line.forEach((cov: Json, j: number) => {
          near(model.covariance[3 * i + j], cov, 1e-7);
        });
      });
      expect(model.rescued).toBe(false);
    });

    it(`${name}: Fisher bounds and likelihood bounds of the coefficients`, () => {
      for (const percent of ["90", "95"] as const) {
        coefficients.forEach((c, entry) => {
          const fisher = fisherBounds(model, { entry }, z[percent]);
          near(fisher.lower, c["fisher_ci"]![percent]![0], 1e-8);
          near(fisher.upper, c["fisher_ci"]![percent]![1], 1e-8);
          const ratio = likelihoodBounds(model, { entry }, z[percent]);
          near(ratio.lower, c["profile_lr_ci"]![percent]![0], 1e-6);
          near(ratio.upper, c["profile_lr_ci"]![percent]![1], 1e-6);
        });
      }
    });

    it(`${name}: lives at use`, () => {
      for (const use of Object.values(want["use"]!)) {
        const x = [1, use["x"]![0]!];
        for (const b of ["B1", "B10", "B50"] as const) {
          const f = lifeOf(standard, fractions[b], x);
          const { estimate, standardError } = delta(model, f);
          near(Math.exp(estimate), use[b]!["estimate"], 1e-9);
          near(standardError, use[b]!["se_log"], 1e-8);
          for (const [percent, pair] of Object.entries(use[b]!["profile_lr_ci"] ?? {})) {
            const bounds = likelihoodBounds(model, f, z[percent as "90" | "95"]);
            near(Math.exp(bounds.lower), pair[0], 1e-6);
            near(Math.exp(bounds.upper), pair[1], 1e-6);
          }
        }
      }
    });
  }

  it("lognormal fits of each temperature by itself", () => {
    for (const [celsius, want] of Object.entries(set.reference["separate_lognormal_fits"]!)) {
      const x = 11605 / (Number(celsius) + 273.15);
      const model = fitModel(
        rows.filter((r) => Math.abs(r.stress["x0"]! - x) < 1e-9),
        standardNormal,
      );
      near(model.theta[0], want["mu"], 1e-9);
      near(Math.exp(model.theta[1]!), want["sigma"], 1e-9);
      near(model.logLikelihood, want["loglik"], 1e-12);
    }
  });
});
