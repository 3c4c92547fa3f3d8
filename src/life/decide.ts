/**
 * A test while it runs: what it has shown, whether its plan will pass, and what the next event would
 * change. Units of DATA that have not failed count as running; given shape and h their further lives
 * are independent, so the chance to pass is an average over the posterior, not a simulation.
 */
import { countLife, hasRepeats, type LifeRow } from "./data.js";
import { gammaRegularised } from "./incomplete-gamma.js";
import {
  average,
  chanceAtLeast,
  type EarlierTest,
  lifeReachedWith,
  type Posterior,
  posteriorOf,
  type ShapePrior,
  shapeQuantiles,
  type Target,
} from "./posterior.js";
import { findRoot } from "./root.js";
import { refuse, type WarningCode } from "./warning.js";

/** Pass with at most `failures` before every unit has run `time`, or before the sum of exposures is there. */
export type PlanRule =
  | { kind: "time"; time: number; failures: number }
  | { kind: "exposure"; exposure: number; failures: number };

export type DecideQuestion = {
  target: Target;
  confidence: number;
  shape: ShapePrior;
  earlier?: EarlierTest;
  rule?: PlanRule;
  /** What "some more time" is in the outlooks. */
  more: number;
};

export type Outlook = {
  /** Posterior median and lower bound (one-sided, at the confidence) of the life at the reliability. */
  estimate: number;
  lower: number;
  /** Chance that the requirement is met. */
  chance: number;
  /** Time per running unit, without a failure, until `lower` reaches the requirement. */
  timeNeeded?: number;
  planPasses?: number;
};

export type Decision = {
  requirement: Target & { confidence: number };
  n: number;
  failures: number;
  running: number;
  /** Watched from an age on. */
  entries: number;
  shape: { lower: number; estimate: number; upper: number };
  more: number;
  now: Outlook;
  /** Keyed by what would happen next. */
  next: Partial<Record<NextEvent, Outlook>>;
  rule?: PlanRule;
  warnings: WarningCode[];
};

export type NextEvent = "survive" | "failure" | "failureLater" | "takenOff";

/** One specimen a row, the running ones apart, the longest first. */
type State = { done: LifeRow[]; running: LifeRow[] };

export function decide(rows: readonly LifeRow[], q: DecideQuestion): Decision {
  const state = stateOf(rows);
  const later = { ...state, running: state.running.map((r) => runsOn(r, q.more)) };
  const next: Decision["next"] =
    state.running.length === 0
      ? {}
      : {
          survive: outlook(later, q),
          failure: outlook(longestFails(state), q),
          failureLater: outlook(longestFails(later), q),
          takenOff: outlook(longestTakenOff(state), q),
        };
  const posterior = posteriorAt(state, q);
  const failures = state.done.filter((r) => r.kind !== "right").length;
  return {
    requirement: { ...q.target, confidence: q.confidence },
    n: state.done.length + state.running.length,
    failures,
    running: state.running.length,
    entries: countLife(rows).entries,
    shape: shapeQuantiles(posterior),
    more: q.more,
    now: outlook(state, q),
    next,
    ...(q.rule === undefined ? {} : { rule: q.rule }),
    warnings: warningsOf(rows, q, failures),
  };
}

function stateOf(rows: readonly LifeRow[]): State {
  if (!rows.every((r) => Number.isInteger(r.count))) {
    refuse("METHOD_RANGE", "whole counts are needed here");
  }
  const state: State = { done: [], running: [] };
  for (const row of rows) {
    for (let i = 0; i < row.count; i++) {
      (row.kind === "right" ? state.running : state.done).push({ ...row, count: 1 });
    }
  }
  state.running.sort((a, b) => b.time - a.time);
  return state;
}

function runsOn(row: LifeRow, more: number): LifeRow {
  return { ...row, time: row.time + more };
}

function longestFails({ done, running }: State): State {
  return { done: [...done, { ...running[0]!, kind: "exact" }], running: running.slice(1) };
}

function longestTakenOff({ done, running }: State): State {
  return { done: [...done, running[0]!], running: running.slice(1) };
}

function posteriorAt({ done, running }: State, q: DecideQuestion, more = 0): Posterior {
  const alive = running.map((row) => runsOn(row, more));
  return posteriorOf([...done, ...alive], q.target, q.shape, q.earlier);
}

function outlook(state: State, q: DecideQuestion): Outlook {
  const posterior = posteriorAt(state, q);
  const timeNeeded = timeUntilShown(state, q);
  return {
    estimate: lifeReachedWith(posterior, 0.5),
    lower: lifeReachedWith(posterior, q.confidence),
    chance: chanceAtLeast(posterior),
    ...(timeNeeded === undefined ? {} : { timeNeeded }),
    ...(q.rule === undefined ? {} : { planPasses: planPasses(state, posterior, q.rule) }),
  };
}

/** Nobody waits a thousand required lives. */
const longestWait = 1000;

function timeUntilShown(state: State, q: DecideQuestion): number | undefined {
  const gap = (more: number) => chanceAtLeast(posteriorAt(state, q, more)) - q.confidence;
  if (gap(0) >= 0) return 0;
  if (state.running.length === 0) return undefined;
  const { life } = q.target;
  let far = life / 10;
  while (gap(far) < 0) {
    if (far > longestWait * life) return undefined;
    far *= 2;
  }
  return findRoot(gap, 0, far, 1e-10 * far);
}

function planPasses(state: State, p: Posterior, rule: PlanRule): number {
  return rule.kind === "time"
    ? passesInTime(state, p, rule.time, rule.failures)
    : passesInExposure(state, p, rule.exposure, rule.failures);
}

/** It lived at least so long. */
function leastOf({ kind, time }: LifeRow): number {
  return kind === "left" ? 0 : time;
}

/** Failures beyond the plan's time do not count against it. */
function passesInTime({ done, running }: State, p: Posterior, time: number, failures: number) {
  const failed = done.filter((r) => r.kind !== "right" && leastOf(r) < time).length;
  const short = done.some((r) => r.kind === "right" && r.time < time);
  const left = failures - failed;
  if (left < 0 || short) return 0;
  const open = running.filter((r) => r.time < time);
  if (open.length <= left) return 1;
  return average(p, (shape, h) => {
    const at = (t: number) => (t / p.target.life) ** shape;
    return atMost(
      left,
      open.map((r) => -Math.expm1(-h * (at(time) - at(r.time)))),
    );
  });
}

/** P(at most `k` of independent events); Poisson-binomial, exact. */
function atMost(k: number, chances: readonly number[]): number {
  const counts = new Float64Array(k + 1);
  counts[0] = 1;
  for (const p of chances) {
    for (let j = k; j >= 0; j--) {
      counts[j] = counts[j]! * (1 - p) + (j > 0 ? counts[j - 1]! * p : 0);
    }
  }
  return counts.reduce((a, b) => a + b);
}

/** Failures are Poisson in exposure as long as units are there to fail. */
function passesInExposure(state: State, p: Posterior, exposure: number, failures: number): number {
  const failed = state.done.filter((r) => r.kind !== "right").length;
  if (failed > failures) return 0;
  const hazard = -Math.log(p.target.reliability);
  return average(p, (shape, h) => {
    const at = (t: number) => (t / p.target.life) ** shape;
    const watched = (r: LifeRow) => at(leastOf(r)) - at(Math.min(r.entry ?? 0, leastOf(r)));
    const all = [...state.done, ...state.running];
    const missing = exposure / hazard - all.reduce((sum, r) => sum + watched(r), 0);
    if (missing <= 0) return 1;
    if (state.running.length === 0) return 0;
    return gammaRegularised(failures - failed + 1, h * missing, true);
  });
}

function warningsOf(rows: readonly LifeRow[], q: DecideQuestion, failures: number): WarningCode[] {
  const codes: WarningCode[] = ["known" in q.shape ? "SHAPE_ASSUMED" : "SHAPE_FROM_PRIOR"];
  if (!("known" in q.shape) && failures >= 10) codes.length = 0;
  if (rows.some((r) => r.kind === "interval" || r.kind === "left")) {
    codes.push("INTERVALS_AT_LOWER_END");
  }
  if (hasRepeats(rows)) codes.push("SPECIMEN_TWICE");
  return codes;
}
