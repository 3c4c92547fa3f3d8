/**
 * Three-parameter Weibull. Its likelihood is unbounded as the location nears the first failure (the
 * shape then falls below 1), so the maximum is the local one: the profile over the location is
 * walked from 0 towards the first failure until its slope turns, and refused when it never does
 * (Meeker and Escobar 1998, section 11.7; Smith and Naylor, Applied Statistics 36, 1987).
 */
import { isFailure, type LifeRow, largestOf } from "./data.js";
import { likelihood, packSample } from "./likelihood.js";
import { fitModel, type Model, modelAt } from "./model.js";
import { smallestExtremeValue } from "./standard.js";
import { refuse, type WarningCode } from "./warning.js";

/** Throws `LIFE_REFUSED` with `LIKELIHOOD_UNBOUNDED` where there is no proper maximum. */
export function fitWeibull3(rows: readonly LifeRow[]): { model: Model; warning: WarningCode } {
  const first = -largestOf(rows.filter(isFailure), (r) => -r.time);
  const plain = fitModel(rows, smallestExtremeValue);
  const frame = {
    standard: smallestExtremeValue,
    likelihood: likelihood(packSample(rows), smallestExtremeValue, true),
    columns: 1,
    hasLocation: true,
  };
  let at = modelAt({ ...frame, fixed: [2] }, Float64Array.of(...plain.theta, 0));
  if (slopeOf(at) <= 0) return { model: at, warning: "LOCATION_AT_ZERO" };
  for (let gap = 0.9 * first; gap > 1e-7 * first; gap *= 0.9) {
    const next = modelAt(
      { ...frame, fixed: [2] },
      Float64Array.of(at.theta[0]!, at.theta[1]!, first - gap),
    );
    if (next.theta[1]! >= 0) refuse("LIKELIHOOD_UNBOUNDED");
    if (slopeOf(next) <= 0) {
      return { model: modelAt({ ...frame, fixed: [] }, next.theta), warning: "LOCATION_PRIOR" };
    }
    at = next;
  }
  return refuse("LIKELIHOOD_UNBOUNDED");
}

/** Slope of the profile: at its maximum over the rest, that of the likelihood by the location. */
function slopeOf(model: Model): number {
  return model.likelihood(model.theta).gradient[2]!;
}
