/**
 * Fixed-length and sequential tests as people run them: units started together and not replaced.
 * Risks and expected exposure are exact; the expected duration depends on when which unit failed and
 * is simulated, seeded.
 */
import { type Random, randomStream } from "../base/random.js";
import { balanced, type FixedLength, fixedLength, type RiskGoal } from "./fixed-length.js";
import { type Lines, risksOf } from "./poisson-test.js";
import { multiples, type Requirement, timeAtHazard } from "./requirement.js";
import { type Sequential, sequential, sequentialLines } from "./sequential.js";
import type { WarningCode } from "./warning.js";

/** How long the test takes with the units at hand; mean of simulated tests. */
export type Course = {
  duration: number;
  unitTime: number;
  /** Chance that all units have failed and nothing is decided. */
  undecided: number;
};

export type ExposurePoint = {
  multiple: number;
  passes: number;
  /** Expected exposure (in theta1) and failures until the decision. */
  exposure: number;
  failures: number;
  course?: Course;
};

type ExposureTest = {
  requirement: Requirement;
  /** `ratio` of lives, as asked for; `exposureRatio` = ratio ^ shape. */
  goal: { alpha: number; beta: number; ratio: number; exposureRatio: number };
  /** The life whose shape-th power is theta1, the unit of exposure. */
  scale: number;
  units?: number;
  /** Time per unit after which the test passes when nothing fails; with `units` only. */
  passesWithoutFailureAt?: number;
  operatingCharacteristic: ExposurePoint[];
  warnings: WarningCode[];
};

export type FixedLengthTest = ExposureTest & {
  design: "fixed-length";
  plan: FixedLength;
  /** Fewer and more failures, with both risks off their goals by the same factor. */
  near: FixedLength[];
};

export type SequentialTest = ExposureTest & {
  design: "sequential";
  plan: Sequential;
  lines: Lines;
};

export type RiskQuestion = {
  need: Requirement;
  alpha: number;
  beta: number;
  /** Of lives, above 1. */
  ratio: number;
  units?: number;
};

export function fixedLengthTest(q: RiskQuestion): FixedLengthTest {
  const goal = goalOf(q);
  const plan = fixedLength(goal);
  const { rejectAt, exposure } = plan;
  const lines: Lines = {
    accept: new Array<number>(rejectAt).fill(exposure),
    reject: [...new Array<number>(rejectAt).fill(-1), exposure],
  };
  const near = [-2, -1, 0, 1].map((d) => rejectAt + d).filter((r) => r > 0);
  return {
    design: "fixed-length",
    ...testOf(q, goal, lines),
    plan,
    near: near.map((r) => balanced(r, goal)),
  };
}

export function sequentialTest(q: RiskQuestion): SequentialTest {
  const goal = goalOf(q);
  const plan = sequential(goal);
  const lines = sequentialLines(plan);
  return { design: "sequential", ...testOf(q, goal, lines), plan, lines };
}

function goalOf({ need, alpha, beta, ratio }: RiskQuestion): RiskGoal {
  return { alpha, beta, ratio: ratio ** need.shape };
}

function testOf(q: RiskQuestion, goal: RiskGoal, lines: Lines): ExposureTest {
  const { need, units, ratio } = q;
  const shown = [...new Set([...multiples, ratio])].sort((a, b) => a - b);
  const warnings: WarningCode[] = ["SHAPE_ASSUMED"];
  if (units !== undefined && units < lines.accept.length) warnings.push("UNITS_MAY_RUN_OUT");
  return {
    requirement: need,
    goal: { alpha: q.alpha, beta: q.beta, ratio, exposureRatio: goal.ratio },
    scale: timeAtHazard(need, 1),
    ...(units === undefined
      ? {}
      : { units, passesWithoutFailureAt: timeAtHazard(need, lines.accept[0]! / units) }),
    operatingCharacteristic: shown.map((multiple) => {
      const { accepts, exposure, failures } = risksOf(lines, multiple ** -need.shape);
      const course = units === undefined ? {} : { course: courseOf(need, lines, units, multiple) };
      return { multiple, passes: accepts, exposure, failures, ...course };
    }),
    warnings,
  };
}

const tests = 10_000;
const seed = 1;

function courseOf(need: Requirement, lines: Lines, units: number, multiple: number): Course {
  const random = randomStream(seed, `course/${units}/${multiple}`);
  const sum = { duration: 0, unitTime: 0, undecided: 0 };
  for (let i = 0; i < tests; i++) {
    const hazards = exponentials(random, units, multiple ** need.shape);
    const { end, decided } = followTest(lines, hazards);
    const time = (hazard: number) => timeAtHazard(need, hazard);
    sum.duration += time(end);
    for (const h of hazards) sum.unitTime += time(Math.min(h, end));
    if (!decided) sum.undecided += 1;
  }
  return {
    duration: sum.duration / tests,
    unitTime: sum.unitTime / tests,
    undecided: sum.undecided / tests,
  };
}

/** Lives as cumulative hazard of the required product, shortest first. */
function exponentials(random: Random, units: number, mean: number): Float64Array {
  return Float64Array.from({ length: units }, () => -Math.log1p(-random()) * mean).sort();
}

/** The hazard a unit has reached when the test is decided, or when the last unit has failed. */
function followTest(lines: Lines, lives: Float64Array): { end: number; decided: boolean } {
  let [exposure, now] = [0, 0];
  for (let j = 0; j < lives.length && j < lines.accept.length; j++) {
    const running = lives.length - j;
    const atFailure = exposure + running * (lives[j]! - now);
    const accept = lines.accept[j]!;
    if (atFailure >= accept) return { end: now + (accept - exposure) / running, decided: true };
    exposure = atFailure;
    now = lives[j]!;
    if (exposure <= lines.reject[j + 1]!) return { end: now, decided: true };
  }
  return { end: now, decided: false };
}
