/**
 * Means and covariances of the order statistics of the smallest extreme value distribution,
 * F(z) = 1 - exp(-exp z), computed instead of copied from tables (G. Lieblein 1953; J. S. White,
 * Technometrics 11, 1969; N. R. Mann 1967). exp z is exponential, and between two order statistics
 * of exponentials lies an independent gap, itself an order statistic of the rest: the mean of a
 * product is an integral over a plane of functions without kink or edge, for which the trapezoidal
 * rule is exact to rounding.
 */
import { gammaln } from "./special.js";

export type OrderStatistics = {
  /** Of the first r of n. */
  means: Float64Array;
  /** r by r. */
  covariances: Float64Array;
};

const step = 0.1;
const first = -480;
const last = 45;
/** Below this the density adds nothing. */
const nothing = 1e-22;

/** Density on the grid, times the step; where it is of any size. */
type Density = { from: number; value: Float64Array };

/** The first `r` of `n`. */
export function extremeOrderStatistics(n: number, r: number): OrderStatistics {
  const single = Array.from({ length: r }, (_, i) => orderDensity(i + 1, n));
  const means = Float64Array.from(single, (d) => moment(d, (z) => z));
  const covariances = new Float64Array(r * r);
  for (let i = 0; i < r; i++) {
    covariances[i * r + i] = moment(single[i]!, (z) => z * z) - means[i]! ** 2;
    for (let j = i + 1; j < r; j++) {
      const gap = orderDensity(j - i, n - i - 1);
      const c = meanProduct(single[i]!, gap) - means[i]! * means[j]!;
      covariances[i * r + j] = c;
      covariances[j * r + i] = c;
    }
  }
  return { means, covariances };
}

/** Logarithm of the k-th of m exponentials. */
function orderDensity(k: number, m: number): Density {
  const constant = gammaln(m + 1) - gammaln(k) - gammaln(m - k + 1);
  const at = (i: number) => {
    const z = i * step;
    const x = Math.exp(z);
    const log = constant + (k - 1) * Math.log(-Math.expm1(-x)) - (m - k + 1) * x + z;
    return step * Math.exp(log);
  };
  const all = Float64Array.from({ length: last - first + 1 }, (_, i) => at(first + i));
  const from = all.findIndex((v) => v > nothing);
  let to = all.length;
  while (all[to - 1]! <= nothing) to--;
  return { from: first + from, value: all.subarray(from, to) };
}

function moment({ from, value }: Density, of: (z: number) => number): number {
  return value.reduce((sum, v, i) => sum + v * of((from + i) * step), 0);
}

/** ln(1 + exp(i step)) for every difference of grid places. */
const softplus = Float64Array.from({ length: 2 * (last - first) + 1 }, (_, i) => {
  const d = (i - (last - first)) * step;
  return d > 0 ? d + Math.log1p(Math.exp(-d)) : Math.log1p(Math.exp(d));
});

/** E[a ln(e^a + e^g)], a and g independent. */
function meanProduct(a: Density, g: Density): number {
  let sum = 0;
  for (let i = 0; i < a.value.length; i++) {
    const z = (a.from + i) * step;
    const shift = g.from - (a.from + i) + (last - first);
    let [inner, mass] = [0, 0];
    for (let j = 0; j < g.value.length; j++) {
      inner += g.value[j]! * softplus[shift + j]!;
      mass += g.value[j]!;
    }
    sum += a.value[i]! * z * (mass * z + inner);
  }
  return sum;
}
