/** Inputs that wait to be decided: who wants the rig safe or down comes before everybody else. */
import type { RunMs } from "../base/clock.js";
import type { Input } from "./state.js";

export type Waiting = Exclude<Input, { kind: "sample" }>;

/** Takes the next one of before that time out of `inputs`: an abort or trip, else a stop, else the oldest. */
export function take(inputs: Waiting[], before: RunMs): Waiting | undefined {
  return takeUrgent(inputs, before) ?? takeOne(inputs, (input) => input.at < before);
}

/** Only an abort, a trip or a stop. */
export function takeUrgent(
  inputs: Waiting[],
  before: RunMs = Number.POSITIVE_INFINITY,
): Waiting | undefined {
  return (
    takeOne(inputs, (input) => input.at < before && isAbort(input)) ??
    takeOne(inputs, (input) => input.at < before && isStop(input))
  );
}

function takeOne(inputs: Waiting[], wanted: (input: Waiting) => boolean): Waiting | undefined {
  const index = inputs.findIndex(wanted);
  return index < 0 ? undefined : inputs.splice(index, 1)[0];
}

function isAbort(input: Waiting): boolean {
  return input.kind === "trip" || (input.kind === "command" && input.verb === "abort");
}

function isStop(input: Waiting): boolean {
  return input.kind === "command" && (input.verb === "stop" || input.verb === "leave");
}
