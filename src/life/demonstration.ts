/**
 * Demonstration tests: n units run for a time each and pass with at most k failures. The number of
 * failures is binomial with the Weibull's chance to fail by that time (Weibull-binomial; with k = 0
 * success run; C. Lipson and N. J. Sheth, Statistical Design and Analysis of Engineering Experiments,
 * 1973, recollected). Everything here is exact: no Poisson, no chi-square in its place.
 */
import { integrate } from "./quadrature.js";
import { betaQuantileLogit, binomialCdf } from "./quantile.js";
import { failsBy, hazardAt, multiples, type Requirement, timeAtHazard } from "./requirement.js";
import { gammaln } from "./special.js";
import { refuse, type WarningCode } from "./warning.js";

/** `units` run `time` each, `stations` at once, and pass with at most `failures`. */
export type DemonstrationPlan = {
  units: number;
  time: number;
  failures: number;
  stations: number;
};

const mostUnits = 1_000_000;
/** Rounding of the binomial must not ask for one unit more. */
const slack = 1 + 1e-12;

/** Fewest units that show the requirement in `time` each. Throws `PLAN_TOO_LARGE` above a million. */
export function unitsFor(
  need: Requirement,
  confidence: number,
  time: number,
  failures: number,
): number {
  const p = failsBy(need, time);
  const shows = (n: number) => binomialCdf(failures, n, p) <= (1 - confidence) * slack;
  let high = failures + 1;
  while (!shows(high)) {
    if (high >= mostUnits) refuse("PLAN_TOO_LARGE", `more than ${mostUnits} units`);
    high = Math.min(high * 2, mostUnits);
  }
  let low = failures;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (shows(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Time per unit after which `units` show the requirement; exact, from the beta quantile. */
export function timeFor(
  need: Requirement,
  confidence: number,
  units: number,
  failures: number,
): number {
  return timeAtHazard(need, hazardOfQuantile(confidence, units, failures));
}

/** -ln(1 - p) of the p at which so few failures have the chance 1 - `confidence`. */
function hazardOfQuantile(confidence: number, units: number, failures: number): number {
  if (units <= failures) refuse("PLAN_TOO_SMALL", `${units} units, ${failures} failures`);
  const logit = betaQuantileLogit(confidence, failures + 1, units - failures);
  return logit > 0 ? logit + Math.log1p(Math.exp(-logit)) : Math.log1p(Math.exp(logit));
}

/** Chance that a product passes whose life is `multiple` times the required one. */
export function passes(need: Requirement, plan: DemonstrationPlan, multiple = 1): number {
  return binomialCdf(plan.failures, plan.units, failsBy(need, plan.time, multiple));
}

/** How many times the required life a product must live to pass with chance `wanted`. */
export function multipleToPass(need: Requirement, plan: DemonstrationPlan, wanted: number): number {
  const hazard = hazardOfQuantile(1 - wanted, plan.units, plan.failures);
  return (hazardAt(need, plan.time) / hazard) ** (1 / need.shape);
}

export type Effort = {
  /** Expected length of the test, until it passes or fails. */
  duration: number;
  /** Expected time that all units together spend on test. */
  unitTime: number;
};

/**
 * Expected effort: batches of `stations` one after another; a station whose unit failed stands idle
 * until its batch is over, and the test ends with the failure that is one too many.
 */
export function expectedEffort(need: Requirement, plan: DemonstrationPlan, multiple = 1): Effort {
  const allowed = plan.failures;
  const effort = { duration: 0, unitTime: 0 };
  let before = [1];
  for (let left = plan.units; left > 0; left -= plan.stations) {
    const batch = Math.min(left, plan.stations);
    const running = (t: number, worth: (failed: number) => number) => {
      const p = failsBy(need, t, multiple);
      const chances = binomialChances(batch, Math.min(allowed, batch), p);
      return before.reduce(
        (sum, q, i) =>
          sum + q * chances.reduce((s, c, j) => (i + j > allowed ? s : s + c * worth(j)), 0),
        0,
      );
    };
    effort.duration += integrate((t) => running(t, () => 1), 0, plan.time);
    effort.unitTime += integrate((t) => running(t, (failed) => batch - failed), 0, plan.time);
    before = after(
      before,
      binomialChances(batch, Math.min(allowed, batch), failsBy(need, plan.time, multiple)),
      allowed,
    );
  }
  return effort;
}

/** Failures of two independent batches together, as far as they are allowed. */
function after(a: readonly number[], b: readonly number[], allowed: number): number[] {
  const sum = new Array<number>(Math.min(a.length + b.length - 1, allowed + 1)).fill(0);
  a.forEach((x, i) => {
    b.forEach((y, j) => {
      if (i + j < sum.length) sum[i + j]! += x * y;
    });
  });
  return sum;
}

/** P(0), ..., P(most) of the binomial; p may be 0 and, where it rounds to it, 1. */
function binomialChances(n: number, most: number, p: number): number[] {
  const log = (k: number) => gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1);
  return Array.from({ length: most + 1 }, (_, k) =>
    p === 0 || p === 1
      ? Number(k === n * p)
      : Math.exp(log(k) + k * Math.log(p) + (n - k) * Math.log1p(-p)),
  );
}

export type OperatingPoint = { multiple: number; life: number; passes: number; expected: Effort };

/** What the plan shows when the shape is another than assumed, and what it would then take. */
export type ShapePoint = { shape: number; confidence: number; units: number; time: number };

export type Demonstration = {
  design: "demonstration";
  requirement: Requirement & { confidence: number };
  plan: DemonstrationPlan;
  /** Shown by a pass: never below the confidence asked for, above it where units are whole. */
  confidence: number;
  operatingCharacteristic: OperatingPoint[];
  /** True life over required life that passes with 90 and 95 % chance. */
  multipleToPass: { p90: number; p95: number };
  shapes: ShapePoint[];
  /** With no failure: length of the test and time of all units. */
  most: Effort;
  warnings: WarningCode[];
};

const shapeFactors = [2 / 3, 0.8, 1, 1.25, 1.5] as const;

/** All that is worth knowing of one plan. */
export function demonstrate(
  need: Requirement,
  confidence: number,
  plan: DemonstrationPlan,
): Demonstration {
  const operating = multiples.map((multiple) => ({
    multiple,
    life: multiple * need.life,
    passes: passes(need, plan, multiple),
    expected: expectedEffort(need, plan, multiple),
  }));
  return {
    design: "demonstration",
    requirement: { ...need, confidence },
    plan,
    confidence: 1 - passes(need, plan),
    operatingCharacteristic: operating,
    multipleToPass: { p90: multipleToPass(need, plan, 0.9), p95: multipleToPass(need, plan, 0.95) },
    shapes: shapeFactors.map((f) => atShape({ ...need, shape: f * need.shape }, confidence, plan)),
    most: {
      duration: Math.ceil(plan.units / plan.stations) * plan.time,
      unitTime: plan.units * plan.time,
    },
    warnings: warningsOf(need, plan),
  };
}

function atShape(need: Requirement, confidence: number, plan: DemonstrationPlan): ShapePoint {
  return {
    shape: need.shape,
    confidence: 1 - passes(need, plan),
    units: unitsFor(need, confidence, plan.time, plan.failures),
    time: timeFor(need, confidence, plan.units, plan.failures),
  };
}

function warningsOf(need: Requirement, plan: DemonstrationPlan): WarningCode[] {
  const codes: WarningCode[] = ["SHAPE_ASSUMED"];
  if (plan.time > need.life * 1.001) codes.push("LOWER_SHAPE_SHOWS_LESS");
  if (plan.time < need.life * 0.999) codes.push("HIGHER_SHAPE_SHOWS_LESS");
  if (passes(need, plan, 2) < 0.5) codes.push("GOOD_PRODUCT_FAILS");
  return codes;
}

export type DemonstrationTable = {
  design: "demonstration";
  requirement: Requirement & { confidence: number };
  /** Time per unit by number of allowed failures. */
  timeForUnits: { units: number; time: Record<string, number> }[];
  unitsForTime: { time: number; units: Record<string, number> }[];
  warnings: WarningCode[];
};

const tableUnits = [2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 50] as const;
const tableTimes = [0.5, 0.75, 1, 1.5, 2, 3] as const;

/** Plans to choose from, with no failure, one and two beyond `failures`. */
export function demonstrationTable(
  need: Requirement,
  confidence: number,
  failures: number,
): DemonstrationTable {
  const allowed = [failures, failures + 1, failures + 2];
  const each = (of: (k: number) => number) =>
    Object.fromEntries(allowed.map((k) => [String(k), of(k)]));
  return {
    design: "demonstration",
    requirement: { ...need, confidence },
    timeForUnits: tableUnits
      .filter((units) => units > failures + 2)
      .map((units) => ({ units, time: each((k) => timeFor(need, confidence, units, k)) })),
    unitsForTime: tableTimes.map((m) => {
      const time = m * need.life;
      return { time, units: each((k) => unitsFor(need, confidence, time, k)) };
    }),
    warnings: ["SHAPE_ASSUMED"],
  };
}
