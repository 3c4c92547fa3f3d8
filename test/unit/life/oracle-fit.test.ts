/** Published data sets against answers of 50-digit arithmetic: MLE 1e-9, profile bounds 1e-6. */
import { describe, expect, it } from "vitest";
import { type LifeRow, ofModes } from "../../../src/life/data.js";
import { type FitOptions, fitLife } from "../../../src/life/fit.js";
import { fitByMode } from "../../../src/life/modes.js";
import { plotPoints, rankRegression } from "../../../src/life/ranks.js";
import { smallestExtremeValue } from "../../../src/life/standard.js";
import { shapeFactor } from "../../../src/life/unbias.js";
import { type Json, oracle, relativeError, rowsOf } from "./oracle.js";
import { simulateHere } from "./simulate.js";

const bearings = oracle("lieblein-zelen");
const absorbers = oracle("shock-absorber");

const defaults: FitOptions = {
  distribution: "weibull",
  method: "mle",
  ranks: "exact",
  bounds: "likelihood",
  confidence: 0.9,
  unbiased: "none",
  at: [],
};

function fitted(rows: readonly LifeRow[], options: Partial<FitOptions>) {
  return fitLife(rows, { ...defaults, ...options }, simulateHere);
}

function near(got: number | undefined, want: number, relative: number): void {
  expect(relativeError(got ?? Number.NaN, want)).toBeLessThan(relative);
}

type Case = { name: string; rows: LifeRow[]; distribution: "weibull" | "lognormal"; want: Json };

function want(set: typeof bearings, ...path: string[]): Json {
  return path.reduce<Json>((at, key) => at[key]!, set.reference as Json);
}

const cases: Case[] = [
  ["Lieblein-Zelen", bearings, "weibull", ["weibull_2p_mle"], undefined],
  ["Lieblein-Zelen", bearings, "lognormal", ["lognormal_mle"], undefined],
  ["shock absorbers", absorbers, "weibull", ["weibull_2p_mle_any_mode"], undefined],
  ["shock absorbers", absorbers, "lognormal", ["lognormal_mle_any_mode"], undefined],
  ["shock absorbers, M1", absorbers, "weibull", ["competing_modes", "M1"], "M1"],
  ["shock absorbers, M2", absorbers, "weibull", ["competing_modes", "M2"], "M2"],
].map(([name, set, distribution, path, mode]) => {
  const rows = rowsOf(set as typeof bearings);
  return {
    name: `${name as string}, ${distribution as string}`,
    rows: mode === undefined ? rows : ofModes(rows, [mode as string]),
    distribution: distribution as Case["distribution"],
    want: want(set as typeof bearings, ...(path as string[])),
  };
});

/** What each of our figures is called there. */
function parameterPairs(c: Case): [ours: string, theirs: string, se: string, fisher: string][] {
  return c.distribution === "weibull"
    ? [
        ["shape", "beta", "se_beta", "fisher_log_ci"],
        ["scale", "eta", "se_eta", "fisher_log_ci"],
      ]
    : [
        ["mu", "mu", "se_mu", "fisher_normal_ci"],
        ["sigma", "sigma", "se_sigma", "fisher_log_ci"],
      ];
}

describe("fits of published data", () => {
  for (const c of cases) {
    const times = Object.keys(c.want["reliability_at"]!);
    const at = times.map(Number);

    it(`${c.name}: estimates, standard errors and log-likelihood to 1e-9`, async () => {
      const got = await fitted(c.rows, { distribution: c.distribution, at });
      near(got.logLikelihood, c.want["loglik"]!, 1e-12);
      near(got.aic, c.want["aic"]!, 1e-12);
      for (const [ours, theirs, se] of parameterPairs(c)) {
        near(got.parameters[ours]?.estimate, c.want[theirs]!, 1e-9);
        near(got.parameters[ours]?.standardError, c.want[se]!, 1e-9);
      }
      for (const b of ["B1", "B10", "B50"] as const) {
        near(got.life[b].estimate, c.want["quantiles"]![b]!["estimate"]!, 1e-9);
      }
      near(got.life.mean.estimate, c.want["mean_life"]!, 1e-9);
      for (const t of times) {
        near(got.at?.[t]?.estimate, c.want["reliability_at"]![t]!["estimate"]!, 1e-9);
      }
    });

    for (const percent of ["90", "95"]) {
      const confidence = Number(percent) / 100;
      it(`${c.name}: likelihood bounds at ${percent} % to 1e-6`, async () => {
        const got = await fitted(c.rows, { distribution: c.distribution, at, confidence });
        const both = (b: { lower: number; upper: number } | undefined, pair: Json) => {
          near(b?.lower, pair[0]!, 1e-6);
          near(b?.upper, pair[1]!, 1e-6);
        };
        for (const [ours, theirs] of parameterPairs(c)) {
          both(got.parameters[ours], c.want["profile_lr_ci"]![theirs]![percent]!);
        }
        for (const b of ["B1", "B10", "B50"] as const) {
          both(got.life[b], c.want["quantiles"]![b]!["profile_lr_ci"]![percent]!);
        }
        for (const t of times) {
          both(got.at?.[t], c.want["reliability_at"]![t]!["profile_lr_ci"]![percent]!);
        }
      });

      it(`${c.name}: Fisher bounds at ${percent} % to 1e-9`, async () => {
        const options = { distribution: c.distribution, at, confidence, bounds: "fisher" } as const;
        const got = await fitted(c.rows, options);
        for (const [ours, theirs, , ci] of parameterPairs(c)) {
          near(got.parameters[ours]?.lower, c.want[ci]![theirs]![percent]![0]!, 1e-9);
          near(got.parameters[ours]?.upper, c.want[ci]![theirs]![percent]![1]!, 1e-9);
        }
        for (const b of ["B1", "B10", "B50"] as const) {
          near(got.life[b].lower, c.want["quantiles"]![b]!["fisher_log_ci"]![percent]![0]!, 1e-9);
        }
        for (const t of times) {
          const pair = c.want["reliability_at"]![t]!["fisher_ci_on_z"]![percent]!;
          near(got.at?.[t]?.lower, pair[0]!, 1e-9);
          near(got.at?.[t]?.upper, pair[1]!, 1e-9);
        }
      });
    }
  }

  it("Lieblein-Zelen, three parameters: the proper maximum, not the unbounded one", async () => {
    const w = want(bearings, "weibull_3p_mle");
    const got = await fitted(rowsOf(bearings), { distribution: "weibull3" });
    near(got.parameters["location"]?.estimate, w["gamma"]!, 1e-9);
    near(got.parameters["shape"]?.estimate, w["beta"]!, 1e-9);
    near(got.parameters["scale"]?.estimate, w["eta"]!, 1e-9);
    near(got.parameters["location"]?.standardError, w["se_gamma"]!, 1e-7);
    near(got.parameters["scale"]!.standardError, w["se_logeta"]! * w["eta"]!, 1e-7);
    near(got.parameters["shape"]!.standardError, w["se_logbeta"]! * w["beta"]!, 1e-7);
    near(got.logLikelihood, w["loglik"]!, 1e-12);
    near(got.life.B10.estimate, w["B10"]!, 1e-9);
    const plain = await fitted(rowsOf(bearings), {});
    near(2 * (got.logLikelihood - plain.logLikelihood), w["lr_gamma_zero"]!, 1e-9);
    expect(got.warnings).toContain("LOCATION_PRIOR");
  });

  it("shock absorbers as a series of two modes", async () => {
    const options = { ...defaults, at: [10000, 20000] };
    const got = await fitByMode(rowsOf(absorbers), options, simulateHere);
    const ref = want(absorbers, "competing_modes");
    near(got.series.life.B10.estimate, ref["series_B10"]!, 1e-9);
    near(got.series.logLikelihood, ref["sum_loglik"]!, 1e-12);
    near(got.series.at?.["10000"]?.estimate, ref["series_reliability"]!["10000"]!, 1e-9);
    near(got.series.at?.["20000"]?.estimate, ref["series_reliability"]!["20000"]!, 1e-9);
  });

  it("exact bounds of the Lieblein-Zelen shape are those of 1e6 simulated samples", async () => {
    // notes: 1.495 to 2.617; our 1e5 samples leave about 0.3 %.
    const got = await fitted(rowsOf(bearings), { bounds: "exact" });
    near(got.parameters["shape"]?.lower, 1.495, 4e-3);
    near(got.parameters["shape"]?.upper, 2.617, 4e-3);
  });
});

describe("median ranks and rank regression of published data", () => {
  for (const [name, set] of [
    ["Lieblein-Zelen", bearings],
    ["shock absorbers", absorbers],
  ] as const) {
    for (const ref of set.reference["median_rank_regression"]!) {
      const kind = ref["rank"] as unknown as "exact" | "bernard";
      it(`${name}, ${kind}: Johnson ranks, median ranks and both lines`, () => {
        const points = plotPoints(rowsOf(set), kind);
        expect(points.length).toBe(ref["failure_times"]!.length);
        points.forEach((p, i) => {
          near(p.adjustedRank, ref["adjusted_ranks"]![i]!, 1e-13);
          near(p.medianRank, ref["median_ranks"]![i]!, 1e-12);
        });
        for (const [method, key] of [
          ["mrr", "x_on_y"],
          ["mrr-yx", "y_on_x"],
        ] as const) {
          const line = rankRegression(points, smallestExtremeValue, method);
          near(1 / line.sigma, ref[key]!["beta"]!, 1e-11);
          near(Math.exp(line.mu), ref[key]!["eta"]!, 1e-11);
          near(line.rSquared, ref["r_squared"]!, 1e-11);
        }
      });
    }
  }

  it("corrections of the shape: Ross, Hirose and the reduced bias adjustment", () => {
    const b = want(bearings, "bias");
    near(shapeFactor("ross", 23, 23), b["ross_complete_factor"]!, 1e-12);
    near(shapeFactor("hirose", 23, 23), b["hirose_complete_factor"]!, 1e-12);
    near(shapeFactor("rba", 23, 23), b["rba_median_factor"]!, 1e-12);
    near(shapeFactor("ross", 38, 11), want(absorbers, "bias")["ross_censored_factor"]!, 1e-12);
    near(shapeFactor("rba", 38, 11), want(absorbers, "bias")["rba_median_factor"]!, 1e-12);
  });
});
