/**
 * Three-parameter Weibull. Its likelihood is unbounded as the location nears the first failure (the
 * shape then falls below 1), so the maximum is the local one: the profile over the location is
 * walked from 0 towards the first failure until its slope turns, and refused when it never does
 * (Meeker and Escobar 1998, section 11.7; Smith and Naylor, Applied Statistics 36, 1987).
 */
import { countLife, isFailure, type LifeRow, largestOf } from "./data.js";
import { likelihood, packSample } from "./likelihood.js";
import { fitModel, type Model, modelAt } from "./model.js";
import { smallestExtremeValue } from "./standard.js";
import { refuse, type WarningCode } from "./warning.js";

/** `first`: what the location lies below. */
export type Weibull3 = { model: Model; warning: WarningCode; first: number };

/** Throws `LIFE_REFUSED` with `LIKELIHOOD_UNBOUNDED` where there is no proper maximum. */
export function fitWeibull3(rows: readonly LifeRow[]): Weibull3 {
  const first = -largestOf(rows.filter(isFailure), (r) => -(r.timeHigh ?? r.time));
  const { n } = countLife(rows);
  const plain = fitModel(rows, smallestExtremeValue);
  const frame = {
    standard: smallestExtremeValue,
    likelihood: likelihood(packSample(rows), smallestExtremeValue, true),
    columns: 1,
    hasLocation: true,
  };
  const zero = modelAt({ ...frame, fixed: [2] }, Float64Array.of(...plain.theta, 0));
  let at = zero;
  let hasRisen = false;
  for (let gap = first; gap > 1e-7 * first; gap *= 0.9) {
    if (gap < first) {
      const start = Float64Array.of(at.theta[0]!, at.theta[1]!, first - gap);
      at = modelAt({ ...frame, fixed: [2] }, start);
      if (at.theta[1]! >= 0) refuse("LIKELIHOOD_UNBOUNDED");
    }
    const trend = trendOf(at, gap, n);
    if (trend < 0 && !hasRisen) return { model: zero, warning: "LOCATION_AT_ZERO", first };
    if (trend < 0) {
      const model = modelAt({ ...frame, fixed: [] }, at.theta);
      return { model, warning: "LOCATION_PRIOR", first };
    }
    hasRisen ||= trend > 0;
  }
  return refuse("LIKELIHOOD_UNBOUNDED");
}

/**
 * Whether the profile rises (1) or falls (-1) with the location: its slope is that of the likelihood at
 * the maximum over the rest. Data far from 0, by their own spread, have a steep shape, and the slope is
 * what is left of large terms: below their rounding it says nothing yet (0), further on it does.
 */
function trendOf(model: Model, gap: number, n: number): -1 | 0 | 1 {
  const slope = model.likelihood(model.theta).gradient[2]!;
  const rounding = (1e-14 * n) / Math.exp(2 * model.theta[1]!);
  if (Math.abs(slope * gap) <= rounding) return 0;
  return slope > 0 ? 1 : -1;
}
