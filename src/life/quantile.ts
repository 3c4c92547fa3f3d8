/**
 * Quantiles by Newton on the logarithm of the probability of the shorter tail, which is nearly
 * straight in ln x (gamma) and in logit x (beta). `upper`: p is the probability of exceeding.
 */
import { betaRegularised, logBetaFactor, logBetaRegularised } from "./incomplete-beta.js";
import { gammaRegularised, logGammaFactor, logGammaRegularised } from "./incomplete-gamma.js";
import { normalQuantile } from "./normal.js";
import { newtonRoot } from "./root.js";
import { gammaln } from "./special.js";

/** The shorter tail: its probability, and whether it is the upper one. */
function shorterTail(p: number, upper: boolean): { tail: number; isUpper: boolean } {
  return p <= 0.5 ? { tail: p, isUpper: upper } : { tail: 1 - p, isUpper: !upper };
}

/** Gamma distribution of shape a and scale 1. */
export function gammaQuantile(p: number, a: number, upper = false): number {
  if (!(p >= 0 && p <= 1) || !(a > 0)) return Number.NaN;
  if (p === 0 || p === 1) return (p === 0) === upper ? Infinity : 0;
  const { tail, isUpper } = shorterTail(p, upper);
  const goal = Math.log(tail);
  const f = (u: number): [number, number] => {
    const x = Math.exp(u);
    const log = logGammaRegularised(a, x, isUpper);
    const slope = Math.exp(logGammaFactor(a, x) - log);
    return [log - goal, isUpper ? -slope : slope];
  };
  return Math.exp(newtonRoot(f, gammaStart(tail, isUpper, a), -1e5, 25));
}

/** ln x by Wilson and Hilferty (1931), or by the first term of the series in the lower tail. */
function gammaStart(tail: number, isUpper: boolean, a: number): number {
  const z = normalQuantile(tail, isUpper);
  const cube = 1 - 1 / (9 * a) + z / (3 * Math.sqrt(a));
  const series = (Math.log(isUpper ? 1 - tail : tail) + gammaln(a + 1)) / a;
  if (cube < 0.3 || (a < 1 && !isUpper)) return Math.min(series, 20);
  return Math.min(Math.log(a * cube ** 3), 20);
}

/** Chi-square with `df` degrees of freedom. */
export function chiSquareQuantile(p: number, df: number, upper = false): number {
  return 2 * gammaQuantile(p, df / 2, upper);
}

/** P(X <= x), or P(X > x) with `upper`. */
export function chiSquareCdf(x: number, df: number, upper = false): number {
  return gammaRegularised(df / 2, x / 2, upper);
}

/** ln [x / (1 - x)] of the beta quantile x: both ends keep their digits. */
export function betaQuantileLogit(p: number, a: number, b: number, upper = false): number {
  const { tail, isUpper } = shorterTail(p, upper);
  const goal = Math.log(tail);
  const f = (u: number): [number, number] => {
    const x = 1 / (1 + Math.exp(-u));
    const y = 1 / (1 + Math.exp(u));
    const log = logBetaRegularised(x, y, a, b, isUpper);
    const slope = Math.exp(logBetaFactor(x, y, a, b) - log);
    return [log - goal, isUpper ? -slope : slope];
  };
  return newtonRoot(f, Math.log(a / b), -700, 700);
}

/** Beta distribution: quantile of order p. */
export function betaQuantile(p: number, a: number, b: number, upper = false): number {
  if (!(p >= 0 && p <= 1) || !(a > 0) || !(b > 0)) return Number.NaN;
  if (p === 0 || p === 1) return (p === 0) === upper ? 1 : 0;
  return 1 / (1 + Math.exp(-betaQuantileLogit(p, a, b, upper)));
}

/** F distribution with d1 and d2 degrees of freedom. */
export function fQuantile(p: number, d1: number, d2: number, upper = false): number {
  if (!(p >= 0 && p <= 1) || !(d1 > 0) || !(d2 > 0)) return Number.NaN;
  if (p === 0 || p === 1) return (p === 0) === upper ? Infinity : 0;
  return (d2 / d1) * Math.exp(betaQuantileLogit(p, d1 / 2, d2 / 2, upper));
}

/** Student's t with `df` degrees of freedom, by its square, which is F with 1 and df. */
export function tQuantile(p: number, df: number, upper = false): number {
  if (!(p >= 0 && p <= 1) || !(df > 0)) return Number.NaN;
  if (p === 0.5) return 0;
  const { tail, isUpper } = shorterTail(p, upper);
  const t = Math.sqrt(fQuantile(2 * tail, 1, df, true));
  return isUpper ? t : -t;
}

/** P(K <= k) of n trials of probability p, or P(K > k) with `upper`. */
export function binomialCdf(k: number, n: number, p: number, upper = false): number {
  if (k < 0) return upper ? 1 : 0;
  if (k >= n) return upper ? 0 : 1;
  return betaRegularised(p, Math.floor(k) + 1, n - Math.floor(k), !upper);
}

/**
 * One-sided bounds on a binomial probability after `failures` in `n` (Clopper and Pearson 1934):
 * the probability at which so few (upper) or so many (lower) are just as rare as 1 - confidence.
 */
export function binomialBound(
  failures: number,
  n: number,
  confidence: number,
  side: "lower" | "upper",
): number {
  if (side === "upper") {
    return failures >= n ? 1 : betaQuantile(confidence, failures + 1, n - failures);
  }
  return failures <= 0 ? 0 : betaQuantile(confidence, failures, n - failures + 1, true);
}
