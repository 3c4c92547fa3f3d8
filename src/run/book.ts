import type { RunMs } from "../base/clock.js";
import { good, type RunSample } from "../base/sample.js";
import { bookSlice, type Counts, type ExposureSlice, leastTurns } from "../profile/exposure.js";
import { countsIn, countsUnseen } from "./counter-table.js";
import { seenWith } from "./seen.js";
import { type Booking, gapOf, lastSeen, type Range, type Slice, sliceOf } from "./slice.js";

/** Time goes on in the state the run is in; it waits to be booked until a sample says what it was. */
export function passTime({ context, s }: Booking, at: RunMs): void {
  const dtMs = at - s.at;
  if (dtMs <= 0) return;
  s.at = at;
  const { startsTurning } = context;
  const [time, , turns] = countsIn(s.packml, { atStress: undefined, startsTurning });
  if (time === true) s.executedMs += dtMs;
  else if (turns === true) s.turnedMs += dtMs;
}

/** What speed times time says of the turns since the last sample, and how much of that time was booked. */
export type BySpeed = { turns: Range; highRpm: number; bookedMs: number; executedMs: number };

/**
 * Books the time since the last sample as exposure, between the lowest and the highest that its readings
 * allow; without a good reading the least is nothing and the most is what the rig could have done.
 */
export function bookExposure(d: Booking, sample: RunSample): BySpeed {
  const { context, s } = d;
  const { executedMs } = s;
  const bookedMs = executedMs + s.turnedMs;
  const slice = bookedMs > context.gapMs ? gapOf(d) : sliceOf(d, sample);
  bookWaiting(d, slice);
  look(d, sample);
  const { speedLowRpm: lowRpm, speedHighRpm: highRpm } = slice;
  const minutes = bookedMs / 60_000;
  const high = Number.isNaN(highRpm) ? Number.POSITIVE_INFINITY : highRpm * minutes;
  return { turns: { low: lowRpm * minutes, high }, highRpm, bookedMs, executedMs };
}

/** What this sample is for the next one. */
function look({ context, s }: Booking, sample: RunSample): void {
  const { speedColumn, powerColumn } = context;
  if (sample.quality[speedColumn] === good) s.lastSpeedRpm = Math.abs(sample.values[speedColumn]!);
  const isPowerKnown = powerColumn >= 0 && sample.quality[powerColumn] === good;
  s.lastPowerW = isPowerKnown ? Math.abs(sample.values[powerColumn]!) : Number.NaN;
  s.seen = seenWith(context, s.seen, sample);
  s.replacedBefore = s.replaced;
  s.replaced = null;
  s.isAtRest = s.isSafe;
}

/** The end of the run comes without a sample: what was not looked at is booked as not known. */
export function bookRest(d: Booking): void {
  const { context, s } = d;
  const gap = gapOf(d);
  const { lastPowerW } = s;
  if (Number.isNaN(lastPowerW)) return void bookWaiting(d, gap);
  // At rest nothing takes more than it was last seen to take; else the power a moment ago is near enough,
  // where nothing else bounds it.
  const most = s.isAtRest || Number.isNaN(context.powerCeilingW) ? lastPowerW : gap.powerHighW;
  bookWaiting(d, { ...gap, powerHighW: most });
}

/** Nobody waits longer than this for a shaft that runs out (`rest.ts`). */
const longestRunOutMs = 30_000;

/**
 * A run ends when its shaft is slow, not when it stands. At most it was as fast as it was last seen until it
 * was read, and runs out as it was seen to slow down, in a straight line or ever more slowly.
 */
export function bookRunOut(d: Booking): void {
  const { context, s } = d;
  const before = Math.abs(s.seen.before[context.speedBooked]!);
  const last = Math.abs(s.seen.last[context.speedBooked]!);
  if (Number.isNaN(s.executeSince) || Number.isNaN(last)) return;
  if (last === 0 && !(before > 0)) return;
  const powerHighW = Number.isNaN(s.lastPowerW) ? 0 : s.lastPowerW;
  const slice = { ...gapOf(d), powerHighW };
  bookAll(d, { ...slice, speedHighRpm: lastSeen(context, s) }, s.sliceMs, offTest);
  if (last === 0) return;
  const ms = before > last ? (s.sliceMs * before) / (before - last) : longestRunOutMs;
  bookAll(d, { ...slice, speedHighRpm: last }, Math.min(ms, longestRunOutMs), offTest);
}

/**
 * The run was away: at least nothing happened, at most what the rig could have done all the time, or what was seen of it
 * (`speedAtMostRpm`, an average). Null: nobody knows how long that was, so there is no bound.
 */
export function bookOutage(
  d: Booking,
  lengthMs: number | null,
  speedAtMostRpm = Number.POSITIVE_INFINITY,
): void {
  const { s } = d;
  bookRest(d);
  const gap = gapOf(d);
  const speedHighRpm = lengthMs === null ? Number.NaN : Math.min(gap.speedHighRpm, speedAtMostRpm);
  const slice = { ...gap, speedHighRpm };
  bookAll(d, slice, lengthMs ?? Number.POSITIVE_INFINITY, countsUnseen(s.packml));
}

/** What is booked of Execute is what the step has to spend. */
function bookWaiting(d: Booking, slice: Slice): void {
  const { s } = d;
  const { startsTurning } = d.context;
  const known = { atStress: slice.atStress, startsTurning };
  if (s.executedMs > 0) {
    const before = leastTurns(s.book);
    bookAll(d, slice, s.executedMs, countsIn("Execute", known));
    s.unspentMs += s.executedMs;
    s.unspentTurns += leastTurns(s.book) - before;
  }
  if (s.turnedMs > 0) bookAll(d, slice, s.turnedMs, offTest);
  s.executedMs = 0;
  s.turnedMs = 0;
}

/** In all states that are not Execute, what may turn counts the same. */
const offTest = countsIn("Stopping", { atStress: false, startsTurning: false });

function bookAll(d: Booking, known: Slice, dtMs: number, counts: Counts): void {
  const { context, s } = d;
  // Written out: built from spreads, this object and the stations' cost more than all their booking.
  const slice: ExposureSlice = {
    dtMs,
    counts,
    speedLowRpm: known.speedLowRpm,
    speedHighRpm: known.speedHighRpm,
    loadCyclesPerTurn: context.cyclesPerTurn,
    damageLowPerMs: 0,
    damageHighPerMs: 0,
    powerLowW: known.powerLowW,
    powerHighW: known.powerHighW,
  };
  s.stations = s.stations.map((state, i) => {
    if (state.outcome !== "running") return state;
    const { damageRate } = context.stations[i]!;
    const load = known.loads[i]!;
    // More speed and more load never spend less of a rated life.
    slice.damageLowPerMs = damageRate(known.speedLowRpm, load.low);
    slice.damageHighPerMs = damageRate(known.speedHighRpm, load.high);
    const { outcome, mode, cause, endedAt } = state;
    return { outcome, mode, cause, endedAt, book: bookSlice(state.book, slice) };
  });
  // Damage belongs to a specimen; the book of the rig as a whole has none.
  slice.damageLowPerMs = 0;
  slice.damageHighPerMs = 0;
  s.book = bookSlice(s.book, slice);
}
