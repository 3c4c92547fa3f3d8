import { keepAlarms } from "./alarm.js";
import { bookExposure, passTime } from "./book.js";
import { writeCheckpoint } from "./checkpoint.js";
import { noteClockStep } from "./clock-step.js";
import { onCommand } from "./command.js";
import { onActed, onConfirmed } from "./confirm.js";
import { bookCounted } from "./counted.js";
import { countCycles } from "./cycle-count.js";
import { stuck } from "./descent.js";
import { type Draft, emit, finish, newDraft, noteOvertaken, transition } from "./draft.js";
import { endOpen } from "./end-open.js";
import { advance, rampDown, rampUp } from "./execute.js";
import { onHand } from "./hand.js";
import { learn } from "./learn.js";
import { comeBack, goOnWhenHeld } from "./outage.js";
import { onPark, parkOpen } from "./park.js";
import { comeToRest } from "./rest.js";
import type { RunContext } from "./run-context.js";
import type { Effects, Input, RunState } from "./state.js";
import { isOnTheWayUp, isRampingDown, isRampingUp } from "./states.js";
import { onDisposition, suspect } from "./suspect.js";
import { fallBack } from "./way-up.js";

/**
 * The one place where a run is decided: what happened goes in, the next state and what must be done
 * come out. Pure: the same state and input always give the same answer, nothing is awaited.
 */
export function decide(
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
  if (input.kind === "parked" && input.lengthMs !== undefined) {
    parkOpen(d, input, input.lengthMs);
    return finish(d);
  }
  passTime(d, input.kind === "sample" ? input.sample.at : input.at);
  if (input.kind === "sample") onSample(d, input);
  else onOther(d, input);
  goOnWhenHeld(d);
  return finish(d);
}

function onOther(
  d: Draft,
  input: Exclude<Input, { kind: "sample" | "interrupted" | "ended" }>,
): void {
  if (input.kind === "command") onCommand(d, input);
  else if (input.kind === "confirmed") onConfirmed(d, input);
  else if (input.kind === "acted") onActed(d, input);
  else if (input.kind === "hand") onHand(d, input);
  else if (input.kind === "parked") onPark(d, input);
  else if (input.kind === "disposition") onDisposition(d, input.disposition);
  else onTrouble(d, input);
}

function onSample(d: Draft, { sample }: Extract<Input, { kind: "sample" }>): void {
  d.s.cycle = sample.cycle;
  countCycles(d, sample);
  noteClockStep(d, sample);
  bookCounted(d, sample, bookExposure(d, sample));
  learn(d, sample);
  keepAlarms(d, sample);
  const why = stuck(d.context, d.s, sample);
  const { packml } = d.s;
  if (why !== undefined) transition(d, "abort", `${packml}: ${why}`);
  else if (!Number.isNaN(d.s.coastingSince)) comeToRest(d, sample);
  else if (packml === "Execute") advance(d, sample);
  else if (isRampingDown(packml)) rampDown(d);
  else if (isRampingUp(packml)) rampUp(d);
  d.s.former = d.before;
  d.s.commanded = d.s.setpoints;
  d.s.setpointsSince = d.s.at;
  noteOvertaken(d);
  writeCheckpoint(d);
}

/** A trip or a fault of the rig: abort, keeping the first cause; a fault on the way up leads back down. */
function onTrouble(d: Draft, input: Extract<Input, { kind: "trip" | "fault" }>): void {
  const station = input.kind === "trip" ? (input.station ?? undefined) : undefined;
  emit(d, input.kind, input.text, { input: { ...input } }, station);
  if (input.kind === "trip") {
    if (station !== undefined) suspect(d, input.limit, station, input.text);
    transition(d, "abort", input.text);
  } else if (input.abort && isOnTheWayUp(d.s.packml)) fallBack(d, input.text);
  else if (input.abort) transition(d, "abort", input.text);
}
