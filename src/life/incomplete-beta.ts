/**
 * Regularised incomplete beta function by its continued fraction (DLMF 8.17.22) with the factor
 * taken about the saddle point as in `incomplete-gamma.ts`. Takes x and 1 - x, so that neither end
 * loses digits.
 */
import { log1pMinus, logSqrt2Pi, stirlingCorrection } from "./special.js";

const tiny = 1e-300;

/** ln [x^a (1-x)^b / B(a, b)] */
export function logBetaFactor(x: number, y: number, a: number, b: number): number {
  const n = a + b;
  // x - a/n, from whichever of x and y holds more digits.
  const e = x < y ? x - a / n : b / n - y;
  const saddle = logRatio(a, (e * n) / a, x, n) + logRatio(b, (-e * n) / b, y, n);
  const stirling = stirlingCorrection(n) - stirlingCorrection(a) - stirlingCorrection(b);
  return saddle + 0.5 * Math.log((a / n) * b) - logSqrt2Pi + stirling;
}

/** a [ln(x / (a/n)) - t] with t = x / (a/n) - 1; the two linear terms cancel in the sum. */
function logRatio(a: number, t: number, x: number, n: number): number {
  return Math.abs(t) < 0.5 ? a * log1pMinus(t) : a * (Math.log((x * n) / a) - t);
}

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < 200_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return h;
}

function nonZero(x: number): number {
  return Math.abs(x) < tiny ? tiny : x;
}

/** ln I_x(a, b), or ln [1 - I_x] with `upper`; `y` is 1 - x. */
export function logBetaRegularised(
  x: number,
  y: number,
  a: number,
  b: number,
  upper = false,
): number {
  const left = x < (a + 1) / (a + b + 2);
  const sum = left ? fraction(x, a, b) / a : fraction(y, b, a) / b;
  const side = logBetaFactor(x, y, a, b) + Math.log(sum);
  return left === upper ? Math.log1p(-Math.min(1, Math.exp(side))) : side;
}

/** I_x(a, b), or 1 - I_x(a, b) with `upper`; a, b > 0, 0 <= x <= 1. */
export function betaRegularised(x: number, a: number, b: number, upper = false): number {
  if (!(a > 0) || !(b > 0) || !(x >= 0 && x <= 1)) return Number.NaN;
  if (x === 0 || x === 1) return (x === 0) === upper ? 1 : 0;
  return Math.exp(logBetaRegularised(x, 1 - x, a, b, upper));
}
