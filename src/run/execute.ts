import { good, type Sample } from "../base/sample.js";
import type { Segment } from "../profile/program.js";
import { setpointsAt } from "../profile/timeline.js";
import { ask, type Draft, emit, safeSetpoints, transition } from "./draft.js";
import { failuresReached } from "./failure.js";

/**
 * Execute: the time since the last sample is spent in the step it was in; what is left over goes to the
 * next one, so that a long programme does not drift by part cycles. Then the setpoints for the coming
 * cycle are made. Position only moves forward.
 */
export function advance(d: Draft, sample: Sample): void {
  if (ended(d)) return;
  const segments = d.context.program.segments;
  let leftMs = d.s.unspentMs;
  d.s.unspentMs = 0;
  if (d.s.segment === 0 && Number.isNaN(d.s.segmentSince)) begin(d, 0);
  for (let turns = 0; turns <= segments.length; turns++) {
    const segment = segments[d.s.segment];
    if (segment === undefined) return void transition(d, "done", "the profile is done");
    leftMs = spend(d, segment, sample, leftMs);
    if (Number.isNaN(leftMs)) return;
    begin(d, d.s.segment + 1);
    if (d.s.packml === "Execute") continue;
    d.s.unspentMs = leftMs;
    return;
  }
}

/** Times are told to the microsecond: a sum of many may be off by less, and must not cost a cycle. */
const grainMs = 0.001;
const grainTurns = 1e-9;

/** Planned ends of the whole run. */
function ended(d: Draft): boolean {
  const { timeMs, turns } = d.context.program.end;
  const failures = failuresReached(d);
  if (failures !== undefined) return transition(d, "complete", failures);
  if (timeMs !== undefined && d.s.book[0]! >= timeMs) {
    return transition(d, "complete", "the planned time on test is reached");
  }
  if (turns !== undefined && d.s.book[2]! >= turns) {
    return transition(d, "complete", "the planned turns are reached");
  }
  return false;
}

function begin(d: Draft, index: number): void {
  const segment = d.context.program.segments[index];
  d.s.segment = index;
  d.s.segmentSince = d.s.at;
  d.s.segmentStart = d.s.setpoints;
  d.s.spent = 0;
  d.s.untilSince = Number.NaN;
  if (segment === undefined) return;
  const data = { segment: index, path: segment.path, name: segment.name, kind: segment.kind };
  const count = d.context.program.segments.length;
  emit(d, "step", `step ${index + 1} of ${count}: ${segment.name} (${segment.kind})`, data);
  if (d.s.holdAtCheckpoint) transition(d, "hold", "hold asked for at the next step");
}

/**
 * Spends time in the segment; returns the time left when it is done, NaN when it goes on. Whatever kind it is,
 * the part of a cycle that it did not need belongs to the next one.
 */
function spend(d: Draft, segment: Segment, sample: Sample, leftMs: number): number {
  if (segment.kind === "until") return waitUntil(d, segment, sample, leftMs);
  if (segment.kind === "dwell") return dwell(d, segment, sample, leftMs);
  d.s.spent += leftMs;
  const reached = slewTo(d, setpointsAt(segment, d.s.segmentStart, d.s.spent));
  return reached ? leftOver(d.s.spent - segment.rampMs, leftMs) : Number.NaN;
}

/** What is left of the time that was given, when so much was too much; NaN when it was not enough. */
function leftOver(overMs: number, leftMs: number): number {
  return overMs >= -grainMs ? Math.min(Math.max(overMs, 0), leftMs) : Number.NaN;
}

function dwell(d: Draft, segment: Segment, sample: Sample, leftMs: number): number {
  const { dwellTurns } = segment;
  if (dwellTurns !== undefined) return dwellByTurns(d, dwellTurns, sample, leftMs);
  d.s.spent += leftMs;
  return leftOver(d.s.spent - (segment.dwellMs ?? 0), leftMs);
}

/** Turns are counted by the mean of the last two readings; what was not read is not counted. */
function dwellByTurns(d: Draft, wanted: number, sample: Sample, leftMs: number): number {
  const missing = wanted - d.s.spent;
  if (missing <= grainTurns) return leftMs;
  if (sample.quality[d.context.speedColumn] !== good) return Number.NaN;
  const perMs = meanRpm(d) / 60_000;
  d.s.spent += perMs * leftMs;
  if (d.s.spent < wanted - grainTurns) return Number.NaN;
  return Math.max(0, leftMs - missing / perMs);
}

function meanRpm({ context, s }: Draft): number {
  const last = Math.abs(s.seen.last[context.speedBooked]!);
  const before = Math.abs(s.seen.before[context.speedBooked]!);
  return Number.isNaN(before) ? last : (last + before) / 2;
}

function waitUntil(d: Draft, segment: Segment, sample: Sample, leftMs: number): number {
  const until = segment.until;
  if (until === undefined) return leftMs;
  d.s.spent += leftMs;
  if (holds(d, until, sample)) {
    if (Number.isNaN(d.s.untilSince)) d.s.untilSince = d.s.at;
    const left = leftOver(d.s.at - d.s.untilSince - until.forMs, leftMs);
    if (!Number.isNaN(left)) return left;
  } else d.s.untilSince = Number.NaN;
  const left = leftOver(d.s.spent - until.timeoutMs, leftMs);
  if (Number.isNaN(left)) return left;
  const text = `step "${segment.name}": the condition was not met in time`;
  emit(d, "fault", text, { segment: d.s.segment, otherwise: until.otherwise });
  if (until.otherwise === "continue") return left;
  transition(d, until.otherwise === "trip" ? "abort" : until.otherwise, text);
  return Number.NaN;
}

/** Every station that still runs must meet the condition; a value that is not good does not. */
function holds(d: Draft, until: NonNullable<Segment["until"]>, sample: Sample): boolean {
  const { columns, stations } = d.context;
  let met = false;
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i]!;
    if (column.role !== until.role) continue;
    const station = stations.findIndex((s) => s.name === column.station);
    // An empty place is as little on test as one whose specimen has failed.
    if (column.station !== undefined && d.s.stations[station]?.outcome !== "running") continue;
    const value = sample.values[i]!;
    const inside = value > (until.above ?? -Infinity) && value < (until.below ?? Infinity);
    if (sample.quality[i] !== good || !inside) return false;
    met = true;
  }
  return met;
}

/**
 * Moves the setpoints towards `wanted`, however many steps touch them no farther than the rig's ramps allow in
 * the time since they were moved last; true when they are there. A stretch that nobody looked at does not
 * count as time to ramp: the step to the drive would be too large.
 */
function slewTo(d: Draft, wanted: Float64Array): boolean {
  const { actuators, cycleMs, gapMs } = d.context;
  const { at, setpointsSince } = d.s;
  const ms = Number.isNaN(setpointsSince) ? cycleMs : Math.min(at - setpointsSince, gapMs);
  let moved = false;
  let reached = true;
  const to = d.s.setpoints.slice();
  for (let i = 0; i < actuators.length; i++) {
    if (wanted[i] === to[i]) continue;
    const perMs = actuators[i]!.rampPerS / 1000;
    const most = perMs * ms;
    const limited = Math.min(Math.max(wanted[i]!, d.before[i]! - most), d.before[i]! + most);
    const isThere = Math.abs(wanted[i]! - limited) <= perMs * grainMs;
    to[i] = isThere ? wanted[i]! : limited;
    if (!isThere) reached = false;
    moved = true;
  }
  if (moved) {
    d.s.setpoints = to;
    d.write = to;
  }
  return reached;
}

/** Holding, Suspending, Stopping, Completing: down at the rig's ramps, then safe. */
export function rampDown(d: Draft): void {
  if (d.s.waiting || !Number.isNaN(d.s.coastingSince)) return;
  if (slewTo(d, safeSetpoints(d))) ask(d, "safe");
}

/** Unholding, Unsuspending: back to the setpoints the step was left with; never to its beginning. */
export function rampUp(d: Draft): void {
  if (d.s.waiting) return;
  if (slewTo(d, d.s.resumeSetpoints)) transition(d, "done", "resumed where it was left");
}
