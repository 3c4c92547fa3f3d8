import { good, type RunSample } from "../base/sample.js";
import { type Setpoints, setpointAt } from "../base/setpoint.js";
import { leastTimeMs, leastTurns } from "../profile/exposure.js";
import type { Segment } from "../profile/program.js";
import { setpointsAt } from "../profile/timeline.js";
import { ask, type Draft, emit, safeSetpoints, transition } from "./draft.js";
import { failuresReached } from "./failure.js";

/**
 * Execute: the time since the last sample is spent in the step it was in; what is left over goes to the
 * next one, so that a long programme does not drift by part cycles. Then the setpoints for the coming
 * cycle are made. Position only moves forward.
 */
export function advance(d: Draft, sample: RunSample): void {
  if (ended(d)) return;
  const segments = d.context.program.segments;
  let left: Left | undefined = takeUnspent(d);
  if (d.s.segment === 0 && Number.isNaN(d.s.segmentSince)) begin(d, 0);
  for (let round = 0; round <= segments.length; round++) {
    const segment = segments[d.s.segment];
    if (segment === undefined) return void transition(d, "done", "the profile is done");
    left = spend(d, segment, sample, left);
    if (left === undefined) return;
    begin(d, d.s.segment + 1);
    if (d.s.packml === "Execute") continue;
    d.s.unspentMs = left.ms;
    d.s.unspentTurns = left.turns;
    return;
  }
}

/** Time and turns, as they were booked at least, that no step has spent yet. */
type Left = { ms: number; turns: number };

function takeUnspent({ s }: Draft): Left {
  const left = { ms: s.unspentMs, turns: s.unspentTurns };
  s.unspentMs = 0;
  s.unspentTurns = 0;
  return left;
}

/** A sum of many may be off by less, and must not cost a cycle. Times are told to the microsecond. */
const grainMs = 0.001;
const grainTurns = 1e-6;

/** Planned ends of the whole run. */
function ended(d: Draft): boolean {
  const { timeMs, turns } = d.context.program.end;
  const failures = failuresReached(d);
  if (failures !== undefined) return transition(d, "complete", failures);
  if (timeMs !== undefined && leastTimeMs(d.s.book) >= timeMs) {
    return transition(d, "complete", "the planned time on test is reached");
  }
  if (turns !== undefined && leastTurns(d.s.book) >= turns) {
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
 * Spends what was booked in the segment; returns what is left when it is done, undefined when it goes on. Whatever
 * kind it is, the part of a cycle that it did not need belongs to the next one.
 */
function spend(d: Draft, segment: Segment, sample: RunSample, left: Left): Left | undefined {
  if (segment.kind === "until") return waitUntil(d, segment, sample, left);
  if (segment.kind === "dwell") return dwell(d, segment, left);
  d.s.spent += left.ms;
  const reached = slewTo(d, setpointsAt(segment, d.s.segmentStart, d.s.spent));
  return reached ? leftOver(d.s.spent - segment.rampMs, left) : undefined;
}

/** What is left of what was given, when so much time was too much; undefined when it was not enough. */
function leftOver(overMs: number, left: Left): Left | undefined {
  return overMs >= -grainMs ? shareOf(left, left.ms > 0 ? overMs / left.ms : 1) : undefined;
}

/** Within a cycle turns and time go together. */
function shareOf(left: Left, share: number): Left {
  const part = Math.min(Math.max(share, 0), 1);
  return { ms: left.ms * part, turns: left.turns * part };
}

function dwell(d: Draft, segment: Segment, left: Left): Left | undefined {
  const { dwellTurns } = segment;
  if (dwellTurns !== undefined) return dwellByTurns(d, dwellTurns, left);
  d.s.spent += left.ms;
  return leftOver(d.s.spent - (segment.dwellMs ?? 0), left);
}

/** Only what was turned for certain is spent. */
function dwellByTurns(d: Draft, wanted: number, left: Left): Left | undefined {
  const missing = wanted - d.s.spent;
  if (missing <= grainTurns) return left;
  d.s.spent += left.turns;
  if (d.s.spent < wanted - grainTurns) return undefined;
  return shareOf(left, (left.turns - missing) / left.turns);
}

function waitUntil(d: Draft, segment: Segment, sample: RunSample, left: Left): Left | undefined {
  const until = segment.until;
  if (until === undefined) return left;
  d.s.spent += left.ms;
  if (holds(d, until, sample)) {
    if (Number.isNaN(d.s.untilSince)) d.s.untilSince = d.s.at;
    const rest = leftOver(d.s.at - d.s.untilSince - until.forMs, left);
    if (rest !== undefined) return rest;
  } else d.s.untilSince = Number.NaN;
  const rest = leftOver(d.s.spent - until.timeoutMs, left);
  if (rest === undefined) return undefined;
  const text = `step "${segment.name}": the condition was not met in time`;
  emit(d, "fault", text, { segment: d.s.segment, otherwise: until.otherwise });
  if (until.otherwise === "continue") return rest;
  transition(d, until.otherwise === "trip" ? "abort" : until.otherwise, text);
  return undefined;
}

/** Every station that still runs must meet the condition; a value that is not good does not. */
function holds(d: Draft, until: NonNullable<Segment["until"]>, sample: RunSample): boolean {
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
function slewTo(d: Draft, wanted: Setpoints): boolean {
  const { actuators, places, cycleMs, gapMs } = d.context;
  const { at, setpointsSince } = d.s;
  const ms = Number.isNaN(setpointsSince) ? cycleMs : Math.min(at - setpointsSince, gapMs);
  let moved = false;
  let reached = true;
  const to = new Float64Array(d.s.setpoints);
  for (const place of places) {
    const aim = setpointAt(wanted, place);
    if (aim === to[place]) continue;
    const before = setpointAt(d.before, place);
    const perMs = actuators[place]!.rampPerS / 1000;
    const most = perMs * ms;
    const limited = Math.min(Math.max(aim, before - most), before + most);
    const isThere = Math.abs(aim - limited) <= perMs * grainMs;
    to[place] = isThere ? aim : limited;
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
