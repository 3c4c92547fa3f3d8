import { keepAlarms } from "./alarm.js";
import { bookExposure, passTime } from "./book.js";
import { writeCheckpoint } from "./checkpoint.js";
import { noteClockStep } from "./clock-step.js";
import { type Draft, emit, finish, newDraft, transition } from "./draft.js";
import { endOpen } from "./end-open.js";
import { advance, rampDown, rampUp } from "./execute.js";
import { comeBack, goOnWhenHeld } from "./outage.js";
import { comeToRest, stillTurns } from "./rest.js";
import type { Effects, Input, RunContext, RunState, Verb } from "./state.js";
import { allowed, isRampingDown, isRampingUp, type PackmlCommand } from "./states.js";
import { onDisposition } from "./suspect.js";

/**
 * The one place where a run is decided: what happened goes in, the next state and what must be done
 * come out. Pure: the same state and input always give the same answer, nothing is awaited.
 */
export function step(
  context: RunContext,
  state: RunState,
  input: Input,
): { state: RunState; effects: Effects } {
  const d = newDraft(context, state);
  if (input.kind === "interrupted") {
    comeBack(d, input);
    return finish(d);
  }
  if (input.kind === "ended") {
    endOpen(d, input);
    return finish(d);
  }
  passTime(d, input.kind === "sample" ? input.sample.at : input.at);
  if (input.kind === "sample") {
    onSample(d, input);
    goOnWhenHeld(d);
    return finish(d);
  }
  if (input.kind === "command") onCommand(d, input);
  else if (input.kind === "confirmed") onConfirmed(d, input);
  else if (input.kind === "disposition") onDisposition(d, input.disposition);
  else onTrouble(d, input);
  goOnWhenHeld(d);
  return finish(d);
}

function onSample(d: Draft, { sample }: Extract<Input, { kind: "sample" }>): void {
  d.s.cycle = sample.cycle;
  noteClockStep(d, sample);
  bookExposure(d, sample);
  keepAlarms(d, sample);
  const { packml } = d.s;
  if (!Number.isNaN(d.s.coastingSince)) comeToRest(d, sample);
  else if (packml === "Execute") advance(d, sample);
  else if (isRampingDown(packml)) rampDown(d);
  else if (isRampingUp(packml)) rampUp(d);
  writeCheckpoint(d);
}

/** `resume` is one word for people; PackML has one for each way of having been interrupted. */
const packmlCommand: Record<Verb, PackmlCommand> = {
  reset: "reset",
  start: "start",
  hold: "hold",
  suspend: "suspend",
  resume: "unhold",
  stop: "stop",
  abort: "abort",
  clear: "clear",
};

function onCommand(d: Draft, input: Extract<Input, { kind: "command" }>): void {
  const reason = input.reason === "" ? `${input.verb} by ${input.by}` : input.reason;
  emit(d, "input", `${input.verb} by ${input.by}`, { input: { ...input } });
  const suspended = d.s.packml === "Suspended" && input.verb === "resume";
  const command = suspended ? "unsuspend" : packmlCommand[input.verb];
  if (input.atCheckpoint && command === "hold" && d.s.packml === "Execute") {
    d.s.holdAtCheckpoint = true;
    return;
  }
  if (transition(d, command, reason)) return;
  const data = { verb: input.verb, state: d.s.packml, allowed: allowed(d.s.packml) };
  emit(d, "fault", `${input.verb} refused: not possible in ${d.s.packml}`, data);
}

/**
 * What was asked for has been done, or not: the acting state is complete, may begin its ramp, or the
 * run aborts. A safe state that was not confirmed still ends in Aborted, and says so.
 */
function onConfirmed(d: Draft, input: Extract<Input, { kind: "confirmed" }>): void {
  const kind = !input.ok ? "fault" : input.act === "safe" ? "safe" : "input";
  emit(d, kind, input.text, { input: { ...input } });
  if (!d.s.waiting) return;
  d.s.waiting = false;
  if (input.ok && isRampingUp(d.s.packml)) return;
  if (!input.ok) {
    if (transition(d, "abort", input.text)) return;
    if (!d.s.reason.includes(input.text)) d.s.reason = `${d.s.reason}; ${input.text}`;
  }
  if (input.act === "safe" && stillTurns(d)) d.s.coastingSince = d.s.at;
  else transition(d, "done", d.s.reason);
}

/** A trip or a fault of the rig: abort, keeping the first cause. */
function onTrouble(d: Draft, input: Extract<Input, { kind: "trip" | "fault" }>): void {
  const station = input.kind === "trip" ? (input.station ?? undefined) : undefined;
  emit(d, input.kind, input.text, { input: { ...input } }, station);
  if (input.kind === "trip" || input.abort) transition(d, "abort", input.text);
}
