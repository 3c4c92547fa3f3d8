/**
 * Two sets of data side by side: are they one population, do they share the shape (or sigma), and
 * how do their B10 lives compare. All by likelihood ratio on one joint model, whose predictor has a
 * column per set (Meeker and Escobar 1998, sections 8.3 and 17.4; Nelson 1982, chapter 12).
 */

import { type Contour, contourOf } from "./contour.js";
import { countLife, hasRepeats, isFailure, type LifeRow, oneTimeExplains } from "./data.js";
import type { Bounded } from "./estimate.js";
import { predictorAt } from "./functional.js";
import { fitModel, type Model } from "./model.js";
import { normalQuantile } from "./normal.js";
import { likelihoodBounds } from "./profile.js";
import { chiSquareCdf } from "./quantile.js";
import { searchRatio } from "./ratio.js";
import { smallestExtremeValue, standardNormal } from "./standard.js";
import { refuse, type WarningCode } from "./warning.js";

export type LikelihoodRatioTest = { statistic: number; df: number; p: number };

export type Comparison = {
  distribution: "weibull" | "lognormal";
  confidence: number;
  sets: {
    n: number;
    failures: number;
    suspensions: number;
    entries: number;
    B10: number;
    logLikelihood: number;
  }[];
  samePopulation: LikelihoodRatioTest;
  sameShape: LikelihoodRatioTest;
  /** B10 of the second set over B10 of the first, each with its own shape. */
  ratioB10: Bounded;
  /** The same when both share the shape: narrower, right only if they do. */
  ratioB10SameShape: Bounded;
  /** Joint confidence regions (chi-square, 2 degrees of freedom), as points around. */
  contours: Contour[];
  warnings: WarningCode[];
};

export type ComparisonOptions = {
  distribution: "weibull" | "lognormal";
  confidence: number;
};

/** What a refusal says that is about the second set. */
export const secondOfTwo = "the second of the two";

/** Throws `LIFE_REFUSED` when a set cannot be fitted by itself. */
export function compareLives(
  a: readonly LifeRow[],
  b: readonly LifeRow[],
  { distribution, confidence }: ComparisonOptions,
): Comparison {
  const standard = distribution === "weibull" ? smallestExtremeValue : standardNormal;
  const sets = [a, b];
  refuseAlone(a, "the first of the two");
  refuseAlone(b, secondOfTwo);
  const own = sets.map((rows) => fitModel(rows, standard));
  const pooled = fitModel([...a, ...b], standard);
  const second = new Set(b);
  const common = fitModel([...a, ...b], standard, {
    predictor: (row) => (second.has(row) ? [0, 1] : [1, 0]),
  });
  const separate = own.reduce((sum, m) => sum + m.logLikelihood, 0);
  const z = normalQuantile((1 - confidence) / 2, true);
  const failures = sets.map((rows) => countLife(rows).failures);
  const warnings: WarningCode[] = [];
  if (failures.some((f) => f < 5)) warnings.push("FEW_FAILURES");
  if (failures.some((f) => f < 10)) warnings.push("ASYMPTOTIC_COMPARISON");
  if (sets.some(hasRepeats)) warnings.push("SPECIMEN_TWICE");
  return {
    distribution,
    confidence,
    sets: own.map((m, i) => describe(sets[i]!, m)),
    samePopulation: test(separate - pooled.logLikelihood, 2),
    sameShape: test(separate - common.logLikelihood, 1),
    ratioB10: searchRatio(own[0]!, own[1]!, 0.1, z),
    ratioB10SameShape: commonRatio(common, z),
    contours: own.map((m) => contourOf(m, confidence)),
    warnings,
  };
}

function refuseAlone(rows: readonly LifeRow[], which: string): void {
  const failed = rows.filter(isFailure);
  if (failed.length === 0) refuse("NO_FAILURE", which);
  if (countLife(failed).n === 1) refuse("ONE_FAILURE", which);
  if (failed.every((r) => r.kind === "exact" && r.time === failed[0]!.time))
    refuse("ALL_EQUAL", which);
  if (oneTimeExplains(rows)) refuse("ALL_EQUAL", which);
}

function describe(rows: readonly LifeRow[], model: Model): Comparison["sets"][number] {
  const { n, failures, suspensions, entries } = countLife(rows);
  const z = model.standard.quantile(0.1);
  const B10 = Math.exp(model.theta[0]! + z * Math.exp(model.theta[1]!));
  return { n, failures, suspensions, entries, B10, logLikelihood: model.logLikelihood };
}

function test(loss: number, df: number): LikelihoodRatioTest {
  const statistic = Math.max(0, 2 * loss);
  return { statistic, df, p: chiSquareCdf(statistic, df, true) };
}

/** With one sigma the lives of the two differ by the same factor at every fraction. */
function commonRatio(common: Model, z: number): Bounded {
  const { estimate, lower, upper } = likelihoodBounds(common, predictorAt([-1, 1]), z);
  return { estimate: Math.exp(estimate), lower: Math.exp(lower), upper: Math.exp(upper) };
}
