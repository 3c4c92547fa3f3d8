/**
 * Regularised incomplete gamma functions: P by its power series, Q by Legendre's continued fraction
 * (Abramowitz and Stegun 6.5.29, 6.5.31). Their common factor is taken about the saddle point
 * (C. Loader, Fast and accurate computation of binomial probabilities, 2000), so that thousands of
 * degrees of freedom lose no digits.
 */
import { log1pMinus, logSqrt2Pi, stirlingCorrection } from "./special.js";

const tiny = 1e-300;
const mostTerms = 1_000_000;

/** ln [x^a e^-x / Gamma(a)] */
export function logGammaFactor(a: number, x: number): number {
  const t = (x - a) / a;
  const saddle = a * (Math.abs(t) < 0.5 ? log1pMinus(t) : Math.log(x / a) - t);
  return saddle + 0.5 * Math.log(a) - logSqrt2Pi - stirlingCorrection(a);
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < mostTerms && term > sum * 1e-17; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** Modified Lentz. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < mostTerms; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / nonZero(an * d + b);
    c = nonZero(b + an / c);
    const factor = d * c;
    h *= factor;
    // One unit in the last place: some arguments never come nearer.
    if (Math.abs(factor - 1) <= Number.EPSILON) break;
  }
  return h;
}

function nonZero(x: number): number {
  return Math.abs(x) < tiny ? tiny : x;
}

/** P(a, x), or Q(a, x) = 1 - P with `upper`; a > 0, x >= 0. */
export function gammaRegularised(a: number, x: number, upper = false): number {
  if (!(a > 0) || !(x >= 0)) return Number.NaN;
  if (x === 0) return upper ? 1 : 0;
  if (x === Number.POSITIVE_INFINITY) return upper ? 0 : 1;
  const factor = Math.exp(logGammaFactor(a, x));
  if (x < a + 1) {
    const p = Math.min(1, factor * lowerSeries(a, x));
    return upper ? 1 - p : p;
  }
  const q = factor * upperFraction(a, x);
  return upper ? q : 1 - q;
}

/** ln P or ln Q, where they themselves would underflow. */
export function logGammaRegularised(a: number, x: number, upper = false): number {
  if (!(a > 0) || !(x >= 0)) return Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return upper ? Number.NEGATIVE_INFINITY : 0;
  const lowerSide = x < a + 1;
  if (lowerSide !== upper) {
    const sum = lowerSide ? lowerSeries(a, x) : upperFraction(a, x);
    return logGammaFactor(a, x) + Math.log(sum);
  }
  return Math.log(gammaRegularised(a, x, upper));
}
