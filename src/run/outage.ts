import { forgetAllPending } from "../limit/memory.js";
import { type ExposureBook, exposureOf } from "../profile/exposure.js";
import type { Program } from "../profile/program.js";
import type { LivedExposure } from "../record/document/event.js";
import type { Afterwards } from "../record/document/input.js";
import { bookOutage } from "./book.js";
import { close, type Draft, emit, hasBegun, interrupt, safeNow, transition } from "./draft.js";
import { isParked } from "./park.js";
import { nothingSeen } from "./seen.js";
import type { Input } from "./state.js";
import type { PackmlCommand, PackmlState } from "./states.js";

type Interrupted = Extract<Input, { kind: "interrupted" }>;

/** From each state in which a run can be held, the ways of PackML to there; there is no way to jump. */
const fromAborted: readonly PackmlCommand[] = ["clear", "done", "reset", "done", "start", "hold"];
const waysToHolding: Partial<Record<PackmlState, readonly PackmlCommand[]>> = {
  Execute: ["hold"],
  Unholding: ["hold"],
  Unsuspending: ["hold"],
  Suspending: ["hold"],
  Suspended: ["hold"],
  Holding: [],
  Held: [],
  Aborting: ["done", ...fromAborted],
  Aborted: fromAborted,
};

/**
 * The controller is back: the time without it is booked as what nobody saw, the rig is made safe, and the
 * run is led to where it waits for a person, goes on or ends. Position stays where it was.
 */
export function comeBack(d: Draft, input: Interrupted): void {
  const { s } = d;
  const fromMs = s.at;
  if (s.outcome !== null) {
    emit(d, "input", `${input.text}; ${input.why}`, { input: { ...input } });
    return;
  }
  // Whatever the rig did meanwhile, it did it without these specimens.
  const wasParked = isParked(s);
  s.isLeft = false;
  s.leaving = null;
  s.parked = null;
  const state = s.packml;
  const before = s.book;
  if (!wasParked) bookOutage(d, input.lengthMs, input.speedAtMostRpm);
  s.at = input.at;
  emit(d, "input", `${input.text}; ${input.why}`, { input: { ...input } });
  const exposure = added(before, s.book);
  d.outage = { fromMs, toMs: s.at, lengthMs: input.lengthMs, state, exposure };
  forget(d);
  s.restarts = [...s.restarts, s.at];
  lead(d, input);
}

/** What was only seen before the outage says nothing of the time after it. */
function forget(d: Draft): void {
  const { s, context } = d;
  s.unspentMs = 0;
  s.unspentTurns = 0;
  s.counted = { ...s.counted, last: Number.NaN, lastAt: Number.NaN, since: null };
  s.untilSince = Number.NaN;
  s.notSafe = null;
  s.inAnotherHand = [];
  s.isSafe = false;
  s.isAtRest = false;
  s.lastSpeedRpm = Number.NaN;
  s.lastPowerW = Number.NaN;
  s.seen = nothingSeen(context);
  s.replaced = null;
  s.replacedBefore = null;
  s.sampledAt = Number.NaN;
  s.setpointsSince = s.at;
  s.wallOffsetMs = Number.NaN;
  s.goodAt = s.goodAt.map(() => s.at);
  s.limitMemory = s.limitMemory.slice();
  forgetAllPending(s.limitMemory, context.limits);
}

function lead(d: Draft, { text, next, why }: Interrupted): void {
  const { s } = d;
  // A record that was made, and no more: nothing has moved.
  if (s.packml === "Stopped") return void close(d);
  if (next === "end") s.ending ??= "stopped";
  const way = waysToHolding[s.packml];
  if (way !== undefined && hasBegun(s) && s.ending === null) {
    for (const command of way) transition(d, command, text);
    if (way.length === 0) interruptedBy(d, text);
    s.goesOn = next === "resume" ? why : null;
  } else end(d, text);
  safeNow(d);
}

const onItsWayToTheEnd: readonly PackmlState[] = [
  "Completing",
  "Stopping",
  "Aborting",
  "Aborted",
  "Clearing",
];

/** What was on its way to its end goes on to it; the rest is stopped. */
function end(d: Draft, text: string): void {
  if (onItsWayToTheEnd.includes(d.s.packml)) return void interruptedBy(d, d.s.reason);
  interruptedBy(d, text);
  transition(d, "stop", hasBegun(d.s) ? text : `${text}, before the first step`);
}

function interruptedBy(d: Draft, reason: string): void {
  d.s.reason = reason;
  interrupt(d);
}

/** The least and most that an outage added to each counter of the run. Damage belongs to specimens. */
function added(before: ExposureBook, after: ExposureBook): LivedExposure {
  const { damage: _damage, ...exposure } = exposureOf(after.map((sum, i) => sum - before[i]!));
  return exposure;
}

/** What was decided when the controller came back, once the rig is safe and no station is suspect. */
export function goOnWhenHeld(d: Draft): void {
  const { goesOn, suspects, packml, waiting, leaving } = d.s;
  if (goesOn === null || packml !== "Held" || waiting) return;
  if (suspects.length > 0 || leaving !== null) return;
  d.s.goesOn = null;
  transition(d, "unhold", `goes on after the interruption: ${goesOn}`);
}

/** What a restart knows. */
export type Restart = {
  policy: Program["interruption"];
  /** Somebody has looked at rig and specimens and says so. */
  confirmed: boolean;
  /** Nothing moved when the controller came back. */
  foundAtRest: boolean;
};

/** What follows a restart, and why: nothing goes on unseen. */
export function afterwards(restart: Restart): { next: Afterwards; why: string } {
  const { policy, confirmed, foundAtRest } = restart;
  if (policy === "end") return { next: "end", why: "the profile ends an interrupted run" };
  if (confirmed) return { next: "resume", why: "rig and specimens were looked at" };
  if (policy === "hold") return { next: "hold", why: "the profile waits for a person" };
  if (!foundAtRest) {
    const why = "the rig was not seen at rest: it may have run without a controller";
    return { next: "hold", why };
  }
  return { next: "hold", why: "until there is a night gate a person says resume" };
}
