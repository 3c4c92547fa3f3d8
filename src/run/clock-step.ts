import { formatDuration } from "../base/quantity.js";
import type { RunSample } from "../base/sample.js";
import { type Draft, emit } from "./draft.js";

/** A disciplined clock is slewed by far less within one cycle (at most 0.5 ms/s). */
const clockStepMs = 500;

/**
 * The wall clock was set. Nothing of the run depends on it, but whoever compares its times with another
 * record must know: from here on they have another zero.
 */
export function noteClockStep(d: Draft, sample: RunSample): void {
  const offset = sample.wall - sample.at;
  const byMs = offset - d.s.wallOffsetMs;
  d.s.wallOffsetMs = offset;
  if (!(Math.abs(byMs) > clockStepMs)) return;
  const way = byMs > 0 ? "forward" : "back";
  const text = `the wall clock was set ${way} by ${formatDuration(Math.abs(byMs))}`;
  emit(d, "clock", text, { byMs });
}
