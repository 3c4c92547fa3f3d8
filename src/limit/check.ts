/** One look at one limit: pure but for its memory, no allocation; every limit, every cycle. */
import type { CompiledLimit } from "./compiled.js";
import { isMasked } from "./gate.js";
import { beyond, type Look, type LookMs, type Side, unknown, within } from "./look.js";
import { forgetMasked, idle, type LimitMemory, sideSlot, stands, stateSlot } from "./memory.js";
import { isCounted, isForgotten, noteStanding, persist } from "./persistence.js";
import { isFaulty, isSensorFault } from "./sensor.js";
import { sideTogether } from "./vote.js";

export const quiet = 0;
export const raised = 1;
export const standing = 2;
export const returned = 3;
/** What a look at a limit found: nothing, raised now, still standing, returned now. */
export type Verdict = typeof quiet | typeof raised | typeof standing | typeof returned;

/**
 * Looks at a limit whose numbers begin at `at` of a memory. A value that is not good is evidence for nothing: it neither
 * starts, raises nor returns a limit. Only `stale` acts on missing values, and a trip whose sensor is mostly bad. Masked time forgets what is pending and
 * leaves a standing alarm standing.
 */
export function checkLimit(
  limit: CompiledLimit,
  memory: LimitMemory,
  at: number,
  look: Look,
): Verdict {
  const state = memory[at + stateSlot];
  if (isMasked(limit, look, memory, at)) {
    forgetMasked(memory, at, limit);
    return state === stands ? standing : quiet;
  }
  const own = sideTogether(limit, look, memory, at);
  const isBlind = isFaulty(limit, look, memory, at);
  const side = isBlind ? beyond : own;
  memory[at + sideSlot] = side;
  if (state === stands) return lookAgain(limit, memory, at, side, look.at);
  if (isBlind) memory[at + stateSlot] = stands;
  if (side === beyond) return isBlind || persist(limit, memory, at, look.at) ? raised : quiet;
  if (side !== unknown || isForgotten(limit, memory, at, look.at)) memory[at + stateSlot] = idle;
  return quiet;
}

function lookAgain(
  limit: CompiledLimit,
  memory: LimitMemory,
  at: number,
  side: Side,
  now: LookMs,
): Verdict {
  if (side === beyond) noteStanding(limit, memory, at, now);
  if (side !== within || isCounted(limit, memory, at, now)) return standing;
  memory[at + stateSlot] = idle;
  return returned;
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
  const isStateless = limit.ofColumn === 0 && limit.gateAt < 0;
  if (isStateless && !isSensorFault(limit, memory, at)) {
    return !isMasked(limit, look, memory, at) && sideTogether(limit, look, memory, at) === within;
  }
  return memory[at + stateSlot] === idle && memory[at + sideSlot] === within;
}
