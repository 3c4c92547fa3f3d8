import { formatDuration } from "../base/quantity.js";
import type { RunSample } from "../base/sample.js";
import { type Draft, emit } from "./draft.js";
import type { RunState } from "./state.js";

/** So many missed cycles are told first, when they are at least this share of the planned ones. */
const fewestTold = 10;
const leastShare = 0.05;

/**
 * Counts the cycles that were not done in time; not those that making safe, or another act that is waited for,
 * stood in the way of. That is told when it is more than now and then, and again
 * only when as many have come as before.
 */
export function countCycles(d: Draft, { at }: RunSample): void {
  const { s, context } = d;
  const { cycleMs } = context;
  s.sliceMs = Number.isNaN(s.sampledAt) ? cycleMs : at - s.sampledAt;
  // What the devices were asked to do in between was waited for, and takes the time it takes.
  const waitedMs = Number.isNaN(s.sampledAt) ? 0 : Math.max(0, s.setpointsSince - s.sampledAt);
  s.sampledAt = at;
  s.missedCycles += Math.max(0, Math.round((s.sliceMs - waitedMs) / cycleMs) - 1);
  const cycles = cyclesOf(s);
  const { planned, done, missed } = cycles;
  if (missed < Math.max(fewestTold, s.tellMissedAt) || missed < leastShare * planned) return;
  s.tellMissedAt = 2 * missed;
  const held = `the cycle of ${formatDuration(cycleMs)} is not held`;
  const text = `${held}: ${missed} of ${planned} cycles were missed, the last one took ${formatDuration(s.sliceMs)}`;
  emit(d, "fault", text, { planned, done, missed, lastMs: s.sliceMs });
}

/** Cycles of a run until now: planned, done, missed. */
export type Cycles = { planned: number; done: number; missed: number };

export function cyclesOf({
  cycle,
  missedCycles,
}: Pick<RunState, "cycle" | "missedCycles">): Cycles {
  return { planned: cycle + missedCycles, done: cycle, missed: missedCycles };
}
