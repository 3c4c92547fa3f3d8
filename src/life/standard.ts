/**
 * Standardised log-location-scale distributions: z = (ln t - mu) / sigma is smallest extreme value
 * for the Weibull (shape 1/sigma, scale exp mu; exponential with sigma 1) and normal for the
 * lognormal. Each gives the log-likelihood of what was seen of one life as a function of z, with
 * its first two derivatives (W. Q. Meeker and L. A. Escobar, Statistical Methods for Reliability
 * Data, 1998, chapters 4 and 8).
 */
import { logNormalCdf, logNormalDensity, normalCdf, normalQuantile } from "./normal.js";
import { digamma, gammaln, trigamma } from "./special.js";

/** Value and derivatives by z (`high*`: by the upper z of an interval); reused to spare garbage. */
export type Point = {
  value: number;
  d1: number;
  d2: number;
  high1: number;
  high2: number;
  cross: number;
};

export type Standard = {
  exact(z: number, out: Point): void;
  right(z: number, out: Point): void;
  left(z: number, out: Point): void;
  interval(low: number, high: number, out: Point): void;
  quantile(p: number): number;
  /** P(Z > z), or P(Z <= z) with `failed`. */
  survival(z: number, failed?: boolean): number;
  /** ln E[T] - mu as a function of s = ln sigma: value and two derivatives by s. */
  logMean(s: number): [number, number, number];
};

export function newPoint(): Point {
  return { value: 0, d1: 0, d2: 0, high1: 0, high2: 0, cross: 0 };
}

/** From f1/D, f2/D and f'/f at both ends, D = F(high) - F(low). */
function intervalDerivatives(a1: number, a2: number, r1: number, r2: number, out: Point): void {
  out.d1 = -a1;
  out.d2 = -a1 * r1 - a1 * a1;
  out.high1 = a2;
  out.high2 = a2 * r2 - a2 * a2;
  out.cross = a1 * a2;
}

export const smallestExtremeValue: Standard = {
  exact(z, out) {
    const e = Math.exp(z);
    out.value = z - e;
    out.d1 = 1 - e;
    out.d2 = -e;
  },
  right(z, out) {
    const e = Math.exp(z);
    out.value = -e;
    out.d1 = -e;
    out.d2 = -e;
  },
  left(z, out) {
    const e = Math.exp(z);
    out.value = z < -36 ? z : Math.log(-Math.expm1(-e));
    out.d1 = e < 1e-300 ? 1 : e / Math.expm1(e);
    out.d2 = out.d1 * (1 - e) - out.d1 * out.d1;
  },
  interval(low, high, out) {
    const [e1, e2] = [Math.exp(low), Math.exp(high)];
    // e1 - e2 from the width, so that a narrow interval keeps its digits.
    const gap = -e1 * Math.expm1(high - low);
    const k = -Math.expm1(gap);
    out.value = -e1 + Math.log(k);
    intervalDerivatives(e1 / k, (e2 * Math.exp(gap)) / k, 1 - e1, 1 - e2, out);
  },
  quantile: (p) => Math.log(-Math.log1p(-p)),
  survival: (z, failed = false) => (failed ? -Math.expm1(-Math.exp(z)) : Math.exp(-Math.exp(z))),
  logMean(s) {
    const sigma = Math.exp(s);
    const d = sigma * digamma(1 + sigma);
    return [gammaln(1 + sigma), d, d + sigma * sigma * trigamma(1 + sigma)];
  },
};

export const standardNormal: Standard = {
  exact(z, out) {
    out.value = logNormalDensity(z);
    out.d1 = -z;
    out.d2 = -1;
  },
  right(z, out) {
    out.value = logNormalCdf(z, true);
    const hazard = Math.exp(logNormalDensity(z) - out.value);
    out.d1 = -hazard;
    out.d2 = hazard * (z - hazard);
  },
  left(z, out) {
    out.value = logNormalCdf(z);
    const hazard = Math.exp(logNormalDensity(z) - out.value);
    out.d1 = hazard;
    out.d2 = -hazard * (z + hazard);
  },
  interval(low, high, out) {
    const log = logNormalBetween(low, high);
    out.value = log;
    const a1 = Math.exp(logNormalDensity(low) - log);
    const a2 = Math.exp(logNormalDensity(high) - log);
    intervalDerivatives(a1, a2, -low, -high, out);
  },
  quantile: (p) => normalQuantile(p),
  survival: (z, failed = false) => normalCdf(z, !failed),
  logMean(s) {
    const half = Math.exp(2 * s) / 2;
    return [half, 2 * half, 4 * half];
  },
};

/** ln [Phi(high) - Phi(low)]: narrow ones by the midpoint series, others from the shorter tails. */
function logNormalBetween(low: number, high: number): number {
  const [w, m] = [high - low, (high + low) / 2];
  if (w * (1 + Math.abs(m)) < 0.05) {
    const m2 = m * m;
    const series = ((m2 - 1) * w * w) / 24 + ((m2 * m2 - 6 * m2 + 3) * w ** 4) / 1920;
    return logNormalDensity(m) + Math.log(w) + Math.log1p(series);
  }
  if (low <= 0 && high >= 0) return Math.log1p(-normalCdf(low) - normalCdf(high, true));
  const upper = low > 0;
  const [near, far] = upper ? [low, high] : [high, low];
  const logNear = logNormalCdf(near, upper);
  return logNear + Math.log(-Math.expm1(logNormalCdf(far, upper) - logNear));
}
