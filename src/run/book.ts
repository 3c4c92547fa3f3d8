import { good, type Sample } from "../base/sample.js";
import { bookSlice, type ExposureSlice } from "../profile/exposure.js";
import type { Draft } from "./draft.js";
import type { StationContext } from "./state.js";
import { isRampingDown, isRampingUp } from "./states.js";

/**
 * Books the time since the last sample as exposure, by the state the run was in meanwhile (design,
 * section 7). The speed of the slice is the mean of its two ends; without a good reading the least is
 * nothing and the most is what the rig could have done.
 */
export function bookExposure(d: Draft, sample: Sample, dtMs: number): void {
  const known = sample.quality[d.context.speedColumn] === good;
  const speed = known ? Math.abs(sample.values[d.context.speedColumn]!) : Number.NaN;
  if (dtMs > 0) bookAll(d, sample, dtMs, known ? (speed + d.s.lastSpeedRpm) / 2 : Number.NaN);
  if (known) d.s.lastSpeedRpm = speed;
}

function bookAll(d: Draft, sample: Sample, dtMs: number, speedRpm: number): void {
  const { context, s } = d;
  const { packml } = s;
  const executing = packml === "Execute";
  const mayTurn =
    executing || isRampingDown(packml) || isRampingUp(packml) || packml === "Aborting";
  if (!mayTurn) return;
  const slice: ExposureSlice = {
    dtMs,
    executing,
    atStress: executing && isAtStress(d, sample),
    mayTurn,
    speedRpm,
    speedMaxRpm: context.speedCeilingRpm,
    loadCyclesPerTurn: context.cyclesPerTurn,
    damagePerMs: 0,
    damageMaxPerMs: 0,
    powerW: powerOf(d, sample),
  };
  s.stations = s.stations.map((state, i) => {
    if (state.outcome !== "running") return state;
    setDamage(slice, context.stations[i]!, sample, speedRpm, context.speedCeilingRpm);
    return { ...state, book: bookSlice(state.book, slice) };
  });
  slice.damagePerMs = 0;
  slice.damageMaxPerMs = 0;
  s.book = bookSlice(s.book, slice);
}

/** Damage belongs to a specimen; the book of the rig as a whole has none. */
function setDamage(
  slice: ExposureSlice,
  station: StationContext,
  sample: Sample,
  speedRpm: number,
  speedMaxRpm: number,
): void {
  const loadKnown = sample.quality[station.loadColumn] === good;
  const load = loadKnown ? Math.abs(sample.values[station.loadColumn]!) : Number.NaN;
  slice.damagePerMs = station.damageRate(speedRpm, load);
  slice.damageMaxPerMs = Number.isNaN(slice.damagePerMs)
    ? station.damageRate(
        Number.isNaN(speedRpm) ? speedMaxRpm : speedRpm,
        loadKnown ? load : station.loadCeiling,
      )
    : slice.damagePerMs;
}

/** Every role named in the rig's `atStress` is as near its setpoint as it says. */
function isAtStress(d: Draft, sample: Sample): boolean {
  for (const { column, setpoint, share } of d.context.atStress) {
    const wanted = d.s.setpoints[setpoint]!;
    if (wanted === 0 || sample.quality[column] !== good) return false;
    if (Math.abs(sample.values[column]! - wanted) > share * Math.abs(wanted)) return false;
  }
  return true;
}

function powerOf(d: Draft, sample: Sample): number {
  const column = d.context.powerColumn;
  return column >= 0 && sample.quality[column] === good ? sample.values[column]! : Number.NaN;
}
