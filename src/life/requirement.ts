/**
 * What a test must show: at least `reliability` at `life`, for a Weibull of known shape. A product
 * whose true life is `multiple` times the required one has the same shape and a longer scale.
 */
export type Requirement = {
  /** Above 0, below 1; 0.9 with a life says B10. */
  reliability: number;
  /** Any unit; times of a plan are in the same. */
  life: number;
  /** Known from earlier tests of the same design. */
  shape: number;
};

/** Cumulative hazard, -ln R, at `time`. */
export function hazardAt(need: Requirement, time: number, multiple = 1): number {
  return -Math.log(need.reliability) * (time / (multiple * need.life)) ** need.shape;
}

/** The time at which the cumulative hazard of a product just at the requirement is `hazard`. */
export function timeAtHazard(need: Requirement, hazard: number): number {
  return need.life * (hazard / -Math.log(need.reliability)) ** (1 / need.shape);
}

/** Chance to fail by `time`. */
export function failsBy(need: Requirement, time: number, multiple = 1): number {
  return -Math.expm1(-hazardAt(need, time, multiple));
}

/** How much better than required the shown product may be: the rows of an operating characteristic. */
export const multiples = [1, 1.5, 2, 3] as const;
