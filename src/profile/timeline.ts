/** Setpoints over time inside a segment, and the dry run of a whole program. Pure. */
import {
  mapSetpoints,
  noPlace,
  placeOf,
  type SetpointPlace,
  type Setpoints,
  setpointAt,
} from "../base/setpoint.js";
import type { DamageRate } from "./life.js";
import type { Program, Segment } from "./program.js";

/**
 * Setpoints `spentMs` into a segment that began at `start`: each goes straight to its target and is there when
 * `arriveMs` says; at once where it says nothing.
 */
export function setpointsAt(segment: Segment, start: Setpoints, spentMs: number): Setpoints {
  const { targets, arriveMs } = segment;
  return mapSetpoints(targets, (place) => {
    const to = setpointAt(targets, place);
    const from = setpointAt(start, place);
    const lengthMs = setpointAt(arriveMs, place);
    return spentMs < lengthMs ? from + ((to - from) * spentMs) / lengthMs : to;
  });
}

/** What turns and what loads, for the dry run. Without them turns and damage stay zero. */
export type PlanFacts = {
  speedRole?: string;
  loadRole?: string;
  damageRate?: DamageRate;
};

/** One segment of the dry run. */
export type PlanRow = {
  index: number;
  path: string;
  name: string;
  kind: Segment["kind"];
  startMs: number;
  lengthMs: number;
  /** True where the length is only the longest it may be (`until`, its timeout). */
  atMost: boolean;
  /** At its end, in the order of `setpointRoles`. */
  setpoints: Setpoints;
  /** Names of the limits in force. */
  limits: readonly string[];
  turns: number;
  /** Fraction of the rated L10 life. */
  damage: number;
};

/**
 * The program as it runs when nothing happens: every `until` takes its whole timeout, every setpoint
 * is reached as fast as the rig allows. Ends where the program's end by time or turns cuts it off.
 */
export function planProgram(program: Program, facts: PlanFacts = {}): PlanRow[] {
  const rows: PlanRow[] = [];
  const speed = placeOf(program.setpointRoles, facts.speedRole ?? "");
  const load = placeOf(program.setpointRoles, facts.loadRole ?? "");
  const names = namesByList(program);
  let from = program.start;
  let leftMs = program.end.timeMs ?? Infinity;
  let leftTurns = program.end.turns ?? Infinity;
  for (const segment of program.segments) {
    const course = { segment, from, speed, load, damageRate: facts.damageRate };
    const whole = lengthOf(course);
    const lengthMs = Math.min(whole, leftMs, timeOfTurns(course, whole, leftTurns));
    const { turns, damage } = spend(course, lengthMs);
    const startMs = (rows.at(-1)?.startMs ?? 0) + (rows.at(-1)?.lengthMs ?? 0);
    const { index, path, name, kind, limits } = segment;
    const setpoints = setpointsAt(segment, from, lengthMs);
    const row = { index, path, name, kind, startMs, lengthMs, setpoints, turns, damage };
    rows.push({ ...row, atMost: kind === "until", limits: names(limits) });
    leftMs -= lengthMs;
    leftTurns -= turns;
    if (leftMs <= 0 || leftTurns <= 1e-9 * (program.end.turns ?? 0)) break;
    from = segment.targets;
  }
  return rows;
}

/** How far a run is in its step: `spent` are its turns where it ends by turns, else milliseconds. */
export type StepProgress = { segment: number; spent: number };

/** The time that a step has spent; of one by turns the share of its planned time. Time that was held counts nothing. */
export function spentMs(
  plan: readonly PlanRow[],
  segments: readonly Segment[],
  { segment, spent }: StepProgress,
): number {
  if (spent === 0 || segments[segment]?.dwellTurns === undefined) return spent;
  const row = plan[segment];
  return row === undefined || row.turns === 0 ? 0 : (row.lengthMs * spent) / row.turns;
}

/** If nothing fails: what is left of this step and all later ones. */
export function remainingMs(
  plan: readonly PlanRow[],
  segments: readonly Segment[],
  now: StepProgress,
): number {
  const current = plan[now.segment];
  if (current === undefined) return 0;
  const last = plan.at(-1) ?? current;
  const rest = current.lengthMs - spentMs(plan, segments, now);
  return Math.max(0, rest) + last.startMs + last.lengthMs - current.startMs - current.lengthMs;
}

/** Length, turns and damage of a whole plan. */
export function planTotal(rows: readonly PlanRow[]): {
  lengthMs: number;
  turns: number;
  damage: number;
} {
  const total = { lengthMs: 0, turns: 0, damage: 0 };
  for (const row of rows) {
    total.lengthMs += row.lengthMs;
    total.turns += row.turns;
    total.damage += row.damage;
  }
  return total;
}

type Course = {
  segment: Segment;
  from: Setpoints;
  speed: SetpointPlace;
  load: SetpointPlace;
  damageRate: DamageRate | undefined;
};

function namesByList(program: Program): (list: readonly number[]) => readonly string[] {
  const known = new Map<readonly number[], readonly string[]>();
  return (list) => {
    const names = known.get(list) ?? list.map((i) => program.limits[i]?.name ?? "");
    known.set(list, names);
    return names;
  };
}

function lengthOf({ segment, speed }: Course): number {
  if (segment.kind === "until") return segment.until?.timeoutMs ?? 0;
  if (segment.kind !== "dwell") return segment.rampMs;
  if (segment.dwellTurns === undefined) return segment.dwellMs ?? 0;
  const rpm = sizeAt(segment.targets, speed);
  return segment.dwellTurns === 0 ? 0 : (segment.dwellTurns / rpm) * 60_000;
}

/** When the given turns are done, Infinity when not within the segment. */
function timeOfTurns(course: Course, wholeMs: number, turns: number): number {
  if (turns === Infinity || spend(course, wholeMs).turns < turns) return Infinity;
  let lo = 0;
  let hi = wholeMs;
  for (let i = 0; i < 60; i++) {
    const middle = (lo + hi) / 2;
    if (spend(course, middle).turns < turns) lo = middle;
    else hi = middle;
  }
  return hi;
}

/** Pieces into which a moving segment is cut to sum turns and damage (midpoint rule). */
const pieces = 64;

function spend(course: Course, untilMs: number): { turns: number; damage: number } {
  const { segment, from, speed, load, damageRate } = course;
  const moving = segment.kind === "set" || segment.kind === "ramp";
  const count = moving ? pieces : 1;
  const pieceMs = untilMs / count;
  let turns = 0;
  let damage = 0;
  for (let i = 0; i < count; i++) {
    const setpoints = setpointsAt(segment, from, (i + 0.5) * pieceMs);
    const rpm = sizeAt(setpoints, speed);
    turns += (rpm * pieceMs) / 60_000;
    if (damageRate !== undefined) damage += damageRate(rpm, valueAt(setpoints, load)) * pieceMs;
  }
  return { turns, damage };
}

/** Zero for a role that nobody sets. */
function valueAt(setpoints: Setpoints, place: SetpointPlace): number {
  return place === noPlace ? 0 : setpointAt(setpoints, place);
}

function sizeAt(setpoints: Setpoints, place: SetpointPlace): number {
  return Math.abs(valueAt(setpoints, place));
}
