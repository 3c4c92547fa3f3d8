import type { Random } from "../base/random.js";

/** Scale of a Weibull life whose 10 % quantile is 1: (-ln 0.9)^(-1/shape). */
export function scaleOfL10(shape: number): number {
  return (-Math.log(0.9)) ** (-1 / shape);
}

/** Scale of a Weibull life whose median is 1. */
export function scaleOfMedian(shape: number): number {
  return Math.LN2 ** (-1 / shape);
}

/** Standard exponential draw. */
function exponential(random: Random): number {
  return -Math.log(1 - random());
}

/**
 * Positive stable draw with Laplace transform exp(-s^alpha), 0 < alpha < 1 (Kanter, Ann. Probab. 3
 * (1975) 697). As a frailty it leaves Weibull lives Weibull (Hougaard, Biometrika 73 (1986) 671).
 */
export function positiveStable(random: Random, alpha: number): number {
  const angle = Math.PI * (1 - random());
  const wait = exponential(random);
  const head = Math.sin(alpha * angle) / Math.sin(angle) ** (1 / alpha);
  return head * (Math.sin((1 - alpha) * angle) / wait) ** ((1 - alpha) / alpha);
}

/**
 * Weibull life under a shared frailty: marginally exactly Weibull(`eta`, `shape`); two lives drawn with
 * the same frailty have Kendall's tau = 1 - alpha.
 */
export function frailWeibull(
  random: Random,
  frailty: number,
  alpha: number,
  eta: number,
  shape: number,
): number {
  return eta * (exponential(random) / frailty) ** (alpha / shape);
}
