import { good, type Readings, type RunSample } from "../base/sample.js";
import { type Draft, transition } from "./draft.js";
import { restRpm } from "./rest-speed.js";
import type { RunContext } from "./state.js";

/** Nobody waits longer for a standstill: a speed that cannot be read would keep the run for ever. */
const longestCoastMs = 30_000;

/** Seen turning when it was last looked at; a rig that was never started does not. */
export function stillTurns({ context, s }: Draft): boolean {
  return !Number.isNaN(s.executeSince) && !(s.lastSpeedRpm <= restRpm(context.speedCeilingRpm));
}

/** Safe values are confirmed, the shaft runs out: the state is complete when it stands. */
export function comeToRest(d: Draft, sample: RunSample): void {
  const { s, context } = d;
  const stands = rests(context, sample);
  if (!stands && s.at - s.coastingSince < longestCoastMs) return;
  transition(d, "done", stands ? s.reason : `${s.reason}; a standstill was not seen`);
}

/** Seen standing in this sample; a speed that was not read may be any. */
export function rests({ speedColumn, speedCeilingRpm }: RunContext, sample: Readings): boolean {
  if (sample.quality[speedColumn] !== good) return false;
  return Math.abs(sample.values[speedColumn]!) <= restRpm(speedCeilingRpm);
}
