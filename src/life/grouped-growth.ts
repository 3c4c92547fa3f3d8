/**
 * Crow-AMSAA from counts of failures between inspections (MIL-HDBK-189, grouped data): maximum
 * likelihood on the intervals, chi-square for the fit, a likelihood ratio for the trend.
 */
import { type Duane, duane } from "./duane.js";
import type { Bounded } from "./estimate.js";
import { constantMtbf, fisherMtbf } from "./growth-bounds.js";
import { normalQuantile } from "./normal.js";
import { fitPowerLaw } from "./power-law.js";
import { chiSquareCdf, chiSquareQuantile } from "./quantile.js";
import { refuse, type WarningCode } from "./warning.js";

/** `failures` after the end before (0 at first) and up to this one; ends ascend. */
export type Group = { end: number; failures: number };

export type GroupedGrowth = {
  model: "crow-amsaa";
  n: number;
  end: number;
  totalTime: number;
  termination: "time";
  confidence: number;
  parameters: {
    beta: number;
    lambda: number;
    /** No unbiased estimate is known for grouped data. */
    betaUnbiased: null;
    betaLower: number;
    betaUpper: number;
  };
  logLikelihood: number;
  mtbf: { instantaneous: Bounded; cumulative: number; constant: Bounded; bounds: "fisher" };
  /** Sum of (count - expected)^2 / expected; df = intervals - 2. Null where that is none. */
  goodnessOfFit: {
    cramerVonMises: null;
    chiSquare: number;
    df: number;
    critical: number | null;
    p: number | null;
    groups: { end: number; failures: number; expected: number }[];
  };
  /** beta = 1 against the fit: chi-square, 1 degree of freedom. */
  trend: { laplace: null; milHdbk189: null; likelihoodRatio: number; likelihoodRatioP: number };
  duane?: Duane;
  warnings: WarningCode[];
};

/** Throws `LIFE_REFUSED` with fewer than two failures, or all in the first or the last interval. */
export function groupedGrowth(groups: readonly Group[], confidence: number): GroupedGrowth {
  const n = groups.reduce((s, g) => s + g.failures, 0);
  if (n === 0) refuse("NO_FAILURE");
  if (n < 2) refuse("GROWTH_TOO_FEW");
  const { end } = groups.at(-1)!;
  const cells = groups.map((g, i) => ({
    from: i === 0 ? 0 : groups[i - 1]!.end,
    to: g.end,
    count: g.failures,
  }));
  const law = fitPowerLaw([{ start: 0, end }], cells);
  const expected = cells.map((c) => law.lambda * (c.to ** law.beta - c.from ** law.beta));
  const flat = cells.reduce(
    (s, c) => s + (c.count === 0 ? 0 : c.count * Math.log((n * (c.to - c.from)) / end)),
    -n,
  );
  const ratio = Math.max(0, 2 * (law.logLikelihood - flat));
  const spread = Math.exp(
    normalQuantile((1 - confidence) / 2, true) * Math.sqrt(law.variance.logBeta),
  );
  const line = duane(pointsOf(groups));
  const goodnessOfFit = fitOf(groups, expected, confidence);
  const trend = {
    laplace: null,
    milHdbk189: null,
    likelihoodRatio: ratio,
    likelihoodRatioP: chiSquareCdf(ratio, 1, true),
  };
  return {
    model: "crow-amsaa",
    n,
    end,
    totalTime: end,
    termination: "time",
    confidence,
    parameters: {
      beta: law.beta,
      lambda: law.lambda,
      betaUnbiased: null,
      betaLower: law.beta / spread,
      betaUpper: law.beta * spread,
    },
    logLikelihood: law.logLikelihood,
    mtbf: {
      instantaneous: { estimate: 1 / law.intensity, ...fisherMtbf(law, confidence) },
      cumulative: end / n,
      constant: constantMtbf(end, n, "time", confidence),
      bounds: "fisher",
    },
    goodnessOfFit,
    trend,
    ...(line === undefined ? {} : { duane: line }),
    warnings: warningsOf(n, goodnessOfFit, trend.likelihoodRatioP, confidence),
  };
}

function pointsOf(groups: readonly Group[]): { time: number; failures: number }[] {
  let failures = 0;
  const points = groups.map((g) => {
    failures += g.failures;
    return { time: g.end, failures };
  });
  return points.filter((p) => p.failures > 0);
}

function fitOf(
  groups: readonly Group[],
  expected: readonly number[],
  confidence: number,
): GroupedGrowth["goodnessOfFit"] {
  const cells = groups.map((g, i) => ({ ...g, expected: expected[i]! }));
  const chiSquare = cells.reduce((s, c) => s + (c.failures - c.expected) ** 2 / c.expected, 0);
  const df = groups.length - 2;
  return {
    cramerVonMises: null,
    chiSquare,
    df,
    critical: df < 1 ? null : chiSquareQuantile(1 - confidence, df, true),
    p: df < 1 ? null : chiSquareCdf(chiSquare, df, true),
    groups: cells,
  };
}

function warningsOf(
  n: number,
  fit: GroupedGrowth["goodnessOfFit"],
  trendP: number,
  confidence: number,
): WarningCode[] {
  const warnings: WarningCode[] = ["GROWTH_FISHER"];
  if (n < 5) warnings.push("FEW_FAILURES");
  if (trendP > 1 - confidence) warnings.push("NO_TREND");
  if (fit.critical !== null && fit.chiSquare > fit.critical) warnings.push("GROWTH_MISFIT");
  if (fit.groups.some((g) => g.expected < 5)) warnings.push("GROUPS_SMALL");
  return warnings;
}
