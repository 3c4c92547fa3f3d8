/**
 * Bounds on the MTBF of repairable systems. Exact factors on the maximum likelihood estimate of the instantaneous MTBF (L. H. Crow, Confidence
 * interval procedures for the Weibull process, Technometrics 24, 1982), computed instead of looked up.
 * Both follow from n and S = sum ln(T / t), which hold all that the data say.
 */
import type { Bounded } from "./estimate.js";
import { gammaRegularised, logGammaFactor } from "./incomplete-gamma.js";
import { normalQuantile } from "./normal.js";
import type { PowerLaw } from "./power-law.js";
import { chiSquareQuantile, gammaQuantile } from "./quantile.js";
import { findRoot } from "./root.js";

/** What ended a test; `mixed` where systems differ. */
export type Termination = "time" | "failure" | "mixed";

export type Factors = { lower: number; upper: number };

/** Two-sided factors; n >= 2. */
export function mtbfFactors(n: number, stopped: "time" | "failure", confidence: number): Factors {
  const tail = (1 - confidence) / 2;
  return stopped === "time" ? timeFactors(n, tail) : failureFactors(n, tail);
}

/**
 * Stopped at a time: given S, P(N = j) goes with x^j / (j! (j - 1)!), x = S T / MTBF; the estimate
 * T S / n^2 is n^2 / x times the MTBF. N is whole, so that the bounds hold at least as often as
 * promised; the lower one asks P(N <= n), the upper one P(N >= n), which looks at n - 1.
 */
function timeFactors(n: number, tail: number): Factors {
  const lower = solve((x) => Math.log(shareUpTo(n, x).below / tail), n * n, n);
  const upper = solve((x) => Math.log(tail / shareUpTo(n - 1, x).above), n * n, n);
  return { lower: (n * n) / lower, upper: (n * n) / upper };
}

/** P(N <= n) and P(N > n), each by its own sum; terms are relative to that of n. */
function shareUpTo(n: number, x: number): { below: number; above: number } {
  let below = 1;
  for (let j = n, term = 1; j > 1 && term > below * 1e-18; j--) {
    term *= (j * (j - 1)) / x;
    below += term;
  }
  let above = 0;
  for (let j = n, term = 1; Number.isFinite(above); j++) {
    const ratio = x / (j * (j + 1));
    term *= ratio;
    above += term;
    if (ratio < 1 && term <= above * 1e-18) break;
  }
  const total = below + above;
  return Number.isFinite(total)
    ? { below: below / total, above: above / total }
    : { below: Number.MIN_VALUE, above: 1 };
}

/** The x where a falling f is 0, searched outwards from `near` in strides of some standard deviations. */
function solve(f: (x: number) => number, near: number, n: number): number {
  const stride = Math.log1p(4 / Math.sqrt(n));
  const at = (u: number) => f(near * Math.exp(u));
  let [from, to] = [-stride, stride];
  while (at(from) < 0) from -= stride;
  while (at(to) > 0) to += stride;
  return near * Math.exp(findRoot(at, from, to)!);
}

/**
 * Stopped at a failure: MTBF / estimate is n^2 / (A B) with A of Gamma(n) and B of Gamma(n - 1),
 * independent: lambda T^beta and beta S.
 */
function failureFactors(n: number, tail: number): Factors {
  const start = n * (n - 1);
  const most = solve((q) => Math.log(productChance(n, q, true) / tail), start, n);
  const least = solve((q) => Math.log(tail / productChance(n, q, false)), start, n);
  return { lower: (n * n) / most, upper: (n * n) / least };
}

/** P(A B <= q), or P(A B > q) with `upper`: trapezoids over ln B, which are as good as exact here. */
function productChance(n: number, q: number, upper: boolean): number {
  const from = Math.log(gammaQuantile(1e-18, n - 1));
  const to = Math.log(gammaQuantile(1e-18, n - 1, true));
  const step = (to - from) / nodes;
  let sum = 0;
  for (let i = 0; i <= nodes; i++) {
    const b = Math.exp(from + i * step);
    sum += Math.exp(logGammaFactor(n - 1, b)) * gammaRegularised(n, q / b, upper);
  }
  return sum * step;
}

const nodes = 200;

/** On the logarithm of the intensity. */
export function fisherMtbf(law: PowerLaw, confidence: number): { lower: number; upper: number } {
  const z = normalQuantile((1 - confidence) / 2, true);
  const spread = Math.exp(z * Math.sqrt(law.variance.logIntensity));
  return { lower: 1 / law.intensity / spread, upper: spread / law.intensity };
}

/** 2 n (total time / n) / MTBF is chi-square with 2 n; lower with 2 n + 2 where a time stopped the test. */
export function constantMtbf(
  totalTime: number,
  n: number,
  termination: Termination,
  confidence: number,
): Bounded {
  const tail = (1 - confidence) / 2;
  const df = termination === "failure" ? 2 * n : 2 * n + 2;
  return {
    estimate: totalTime / n,
    lower: (2 * totalTime) / chiSquareQuantile(tail, df, true),
    upper: (2 * totalTime) / chiSquareQuantile(tail, 2 * n),
  };
}
