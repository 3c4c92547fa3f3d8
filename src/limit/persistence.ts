/** How long a limit must be violated before it is raised, whatever its condition is. */
import type { CompiledLimit } from "./compile.js";
import type { LookMs } from "./look.js";
import {
  idle,
  type LimitMemory,
  pending,
  seenSlot,
  sinceSlot,
  stands,
  stateSlot,
} from "./memory.js";

/**
 * Notes that a good sample at `now` violates the limit. True when it is raised: every good sample over `for` violated
 * it. Persistence, not delay.
 */
export function persist(
  limit: CompiledLimit,
  memory: LimitMemory,
  at: number,
  now: LookMs,
): boolean {
  if (memory[at + stateSlot] === idle) {
    memory[at + stateSlot] = pending;
    memory[at + sinceSlot] = now;
  }
  memory[at + seenSlot] = now;
  if (now - memory[at + sinceSlot]! < limit.forMs) return false;
  memory[at + stateSlot] = stands;
  return true;
}

/** Nothing good came for longer than a pending violation is remembered. */
export function isForgotten(
  limit: CompiledLimit,
  memory: LimitMemory,
  at: number,
  now: LookMs,
): boolean {
  return now - memory[at + seenSlot]! > rememberedMs(limit);
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
