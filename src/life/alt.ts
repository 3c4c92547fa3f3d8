/**
 * Accelerated life tests: one shape (sigma), a location of ln life that follows a relation to stress
 * (Meeker and Escobar 1998, chapters 17 and 19; W. Nelson, Accelerated Testing, 1990, chapter 5).
 */
import { countLife, type LifeRow, modesOf } from "./data.js";
import type { Bounded, WithError } from "./estimate.js";
import { type Functional, lifeOf, meanOf, predictorAt } from "./functional.js";
import { fitModel, type Model } from "./model.js";
import { normalQuantile } from "./normal.js";
import { fisherBounds, likelihoodBounds } from "./profile.js";
import { smallestExtremeValue, standardNormal } from "./standard.js";
import type { Stress, StressLaw } from "./stress.js";
import { type Level, levelsOf, type StressTests, testLevels } from "./stress-levels.js";
import { refuse, type WarningCode } from "./warning.js";

export const altDistributions = ["weibull", "lognormal", "exponential"] as const;
export type AltDistribution = (typeof altDistributions)[number];

export type AltOptions = {
  law: StressLaw;
  /** The stress of use, in the unit of its column. */
  use: Stress;
  distribution: AltDistribution;
  bounds: "likelihood" | "fisher";
  confidence: number;
};

export type AltLevel = {
  stress: Stress;
  n: number;
  failures: number;
  /** Life at use over life at this level. */
  accelerationFactor: Bounded;
};

export type AltFit = {
  relation: StressLaw["relation"];
  distribution: AltDistribution;
  n: number;
  failures: number;
  suspensions: number;
  intervals: number;
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

/** Throws `LIFE_REFUSED` when the data cannot answer. */
export function fitAlt(rows: readonly LifeRow[], options: AltOptions): AltFit {
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
    levels: levels.map((level) => accelerationOf(level, law, use, bound)),
    tests: testLevels(levels, model, law.coefficients.length, standard, sigma),
    bounds,
    confidence,
    warnings: [],
  };
  result.warnings.push(...warningsOf(rows, levels, model, result));
  return result;
}

/** Times without the known factor of the relation: t T under Eyring, t itself elsewhere. */
function withoutKnown(row: LifeRow, law: StressLaw): LifeRow {
  const factor = Math.exp(-law.known(row.stress));
  if (factor === 1) return row;
  const high = row.timeHigh === undefined ? {} : { timeHigh: row.timeHigh * factor };
  return { ...row, time: row.time * factor, ...high };
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
  const places = levels.filter((l) => l.failures > 0).map((l) => from(l.stress));
  const [first, ...others] = places.map((p) => p.map((v, i) => v - places[0]![i]!));
  const spans = others.filter((p) => p.some((v) => v !== 0));
  const count = `failures at ${places.length} of ${levels.length}`;
  if (first === undefined || spans.length === 0) refuse("ONE_LEVEL", count);
  if (first.length === 1) return;
  const size = (p: readonly number[]) => Math.hypot(...p);
  const longest = spans.reduce((a, b) => (size(b) > size(a) ? b : a));
  const aside = spans.some(
    (p) => Math.abs(p[0]! * longest[1]! - p[1]! * longest[0]!) > 1e-9 * size(p) * size(longest),
  );
  if (!aside) refuse("STRESSES_TOGETHER", count);
}

type Bound = (f: Functional, show?: (c: number) => number) => WithError;

function boundBy(model: Model, kind: "likelihood" | "fisher", z: number): Bound {
  const search = kind === "likelihood" ? likelihoodBounds : fisherBounds;
  return (f, show = Math.exp) => {
    const c = search(model, f, z);
    const ends = [show(c.lower), show(c.upper)];
    const estimate = show(c.estimate);
    // Shown scales are c itself, exp(c) or exp(-c): the slope is 1 or the value.
    const slope = show === same ? 1 : estimate;
    const [lower, upper] = [Math.min(...ends), Math.max(...ends)];
    return { estimate, standardError: slope * c.standardError, lower, upper };
  };
}

const same = (c: number) => c;

function parametersOf(
  distribution: AltDistribution,
  law: StressLaw,
  centre: readonly number[],
  bound: Bound,
): Record<string, WithError> {
  const entry = law.coefficients.length + 1;
  const parameters: Record<string, WithError> = {};
  if (distribution === "weibull") parameters["shape"] = bound({ entry }, (c) => Math.exp(-c));
  if (distribution === "lognormal") parameters["sigma"] = bound({ entry });
  law.coefficients.forEach((name, i) => {
    parameters[name] = bound({ entry: i + 1 }, same);
  });
  parameters["lnConstant"] = bound(predictorAt([1, ...centre.map((c) => -c)]), same);
  return parameters;
}

function livesAt(model: Model, x: readonly number[], known: number, bound: Bound) {
  const factor = Math.exp(known);
  const life = (f: Functional): Bounded => {
    const { estimate, lower, upper } = bound(f);
    return { estimate: estimate * factor, lower: lower * factor, upper: upper * factor };
  };
  return {
    B10: life(lifeOf(model.standard, 0.1, x)),
    B50: life(lifeOf(model.standard, 0.5, x)),
    mean: life(meanOf(model.standard, x)),
  };
}

function accelerationOf(level: Level, law: StressLaw, use: Stress, bound: Bound): AltLevel {
  const { stress, n, failures } = level;
  const [at, here] = [law.terms(use), law.terms(stress)];
  const apart = at.map((t, i) => t - here[i]!);
  const factor = Math.exp(law.known(use) - law.known(stress));
  if (apart.every((d) => d === 0)) {
    return { stress, n, failures, accelerationFactor: { estimate: 1, lower: 1, upper: 1 } };
  }
  const { estimate, lower, upper } = bound(predictorAt([0, ...apart]));
  const scaled = { estimate: estimate * factor, lower: lower * factor, upper: upper * factor };
  return { stress, n, failures, accelerationFactor: scaled };
}

function warningsOf(
  rows: readonly LifeRow[],
  levels: readonly Level[],
  model: Model,
  fit: AltFit,
): WarningCode[] {
  const codes: WarningCode[] = [];
  const limit = 1 - fit.confidence;
  const { tests, use } = fit;
  if (model.rescued) codes.push("RESCUED");
  if (fit.failures < 5) codes.push("FEW_FAILURES");
  if (fit.failures < 10) codes.push("ASYMPTOTIC_FIT");
  if (modesOf(rows).length > 1) codes.push("MODES_MIXED");
  if (levels.some((l) => l.failures === 0)) codes.push("LEVEL_WITHOUT_FAILURE");
  if (tests.relation === undefined) codes.push("RELATION_UNTESTED");
  else if (tests.relation.p < limit) codes.push("RELATION_LACKS_FIT");
  if ((tests.commonShape?.p ?? 1) < limit) codes.push("SHAPE_VARIES");
  const outside = ([column, value]: [string, number]) => {
    const tested = levels.map((l) => l.stress[column]!);
    return tested.every((t) => t < value) || tested.every((t) => t > value);
  };
  if (Object.entries(use).some(outside)) codes.push("STRESS_EXTRAPOLATION");
  const { exponent, activationEnergy } = fit.parameters;
  if ([exponent, activationEnergy].some((p) => (p?.estimate ?? 1) <= 0)) {
    codes.push("LIFE_RISES_WITH_STRESS");
  }
  const all = [...Object.values(fit.parameters), ...Object.values(fit.atUse)];
  if (all.some((b) => !Number.isFinite(b.upper) || !Number.isFinite(b.lower))) {
    codes.push("BOUND_OPEN");
  }
  return codes;
}
