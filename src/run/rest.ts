import { good, type Sample } from "../base/sample.js";
import { type Draft, transition } from "./draft.js";

/** Slower than this share of its ceiling, a shaft stands. */
const restShare = 0.01;
/** Nobody waits longer for a standstill: a speed that cannot be read would keep the run for ever. */
const longestCoastMs = 30_000;

/** Seen turning when it was last looked at; a rig that was never started does not. */
export function stillTurns({ context, s }: Draft): boolean {
  return !Number.isNaN(s.executeSince) && !(s.lastSpeedRpm <= restRpm(context.speedCeilingRpm));
}

/** Safe values are confirmed, the shaft runs out: the state is complete when it stands. */
export function comeToRest(d: Draft, sample: Sample): void {
  const { s, context } = d;
  const { speedColumn, speedCeilingRpm } = context;
  const known = sample.quality[speedColumn] === good;
  const rests = known && Math.abs(sample.values[speedColumn]!) <= restRpm(speedCeilingRpm);
  if (!rests && s.at - s.coastingSince < longestCoastMs) return;
  transition(d, "done", rests ? s.reason : `${s.reason}; a standstill was not seen`);
}

/** A speed without actuator has no ceiling: then a turn a minute is standing. */
function restRpm(ceilingRpm: number): number {
  return Number.isNaN(ceilingRpm) ? 1 : restShare * ceilingRpm;
}
