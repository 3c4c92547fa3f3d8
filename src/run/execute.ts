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

/** Spends time in the segment; returns the time left when it is done, NaN when it goes on. */
function spend(d: Draft, segment: Segment, sample: Sample, leftMs: number): number {
  if (segment.kind === "until") return waitUntil(d, segment, sample, leftMs);
  if (segment.kind === "dwell") return dwell(d, segment, sample, leftMs);
  d.s.spent += leftMs;
  if (segment.kind === "set") return slewTo(d, segment.targets) ? 0 : Number.NaN;
  const wanted = setpointsAt(segment, d.s.segmentStart, d.s.spent);
  const reached = slewTo(d, wanted);
  const over = d.s.spent - segment.rampMs;
  return reached && over >= -grainMs ? Math.min(Math.max(over, 0), leftMs) : Number.NaN;
}

function dwell(d: Draft, segment: Segment, sample: Sample, leftMs: number): number {
  if (segment.dwellTurns === undefined) {
    d.s.spent += leftMs;
    const over = d.s.spent - (segment.dwellMs ?? 0);
    return over >= -grainMs ? Math.max(over, 0) : Number.NaN;
  }
  const column = d.context.speedColumn;
  if (sample.quality[column] === good) {
    d.s.spent += (Math.abs(sample.values[column]!) * leftMs) / 60_000;
  }
  return d.s.spent >= segment.dwellTurns ? 0 : Number.NaN;
}

function waitUntil(d: Draft, segment: Segment, sample: Sample, leftMs: number): number {
  const until = segment.until;
  if (until === undefined) return 0;
  d.s.spent += leftMs;
  if (holds(d, until, sample)) {
    if (Number.isNaN(d.s.untilSince)) d.s.untilSince = d.s.at;
    if (d.s.at - d.s.untilSince >= until.forMs - grainMs) return 0;
  } else d.s.untilSince = Number.NaN;
  if (d.s.spent < until.timeoutMs - grainMs) return Number.NaN;
  const text = `step "${segment.name}": the condition was not met in time`;
  emit(d, "fault", text, { segment: d.s.segment, otherwise: until.otherwise });
  if (until.otherwise === "continue") return 0;
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
 * Moves the setpoints towards `wanted`, in one cycle no farther than the rig's ramps allow however many
 * steps it touches; true when they are there.
 */
function slewTo(d: Draft, wanted: Float64Array): boolean {
  const { actuators, cycleMs } = d.context;
  let moved = false;
  let reached = true;
  const to = d.s.setpoints.slice();
  for (let i = 0; i < actuators.length; i++) {
    if (wanted[i] === to[i]) continue;
    const most = (actuators[i]!.rampPerS * cycleMs) / 1000;
    to[i] = Math.min(Math.max(wanted[i]!, d.before[i]! - most), d.before[i]! + most);
    if (to[i] !== wanted[i]) reached = false;
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
