/** What a raised limit asks of the run. */
import type { CompiledLimit } from "../limit/compile.js";
import { type Draft, emit, transition } from "./draft.js";
import { failStation, failuresReached } from "./failure.js";
import type { PackmlState } from "./states.js";
import { suspect } from "./suspect.js";
import { interruptBy } from "./suspend.js";

/** Only there may a limit end a specimen: on the way down the stress is no longer the test's. */
const failing: readonly PackmlState[] = ["Execute", "Unholding", "Unsuspending"];

/** Asked before the first limit of a sample: what one reacts by must not hide what the sample says of another. */
export function mayFail(packml: PackmlState): boolean {
  return failing.includes(packml);
}

export function react(
  d: Draft,
  limit: CompiledLimit,
  value: number,
  text: string,
  canFail: boolean,
): void {
  const { reaction } = limit;
  if (reaction === "hold" || reaction === "suspend") interruptBy(d, reaction, text);
  else if (reaction === "stop") transition(d, "stop", text);
  else if (reaction === "trip") trip(d, limit, text);
  else if (reaction === "fail" && canFail) fail(d, limit, value, text);
}

/** The others go on, or all wait for a person, or all stop at once: what a failure does to the rig is the limit's word. */
function fail(d: Draft, limit: CompiledLimit, value: number, text: string): void {
  const isNew = failStation(d, limit, value, text);
  if (!isNew || failuresReached(d) !== undefined) return;
  if (limit.fail === "hold") interruptBy(d, "hold", text);
  else if (limit.fail === "trip") transition(d, "abort", text);
}

function trip(d: Draft, limit: CompiledLimit, text: string): void {
  emit(d, "trip", text, { limit: limit.name }, limit.station);
  if (limit.station !== undefined) suspect(d, limit.name, limit.station, text);
  transition(d, "abort", text);
}
