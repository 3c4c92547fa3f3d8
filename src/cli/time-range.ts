import type { ElapsedMs, EpochMs } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import { parseQuantity } from "../base/quantity.js";

/**
 * A moment of a run, in ms on its clock: a time since its start (`90 min`), before its end (`-10 min`), or
 * a date with time (`2026-01-01T12:00Z`; without a zone UTC). Throws `USAGE`.
 */
export function runTime(
  name: string,
  text: string,
  startedWall: EpochMs,
  lastAt: ElapsedMs,
): ElapsedMs {
  const fromEnd = text.startsWith("-");
  const duration = durationMs(fromEnd ? text.slice(1) : text);
  if (duration !== undefined) return fromEnd ? lastAt - duration : duration;
  const wall = wallTime(text);
  if (wall !== undefined) return wall - startedWall;
  const expected = `a time since the start as "90 min", before the end as "-10 min", or a date as 2026-01-31T12:00Z`;
  throw new WearoutError("USAGE", `${name}: found "${text}", expected ${expected}`);
}

/** `1s`, `10 min`; undefined for anything else. */
export function durationMs(text: string): number | undefined {
  const quantity = parseQuantity(text.trim());
  return quantity?.dimension === "time" && !quantity.perSecond ? quantity.value : undefined;
}

/** `2026-01-31` or `2026-01-31T12:00`, UTC unless it says otherwise. */
export function wallTime(text: string): EpochMs | undefined {
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return undefined;
  const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(text) || !text.includes("T") ? text : `${text}Z`;
  const wall = Date.parse(zoned);
  return Number.isNaN(wall) ? undefined : wall;
}
