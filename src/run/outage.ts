import type { ElapsedMs } from "../base/clock.js";
import { formatDuration } from "../base/quantity.js";
import { forgetPending } from "../limit/check.js";
import { counters, type ExposureBook } from "../profile/exposure.js";
import type { Program } from "../profile/program.js";
import type { Json } from "../record/record.js";
import { bookOutage } from "./book.js";
import { type Draft, emit, interrupt, safeNow, transition } from "./draft.js";
import type { Afterwards, Input } from "./state.js";
import { isFinal, type PackmlCommand, type PackmlState } from "./states.js";

type Interrupted = Extract<Input, { kind: "interrupted" }>;

/** More restarts than this in one hour of the run, and a person has to look why. */
const mostRestarts = 3;
const restartSpanMs = 3_600_000;

/** From each state in which a run can be held, the ways of PackML to there; there is no way to jump. */
const waysToHolding: Partial<Record<PackmlState, readonly PackmlCommand[]>> = {
  Execute: ["hold"],
  Unholding: ["done", "hold"],
  Unsuspending: ["done", "hold"],
  Suspending: ["done", "unsuspend", "done", "hold"],
  Suspended: ["unsuspend", "done", "hold"],
  Holding: [],
  Held: [],
};

/**
 * The controller is back: the time without it is booked as what nobody saw, the rig is made safe, and the
 * run is led to where it waits for a person, goes on or ends. Position stays where it was.
 */
export function comeBack(d: Draft, input: Interrupted): void {
  const { s } = d;
  const fromMs = s.at;
  if (isFinal(s.packml)) {
    emit(d, "input", `${input.text}; ${input.why}`, { input: { ...input } });
    return;
  }
  const state = s.packml;
  const before = s.book;
  bookOutage(d, input.lengthMs);
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
  s.lastSpeedRpm = Number.NaN;
  s.lastPowerW = Number.NaN;
  s.wallOffsetMs = Number.NaN;
  s.goodAt = s.goodAt.map(() => s.at);
  s.limitMemory = s.limitMemory.slice();
  for (let i = 0; i < context.limits.length; i++) forgetPending(s.limitMemory, i);
}

function lead(d: Draft, { text, next, why }: Interrupted): void {
  const { s } = d;
  const way = waysToHolding[s.packml];
  // On the way up or down the setpoints are not those the step was left with.
  if (s.packml !== "Execute") s.setpoints = s.resumeSetpoints;
  if (way !== undefined && next !== "end") {
    for (const command of way) transition(d, command, text);
    if (way.length === 0) interruptedBy(d, text);
    s.goesOn = next === "resume" ? why : null;
  } else if (way !== undefined || notBegun.includes(s.packml)) {
    interruptedBy(d, text);
    transition(d, "stop", way === undefined ? `${text}, before the first step` : text);
  } else interruptedBy(d, s.reason);
  safeNow(d);
}

const notBegun: readonly PackmlState[] = ["Resetting", "Idle", "Starting"];

function interruptedBy(d: Draft, reason: string): void {
  d.s.reason = reason;
  interrupt(d);
}

/** The least and most that an outage added to each counter of the run. Damage belongs to specimens. */
function added(before: ExposureBook, after: ExposureBook): { readonly [k: string]: Json } {
  const count = counters.length;
  const pairs = counters.map((name, i) => {
    const span = [i, i + count].map((at) => after[at]! - before[at]!);
    return [name, span] as const;
  });
  return Object.fromEntries(pairs.filter(([name]) => name !== "damage"));
}

/** What was decided when the controller came back, once the rig is safe. */
export function goOnWhenHeld(d: Draft): void {
  const { goesOn } = d.s;
  if (goesOn === null || d.s.packml !== "Held" || d.s.waiting) return;
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
  restarts: readonly ElapsedMs[];
  at: ElapsedMs;
};

/** What follows a restart, and why; the profile's policy with what forbids to go on unseen. */
export function afterwards(restart: Restart): { next: Afterwards; why: string } {
  const { policy, confirmed, foundAtRest, restarts, at } = restart;
  if (policy === "end") return { next: "end", why: "the profile ends an interrupted run" };
  if (confirmed) return { next: "resume", why: "rig and specimens were looked at" };
  if (policy === "hold") return { next: "hold", why: "the profile waits for a person" };
  if (!foundAtRest) {
    return {
      next: "hold",
      why: "the rig was not seen at rest: it may have run without a controller",
    };
  }
  const recent = restarts.filter((r) => r > at - restartSpanMs).length;
  if (recent < mostRestarts) return { next: "resume", why: "the profile goes on by itself" };
  const span = formatDuration(restartSpanMs);
  return { next: "hold", why: `it was interrupted ${recent} times within ${span} already` };
}
