/**
 * Sudden death tests (L. G. Johnson 1964): groups of m units run together until the first of each
 * group fails. The first of m Weibull lives is Weibull with the same shape and the scale divided by
 * m^(1/shape), so m times the sum of t^shape over the groups is the exposure of the whole test, and
 * twice that over scale^shape is chi-square with two degrees of freedom per group, exactly. Exposure
 * is in units of theta1, as in fixed-length.ts.
 */
import { gammaRegularised } from "./incomplete-gamma.js";
import { integrate } from "./quadrature.js";
import { binomialCdf, chiSquareQuantile } from "./quantile.js";
import { failsBy, hazardAt, multiples, type Requirement, timeAtHazard } from "./requirement.js";
import { gammaln } from "./special.js";
import type { WarningCode } from "./warning.js";

export type SuddenDeathPoint = {
  multiple: number;
  passes: number;
  /** Expected: all groups at once, one group after another, and time of all units together. */
  parallel: number;
  inTurn: number;
  unitTime: number;
};

export type SuddenDeath = {
  design: "sudden-death";
  requirement: Requirement & { confidence: number };
  plan: { groups: number; groupSize: number };
  /** Passes when the shape-th power mean of the first failures reaches this time... */
  passMean: number;
  /** ...which is this exposure, groupSize * sum of (t / scale)^shape. */
  passExposure: number;
  scale: number;
  /** First failure of a group of a product just at the requirement. */
  firstFailure: { mean: number; median: number };
  /** The share of single units failed at that median: what the test looks at. */
  fractionAtMedian: number;
  operatingCharacteristic: SuddenDeathPoint[];
  /** The same number of failures from all units started at once, no groups; at the requirement. */
  ungrouped: { duration: number; unitTime: number };
  warnings: WarningCode[];
};

export function suddenDeath(
  need: Requirement,
  confidence: number,
  groups: number,
  groupSize: number,
): SuddenDeath {
  const passExposure = chiSquareQuantile(confidence, 2 * groups) / 2;
  const warnings: WarningCode[] = ["SHAPE_ASSUMED"];
  if (groups < 5) warnings.push("FEW_FAILURES");
  if (groupSize > 1) warnings.push("EARLY_LIFE_ONLY");
  return {
    design: "sudden-death",
    requirement: { ...need, confidence },
    plan: { groups, groupSize },
    passMean: timeAtHazard(need, passExposure / (groups * groupSize)),
    passExposure,
    scale: timeAtHazard(need, 1),
    firstFailure: {
      mean: meanFirst(need, groupSize),
      median: timeAtHazard(need, Math.LN2 / groupSize),
    },
    fractionAtMedian: -Math.expm1(-Math.LN2 / groupSize),
    operatingCharacteristic: multiples.map((multiple) => {
      const first = multiple * meanFirst(need, groupSize);
      return {
        multiple,
        passes: gammaRegularised(groups, passExposure / multiple ** need.shape, true),
        parallel: multiple * lastOfGroups(need, groups, groupSize),
        inTurn: groups * first,
        unitTime: groups * groupSize * first,
      };
    }),
    ungrouped: ungrouped(need, groups, groups * groupSize),
    warnings,
  };
}

/** Every way to split `units` into equal groups, of one unit up to two groups. */
export function splits(need: Requirement, confidence: number, units: number): SuddenDeath[] {
  const sizes = Array.from({ length: Math.floor(units / 2) }, (_, i) => i + 1);
  return sizes
    .filter((m) => units % m === 0)
    .map((m) => suddenDeath(need, confidence, units / m, m));
}

function meanFirst(need: Requirement, groupSize: number): number {
  return timeAtHazard(need, 1 / groupSize) * Math.exp(gammaln(1 + 1 / need.shape));
}

/** Beyond this hazard per group nothing is left to integrate. */
const farHazard = 50;

/** Expected time until the last group has its first failure. */
function lastOfGroups(need: Requirement, groups: number, groupSize: number): number {
  const left = (t: number) => {
    const survives = Math.exp(-groupSize * hazardAt(need, t));
    return -Math.expm1(groups * Math.log1p(-survives));
  };
  return integrate(left, 0, timeAtHazard(need, farHazard / groupSize));
}

function ungrouped(need: Requirement, failures: number, units: number) {
  const end = timeAtHazard(need, farHazard);
  const order = (j: number) =>
    integrate((t) => binomialCdf(j - 1, units, failsBy(need, t)), 0, end);
  let [unitTime, before] = [0, 0];
  for (let j = 1; j <= failures; j++) {
    const time = order(j);
    unitTime += (units - j + 1) * (time - before);
    before = time;
  }
  return { duration: before, unitTime };
}
