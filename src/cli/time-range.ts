import type { EpochMs, RunMs } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import { durationMs, wallTime } from "../base/moment.js";
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
export function runTime(name: "--from" | "--to", text: string, reader: RecordReader): RunMs {
  const fromEnd = text.startsWith("-");
  const duration = durationMs(fromEnd ? text.slice(1) : text);
  if (duration !== undefined) return fromEnd ? lastMoment(reader) - duration : duration;
  const wall = wallTime(text);
  if (wall !== undefined) return name === "--from" ? firstAt(wall, reader) : lastAt(wall, reader);
  const expected = `a time since the start as "90 min", before the end as "-10 min", or a date as "2026-01-31 12:00" (UTC) or 2026-01-31T12:00+08:00`;
  throw new WearoutError("USAGE", `${name}: found "${text}", expected ${expected}`);
}

/** Of the first sample at which the wall clock showed this or later. */
function firstAt(wall: EpochMs, reader: RecordReader): RunMs {
  for (const batch of reader.batches(undefined, undefined, new Scratch())) {
    const i = batch.wall.findIndex((shown) => shown >= wall);
    if (i >= 0) return batch.at[i]!;
  }
  return Number.POSITIVE_INFINITY;
}

/** Of the last sample at which it showed this or earlier. */
function lastAt(wall: EpochMs, reader: RecordReader): RunMs {
  let last = Number.NEGATIVE_INFINITY;
  for (const batch of reader.batches(undefined, undefined, new Scratch())) {
    const i = batch.wall.findLastIndex((shown) => shown <= wall);
    if (i >= 0) last = batch.at[i]!;
  }
  return last;
}
