import type { Act } from "../record/document/input.js";
import { bookRest } from "./book.js";
import { checkpointNow } from "./checkpoint.js";
import { close, type Draft, emit, hasBegun, transition } from "./draft.js";
import { parkLeft } from "./park.js";
import { stillTurns } from "./rest.js";
import type { Input, RunState } from "./state.js";
import { isOnTheWayUp, isRampingUp } from "./states.js";
import { fallBack } from "./way-up.js";

type Confirmed = Extract<Input, { kind: "confirmed" }>;

/**
 * What was asked for has been done, or not: the acting state is complete, may begin its ramp, falls back
 * to Held or aborts. A safe state that was not confirmed still ends in Aborted: the fault says so, until a later
 * word says something else.
 */
export function onConfirmed(d: Draft, input: Confirmed): void {
  const { act, ok, text } = input;
  const isAwaited = d.s.waiting && awaited(d.s).includes(act);
  // The start that an abort cut short has failed for no other reason.
  const isFault = !ok && (isAwaited || act === "safe");
  const kind = isFault ? "fault" : act === "safe" ? "safe" : "input";
  // A person who typed it waits for the answer.
  const data = act === "reset" ? { answers: "reset" } : {};
  emit(d, kind, text, { input: { ...input }, ...data });
  if (act === "safe") {
    d.s.isSafe ||= ok;
    d.s.notSafe = ok ? null : text;
  }
  if (!isAwaited) return;
  d.s.waiting = false;
  d.s.setpointsSince = d.s.at;
  if (act === "reset" || (ok && isRampingUp(d.s.packml))) return;
  if (!ok) {
    if (act === "start") return void fallBack(d, text);
    // It waits at its panel; what can be made safe is.
    const waits = input.inAnotherHand === true && d.s.packml === "Holding";
    const why = act === "safe" ? `${d.s.reason}; the safe values were not confirmed` : text;
    if (!waits && transition(d, "abort", why)) return;
  }
  if (act === "safe" && stillTurns(d)) d.s.coastingSince = d.s.at;
  else transition(d, "done", d.s.reason);
}

/** What a state may wait for. */
function awaited({ packml }: RunState): readonly Act[] {
  if (packml === "Resetting") return ["identify"];
  if (isOnTheWayUp(packml)) return ["start"];
  return packml === "Held" ? ["reset", "safe"] : ["safe"];
}

/** May the process let go of the run as soon as every actuator has acted? */
export function waitsForActed(s: RunState): boolean {
  if (s.outcome !== null || s.isLeft || s.waiting) return false;
  return s.packml === "Aborted" || (s.packml === "Held" && s.leaving !== null);
}

/** The run ends where that was decided or it never began; else it stays open, exact to this moment. */
export function onActed(d: Draft, input: Extract<Input, { kind: "acted" }>): void {
  const { s } = d;
  emit(d, input.by === null ? "safe" : "fault", input.text, { input: { ...input } });
  if (input.by === null) s.notSafe = null;
  else leaveAtOnce(d, input.text);
  if (!waitsForActed(s)) return;
  if (s.packml === "Aborted" && (!hasBegun(s) || s.ending !== null)) return void close(d);
  bookRest(d);
  s.isLeft = true;
  parkLeft(d);
  checkpointNow(d);
}

/** A person answers for what has not acted: no ramp, no standstill and no confirmation is waited for. */
function leaveAtOnce(d: Draft, text: string): void {
  const { s } = d;
  if (s.outcome !== null || s.isLeft) return;
  if (!waitsForActed(s)) {
    transition(d, "abort", text);
    transition(d, "done", s.reason);
  }
  if (!s.reason.includes(text)) s.reason = `${s.reason}; ${text}`;
}
