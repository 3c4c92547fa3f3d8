import type { EventKind, Json, RecordEvent } from "../record/record.js";
import { bookRest } from "./book.js";
import type { Act, Effects, NextState, RunContext, RunState } from "./state.js";
import { noEffects } from "./state.js";
import { isFinal, isRampingUp, next, type PackmlCommand, type PackmlState } from "./states.js";

/**
 * The next state while it is being made: a fresh copy of the old one and the effects so far. It never
 * leaves `step`, so that from outside nothing is ever changed in place.
 */
export type Draft = {
  context: RunContext;
  s: NextState;
  /** Setpoints before this input: one cycle's ramp counts from here. */
  before: Float64Array;
  events: RecordEvent[];
  write: Float64Array | undefined;
  act: Act | undefined;
  /** What is told with an interruption beside its reason. */
  outage: { readonly [k: string]: Json };
};

export function newDraft(context: RunContext, state: RunState): Draft {
  const before = state.setpoints;
  const none = { events: [], write: undefined, act: undefined, outage: {} };
  return { context, s: { ...state }, before, ...none };
}

export function finish(d: Draft): { state: RunState; effects: Effects } {
  const quiet = d.events.length === 0 && d.write === undefined && d.act === undefined;
  const effects = quiet ? noEffects : { events: d.events, write: d.write, act: d.act };
  return { state: d.s, effects };
}

export function emit(
  d: Draft,
  kind: EventKind,
  text: string,
  data: { readonly [k: string]: Json },
  station?: string,
): void {
  const event = { kind, at: d.s.at, cycle: d.s.cycle, text, data };
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
  d.s.waiting = false;
  d.s.coastingSince = Number.NaN;
  emit(d, "state", `${from} -> ${to}: ${reason}`, { from, to, command, reason });
  enter(d, from, to);
  return true;
}

function enter(d: Draft, from: PackmlState, to: PackmlState): void {
  if (to === "Resetting") ask(d, "identify");
  else if (to === "Starting" || isRampingUp(to)) ask(d, "start");
  else if (to === "Aborting" || to === "Clearing") safeNow(d);
  else if (to === "Execute" && Number.isNaN(d.s.executeSince)) d.s.executeSince = d.s.at;
  else if (to === "Holding" || to === "Suspending") interrupt(d);
  if (isFinal(to) && from !== "Clearing") close(d);
}

/** Asks the runner to do something that must be confirmed before the state is left by `done`. */
export function ask(d: Draft, act: Act): void {
  d.act = act;
  d.s.waiting = true;
}

export function safeNow(d: Draft): void {
  d.s.setpoints = safeSetpoints(d);
  d.write = undefined;
  ask(d, "safe");
}

export function safeSetpoints(d: Draft): Float64Array {
  return Float64Array.from(d.context.actuators, (a) => a.safe);
}

export function interrupt(d: Draft): void {
  d.s.interruptions += 1;
  d.s.resumeSetpoints = d.s.setpoints;
  d.s.holdAtCheckpoint = false;
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
  const failed = s.stations.some((station) => station.outcome === "failed");
  if (s.packml === "Aborted") s.outcome = "aborted";
  else if (failed) s.outcome = "failed";
  else s.outcome = s.packml === "Complete" ? "completed" : "stopped";
  s.stations = s.stations.map((station) =>
    station.outcome === "running" ? { ...station, outcome: "censored", endedAt: s.at } : station,
  );
  emit(d, "run-ended", `run ended: ${s.outcome}, ${s.reason}`, {
    outcome: s.outcome,
    reason: s.reason,
    state: s.packml,
  });
}
