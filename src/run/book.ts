import type { ElapsedMs } from "../base/clock.js";
import { good, type Sample } from "../base/sample.js";
import { bookSlice, type ExposureSlice } from "../profile/exposure.js";
import { type Range, rangesOf, seenWith, sizeOf } from "./seen.js";
import type { NextState, RunContext, StationContext } from "./state.js";
import { isRampingDown, isRampingUp, type PackmlState } from "./states.js";

/** The part of a draft that books. */
type Draft = { readonly context: RunContext; readonly s: NextState };

/** Time goes on in the state the run is in; it waits to be booked until a sample says what it was. */
export function passTime({ context, s }: Draft, at: ElapsedMs): void {
  const dtMs = at - s.at;
  if (dtMs <= 0) return;
  s.at = at;
  if (s.packml === "Execute") {
    s.executedMs += dtMs;
    s.unspentMs += dtMs;
  } else if (mayTurn(context, s.packml)) s.turnedMs += dtMs;
}

/** Design, section 7. Held and Suspended count too: the shaft runs out, or does not obey. */
function mayTurn({ startsTurning }: RunContext, packml: PackmlState): boolean {
  if (packml === "Aborting" || packml === "Aborted") return true;
  if (packml === "Starting") return startsTurning;
  return (
    isRampingDown(packml) || isRampingUp(packml) || packml === "Held" || packml === "Suspended"
  );
}

/**
 * Books the time since the last sample as exposure, between the lowest and the highest that its readings
 * allow; without a good reading the least is nothing and the most is what the rig could have done.
 */
export function bookExposure(d: Draft, sample: Sample): void {
  const { context, s } = d;
  const { speedColumn, powerColumn } = context;
  const ranges = rangesOf(context, s, sample);
  const isGap = s.executedMs + s.turnedMs > context.gapMs;
  bookWaiting(d, isGap ? gapOf(d) : sliceOf(d, ranges));
  if (sample.quality[speedColumn] === good) s.lastSpeedRpm = Math.abs(sample.values[speedColumn]!);
  const isPowerKnown = powerColumn >= 0 && sample.quality[powerColumn] === good;
  s.lastPowerW = isPowerKnown ? Math.abs(sample.values[powerColumn]!) : Number.NaN;
  s.seen = seenWith(context, s.seen, sample);
  s.replacedBefore = s.replaced;
  s.replaced = null;
  s.isAtRest = s.isSafe;
}

/** What is known of the time since the last sample; loads by station. */
type Slice = Omit<
  ExposureSlice,
  "dtMs" | "executing" | "mayTurn" | "loadCyclesPerTurn" | "damageLowPerMs" | "damageHighPerMs"
> & { loads: readonly Range[] };

function sliceOf(d: Draft, ranges: readonly Range[]): Slice {
  const { context } = d;
  const speed = ranges[context.speedBooked]!;
  const isKnown = !Number.isNaN(speed.low);
  const { low, high } = isKnown ? sizeOf(speed) : { low: 0, high: fastest(d) };
  const power = powerOf(context, ranges[context.powerBooked]);
  return {
    atStress: isAtStress(d, ranges),
    speedLowRpm: low,
    speedHighRpm: high,
    powerLowW: power.low,
    powerHighW: power.high,
    loads: context.stations.map((station) => loadOf(station, ranges[station.loadBooked]!)),
  };
}

/** Between two readings it may have peaked above both, by as much as they differ. */
function powerOf({ powerCeilingW }: RunContext, range: Range | undefined): Range {
  if (range === undefined || Number.isNaN(range.low)) return { low: 0, high: powerCeilingW };
  const { low, high } = sizeOf(range);
  return { low, high: high + (range.high - range.low) };
}

function loadOf({ loadCeiling }: StationContext, range: Range): Range {
  return Number.isNaN(range.low) ? { low: 0, high: loadCeiling } : sizeOf(range);
}

/** A stretch nobody looked at: at least nothing, at most what the rig could have done. */
function gapOf(d: Draft): Slice {
  const { context } = d;
  return {
    atStress: undefined,
    speedLowRpm: 0,
    speedHighRpm: fastest(d),
    powerLowW: 0,
    powerHighW: context.powerCeilingW,
    loads: context.stations.map(({ loadCeiling }) => ({ low: 0, high: loadCeiling })),
  };
}

/**
 * What nobody has seen turned no faster than the rig can; with confirmed safe values, no faster than it was
 * last seen.
 */
function fastest({ context, s }: Draft): number {
  const last = lastSeen(context, s);
  return s.isAtRest && !Number.isNaN(last) ? last : context.speedCeilingRpm;
}

/** The most that the last two readings say of the speed since the last sample; NaN where there is none. */
function lastSeen({ booked, speedBooked }: RunContext, { seen }: NextState): number {
  const last = Math.abs(seen.last[speedBooked]!);
  const before = Math.abs(seen.before[speedBooked]!);
  const most = Number.isNaN(before) ? last : Math.max(before, last);
  return most + booked[speedBooked]!.resolution;
}

/** The end of the run comes without a sample: what was not looked at is booked as not known. */
export function bookRest(d: Draft): void {
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
export function bookRunOut(d: Draft): void {
  const { context, s } = d;
  const before = Math.abs(s.seen.before[context.speedBooked]!);
  const last = Math.abs(s.seen.last[context.speedBooked]!);
  if (Number.isNaN(s.executeSince) || Number.isNaN(last)) return;
  if (last === 0 && !(before > 0)) return;
  const powerHighW = Number.isNaN(s.lastPowerW) ? 0 : s.lastPowerW;
  const slice = { ...gapOf(d), powerHighW };
  bookAll(d, { ...slice, speedHighRpm: lastSeen(context, s) }, s.sliceMs, false);
  if (last === 0) return;
  const ms = before > last ? (s.sliceMs * before) / (before - last) : longestRunOutMs;
  bookAll(d, { ...slice, speedHighRpm: last }, Math.min(ms, longestRunOutMs), false);
}

/**
 * The controller was away: at least nothing happened, at most what the rig could have done all the time.
 * Null: nobody knows how long that was, so there is no bound.
 */
export function bookOutage(d: Draft, lengthMs: number | null): void {
  const { s } = d;
  bookRest(d);
  const gap = gapOf(d);
  const slice = lengthMs === null ? { ...gap, speedHighRpm: Number.NaN } : gap;
  const executing = s.packml === "Execute" ? undefined : false;
  bookAll(d, slice, lengthMs ?? Number.POSITIVE_INFINITY, executing);
}

function bookWaiting(d: Draft, slice: Slice): void {
  const { s } = d;
  if (s.executedMs > 0) bookAll(d, slice, s.executedMs, true);
  if (s.turnedMs > 0) bookAll(d, slice, s.turnedMs, false);
  s.executedMs = 0;
  s.turnedMs = 0;
}

function bookAll(d: Draft, known: Slice, dtMs: number, executing: boolean | undefined): void {
  const { context, s } = d;
  // Written out: built from spreads, this object and the stations' cost more than all their booking.
  const slice: ExposureSlice = {
    dtMs,
    executing,
    atStress: known.atStress,
    mayTurn: true,
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

/**
 * Was every role named in the rig's `atStress` as near its setpoint as it says, all the time since the last
 * sample? Undefined when one may have been and may not have been, and no other says no.
 */
function isAtStress({ context, s }: Draft, ranges: readonly Range[]): boolean | undefined {
  const asked = [s.former, s.commanded];
  let known = true;
  for (const { booked, setpoint, share } of context.atStress) {
    const near = asked.map((setpoints) => isNear(ranges[booked]!, setpoints[setpoint]!, share));
    if (near.every((yes) => yes === false)) return false;
    if (!near.every((yes) => yes === true)) known = false;
  }
  return known ? true : undefined;
}

function isNear({ low, high }: Range, wanted: number, share: number): boolean | undefined {
  if (wanted === 0) return false;
  const width = share * Math.abs(wanted);
  if (low > wanted + width || high < wanted - width) return false;
  return low >= wanted - width && high <= wanted + width ? true : undefined;
}
