/**
 * Accelerated life tests: one shape (sigma), a location of ln life that follows a relation to stress
 * (Meeker and Escobar 1998, chapters 17 and 19; W. Nelson, Accelerated Testing, 1990, chapter 5).
 */
import { countLife, hasRepeats, type LifeCounts, type LifeRow, modesOf } from "./data.js";
import type { Bounded, WithError } from "./estimate.js";
import { fitModel, type Model } from "./model.js";
import { dot } from "./newton.js";
import { normalQuantile } from "./normal.js";
import { residualRows } from "./residual.js";
import { type Standard, smallestExtremeValue, standardNormal } from "./standard.js";
import type { Stress, StressLaw } from "./stress.js";
import { type Level, levelsOf, type StressTests, spread, testLevels } from "./stress-levels.js";
import {
  type AltDistribution,
  type AltLevel,
  type AltOptions,
  accelerationOf,
  boundBy,
  lifeAtStress,
  livesAt,
  parametersOf,
  refuseTooFew,
  stressWarnings,
} from "./stress-result.js";
import { refuse, type WarningCode } from "./warning.js";

export type AltFit = LifeCounts & {
  relation: StressLaw["relation"];
  distribution: AltDistribution;
  logLikelihood: number;
  aic: number;
  /** shape or sigma; activationEnergy (eV), exponent; lnConstant, ln of A or C in the data's units. */
  parameters: Record<string, WithError>;
  use: Stress;
  atUse: Record<"B10" | "B50" | "mean", Bounded>;
  levels: AltLevel[];
  tests: StressTests;
  bounds: "likelihood" | "fisher";
  confidence: number;
  warnings: WarningCode[];
};

/** A fit, and what a picture asks of it. */
export type AltSolution = {
  fit: AltFit;
  standard: Standard;
  /** The life at a stress that this fraction does not reach. */
  lifeAt(stress: Stress, fraction: number): Bounded;
  /** The lives in units of their own model: `residualRows`. */
  residuals: readonly LifeRow[];
};

/** Throws `LIFE_REFUSED` when the data cannot answer. */
export function fitAlt(rows: readonly LifeRow[], options: AltOptions): AltFit {
  return solveAlt(rows, options).fit;
}

/** The same with what a picture needs. */
export function solveAlt(rows: readonly LifeRow[], options: AltOptions): AltSolution {
  const { law, use, distribution, bounds, confidence } = options;
  const counts = countLife(rows);
  if (counts.failures === 0) refuse("NO_FAILURE");
  const reduced = rows.map((row) => withoutKnown(row, law));
  const levels = levelsOf(reduced, law.columns);
  const centre = meanTerms(reduced, law);
  const from = (stress: Stress) => law.terms(stress).map((t, i) => t - centre[i]!);
  refuseUnrelated(levels, from);
  const standard = distribution === "lognormal" ? standardNormal : smallestExtremeValue;
  const sigma = distribution === "exponential" ? 1 : undefined;
  refuseTooFew(counts.failures, law, distribution);
  const model = fitModel(reduced, standard, {
    predictor: (row) => [1, ...from(row.stress)],
    ...(sigma === undefined ? {} : { sigma }),
  });
  const density = densityOf(rows, law);
  const bound = boundBy(model, bounds, normalQuantile((1 - confidence) / 2, true));
  const result: AltFit = {
    relation: law.relation,
    distribution,
    ...counts,
    logLikelihood: model.logLikelihood + density,
    aic: 2 * (model.theta.length - model.fixed.length) - 2 * (model.logLikelihood + density),
    parameters: parametersOf(distribution, law, centre, bound),
    use,
    atUse: livesAt(model, [1, ...from(use)], law.known(use), bound),
    levels: levels.map(({ stress, n, failures }) => {
      return { stress, n, failures, accelerationFactor: accelerationOf(stress, law, use, bound) };
    }),
    tests: testLevels(levels, model, (stress) => [1, ...from(stress)], sigma),
    bounds,
    confidence,
    warnings: [],
  };
  result.warnings.push(...warningsOf(rows, levels, model, result));
  const termsOf = (stress: Stress) => [1, ...from(stress)];
  const sigmaOf = Math.exp(model.theta[law.coefficients.length + 1]!);
  return {
    fit: result,
    standard,
    lifeAt: (stress, fraction) =>
      lifeAtStress(model, termsOf(stress), law.known(stress), bound, fraction),
    residuals: residualRows(rows, ({ stress }) => {
      const mu = dot(termsOf(stress), model.theta) + law.known(stress);
      return { mu, sigma: sigmaOf, location: 0 };
    }),
  };
}

/** Times without the known factor of the relation: t T under Eyring, t itself elsewhere. */
function withoutKnown(row: LifeRow, law: StressLaw): LifeRow {
  const factor = Math.exp(-law.known(row.stress));
  if (factor === 1) return row;
  const high = row.timeHigh === undefined ? {} : { timeHigh: row.timeHigh * factor };
  const entry = row.entry === undefined ? {} : { entry: row.entry * factor };
  return { ...row, time: row.time * factor, ...high, ...entry };
}

/** From the density of the reduced time back to that of t. */
function densityOf(rows: readonly LifeRow[], law: StressLaw): number {
  const exact = rows.filter((r) => r.kind === "exact" || r.timeHigh === r.time);
  return exact.reduce((sum, r) => sum - r.count * law.known(r.stress), 0);
}

/** Terms are taken from their mean, so that the search is not bent by a far origin. */
function meanTerms(rows: readonly LifeRow[], law: StressLaw): number[] {
  const sums = law.coefficients.map(() => 0);
  let n = 0;
  for (const row of rows) {
    law.terms(row.stress).forEach((t, i) => {
      sums[i]! += row.count * t;
    });
    n += row.count;
  }
  return sums.map((s) => s / n);
}

/** Failures must be spread over levels enough for every coefficient. */
function refuseUnrelated(levels: readonly Level[], from: (s: Stress) => number[]): void {
  const failing = levels.filter((l) => l.failures > 0);
  const count = `failures at ${failing.length} of ${levels.length}`;
  if (failing.length < 2) refuse("ONE_LEVEL", count);
  if (!spread(failing.map((l) => from(l.stress)))) refuse("STRESSES_TOGETHER", count);
}

function warningsOf(
  rows: readonly LifeRow[],
  levels: readonly Level[],
  model: Model,
  fit: AltFit,
): WarningCode[] {
  const codes: WarningCode[] = [];
  const { tests, confidence } = fit;
  if (model.rescued) codes.push("RESCUED");
  if (modesOf(rows).length > 1) codes.push("MODES_MIXED");
  if (hasRepeats(rows)) codes.push("SPECIMEN_TWICE");
  if (levels.some((l) => l.failures === 0)) codes.push("LEVEL_WITHOUT_FAILURE");
  if (tests.relation === undefined) {
    codes.push(tests.curvature === undefined ? "RELATION_UNTESTED" : "RELATION_NO_REPEATS");
  }
  const against = [tests.relation, tests.curvature].some(
    (t) => t !== undefined && t.p < 1 - confidence,
  );
  if (against) codes.push("RELATION_LACKS_FIT");
  if ((tests.commonShape?.p ?? 1) < 1 - confidence) codes.push("SHAPE_VARIES");
  return [...codes, ...stressWarnings(fit)];
}
