/** What is read off a fitted relation of life and stress: parameters, lives at use, acceleration factors. */
import type { Bounded, WithError } from "./estimate.js";
import { type Functional, lifeOf, meanOf, predictorAt } from "./functional.js";
import type { Model } from "./model.js";
import { fisherBounds, likelihoodBounds } from "./profile.js";
import type { Stress, StressLaw } from "./stress.js";
import { refuse, type WarningCode } from "./warning.js";

export const altDistributions = ["weibull", "lognormal", "exponential"] as const;
export type AltDistribution = (typeof altDistributions)[number];

/** What is asked of a test at stress. */
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

/** A functional's estimate and bounds, on the scale `show` (exp where left out). */
export type Bound = (f: Functional, show?: (c: number) => number) => WithError;

export function boundBy(model: Model, kind: "likelihood" | "fisher", z: number): Bound {
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

/** Throws `TOO_FEW_FAILURES` where the failures are fewer than what is estimated. */
export function refuseTooFew(
  failures: number,
  law: StressLaw,
  distribution: AltDistribution,
): void {
  const parameters = law.coefficients.length + (distribution === "exponential" ? 1 : 2);
  if (failures < parameters) refuse("TOO_FEW_FAILURES", `${failures} for ${parameters} parameters`);
}

/** shape or sigma, the coefficients, and lnConstant; terms were taken from `centre`. */
export function parametersOf(
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

/** B10, B50 and mean at x = (1, terms from the centre), times exp(known). */
export function livesAt(model: Model, x: readonly number[], known: number, bound: Bound) {
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

/** The life that a fraction does not reach, at x and times exp(known). */
export function lifeAtStress(
  model: Model,
  x: readonly number[],
  known: number,
  bound: Bound,
  fraction: number,
): Bounded {
  const factor = Math.exp(known);
  const { estimate, lower, upper } = bound(lifeOf(model.standard, fraction, x));
  return { estimate: estimate * factor, lower: lower * factor, upper: upper * factor };
}

/** Life at use over life at a stress. */
export function accelerationOf(stress: Stress, law: StressLaw, use: Stress, bound: Bound): Bounded {
  const [at, here] = [law.terms(use), law.terms(stress)];
  const apart = at.map((t, i) => t - here[i]!);
  if (apart.every((d) => d === 0)) return { estimate: 1, lower: 1, upper: 1 };
  const factor = Math.exp(law.known(use) - law.known(stress));
  const { estimate, lower, upper } = bound(predictorAt([0, ...apart]));
  return { estimate: estimate * factor, lower: lower * factor, upper: upper * factor };
}

/** What holds for any fit of life and stress. */
export function stressWarnings(fit: {
  failures: number;
  use: Stress;
  levels: readonly AltLevel[];
  parameters: Record<string, WithError>;
  atUse: Record<string, Bounded>;
}): WarningCode[] {
  const codes: WarningCode[] = [];
  if (fit.failures < 5) codes.push("FEW_FAILURES");
  if (fit.failures < 10) codes.push("ASYMPTOTIC_FIT");
  const outside = ([column, value]: [string, number]) => {
    const tested = fit.levels.map((l) => l.stress[column]!);
    return tested.every((t) => t < value) || tested.every((t) => t > value);
  };
  if (Object.entries(fit.use).some(outside)) codes.push("STRESS_EXTRAPOLATION");
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
