/** How long, or how often, a condition must be met before its limit is raised, whatever the condition is. */
import type { CompiledLimit } from "./compiled.js";
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
 * it, or it was the last of so many within a time. Persistence, not delay.
 */
export function persist(
  limit: CompiledLimit,
  memory: LimitMemory,
  at: number,
  now: LookMs,
): boolean {
  if (limit.count !== undefined) noteHit(limit.count.times, memory, at + limit.hitsAt, now);
  if (memory[at + stateSlot] === idle) {
    memory[at + stateSlot] = pending;
    memory[at + sinceSlot] = now;
  }
  memory[at + seenSlot] = now;
  const isDue =
    limit.count === undefined
      ? now - memory[at + sinceSlot]! >= limit.forMs
      : isCounted(limit, memory, at, now);
  if (isDue) memory[at + stateSlot] = stands;
  return isDue;
}

/** The oldest of the last so many violations is remembered one millisecond late: zero is none. */
function noteHit(times: number, memory: LimitMemory, at: number, now: LookMs): void {
  const next = memory[at]!;
  memory[at + 1 + next] = now + 1;
  memory[at] = (next + 1) % times;
}

/** Do so many violations lie within the time before `now`? Then it stands, whatever the last one said. */
export function isCounted(
  limit: CompiledLimit,
  memory: LimitMemory,
  start: number,
  now: LookMs,
): boolean {
  if (limit.count === undefined) return false;
  const at = start + limit.hitsAt;
  const oldest = memory[at + 1 + memory[at]!]!;
  return oldest > 0 && now - (oldest - 1) <= limit.count.withinMs;
}

/** Notes a violation of a limit that stands: what is counted goes on. */
export function noteStanding(
  limit: CompiledLimit,
  memory: LimitMemory,
  at: number,
  now: LookMs,
): void {
  if (limit.count !== undefined) noteHit(limit.count.times, memory, at + limit.hitsAt, now);
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
