/**
 * Reliability growth and repairable systems: Crow-AMSAA by IEC 61164 / MIL-HDBK-189 with trend tests,
 * fit, Duane's line and the mean cumulative function.
 */
import { type Duane, duane } from "./duane.js";
import type { Bounded } from "./estimate.js";
import { constantMtbf, fisherMtbf, mtbfFactors, type Termination } from "./growth-bounds.js";
import {
  cramerVonMises,
  cramerVonMisesCritical,
  type History,
  sharesOf,
  type Trend,
  trendOf,
} from "./growth-tests.js";
import { type McfPoint, meanCumulativeFunction } from "./mcf.js";
import { normalQuantile } from "./normal.js";
import { fitPowerLaw, type PowerLaw } from "./power-law.js";
import { chiSquareQuantile } from "./quantile.js";
import { refuse, type WarningCode } from "./warning.js";

export type Growth = {
  model: "crow-amsaa";
  n: number;
  /** Age at which the instantaneous MTBF is given: the end of the test, of the longest watched system. */
  end: number;
  systems: number;
  /** Operating time of all systems together. */
  totalTime: number;
  termination: Termination;
  confidence: number;
  parameters: GrowthParameters;
  logLikelihood: number;
  mtbf: {
    /** Of one system at `end`, by maximum likelihood; bounds as `bounds` says. */
    instantaneous: Bounded;
    /** Total time per failure. */
    cumulative: number;
    /** At `end` with the unbiased beta. */
    instantaneousUnbiased: number | null;
    /** Should there be no trend: total time per failure, chi-square bounds. */
    constant: Bounded;
    bounds: "crow" | "fisher";
  };
  goodnessOfFit: {
    /** Null where a system was watched from a later age than 0. */
    cramerVonMises: number | null;
    /** Exceeded with chance 1 - confidence when the model holds. */
    critical: number | null;
    betaUsed: number | null;
    m: number;
  };
  trend: Trend;
  /** Of one system. */
  duane?: Duane;
  mcf: McfPoint[];
  warnings: WarningCode[];
};

export type GrowthParameters = {
  /** Maximum likelihood. */
  beta: number;
  /** Failures of one system until age t are lambda t^beta. */
  lambda: number;
  /** (n - 1)/n beta of a test stopped at a time, (n - 2)/n beta of one stopped at a failure. */
  betaUnbiased: number | null;
  /** With the unbiased beta. */
  lambdaUnbiased: number | null;
  betaLower: number;
  betaUpper: number;
};

/** Throws `LIFE_REFUSED` with too few failures or none but at the end. */
export function growthOf(histories: readonly History[], confidence: number): Growth {
  const n = histories.reduce((s, h) => s + h.times.length, 0);
  const shares = sharesOf(histories);
  if (n === 0) refuse("NO_FAILURE");
  if (n < 2 || shares.length < 2) refuse("GROWTH_TOO_FEW");
  const law = fitPowerLaw(
    histories,
    histories.flatMap((h) => h.times.map((t) => ({ from: t, to: t, count: 1 }))),
  );
  const totalTime = histories.reduce((s, h) => s + h.end - h.start, 0);
  const termination = terminationOf(histories);
  const unbiased = unbiasedBeta(histories, shares);
  const parameters = parametersOf(law, histories, unbiased, shares.length, confidence);
  const bounds = hasCrowBounds(histories) ? "crow" : "fisher";
  const trend = trendOf(histories);
  const goodnessOfFit = fitOf(shares, unbiased, confidence);
  const [h] = histories;
  const line = histories.length > 1 ? undefined : duane(pointsOf(h!));
  return {
    model: "crow-amsaa",
    n,
    end: law.end,
    systems: histories.length,
    totalTime,
    termination,
    confidence,
    parameters,
    logLikelihood: law.logLikelihood,
    mtbf: {
      instantaneous: instantaneousMtbf(law, bounds, termination, confidence),
      cumulative: totalTime / n,
      instantaneousUnbiased:
        unbiased === null
          ? null
          : 1 / (parameters.lambdaUnbiased! * unbiased * law.end ** (unbiased - 1)),
      constant: constantMtbf(totalTime, n, termination, confidence),
      bounds,
    },
    goodnessOfFit,
    trend,
    ...(line === undefined ? {} : { duane: line }),
    mcf: meanCumulativeFunction(histories, confidence),
    warnings: warningsOf(n, trend, goodnessOfFit, bounds, confidence),
  };
}

function terminationOf(histories: readonly History[]): Termination {
  const stopped = new Set(histories.map((h) => h.failureTerminated));
  if (stopped.size === 2) return "mixed";
  return stopped.has(true) ? "failure" : "time";
}

function pointsOf(h: History): { time: number; failures: number }[] {
  return h.times.map((time, i) => ({ time, failures: i + 1 }));
}

function fromZero(histories: readonly History[]): boolean {
  return histories.every((h) => h.start === 0);
}

/** Exact for one test, and for systems watched together from 0 to one time: they add up to one. */
function hasCrowBounds(histories: readonly History[]): boolean {
  if (!fromZero(histories)) return false;
  if (histories.length === 1) return true;
  return histories.every((h) => !h.failureTerminated && h.end === histories[0]!.end);
}

/**
 * (m - 1) / sum ln(1/share): given the counts of failures its mean is beta, whatever the ends. Null
 * where a system was watched from a later age than 0.
 */
function unbiasedBeta(histories: readonly History[], shares: readonly number[]): number | null {
  if (!fromZero(histories)) return null;
  return (shares.length - 1) / logSum(shares);
}

function logSum(shares: readonly number[]): number {
  return -shares.reduce((s, u) => s + Math.log(u), 0);
}

function parametersOf(
  law: PowerLaw,
  histories: readonly History[],
  unbiased: number | null,
  m: number,
  confidence: number,
): GrowthParameters {
  const { beta, lambda, n } = law;
  const tail = (1 - confidence) / 2;
  const spread = Math.exp(normalQuantile(tail, true) * Math.sqrt(law.variance.logBeta));
  // 2 beta sum ln(1/share) is chi-square with 2 m degrees of freedom.
  const chance = (upper: boolean) =>
    ((unbiased ?? 0) * chiSquareQuantile(tail, 2 * m, upper)) / (2 * (m - 1));
  const size = (of: number) => histories.reduce((s, h) => s + h.end ** of, 0);
  return {
    beta,
    lambda,
    betaUnbiased: unbiased,
    lambdaUnbiased: unbiased === null ? null : n / size(unbiased),
    betaLower: unbiased === null ? beta / spread : chance(false),
    betaUpper: unbiased === null ? beta * spread : chance(true),
  };
}

function instantaneousMtbf(
  law: PowerLaw,
  bounds: "crow" | "fisher",
  termination: Termination,
  confidence: number,
): Bounded {
  const estimate = 1 / law.intensity;
  if (bounds === "crow") {
    const stopped = termination === "failure" ? "failure" : "time";
    const { lower, upper } = mtbfFactors(law.n, stopped, confidence);
    return { estimate, lower: estimate * lower, upper: estimate * upper };
  }
  return { estimate, ...fisherMtbf(law, confidence) };
}

function fitOf(
  shares: readonly number[],
  beta: number | null,
  confidence: number,
): Growth["goodnessOfFit"] {
  const m = shares.length;
  if (beta === null) return { cramerVonMises: null, critical: null, betaUsed: null, m };
  const critical = cramerVonMisesCritical(m, 1 - confidence);
  return { cramerVonMises: cramerVonMises(shares, beta), critical, betaUsed: beta, m };
}

function warningsOf(
  n: number,
  trend: Trend,
  fit: Growth["goodnessOfFit"],
  bounds: "crow" | "fisher",
  confidence: number,
): WarningCode[] {
  const warnings: WarningCode[] = [];
  if (n < 5) warnings.push("FEW_FAILURES");
  if (Math.min(trend.laplaceP, trend.milHdbk189P) > 1 - confidence) warnings.push("NO_TREND");
  if (fit.cramerVonMises !== null && fit.cramerVonMises > fit.critical!) {
    warnings.push("GROWTH_MISFIT");
  }
  if (bounds === "fisher") warnings.push("GROWTH_FISHER");
  return warnings;
}
