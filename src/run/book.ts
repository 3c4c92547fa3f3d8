import type { ElapsedMs } from "../base/clock.js";
import { good, type Sample } from "../base/sample.js";
import { bookSlice, type ExposureSlice } from "../profile/exposure.js";
import type { NextState, RunContext, StationContext } from "./state.js";
import { isRampingDown, isRampingUp, type PackmlState } from "./states.js";

/** The part of a draft that books. */
type Draft = { readonly context: RunContext; readonly s: NextState };

/** A stretch without samples longer than this many cycles is a gap: nobody knows what happened in it. */
const gapCycles = 3;

/** Time goes on in the state the run is in; it waits to be booked until a sample says what it was. */
export function passTime({ s }: Draft, at: ElapsedMs): void {
  const dtMs = at - s.at;
  if (dtMs <= 0) return;
  s.at = at;
  if (s.packml === "Execute") {
    s.executedMs += dtMs;
    s.unspentMs += dtMs;
  } else if (mayTurn(s.packml)) s.turnedMs += dtMs;
}

/** Design, section 7. Held and Suspended count too: the shaft runs out, or does not obey. */
function mayTurn(packml: PackmlState): boolean {
  if (packml === "Aborting" || packml === "Aborted") return true;
  return (
    isRampingDown(packml) || isRampingUp(packml) || packml === "Held" || packml === "Suspended"
  );
}

/**
 * Books the time since the last sample as exposure. The speed of the slice is the mean of its two ends;
 * without a good reading the least is nothing and the most is what the rig could have done.
 */
export function bookExposure(d: Draft, sample: Sample): void {
  const { context, s } = d;
  const { speedColumn, powerColumn } = context;
  const known = sample.quality[speedColumn] === good;
  const speed = known ? Math.abs(sample.values[speedColumn]!) : Number.NaN;
  const isGap = s.executedMs + s.turnedMs > gapCycles * context.cycleMs;
  const powerKnown = powerColumn >= 0 && sample.quality[powerColumn] === good;
  s.lastPowerW = powerKnown ? sample.values[powerColumn]! : Number.NaN;
  const slice: Slice = {
    atStress: isGap ? undefined : isAtStress(d, sample),
    speedRpm: isGap ? Number.NaN : (speed + s.lastSpeedRpm) / 2,
    speedMaxRpm: fastest(d),
    powerW: isGap ? Number.NaN : s.lastPowerW,
  };
  bookWaiting(d, slice, sample);
  if (known) s.lastSpeedRpm = speed;
  s.isAtRest = s.isSafe;
}

/**
 * What nobody has seen turned no faster than the rig can; with confirmed safe values, no faster than it was
 * last seen.
 */
function fastest({ context, s }: Draft): number {
  const isKnown = s.isAtRest && !Number.isNaN(s.lastSpeedRpm);
  return isKnown ? s.lastSpeedRpm : context.speedCeilingRpm;
}

/** The end of the run comes without a sample: what was not looked at is booked as not known. */
export function bookRest(d: Draft): void {
  const { context, s } = d;
  const unknown = { atStress: undefined, speedRpm: Number.NaN, speedMaxRpm: fastest(d) };
  if (s.isAtRest) {
    // At rest nothing takes more than it was last seen to take.
    const powerMaxW = Number.isNaN(s.lastPowerW) ? context.powerCeilingW : s.lastPowerW;
    return void bookWaiting(d, { ...unknown, powerW: Number.NaN, powerMaxW }, undefined);
  }
  // The power a moment ago is near enough; unknown, the energy would have no bound in any run.
  bookWaiting(d, { ...unknown, powerW: s.lastPowerW }, undefined);
}

/**
 * The controller was away: at least nothing happened, at most what the rig could have done all the time.
 * Null: nobody knows how long that was, so there is no bound.
 */
export function bookOutage(d: Draft, lengthMs: number | null): void {
  const { s } = d;
  bookRest(d);
  const speedMaxRpm = lengthMs === null ? Number.NaN : fastest(d);
  const slice = { atStress: undefined, speedRpm: Number.NaN, speedMaxRpm, powerW: Number.NaN };
  const executing = s.packml === "Execute" ? undefined : false;
  bookAll(d, slice, lengthMs ?? Number.POSITIVE_INFINITY, executing, undefined);
}

type Slice = Pick<ExposureSlice, "atStress" | "speedRpm" | "speedMaxRpm" | "powerW"> & {
  powerMaxW?: number;
};

function bookWaiting(d: Draft, slice: Slice, sample: Sample | undefined): void {
  const { s } = d;
  if (s.executedMs > 0) bookAll(d, slice, s.executedMs, true, sample);
  if (s.turnedMs > 0) bookAll(d, slice, s.turnedMs, false, sample);
  s.executedMs = 0;
  s.turnedMs = 0;
}

function bookAll(
  d: Draft,
  known: Slice,
  dtMs: number,
  executing: boolean | undefined,
  sample: Sample | undefined,
): void {
  const { context, s } = d;
  // Written out: built from spreads, this object and the stations' cost more than all their booking.
  const slice: ExposureSlice = {
    dtMs,
    executing,
    atStress: known.atStress,
    mayTurn: true,
    speedRpm: known.speedRpm,
    speedMaxRpm: known.speedMaxRpm,
    loadCyclesPerTurn: context.cyclesPerTurn,
    damagePerMs: 0,
    damageMaxPerMs: 0,
    powerW: known.powerW,
    powerMaxW: known.powerMaxW ?? context.powerCeilingW,
  };
  s.stations = s.stations.map((state, i) => {
    if (state.outcome !== "running") return state;
    setDamage(slice, context.stations[i]!, sample);
    const { outcome, mode, cause, endedAt } = state;
    return { outcome, mode, cause, endedAt, book: bookSlice(state.book, slice) };
  });
  slice.damagePerMs = 0;
  slice.damageMaxPerMs = 0;
  s.book = bookSlice(s.book, slice);
}

/** Damage belongs to a specimen; the book of the rig as a whole has none. */
function setDamage(
  slice: ExposureSlice,
  { loadColumn, loadCeiling, damageRate }: StationContext,
  sample: Sample | undefined,
): void {
  const { speedRpm, speedMaxRpm } = slice;
  const loadKnown = sample?.quality[loadColumn] === good;
  const load = loadKnown ? Math.abs(sample.values[loadColumn]!) : Number.NaN;
  slice.damagePerMs = damageRate(speedRpm, load);
  if (!Number.isNaN(slice.damagePerMs)) return;
  const most = Number.isNaN(speedRpm) ? speedMaxRpm : speedRpm;
  slice.damageMaxPerMs = damageRate(most, loadKnown ? load : loadCeiling);
}

/**
 * Is every role named in the rig's `atStress` as near its setpoint as it says? Undefined when one was
 * not read and no other says no.
 */
function isAtStress(d: Draft, sample: Sample): boolean | undefined {
  let known = true;
  for (const { column, setpoint, share } of d.context.atStress) {
    const wanted = d.s.setpoints[setpoint]!;
    if (wanted === 0) return false;
    if (sample.quality[column] !== good) known = false;
    else if (Math.abs(sample.values[column]! - wanted) > share * Math.abs(wanted)) return false;
  }
  return known ? true : undefined;
}
