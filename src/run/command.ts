import { formatDuration } from "../base/quantity.js";
import type { Verb } from "../record/document/input.js";
import { ask, type Draft, emit, hasBegun, transition } from "./draft.js";
import { handed } from "./hand.js";
import type { Input } from "./state.js";
import { allowed, type PackmlCommand, type PackmlState } from "./states.js";
import { suspicion } from "./suspect.js";

type Command = Extract<Input, { kind: "command" }>;

/** `resume` is one word for people; PackML has one for each way of having been interrupted. */
const packmlCommand: Record<Exclude<Verb, "leave">, PackmlCommand> = {
  reset: "reset",
  start: "start",
  hold: "hold",
  suspend: "suspend",
  resume: "unhold",
  stop: "stop",
  abort: "abort",
  clear: "clear",
};

/** What a person or program asked for; what cannot be is a fault that says what can. */
export function onCommand(d: Draft, input: Command): void {
  const { verb, by } = input;
  emit(d, "input", `${verb} by ${by}`, { input: { ...input } });
  const reason = input.reason === "" ? `${verb} by ${by}` : input.reason;
  if (verb === "leave") return void leave(d, reason);
  if (isDone(d, verb)) return;
  if (verb === "reset" && d.s.packml === "Held" && !d.s.waiting) return void ask(d, "reset");
  if (input.atCheckpoint && verb === "hold" && d.s.packml === "Execute") {
    d.s.holdAtCheckpoint = true;
    return;
  }
  const why = objection(d, verb);
  const suspended = d.s.packml === "Suspended" && verb === "resume";
  const command = suspended ? "unsuspend" : packmlCommand[verb];
  if (why === undefined && transition(d, command, reason)) return;
  const state = d.s.packml;
  const isBusy = verb === "reset" && d.s.waiting;
  const because = why ?? (isBusy ? "what was asked for before is not done" : impossible(d, verb));
  emit(d, "fault", `${verb} refused: ${because}`, { verb, state, allowed: allowed(state) });
}

function impossible({ s }: Draft, verb: Verb): string {
  if (verb !== "hold" || s.packml !== "Held") return `not possible in ${s.packml}`;
  return `it is held already, for ${formatDuration(s.at - s.since)} (${s.reason})`;
}

const aborted: readonly PackmlState[] = ["Aborting", "Aborted"];

/** Asked for again, or decided for the time when the rig is safe: nothing to refuse. */
function isDone({ s }: Draft, verb: Verb): boolean {
  if (!aborted.includes(s.packml)) return false;
  if (verb === "stop") s.ending ??= "stopped";
  return verb === "stop" || verb === "abort";
}

/** What speaks against a command that the state would allow. */
function objection({ s }: Draft, verb: Verb): string | undefined {
  if (verb === "clear") return "an aborted run is gone on with by wearout run resume";
  if (verb !== "resume") return undefined;
  if (s.parked !== null) return `it is being parked (${s.parked.reason})`;
  if (s.leaving !== null) return `the process ends (${s.leaving})`;
  if (s.inAnotherHand.length > 0) return handed(s.inAnotherHand);
  return suspicion(s.suspects);
}

const leadsToHeld: readonly PackmlState[] = ["Holding", "Held"];

/** Let go of: down and safe, and the run stays open; one that never began ends. */
export function leave(d: Draft, reason: string): void {
  if (!hasBegun(d.s) && d.s.packml !== "Stopped") {
    // In Aborting it ends anyway.
    transition(d, "stop", reason);
    return;
  }
  d.s.leaving = reason;
  if (!leadsToHeld.includes(d.s.packml)) transition(d, "hold", reason);
}
