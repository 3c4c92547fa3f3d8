/** One look at one limit: pure but for its memory, no allocation; every limit, every cycle. */
import { good } from "../base/sample.js";
import type { CompiledLimit } from "./compile.js";

export type { CompiledLimit } from "./compile.js";

export const quiet = 0;
export const raised = 1;
export const standing = 2;
export const returned = 3;
/** What a look at a limit found: nothing, raised now, still standing, returned now. */
export type Verdict = typeof quiet | typeof raised | typeof standing | typeof returned;

/**
 * Memory of a list of limits, three numbers each: state, when the violation began, when it was last
 * seen. All zeros is a memory of nothing, one `slice()` copies it (every cycle: see `ExposureBook`).
 */
export type LimitMemory = number[];
const slots = 3;
const idle = 0;
const pending = 1;
const stands = 2;

export function emptyLimitMemory(count: number): LimitMemory {
  return new Array<number>(count * slots).fill(0);
}

/** Forgets a violation that has not lasted long enough yet; a standing alarm stays. */
export function forgetPending(memory: LimitMemory, i: number): void {
  if (memory[i * slots] === pending) memory[i * slots] = idle;
}

/** What masks and setpoint comparison need; one object, refilled by the caller each cycle. */
export type LimitSituation = {
  sinceStartMs: number;
  sinceStepMs: number;
  ramping: boolean;
  /** Setpoints commanded now, by the limits' `setpointIndex`. */
  setpoints: ArrayLike<number>;
};

/**
 * Looks at limit `i` of a memory. `for` is persistence, not delay: every good sample over that length
 * violated the limit. A value that is not good is evidence for nothing: it neither starts, raises nor
 * returns a limit, and when nothing good came for longer than `for`, a pending violation is forgotten.
 * Only `stale` acts on missing values (`ageMs`: age of the last good one; NaN, never any, is stale).
 * Masked time forgets what is pending and leaves a standing alarm standing.
 */
export function checkLimit(
  limit: CompiledLimit,
  memory: LimitMemory,
  i: number,
  value: number,
  quality: number,
  ageMs: number,
  atMs: number,
  situation: LimitSituation,
): Verdict {
  const at = i * slots;
  const state = memory[at];
  if (isMasked(limit, situation)) {
    forgetPending(memory, i);
    return state === stands ? standing : quiet;
  }
  const side = sideOf(limit, value, quality, ageMs, situation);
  if (state === stands) {
    if (side !== within) return standing;
    memory[at] = idle;
    return returned;
  }
  if (side === beyond) return persist(limit, memory, at, atMs);
  const lost = atMs - (memory[at + 2] as number) > limit.forMs;
  if (side !== unknown || lost) memory[at] = idle;
  return quiet;
}

function persist(limit: CompiledLimit, memory: LimitMemory, at: number, atMs: number): Verdict {
  if (memory[at] === idle) {
    memory[at] = pending;
    memory[at + 1] = atMs;
  }
  memory[at + 2] = atMs;
  if (atMs - (memory[at + 1] as number) < limit.forMs) return quiet;
  memory[at] = stands;
  return raised;
}

function isMasked(limit: CompiledLimit, situation: LimitSituation): boolean {
  return (
    situation.sinceStartMs < limit.maskAfterStartMs ||
    situation.sinceStepMs < limit.maskAfterStepMs ||
    (limit.maskWhileRamping && situation.ramping)
  );
}

/** Where a reading lies: no evidence, safely inside, in the hysteresis band, over the limit. */
const unknown = 0;
const within = 1;
const between = 2;
const beyond = 3;

function sideOf(
  limit: CompiledLimit,
  value: number,
  quality: number,
  ageMs: number,
  situation: LimitSituation,
): number {
  if (limit.staleMs !== undefined) return ageMs <= limit.staleMs ? within : beyond;
  if (quality !== good || Number.isNaN(value)) return unknown;
  if (limit.setpointIndex < 0) return place(value, limit.lo, limit.hi, limit.hysteresis);
  const setpoint = situation.setpoints[limit.setpointIndex];
  if (setpoint === undefined || Number.isNaN(setpoint)) return unknown;
  const lo = setpoint - limit.tolerance;
  return place(value, lo, setpoint + limit.tolerance, limit.hysteresis);
}

function place(value: number, lo: number, hi: number, hysteresis: number): number {
  if (value < lo || value > hi) return beyond;
  return value >= lo + hysteresis && value <= hi - hysteresis ? within : between;
}
