/** What the readings say of the time since the last sample: lowest and highest of speed, loads and power. Pure. */
import { good, type RunSample } from "../base/sample.js";
import { setpointAt } from "../base/setpoint.js";
import type { ExposureSlice } from "../profile/exposure.js";
import type { NextState, RunContext, StationContext } from "./state.js";

/** The part of a draft that books. */
export type Booking = { readonly context: RunContext; readonly s: NextState };

/** Lowest and highest that a quantity was in a stretch of time; both NaN where nobody knows. */
export type Range = { low: number; high: number };

const unknown: Range = { low: Number.NaN, high: Number.NaN };

/** What is known of a stretch of time; loads by station. */
export type Slice = Pick<
  ExposureSlice,
  "speedLowRpm" | "speedHighRpm" | "powerLowW" | "powerHighW"
> & { atStress: boolean | undefined; loads: readonly Range[] };

/** What was so since the last sample. */
export function sliceOf(d: Booking, sample: RunSample): Slice {
  const { context } = d;
  const ranges = rangesOf(d, sample);
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

/**
 * The range of each booked column since the last sample: from the lowest to the highest of its three
 * readings, of what one step of its register may hide, and of the setpoints that were replaced before they
 * could be seen to have been reached.
 */
function rangesOf({ context, s }: Booking, sample: RunSample): Range[] {
  return context.booked.map(({ column, resolution }, k) => {
    const last = s.seen.last[k]!;
    if (sample.quality[column] !== good) return unknown;
    // A shaft that was never looked at may have done anything; what loads it is taken for what it is now.
    if (Number.isNaN(last) && column === context.speedColumn) return unknown;
    const value = sample.values[column]!;
    const range = { low: value, high: value };
    widen(range, last);
    widen(range, s.seen.before[k]!);
    if (s.replaced !== null) widen(range, s.replaced[k]!);
    if (s.replacedBefore !== null) widen(range, s.replacedBefore[k]!);
    range.low -= resolution;
    range.high += resolution;
    return range;
  });
}

function widen(range: Range, value: number): void {
  if (Number.isNaN(value)) return;
  range.low = Math.min(range.low, value);
  range.high = Math.max(range.high, value);
}

/** Without its sign: the lowest and highest size. */
function sizeOf({ low, high }: Range): Range {
  const most = Math.max(Math.abs(low), Math.abs(high));
  if (low <= 0 && high >= 0) return { low: 0, high: most };
  return { low: Math.min(Math.abs(low), Math.abs(high)), high: most };
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
export function gapOf(d: Booking): Slice {
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
function fastest({ context, s }: Booking): number {
  const last = lastSeen(context, s);
  return s.isAtRest && !Number.isNaN(last) ? last : context.speedCeilingRpm;
}

/** The most that the last two readings say of the speed since the last sample; NaN where there is none. */
export function lastSeen({ booked, speedBooked }: RunContext, { seen }: NextState): number {
  const last = Math.abs(seen.last[speedBooked]!);
  const before = Math.abs(seen.before[speedBooked]!);
  const most = Number.isNaN(before) ? last : Math.max(before, last);
  return most + booked[speedBooked]!.resolution;
}

/**
 * Was every role named in the rig's `atStress` as near its setpoint as it says, all the time since the last
 * sample? Undefined when one may have been and may not have been, and no other says no.
 */
function isAtStress({ context, s }: Booking, ranges: readonly Range[]): boolean | undefined {
  const asked = [s.former, s.commanded];
  let known = true;
  for (const { booked, setpoint, share } of context.atStress) {
    const near = asked.map((setpoints) =>
      isNear(ranges[booked]!, setpointAt(setpoints, setpoint), share),
    );
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
