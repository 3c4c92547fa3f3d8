/** A test that nobody keeps is ended by a person's word: decided on what was written, without a rig. */
import { bookOutage } from "./book.js";
import { close, type Draft, emit, transition } from "./draft.js";
import { isParked } from "./park.js";
import type { Input, RunState } from "./state.js";
import type { PackmlCommand, PackmlState } from "./states.js";
import { withdraw } from "./suspect.js";

type Ended = Extract<Input, { kind: "ended" }>;

/** The ways of PackML to the end, from wherever the run was left; from elsewhere it is `stop` and `done`. */
const waysToEnd: Partial<Record<PackmlState, readonly PackmlCommand[]>> = {
  Stopped: [],
  Complete: [],
  Stopping: ["done"],
  Clearing: ["done"],
  Aborted: ["clear", "done"],
  Aborting: ["done", "clear", "done"],
};

/** No actuator was ever started: there is nothing to go on with, and nothing to make safe. */
export function isNotBegun({ packml, executeSince, outcome }: RunState): boolean {
  const before = packml === "Stopped" || packml === "Resetting" || packml === "Idle";
  return before && Number.isNaN(executeSince) && outcome === null;
}

/**
 * Books the time without a controller and ends the run as stopped: what is on test is censored, what is
 * suspect withdrawn. A run whose end was written already stays as it ended.
 */
export function endOpen(d: Draft, input: Ended): void {
  const { s } = d;
  if (s.outcome !== null) {
    emit(d, "input", input.text, { input: { ...input } });
    return;
  }
  if (!Number.isNaN(s.executeSince) && !isParked(s)) bookOutage(d, input.lengthMs);
  s.at = input.at;
  emit(d, "input", input.text, { input: { ...input } });
  for (const found of s.suspects) {
    // Nothing speaks against a specimen that was only put aside: it is censored as those on the rig.
    if (found.byParking === true) continue;
    const text = `${found.station}: withdrawn while suspect: ${input.reason} (${found.text})`;
    const decision = "withdrawn" as const;
    const data = { decision, by: input.by, limit: found.limit, trippedAt: found.at };
    emit(d, "disposition", text, data, found.station);
    withdraw(d, found, text);
  }
  s.suspects = [];
  for (const command of waysToEnd[s.packml] ?? ["stop", "done"]) {
    if (s.outcome === null) transition(d, command, input.reason);
  }
  s.reason = input.reason;
  if (s.outcome === null) close(d);
  // Nothing can be asked of a rig here: its safe plan is the business of who calls.
  d.act = undefined;
  d.write = undefined;
  s.waiting = false;
}
