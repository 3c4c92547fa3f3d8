/** One look at one limit: pure but for its memory, no allocation; every limit, every cycle. */
import { good } from "../base/sample.js";
import { type Setpoints, setpointAt } from "../base/setpoint.js";
import type { CompiledLimit } from "./compile.js";
import { forgetPending, idle, type LimitMemory, offsetOf, pending, stands } from "./memory.js";

export const quiet = 0;
export const raised = 1;
export const standing = 2;
export const returned = 3;
/** What a look at a limit found: nothing, raised now, still standing, returned now. */
export type Verdict = typeof quiet | typeof raised | typeof standing | typeof returned;

/** A sample and what it is to be seen with: the same for every limit of one cycle. */
export type Look = {
  /** When the sample was taken; the clock of all times here. */
  at: number;
  values: ArrayLike<number>;
  quality: ArrayLike<number>;
  /** When a column was last good; NaN: never. */
  goodAt: (column: number) => number;
  /** Since when masks after the start and ages count; NaN: not started. */
  startedAt: number;
  /** When the step of the profile began; minus infinity where there are no steps. */
  stepAt: number;
  ramping: boolean;
  /** Setpoints commanded now, by the limits' `setpointIndex`. */
  setpoints: Setpoints;
};

/**
 * Looks at the limit at place `i` of a memory. `for` is persistence, not delay: every good sample over that length
 * violated the limit. A value that is not good is evidence for nothing: it neither starts, raises nor
 * returns a limit, and when nothing good came for longer than `for` (of a trip a minute), a pending violation is forgotten.
 * Only `stale` acts on missing values. Masked time forgets what is pending and leaves a standing alarm standing.
 */
export function checkLimit(
  limit: CompiledLimit,
  memory: LimitMemory,
  i: number,
  look: Look,
): Verdict {
  const offset = offsetOf(i);
  const state = memory[offset];
  if (isMasked(limit, look)) {
    forgetPending(memory, i);
    return state === stands ? standing : quiet;
  }
  const side = sideOf(limit, look);
  if (state === stands) {
    if (side !== within) return standing;
    memory[offset] = idle;
    return returned;
  }
  if (side === beyond) return persist(limit, memory, offset, look.at);
  const isLost = look.at - (memory[offset + 2] as number) > rememberedMs(limit);
  if (side !== unknown || isLost) memory[offset] = idle;
  return quiet;
}

/** A rig whose sensors are silent so long is switched off: what they said before it is no part of what they say now. */
const switchedOffMs = 60_000;

/**
 * For so long a pending violation waits for the next good value. Of a trip longer than `for`: a sensor that now and
 * then answers, and each time violates, would never trip.
 */
function rememberedMs({ reaction, forMs }: CompiledLimit): number {
  return reaction === "trip" ? Math.max(forMs, switchedOffMs) : forMs;
}

/** Not masked, and over the limit now: what a first look would raise without `for`. */
export function isViolated(limit: CompiledLimit, look: Look): boolean {
  return !isMasked(limit, look) && sideOf(limit, look) === beyond;
}

/** Not masked, and back inside by its hysteresis: an alarm of it has returned, whoever raised it. */
export function isReturned(limit: CompiledLimit, look: Look): boolean {
  return !isMasked(limit, look) && sideOf(limit, look) === within;
}

/**
 * How long a column has been without a good value at `at`. Counted from the end of the mask after the start at the
 * earliest: before, nobody may have been reading. Not started is no age yet.
 */
export function ageMs(goodAt: number, startedAt: number, maskMs: number, at: number): number {
  const from = Number.isNaN(startedAt) ? at : startedAt + maskMs;
  return at - (goodAt > from ? goodAt : from);
}

function persist(limit: CompiledLimit, memory: LimitMemory, offset: number, at: number): Verdict {
  if (memory[offset] === idle) {
    memory[offset] = pending;
    memory[offset + 1] = at;
  }
  memory[offset + 2] = at;
  if (at - (memory[offset + 1] as number) < limit.forMs) return quiet;
  memory[offset] = stands;
  return raised;
}

function isMasked(limit: CompiledLimit, { at, startedAt, stepAt, ramping }: Look): boolean {
  return (
    sinceMs(startedAt, at) < limit.maskAfterStartMs ||
    sinceMs(stepAt, at) < limit.maskAfterStepMs ||
    (limit.maskWhileRamping && ramping)
  );
}

/** Nothing has passed of what has not begun, or began while the sample was taken. */
function sinceMs(begun: number, at: number): number {
  return at > begun ? at - begun : 0;
}

/** Where a reading lies: no evidence, safely inside, in the hysteresis band, over the limit. */
const unknown = 0;
const within = 1;
const between = 2;
const beyond = 3;

function sideOf(limit: CompiledLimit, look: Look): number {
  const { column, setpointIndex } = limit;
  const isGood = look.quality[column] === good;
  if (limit.staleMs !== undefined) {
    if (isGood) return within;
    const { goodAt, startedAt, at } = look;
    const age = ageMs(goodAt(column), startedAt, limit.maskAfterStartMs, at);
    return age <= limit.staleMs ? within : beyond;
  }
  const value = look.values[column]!;
  if (!isGood || Number.isNaN(value)) return unknown;
  if (setpointIndex < 0) return place(value, limit.lo, limit.hi, limit.hysteresis);
  const setpoint = setpointAt(look.setpoints, setpointIndex);
  if (Number.isNaN(setpoint)) return unknown;
  const lo = setpoint - limit.tolerance;
  return place(value, lo, setpoint + limit.tolerance, limit.hysteresis);
}

function place(value: number, lo: number, hi: number, hysteresis: number): number {
  if (value < lo || value > hi) return beyond;
  return value >= lo + hysteresis && value <= hi - hysteresis ? within : between;
}
