import type { ElapsedMs, EpochMs } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import { parseQuantity } from "../base/quantity.js";
import { Scratch } from "../record/batch.js";
import type { RecordReader } from "../record/reader-port.js";
import { lastMoment } from "../record/series.js";

export const fromHelp =
  'from "90 min" after the start, "-10 min" before the end, or a date as "2026-01-31 12:00" (UTC, or with +08:00)';

/**
 * A moment of a run, in ms on its clock: a time since its start (`90 min`), before its end (`-10 min`), or
 * a date with time (`2026-01-01 12:00`, UTC unless it says a zone), by the wall time that the samples bear.
 * Where the clock was set back a time is there twice: `--from` takes the first, `--to` the last. Throws `USAGE`.
 */
export function runTime(name: "--from" | "--to", text: string, reader: RecordReader): ElapsedMs {
  const fromEnd = text.startsWith("-");
  const duration = durationMs(fromEnd ? text.slice(1) : text);
  if (duration !== undefined) return fromEnd ? lastMoment(reader) - duration : duration;
  const wall = wallTime(text);
  if (wall !== undefined) return name === "--from" ? firstAt(wall, reader) : lastAt(wall, reader);
  const expected = `a time since the start as "90 min", before the end as "-10 min", or a date as "2026-01-31 12:00" (UTC) or 2026-01-31T12:00+08:00`;
  throw new WearoutError("USAGE", `${name}: found "${text}", expected ${expected}`);
}

/** Of the first sample at which the wall clock showed this or later. */
function firstAt(wall: EpochMs, reader: RecordReader): ElapsedMs {
  for (const batch of reader.batches(undefined, undefined, new Scratch())) {
    const i = batch.wall.findIndex((shown) => shown >= wall);
    if (i >= 0) return batch.at[i]!;
  }
  return Number.POSITIVE_INFINITY;
}

/** Of the last sample at which it showed this or earlier. */
function lastAt(wall: EpochMs, reader: RecordReader): ElapsedMs {
  let last = Number.NEGATIVE_INFINITY;
  for (const batch of reader.batches(undefined, undefined, new Scratch())) {
    const i = batch.wall.findLastIndex((shown) => shown <= wall);
    if (i >= 0) last = batch.at[i]!;
  }
  return last;
}

/** `1s`, `10 min`; undefined for anything else. */
export function durationMs(text: string): number | undefined {
  const quantity = parseQuantity(text.trim());
  return quantity?.dimension === "time" && !quantity.perSecond ? quantity.value : undefined;
}

const written =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ]+(\d\d):(\d\d)(?::(\d\d(?:\.\d{1,3})?))?)?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i;

/** `2026-01-31`, `2026-01-31 12:00`, `2026-01-31T12:00:30+08:00`: UTC unless it says otherwise. */
export function wallTime(text: string): EpochMs | undefined {
  const [, ...parts] = written.exec(text.trim()) ?? [];
  const zone = parts[6] ?? "Z";
  const [year, month, day, hour = 0, minute = 0, second = 0] = parts
    .slice(0, 6)
    .map((part) => (part === undefined ? undefined : Number(part)));
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const wall = Date.UTC(year, month - 1, day, hour, minute, 0, Math.round(second * 1000));
  const found = new Date(Date.UTC(year, month - 1, day));
  const isDay = found.getUTCMonth() === month - 1 && found.getUTCDate() === day;
  const isTime = hour < 24 && minute < 60 && second < 60;
  return isDay && isTime ? wall - zoneMs(zone) : undefined;
}

/** `+08:00`, `-0530`, `+08`; what is no number is UTC. */
function zoneMs(zone: string): number {
  const [, sign, hours, minutes = "0"] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  if (hours === undefined) return 0;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
