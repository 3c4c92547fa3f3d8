/** Crow-AMSAA against 50-digit arithmetic (MIL-HDBK-189) and published examples. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/random.js";
import { groupedGrowth } from "../../../src/life/grouped-growth.js";
import { growthOf } from "../../../src/life/growth.js";
import { fisherMtbf, mtbfFactors } from "../../../src/life/growth-bounds.js";
import {
  cramerVonMises,
  cramerVonMisesCritical,
  type History,
  trendOf,
} from "../../../src/life/growth-tests.js";
import { normalQuantile } from "../../../src/life/normal.js";
import { fitPowerLaw } from "../../../src/life/power-law.js";
import { chiSquareCdf } from "../../../src/life/quantile.js";
import { growthPublished as published } from "./growth-published.js";
import { type Json, oracle, relativeError } from "./oracle.js";

function near(got: number | null | undefined, want: number, relative: number): void {
  expect(relativeError(got ?? Number.NaN, want)).toBeLessThan(relative);
}

function history(times: readonly number[], end?: number, start = 0): History {
  return {
    system: "",
    start,
    end: end ?? times.at(-1)!,
    failureTerminated: end === undefined,
    times: [...times].sort((a, b) => a - b),
  };
}

const percents = ["80", "90", "95"] as const;

describe("MIL-HDBK-189 (1981), 27 failures in 300 h", () => {
  const set = oracle("growth-mil-hdbk-189");
  const times = (set.data as unknown as { times: number[] }).times;
  const want = set.reference["crow_amsaa"]!;
  const test = history(times, 300);
  const g = growthOf([test], 0.9);

  it("estimates, by maximum likelihood and unbiased, to 1e-12", () => {
    expect(g).toMatchObject({ n: 27, end: 300, termination: "time" });
    near(g.parameters.beta, want["beta_mle"]!, 1e-12);
    near(g.parameters.lambda, want["lambda_mle"]!, 1e-12);
    near(g.logLikelihood, want["loglik"]!, 1e-12);
    near(1 - g.parameters.beta, want["growth_rate"]!, 1e-12);
    near(g.parameters.betaUnbiased, want["beta_unbiased"]!, 1e-12);
    near(g.parameters.lambdaUnbiased, want["lambda_modified"]!, 1e-12);
    near(1 / g.mtbf.instantaneous.estimate, want["instantaneous_intensity_T"]!, 1e-12);
    near(g.mtbf.instantaneous.estimate, want["instantaneous_mtbf_T"]!, 1e-12);
    near(g.mtbf.instantaneousUnbiased, want["instantaneous_mtbf_modified"]!, 1e-12);
    near(g.mtbf.cumulative, want["cumulative_mtbf_T"]!, 1e-12);
  });

  for (const percent of percents) {
    it(`exact and Fisher bounds at ${percent} %`, () => {
      const confidence = Number(percent) / 100;
      const { parameters, mtbf } = growthOf([test], confidence);
      const [low, high] = want["beta_exact_ci"]![percent]! as Json;
      near(parameters.betaLower, low!, 1e-11);
      near(parameters.betaUpper, high!, 1e-11);
      near(mtbf.instantaneous.lower, want["mtbf_ci"]![percent]![0]!, 1e-11);
      near(mtbf.instantaneous.upper, want["mtbf_ci"]![percent]![1]!, 1e-11);
      const factors = mtbfFactors(27, "time", confidence);
      near(factors.lower, want["mtbf_coefficients"]![percent]![0]!, 1e-11);
      near(factors.upper, want["mtbf_coefficients"]![percent]![1]!, 1e-11);
      const law = fitPowerLaw(
        [test],
        times.map((t) => ({ from: t, to: t, count: 1 })),
      );
      const z = normalQuantile((1 - confidence) / 2, true);
      const spread = Math.exp(z * Math.sqrt(law.variance.logBeta));
      near(law.beta / spread, want["beta_fisher_log_ci"]![percent]![0]!, 1e-11);
      near(law.beta * spread, want["beta_fisher_log_ci"]![percent]![1]!, 1e-11);
    });
  }

  it("Cramer-von Mises with the unbiased beta, trend tests, Duane's line", () => {
    const { cvm, trend_tests: trend, duane_ls: line } = want as Record<string, Json>;
    expect(g.goodnessOfFit.m).toBe(cvm!["M"]);
    near(g.goodnessOfFit.betaUsed, cvm!["beta_used"]!, 1e-12);
    near(g.goodnessOfFit.cramerVonMises, cvm!["statistic"]!, 1e-12);
    near(g.trend.laplace, trend!["laplace_u"]!, 1e-12);
    near(g.trend.milHdbk189, trend!["mil_hdbk_189_chi2"]!, 1e-12);
    expect(g.trend.milHdbk189Df).toBe(trend!["df"]);
    near(1 - g.trend.milHdbk189P / 2, trend!["p_chi2_lower"]!, 1e-12);
    near(g.duane?.alpha, line!["alpha"]!, 1e-12);
    near(g.duane?.b, line!["b"]!, 1e-12);
    near(g.duane?.cumulativeMtbf, line!["cumulative_mtbf_at_last"]!, 1e-12);
    near(g.duane?.instantaneousMtbf, line!["instantaneous_mtbf_at_last"]!, 1e-12);
  });

  it("the values printed in the handbook and by NASA TM-103511", () => {
    const published = (set as unknown as { published: { value: number & number[] }[] }).published;
    const [beta, lambda, mtbf, coefficients] = published.map((p) => p.value);
    expect(Math.abs(g.parameters.beta - beta!)).toBeLessThan(5e-4);
    expect(Math.abs(g.parameters.lambda - lambda!)).toBeLessThan(5e-4);
    expect(Math.abs(g.mtbf.instantaneous.estimate - mtbf!)).toBeLessThan(0.05);
    const factors = mtbfFactors(27, "time", 0.9);
    near(factors.lower, coefficients![0]!, 1e-7);
    near(factors.upper, coefficients![1]!, 1e-7);
  });
});

describe("published examples", () => {
  it("ReliaWiki: 22 failures, stopped at the last, 620 h: beta 0.6142, lambda 0.4239, MTBF 46 h", () => {
    const times = published("reliawiki").times!;
    const g = growthOf([history(times)], 0.9);
    expect(g.parameters.beta).toBeCloseTo(0.6142, 4);
    expect(g.parameters.lambda).toBeCloseTo(0.4239, 4);
    expect(1 / g.mtbf.instantaneous.estimate).toBeCloseTo(0.0217906, 5);
    near(g.parameters.betaUnbiased, (g.parameters.beta * 20) / 22, 1e-12);
    expect(g.goodnessOfFit.m).toBe(21);
    expect(g.trend.milHdbk189Df).toBe(42);
  });

  it("NIST handbook, reliability growth example: beta 0.5372, unbiased 0.4835, MTBF 310 h", () => {
    const times = published("nist").times!;
    const g = growthOf([history(times, 1500)], 0.9);
    expect(g.parameters.beta).toBeCloseTo(0.5372, 4);
    expect(g.parameters.betaUnbiased).toBeCloseTo(0.4835, 4);
    expect(g.parameters.lambdaUnbiased).toBeCloseTo(0.2913, 4);
    expect(g.mtbf.instantaneousUnbiased).toBeCloseTo(310.234, 2);
  });

  it("MIL-HDBK-189 grouped: beta 0.75285, lambda 1.5293, expected 14.59 9.99 8.77 8.07 7.58", () => {
    const failures = [13, 16, 5, 8, 7];
    const g = groupedGrowth(
      failures.map((f, i) => ({ end: 20 * (i + 1), failures: f })),
      0.9,
    );
    near(g.parameters.beta, 0.75285088677, 1e-9);
    near(g.parameters.lambda, 1.5293056974, 1e-9);
    expect(g.goodnessOfFit.groups.map((c) => c.expected.toFixed(2))).toEqual([
      "14.59",
      "9.99",
      "8.77",
      "8.07",
      "7.58",
    ]);
    near(g.mtbf.instantaneous.estimate, 2.71078425, 1e-8);
  });

  const crow = published("crow-1974").systems!;

  it("Crow 1974: three systems to 200 h, 36 failures: beta 0.6153, lambda 0.4605", () => {
    const g = growthOf(
      crow.map((t) => history(t, 200)),
      0.9,
    );
    expect(g).toMatchObject({ n: 36, systems: 3, totalTime: 600 });
    expect(g.parameters.beta).toBeCloseTo(0.6153, 4);
    expect(g.parameters.lambda).toBeCloseTo(0.4605, 4);
    near(g.parameters.betaUnbiased, (g.parameters.beta * 35) / 36, 1e-12);
    near(
      g.mtbf.instantaneous.lower / g.mtbf.instantaneous.estimate,
      mtbfFactors(36, "time", 0.9).lower,
      1e-12,
    );
  });

  it("Crow's factors: NASA TM-103511 n = 23, 80 %; stopped at a failure, n = 26, 95 %", () => {
    const time = mtbfFactors(23, "time", 0.8);
    expect([time.lower.toFixed(4), time.upper.toFixed(4)]).toEqual(["0.6762", "1.5744"]);
    const failure = mtbfFactors(26, "failure", 0.95);
    near(failure.lower, 0.6333100346, 1e-9);
    near(failure.upper, 1.9193282778, 1e-9);
  });

  it("Meeker and Escobar's three systems: mean 1/3 2/3 4/3 11/6, variance 6/81 6/81 24/81 163/216", () => {
    const systems = [history([5, 8], 12), history([], 16), history([1, 8, 16], 20)];
    const { mcf } = growthOf(systems, 0.9);
    const z = normalQuantile(0.05, true);
    const variances = mcf.map((p) => ((Math.log(p.upper / p.estimate) / z) * p.estimate) ** 2);
    expect(mcf.map((p) => [p.time, p.atRisk])).toEqual([
      [1, 3],
      [5, 3],
      [8, 3],
      [16, 2],
    ]);
    [1 / 3, 2 / 3, 4 / 3, 11 / 6].forEach((m, i) => {
      near(mcf[i]!.estimate, m, 1e-12);
    });
    [6 / 81, 6 / 81, 24 / 81, 163 / 216].forEach((v, i) => {
      near(variances[i], v, 1e-12);
    });
  });
});

describe("the critical value of Cramer-von Mises", () => {
  it("for two shares is the closed form, for many what IEC 61164 prints (0.173 at 10 %)", () => {
    // With two, beta makes the exponents a and 1 - a, a even on 0.5 to 1; the statistic falls with a.
    const exact = cramerVonMises([Math.exp(-0.55), Math.exp(-0.45)], 1);
    expect(Math.abs(cramerVonMisesCritical(2, 0.1) - exact)).toBeLessThan(0.001);
    expect(Math.abs(cramerVonMisesCritical(5000, 0.1) - 0.173)).toBeLessThan(0.0015);
  });
});

const someTimes = fc
  .array(fc.double({ min: 0.01, max: 99, noNaN: true }), { minLength: 4, maxLength: 12 })
  .map((t) => t.sort((a, b) => a - b))
  .filter((t) => t[0]! < 50);

function fitted(histories: readonly History[]) {
  return fitPowerLaw(
    histories,
    histories.flatMap((h) => h.times.map((t) => ({ from: t, to: t, count: 1 }))),
  );
}

describe("what must not change the power law", () => {
  it("another unit scales times and leaves beta", () => {
    fc.assert(
      fc.property(someTimes, fc.double({ min: 1e-3, max: 1e4, noNaN: true }), (times, unit) => {
        const a = fitted([history(times, 100)]);
        const b = fitted([
          history(
            times.map((t) => t * unit),
            100 * unit,
          ),
        ]);
        near(b.beta, a.beta, 1e-9);
        near(b.intensity, a.intensity / unit, 1e-9);
        near(b.variance.logIntensity, a.variance.logIntensity, 1e-8);
      }),
    );
  });

  it("the order of systems and of counts against repeated failures", () => {
    fc.assert(
      fc.property(someTimes, someTimes, (one, two) => {
        const [a, b] = [history(one, 100), history(two, 120, 0.005)];
        near(fitted([a, b]).beta, fitted([b, a]).beta, 1e-12);
        const single = one.map((t) => ({ from: t, to: t, count: 2 }));
        near(
          fitPowerLaw([a], single).intensity,
          fitPowerLaw(
            [a],
            [...single, ...single].map((f) => ({ ...f, count: 1 })),
          ).intensity,
          1e-12,
        );
      }),
    );
  });

  it("an interval around a failure that shrinks to it", () => {
    fc.assert(
      fc.property(someTimes, (times) => {
        const exact = fitted([history(times, 100)]);
        const narrow = fitPowerLaw(
          [{ start: 0, end: 100 }],
          times.map((t) => ({ from: t * (1 - 1e-6), to: t * (1 + 1e-6), count: 1 })),
        );
        near(narrow.beta, exact.beta, 1e-6);
        near(narrow.variance.logBeta, exact.variance.logBeta, 1e-5);
      }),
    );
  });

  it("a start that goes to 0, and cutting one window in two", () => {
    const times = [3, 10, 24, 50, 71];
    const whole = fitted([history(times, 100)]);
    near(fitted([history(times, 100, 1e-30)]).beta, whole.beta, 1e-9);
    const cut = fitted([history([3, 10, 24], 30), history([50, 71], 100, 30)]);
    near(cut.beta, whole.beta, 1e-10);
    near(cut.variance.logIntensity, whole.variance.logIntensity, 1e-9);
    const { lower, upper } = fisherMtbf(whole, 0.9);
    near(lower * upper, 1 / whole.intensity ** 2, 1e-12);
  });
});

describe("how often Crow's bounds hold the truth", () => {
  // lambda t^beta of failures is a unit Poisson process.
  const [lambda, beta] = [0.5, 0.6];
  const arrivals = (random: () => number, last: (t: number, n: number) => boolean): number[] => {
    const times: number[] = [];
    for (let m = -Math.log1p(-random()); ; m -= Math.log1p(-random())) {
      const t = (m / lambda) ** (1 / beta);
      if (last(t, times.length)) return times;
      times.push(t);
    }
  };
  const intensity = (t: number) => lambda * beta * t ** (beta - 1);
  const random = randomStream(7, "growth");

  it("stopped at a failure: 90 % of 2000 tests, as exactly as chance allows", () => {
    const factors = mtbfFactors(8, "failure", 0.9);
    let held = 0;
    for (let i = 0; i < 2000; i++) {
      const h = history(arrivals(random, (_, n) => n === 8));
      const ratio = fitted([h]).intensity / intensity(h.end);
      if (ratio > factors.lower && ratio < factors.upper) held++;
    }
    expect(Math.abs(held / 2000 - 0.9)).toBeLessThan(0.02);
  });

  it("stopped at a time: at least 90 %, and the beta bounds 90 %", () => {
    const factors = Array.from({ length: 60 }, (_, n) =>
      n < 2 ? undefined : mtbfFactors(n, "time", 0.9),
    );
    const [held, inBeta] = [[0], [0]];
    let tests = 0;
    for (let i = 0; i < 2000; i++) {
      const times = arrivals(random, (t) => t > 150);
      if (times.length < 2) continue;
      tests++;
      const law = fitted([history(times, 150)]);
      const [ratio, f] = [law.intensity / intensity(150), factors[times.length]!];
      if (ratio > f.lower && ratio < f.upper) held[0]!++;
      const p = chiSquareCdf((2 * times.length * beta) / law.beta, 2 * times.length);
      if (p > 0.05 && p < 0.95) inBeta[0]!++;
    }
    expect(held[0]! / tests).toBeGreaterThan(0.89);
    expect(held[0]! / tests).toBeLessThan(0.96);
    expect(Math.abs(inBeta[0]! / tests - 0.9)).toBeLessThan(0.02);
  });
});

describe("what cannot be answered", () => {
  const codes: [string, () => unknown, string][] = [
    ["no failure", () => growthOf([history([], 10)], 0.9), "NO_FAILURE"],
    ["one failure", () => growthOf([history([3], 10)], 0.9), "GROWTH_TOO_FEW"],
    ["two, stopped at the second", () => growthOf([history([3, 5])], 0.9), "GROWTH_TOO_FEW"],
    ["all at the end", () => growthOf([history([9, 9, 9])], 0.9), "GROWTH_NO_MAXIMUM"],
    [
      "all in the last interval",
      () =>
        groupedGrowth(
          [
            { end: 5, failures: 0 },
            { end: 9, failures: 4 },
          ],
          0.9,
        ),
      "GROWTH_NO_MAXIMUM",
    ],
  ];
  for (const [name, ask, code] of codes) {
    it(`${name} is refused`, () => {
      expect(ask).toThrow(code);
    });
  }
});

describe("Laplace's test", () => {
  it("says 0 of failures that lie evenly, not what rounding leaves", () => {
    const history = (end: number, ...times: number[]) => {
      return { system: "a", start: 0, end, times, failureTerminated: false };
    };
    const { laplace, laplaceP } = trendOf([history(10, 3, 8), history(12, 5)]);
    expect({ laplace, laplaceP }).toEqual({ laplace: 0, laplaceP: 1 });
  });
});
