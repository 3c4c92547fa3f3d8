/** One look at one limit: pure but for its memory, no allocation; every limit, every cycle. */
import type { CompiledLimit } from "./compile.js";
import { kindOf } from "./condition/all.js";
import { beyond, type Look, type LookMs, type Side, unknown, within } from "./look.js";
import {
  commonSlots,
  forgetPending,
  idle,
  type LimitMemory,
  sideSlot,
  stands,
  stateSlot,
} from "./memory.js";
import { isForgotten, persist } from "./persistence.js";

export const quiet = 0;
export const raised = 1;
export const standing = 2;
export const returned = 3;
/** What a look at a limit found: nothing, raised now, still standing, returned now. */
export type Verdict = typeof quiet | typeof raised | typeof standing | typeof returned;

/**
 * Looks at a limit whose numbers begin at `at` of a memory. A value that is not good is evidence for nothing: it neither
 * starts, raises nor returns a limit. Only `stale` acts on missing values. Masked time forgets what is pending and
 * leaves a standing alarm standing.
 */
export function checkLimit(
  limit: CompiledLimit,
  memory: LimitMemory,
  at: number,
  look: Look,
): Verdict {
  const state = memory[at + stateSlot];
  if (isMasked(limit, look)) {
    forgetPending(memory, at, limit);
    return state === stands ? standing : quiet;
  }
  const side = sideOf(limit, look, memory, at);
  memory[at + sideSlot] = side;
  if (state === stands) {
    if (side !== within) return standing;
    memory[at + stateSlot] = idle;
    return returned;
  }
  if (side === beyond) return persist(limit, memory, at, look.at) ? raised : quiet;
  if (side !== unknown || isForgotten(limit, memory, at, look.at)) memory[at + stateSlot] = idle;
  return quiet;
}

/** Not masked, and over the limit at its last look: what a first look would raise without `for`. */
export function isViolated(memory: LimitMemory, at: number): boolean {
  return memory[at + sideSlot] === beyond;
}

/**
 * Not masked, and back inside by its hysteresis: an alarm of it has returned, whoever raised it. A condition that
 * remembers is asked of the memory of who looks at it, where its numbers begin at `at`.
 */
export function isReturned(
  limit: CompiledLimit,
  look: Look,
  memory: LimitMemory,
  at: number,
): boolean {
  if (isMasked(limit, look)) return false;
  if (limit.slots.length === 0) return sideOf(limit, look, memory, at) === within;
  return memory[at + stateSlot] === idle && memory[at + sideSlot] === within;
}

function sideOf(limit: CompiledLimit, look: Look, memory: LimitMemory, at: number): Side {
  const { condition, column } = limit;
  return kindOf(condition.kind).look(condition, column, look, memory, at + commonSlots);
}

function isMasked(limit: CompiledLimit, { at, startedAt, stepAt, ramping }: Look): boolean {
  return (
    sinceMs(startedAt, at) < limit.maskAfterStartMs ||
    sinceMs(stepAt, at) < limit.maskAfterStepMs ||
    (limit.maskWhileRamping && ramping)
  );
}

/** Nothing has passed of what has not begun, or began while the sample was taken. */
function sinceMs(begun: LookMs, at: LookMs): number {
  return at > begun ? at - begun : 0;
}
