import type { Setpoints } from "../base/setpoint.js";
import type { EventData, EventKind, RecordEvent } from "../record/document/event.js";
import type { Act } from "../record/document/input.js";
import { bookRest, bookRunOut } from "./book.js";
import { descentOf } from "./descent.js";
import { overtaken } from "./seen.js";
import type { Effects, EndedOutcome, NextState, RunContext, RunState } from "./state.js";
import { fullReason, noEffects } from "./state.js";
import {
  isOnTheWayUp,
  isRampingDown,
  next,
  type PackmlCommand,
  type PackmlState,
} from "./states.js";

/**
 * The next state while it is being made: a fresh copy of the old one and the effects so far. It never
 * leaves `decide`, so that from outside nothing is ever changed in place.
 */
export type Draft = {
  context: RunContext;
  s: NextState;
  /** Setpoints before this input: one cycle's ramp counts from here. */
  before: Setpoints;
  events: RecordEvent[];
  write: Setpoints | undefined;
  act: Act | undefined;
  /** What is told with an interruption beside its reason. */
  outage: Partial<EventData<"interruption">>;
};

export function newDraft(context: RunContext, state: RunState): Draft {
  const before = state.setpoints;
  const none = { events: [], write: undefined, act: undefined, outage: {} };
  return { context, s: { ...state }, before, ...none };
}

export function finish(d: Draft): { state: RunState; effects: Effects } {
  noteOvertaken(d);
  const quiet = d.events.length === 0 && d.write === undefined && d.act === undefined;
  const effects = quiet ? noEffects : { events: d.events, write: d.write, act: d.act };
  return { state: d.s, effects };
}

/** What was commanded until now may never be seen to have been reached. Says the same when it is said again. */
export function noteOvertaken({ context, s, before }: Draft): void {
  if (s.setpoints !== before) s.replaced = overtaken(context, s, before);
}

export function emit<K extends EventKind>(
  d: Draft,
  kind: K,
  text: string,
  data: EventData<K>,
  station?: string,
): void {
  // That kind and data belong together a union cannot be told of a type that is not known yet.
  const event = { kind, at: d.s.at, cycle: d.s.cycle, text, data } as RecordEvent;
  d.events.push(station === undefined ? event : { ...event, station });
}

/** Goes where the command leads, with what entering that state means; false when refused. */
export function transition(d: Draft, command: PackmlCommand, reason: string): boolean {
  const from = d.s.packml;
  const to = next(from, command);
  if (to === undefined) return false;
  d.s.packml = to;
  d.s.reason = reason;
  d.s.since = d.s.at;
  d.s.setpointsSince = d.s.at;
  d.s.waiting = false;
  d.s.coastingSince = Number.NaN;
  emit(d, "state", `${from} -> ${to}: ${reason}`, { from, to, command, reason });
  enter(d, from, to);
  return true;
}

function enter(d: Draft, from: PackmlState, to: PackmlState): void {
  const { s } = d;
  if (from === "Execute") leaveExecute(d);
  s.descent = isRampingDown(to) ? descentOf(d.context, s) : null;
  if (to === "Resetting") ask(d, "identify");
  else if (isOnTheWayUp(to)) ask(d, "start");
  else if (to === "Clearing") safeNow(d);
  else if (to === "Aborting") abort(d);
  else if (to === "Execute" && Number.isNaN(s.executeSince)) s.executeSince = s.at;
  else if (to === "Holding" || to === "Suspending") interrupt(d);
  else if (to === "Stopping") s.ending ??= "stopped";
  else if (to === "Completing") s.ending ??= "completed";
  if (to === "Complete" || (to === "Stopped" && from !== "Clearing")) close(d);
}

/** The setpoints to come back to; what was only pending does not go on while nothing runs. */
function leaveExecute({ s }: Draft): void {
  s.resumeSetpoints = s.setpoints;
  s.untilSince = Number.NaN;
  s.holdAtCheckpoint = false;
}

/** An abort interrupts a run that has begun, unless its end was decided already. */
function abort(d: Draft): void {
  if (hasBegun(d.s) && d.s.ending === null) interrupt(d);
  safeNow(d);
}

/** A run that never reached Execute has tested nothing and blocks nothing. */
export function hasBegun({ executeSince }: Pick<RunState, "executeSince">): boolean {
  return !Number.isNaN(executeSince);
}

/** Asks the pilot to do something that must be confirmed before the state is left by `done`. */
export function ask(d: Draft, act: Act): void {
  d.act = act;
  d.s.waiting = true;
  if (act !== "start") return;
  d.s.notSafe = null;
  d.s.isSafe = false;
  d.s.isAtRest = false;
}

export function safeNow(d: Draft): void {
  d.s.setpoints = safeSetpoints(d);
  d.write = undefined;
  ask(d, "safe");
}

export function safeSetpoints(d: Draft): Setpoints {
  return Float64Array.from(d.context.actuators, (a) => a.safe);
}

export function interrupt(d: Draft): void {
  d.s.interruptions += 1;
  const data = { number: d.s.interruptions, segment: d.s.segment, spent: d.s.spent };
  emit(d, "interruption", `interruption ${d.s.interruptions}: ${d.s.reason}`, {
    ...data,
    ...d.outage,
  });
}

/** The run's end: what still ran is censored, and the outcome is settled. */
export function close(d: Draft): void {
  const { s } = d;
  bookRest(d);
  bookRunOut(d);
  s.outcome = outcomeOf(s);
  s.stations = s.stations.map((station, i) => {
    if (station.outcome !== "running") return station;
    const name = d.context.stations[i]!.name;
    const isSuspect = s.suspects.some(
      ({ station, byParking }) => station === name && byParking !== true,
    );
    const end = { outcome: "censored", endedAt: s.at } as const;
    return isSuspect ? { ...station, ...end, informative: true } : { ...station, ...end };
  });
  const when = hasBegun(s) ? "" : " before it began";
  const reason = fullReason(s);
  emit(d, "run-ended", `run ended: ${s.outcome}${when}, ${reason}`, {
    outcome: s.outcome,
    reason,
    state: s.packml,
  });
}

function outcomeOf(s: NextState): EndedOutcome {
  if (s.packml === "Aborted" && !hasBegun(s)) return "aborted";
  if (s.stations.some((station) => station.outcome === "failed")) return "failed";
  return s.packml === "Complete" ? "completed" : (s.ending ?? "stopped");
}
