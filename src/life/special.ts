/**
 * Gamma functions of one positive argument to a few units of the last digit, near their zeros too.
 * Around 2: the Taylor series in zeta(k) - 1 (Abramowitz and Stegun 6.1.33); from 10 on: Stirling's
 * series (6.1.41, 6.3.18, 6.4.12); between them the recurrence.
 */

const euler = 0.5772156649015329;
export const logSqrt2Pi = 0.9189385332046728;
const seriesTerms = 60;
/** zeta(k) - 1 at index k. */
const zetaTail = Array.from({ length: seriesTerms }, (_, k) => (k < 2 ? 0 : zetaMinusOne(k)));

/** Euler-Maclaurin from n = 40 on; the terms before it are summed, smallest first. */
function zetaMinusOne(k: number): number {
  const n = 40;
  const last = n ** -k;
  let sum = (n * last) / (k - 1) + last / 2;
  sum += (k * last) / (12 * n);
  sum -= (k * (k + 1) * (k + 2) * last) / (720 * n ** 3);
  sum += (k * (k + 1) * (k + 2) * (k + 3) * (k + 4) * last) / (30240 * n ** 5);
  for (let i = n - 1; i >= 2; i--) sum += i ** -k;
  return sum;
}

/** ln Gamma(2 + w), |w| <= 0.6 */
function gammalnNearTwo(w: number): number {
  let sum = 0;
  for (let k = seriesTerms - 1; k >= 2; k--) sum = sum * -w + zetaTail[k]! / k;
  return w * (1 - euler + w * sum);
}

/** ln Gamma(x) - [(x - 1/2) ln x - x + ln sqrt(2 pi)], x > 0: what Stirling's formula leaves. */
export function stirlingCorrection(x: number): number {
  if (x < 10) return gammaln(x) - ((x - 0.5) * Math.log(x) - x + logSqrt2Pi);
  const r = 1 / (x * x);
  const tail = 1 / 1188 - r * (691 / 360360 - r * (1 / 156 - (r * 3617) / 122400));
  return (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * tail)))) / x;
}

/** ln Gamma(x), x > 0; NaN otherwise. */
export function gammaln(x: number): number {
  if (!(x > 0)) return Number.NaN;
  if (x < 0.5) return gammalnNearTwo(x) - Math.log1p(x) - Math.log(x);
  if (x < 1.5) return gammalnNearTwo(x - 1) - Math.log1p(x - 1);
  if (x >= 10) return (x - 0.5) * Math.log(x) - x + logSqrt2Pi + stirlingCorrection(x);
  let product = 1;
  let y = x;
  while (y > 2.5) {
    y -= 1;
    product *= y;
  }
  return gammalnNearTwo(y - 2) + Math.log(product);
}

/** d ln Gamma / dx, x > 0. */
export function digamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  if (Math.abs(x - 2) <= 0.6) return digammaNearTwo(x - 2);
  let shift = 0;
  let y = x;
  for (; y < 10; y++) shift += 1 / y;
  const r = 1 / (y * y);
  const tail = 1 / 240 - r * (1 / 132 - r * (691 / 32760 - r / 12));
  const series = r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * tail)));
  return Math.log(y) - 0.5 / y - series - shift;
}

function digammaNearTwo(w: number): number {
  let sum = 0;
  for (let k = seriesTerms - 1; k >= 2; k--) sum = sum * -w + zetaTail[k]!;
  return 1 - euler + w * sum;
}

/** Second derivative of ln Gamma, x > 0. */
export function trigamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let shift = 0;
  let y = x;
  for (; y < 10; y++) shift += 1 / (y * y);
  const r = 1 / (y * y);
  const tail = 1 / 30 - r * (5 / 66 - r * (691 / 2730 - (r * 7) / 6));
  return 1 / y + r / 2 + (r / y) * (1 / 6 - r * (1 / 30 - r * (1 / 42 - r * tail))) + shift;
}

/** ln(1 + t) - t without cancellation, t > -1. */
export function log1pMinus(t: number): number {
  if (Math.abs(t) > 0.5) return Math.log1p(t) - t;
  const r = t / (2 + t);
  const r2 = r * r;
  let sum = 0;
  for (let k = 37; k >= 3; k -= 2) sum = sum * r2 + 1 / k;
  return -t * r + 2 * r * r2 * sum;
}
