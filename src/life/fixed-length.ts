/**
 * Fixed-length tests of given risks (IEC 61124, MIL-HDBK-781): the test passes when the exposure
 * reaches a set sum with fewer failures than r. With a Weibull of known shape the exposure is the sum
 * of t^shape over all units and a ratio of lives counts as ratio^shape; shape 1 is the exponential
 * test of the standards. Exposure here is in units of theta1, that of a product just at the
 * requirement: its expected exposure per failure.
 */
import { gammaRegularised } from "./incomplete-gamma.js";
import { chiSquareQuantile } from "./quantile.js";
import { findRoot } from "./root.js";
import { refuse } from "./warning.js";

/** What both parties accept. Ratios of exposure, as everywhere here: life ratio ^ shape. */
export type RiskGoal = {
  /** Producer's risk: a product `ratio` times better fails the test. */
  alpha: number;
  /** Consumer's risk: a product just at the requirement passes. */
  beta: number;
  ratio: number;
};

export type FixedLength = {
  /** The failure that fails the test. */
  rejectAt: number;
  exposure: number;
  /** True risks. */
  alpha: number;
  beta: number;
};

const mostFailures = 2000;

/** Chance of fewer than `rejectAt` failures in `exposure` at `rate` failures per exposure. */
export function passesFixed(rejectAt: number, exposure: number, rate: number): number {
  return gammaRegularised(rejectAt, rate * exposure, true);
}

function planOf(rejectAt: number, exposure: number, ratio: number): FixedLength {
  return {
    rejectAt,
    exposure,
    alpha: 1 - passesFixed(rejectAt, exposure, 1 / ratio),
    beta: passesFixed(rejectAt, exposure, 1),
  };
}

/** The range of exposures that keeps both risks with `rejectAt`: empty when the lower is above the upper. */
function exposures(rejectAt: number, { alpha, beta, ratio }: RiskGoal) {
  return {
    least: chiSquareQuantile(beta, 2 * rejectAt, true) / 2,
    most: (ratio * chiSquareQuantile(alpha, 2 * rejectAt)) / 2,
  };
}

/** Fewest failures that keep both risks. Throws `PLAN_TOO_LARGE`. */
export function fewestFailures(goal: RiskGoal): number {
  for (let r = 1; r <= mostFailures; r++) {
    const { least, most } = exposures(r, goal);
    if (least <= most) return r;
  }
  return refuse("PLAN_TOO_LARGE", `more than ${mostFailures} failures; a larger ratio needs fewer`);
}

/** The shortest test that keeps both risks. */
export function fixedLength(goal: RiskGoal): FixedLength {
  const rejectAt = fewestFailures(goal);
  return planOf(rejectAt, exposures(rejectAt, goal).least, goal.ratio);
}

/**
 * With this number of failures, the exposure at which both risks miss (or beat) their goals by the
 * same factor: how the plans printed in the standards come about, whose true risks differ from the
 * nominal ones.
 */
export function balanced(rejectAt: number, goal: RiskGoal): FixedLength {
  const gap = (exposure: number) => {
    const { alpha, beta } = planOf(rejectAt, exposure, goal.ratio);
    return Math.log(alpha / goal.alpha) - Math.log(beta / goal.beta);
  };
  const { least, most } = exposures(rejectAt, goal);
  const exposure = findRoot(gap, Math.min(least, most) / 2, Math.max(least, most) * 2);
  return planOf(rejectAt, exposure ?? least, goal.ratio);
}
