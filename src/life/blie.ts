/**
 * Best linear estimators of ln scale (mu) and 1/shape (sigma) from the first r of n failures: unbiased
 * (BLUE, J. Lieblein and M. Zelen 1956) and invariant (BLIE, N. R. Mann, Ann. Math. Stat. 40, 1969:
 * least mean square error, a little biased; Mann, Schafer and Singpurwalla 1974, section 5.2; GB/T
 * 24607 annex B). With the variances A, B and covariance C of the unbiased pair, in units of sigma^2,
 * sigma~ = sigma* / (1 + B) and mu~ = mu* - C sigma~.
 */
import { countLife, hasEntries, isFailure, type LifeRow, largestOf } from "./data.js";
import { extremeOrderStatistics } from "./extreme-order.js";
import { cholesky, dot, solveCholesky } from "./newton.js";
import { refuse } from "./warning.js";

/** Weights of ln t of the first r failures. */
export type LinearWeights = { mu: Float64Array; sigma: Float64Array };

export type BestLinear = {
  unbiased: LinearWeights;
  /** In units of sigma^2. */
  variance: { mu: number; sigma: number; covariance: number };
  invariant: LinearWeights;
};

const mostUnits = 100;

/** For the first `r` failures of `n` units, 2 <= r <= n <= 100. Throws `METHOD_RANGE` beyond. */
export function bestLinear(n: number, r: number): BestLinear {
  if (n > mostUnits) refuse("METHOD_RANGE", `blie is for at most ${mostUnits} units; use mle`);
  if (r < 2) refuse("ONE_FAILURE");
  const { means, covariances } = extremeOrderStatistics(n, r);
  const l = Float64Array.from(covariances);
  if (!cholesky(l, r)) refuse("NO_MAXIMUM", "the covariance matrix is not definite");
  const one = solveCholesky(l, new Float64Array(r).fill(1));
  const slope = solveCholesky(l, means);
  const ones = new Float64Array(r).fill(1);
  const [s11, s12, s22] = [dot(ones, one), dot(ones, slope), dot(means, slope)];
  const det = s11 * s22 - s12 * s12;
  const variance = { mu: s22 / det, sigma: s11 / det, covariance: -s12 / det };
  const combine = (u: number, v: number) => one.map((x, i) => u * x + v * slope[i]!);
  const mu = combine(variance.mu, variance.covariance);
  const sigma = combine(variance.covariance, variance.sigma);
  const less = sigma.map((w) => w / (1 + variance.sigma));
  return {
    unbiased: { mu, sigma },
    variance,
    invariant: { mu: mu.map((w, i) => w - variance.covariance * less[i]!), sigma: less },
  };
}

/** mu and sigma from the first r of sorted ln t. */
export function linearEstimate(w: LinearWeights, logTimes: ArrayLike<number>): [number, number] {
  let [mu, sigma] = [0, 0];
  for (let i = 0; i < w.mu.length; i++) {
    mu += w.mu[i]! * logTimes[i]!;
    sigma += w.sigma[i]! * logTimes[i]!;
  }
  return [mu, sigma];
}

export type LinearSample = { n: number; logTimes: Float64Array };

/**
 * The first failures in order. Throws `EXACT_RANGE` when a unit was taken off before the last of
 * them, or a failure's time or a count is not exact.
 */
export function linearSample(rows: readonly LifeRow[]): LinearSample {
  if (hasEntries(rows))
    refuse("METHOD_RANGE", "best linear weights know no entry ages; use --method mle");
  const failed = rows.filter(isFailure);
  const last = largestOf(failed, (r) => r.time);
  const exact = failed.every((r) => r.kind === "exact");
  const whole = rows.every((r) => Number.isInteger(r.count));
  if (!exact || !whole || rows.some((r) => !isFailure(r) && r.time < last)) refuse("EXACT_RANGE");
  const logTimes = failed.flatMap((r) => new Array<number>(r.count).fill(Math.log(r.time)));
  return { n: countLife(rows).n, logTimes: Float64Array.from(logTimes).sort() };
}

export type LinearFit = { mu: number; sigma: number; covariance: Float64Array };

/** The invariant estimates, and their mean square errors as a covariance of (mu, ln sigma). */
export function fitLinear({ logTimes }: LinearSample, best: BestLinear): LinearFit {
  const [mu, sigma] = linearEstimate(best.invariant, logTimes);
  const { mu: a, sigma: b, covariance: c } = best.variance;
  const both = (sigma * c) / (1 + b);
  return {
    mu,
    sigma,
    covariance: Float64Array.of(sigma * sigma * (a - (c * c) / (1 + b)), both, both, b / (1 + b)),
  };
}
