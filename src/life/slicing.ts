/**
 * Lives under one location, on an axis of their own: ln(t - location) from the first failure on, in units
 * in which the data are 1 wide. So nothing is lost however near or far the location lies: far away the
 * axis becomes that of time, and the Weibull the smallest extreme value of time itself.
 */
import type { LifeRow } from "./data.js";

export type Slicing = {
  location: number;
  /** ln of time for 1 on the axis. */
  unit: number;
  place(time: number): number;
  /** ln of the time at a place; -Infinity for one before 0. */
  logTime(place: number): number;
  /** ln of time from the location to a place. */
  logScale(place: number): number;
};

/** `gap`: from the location to `first`; `width`: from `first` to the last time. */
export function slicingAt(first: number, gap: number, width: number): Slicing {
  const unit = Math.log1p(width / gap);
  return {
    location: first - gap,
    unit,
    place: (time) => Math.log1p((time - first) / gap) / unit,
    logTime: (place) => Math.log(Math.max(0, first + gap * Math.expm1(unit * place))),
    logScale: (place) => Math.log(gap) + unit * place,
  };
}

/**
 * The lives as exp(place), and what their log-likelihood lacks to be that of time. Who was taken off up to
 * the location says nothing, and who failed after a look before it failed before the second.
 */
export function liveUnder(rows: readonly LifeRow[], { location, unit, place }: Slicing) {
  let density = 0;
  const at = (time: number) => Math.exp(place(time));
  const lives = rows.flatMap((row): LifeRow[] => {
    const { time, timeHigh = time } = row;
    const early = time <= location;
    if (row.kind === "right" && early) return [];
    if (row.kind === "exact" || (row.kind === "interval" && time === timeHigh)) {
      density += row.count * (place(time) - Math.log(unit) - Math.log(time - location));
    }
    const { timeHigh: _, entry = Number.NaN, ...rest } = row;
    const watched = entry > location ? { entry: at(entry) } : {};
    if (row.kind !== "interval") return [{ ...rest, ...watched, time: at(time) }];
    if (early) return [{ ...rest, ...watched, kind: "left", time: at(timeHigh) }];
    return [{ ...rest, ...watched, time: at(time), timeHigh: at(timeHigh) }];
  });
  return { lives, density };
}
