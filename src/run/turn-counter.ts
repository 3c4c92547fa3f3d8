/**
 * What a counter of turns says of the time between samples, beside speed times time. Pure.
 *
 * A reading comes some time after its sample began and before the next one does. So at the beginning of a sample
 * the shaft has turned at least as far as the reading before it showed, and at most as far as its own reading
 * shows. Told from one moment on, the counted turns stay as uncertain as at first, however long it goes on.
 */
import type { RunMs } from "../base/clock.js";
import { formatDuration, formatNumber } from "../base/quantity.js";
import type { Range } from "./slice.js";

/** A column that counts; in turns. */
export type TurnCounter = {
  column: number;
  turnsPerUnit: number;
  /** What one step of its register hides. */
  stepTurns: number;
  /** After so many turns it begins again at its lowest value; infinite: never. */
  wrapTurns: number;
};

/** Both sources since one moment at which the shaft's way was bounded by two readings. */
export type Since = {
  /** Turns that each book had then: the run's, then each station's. */
  from: readonly Range[];
  /** Counted up to the last reading, and in the cycle before the moment. */
  turns: number;
  leadTurns: number;
  bySpeed: Range;
  /** What both together leave. */
  booked: Range;
};

export type Counted = {
  /** The last good reading in turns, and when its sample began; NaN before the first. */
  last: number;
  lastAt: RunMs;
  /** All that was booked since then was in Execute. */
  isOnTest: boolean;
  /** Null until two readings in a row bound where the shaft is. */
  since: Since | null;
  /** Counter and speed contradicted each other, and that was told. */
  isDisputed: boolean;
  /** How often nobody could say what was counted, and at how many that is told next. */
  losses: number;
  tellLossAt: number;
};

export function nothingCounted(): Counted {
  const none = { last: Number.NaN, lastAt: Number.NaN, isOnTest: true, since: null };
  return { ...none, isDisputed: false, losses: 0, tellLossAt: 1 };
}

/** Turns between two readings, or why nobody can say; without a sentence it is not worth one. */
export type Difference = { turns: number } | { turns: undefined; lost: string | undefined };

/**
 * The difference modulo the wrap, where at the fastest that the shaft can be in this time no second wrap could hide
 * in it, and the counter cannot have begun anew at zero.
 */
export function difference(
  { wrapTurns, stepTurns }: TurnCounter,
  past: Pick<Counted, "last" | "lastAt">,
  now: { reading: number; at: RunMs },
  bounds: { fastestRpm: number; gapMs: number },
): Difference {
  const forward = now.reading - past.last;
  const turns = forward < 0 ? forward + wrapTurns : forward;
  const ms = now.at - past.lastAt;
  const mostTurns = (bounds.fastestRpm * (ms + bounds.gapMs)) / 60_000 + stepTurns;
  if (Number.isNaN(mostTurns)) return { turns: undefined, lost: undefined };
  if (turns > mostTurns) {
    const way = `from ${formatNumber(past.last)} to ${formatNumber(now.reading)} turns`;
    const lost = `the counter went ${way} in ${formatDuration(ms)}: it was reset, or jumped`;
    return { turns: undefined, lost };
  }
  const unread = `the counter was not read for ${formatDuration(ms)}`;
  if (turns + wrapTurns <= mostTurns) {
    return { turns: undefined, lost: `${unread} and may have come round more than once` };
  }
  if (now.reading >= 0 && now.reading <= mostTurns) {
    const lost = ms > bounds.gapMs ? `${unread} and may have begun anew at zero` : undefined;
    return { turns: undefined, lost };
  }
  return { turns };
}

/** A moment from which both sources are told; `leadTurns` were counted in the cycle before it. */
export function startCount(from: readonly Range[], leadTurns: number): Since {
  const none = { low: 0, high: 0 };
  return { from, turns: 0, leadTurns, bySpeed: none, booked: none };
}

/** Time goes on by what the speed says of it. */
export function addSpeed(since: Since, turns: Range): Since {
  const bySpeed = sum(since.bySpeed, turns);
  return { ...since, bySpeed, booked: sum(since.booked, turns) };
}

/** At least and at most that the counter says of the turns since the moment, `turns` after its last reading. */
export function byCounter(since: Since, { stepTurns }: TurnCounter, turns: number): Range {
  return {
    low: Math.max(0, since.turns - stepTurns),
    high: since.turns + turns + stepTurns + since.leadTurns,
  };
}

/** What both sources leave; where they leave nothing, all that either says. */
export function combine(since: Since, counted: Range): { booked: Range; isDisputed: boolean } {
  const { booked, bySpeed } = since;
  const low = Math.max(booked.low, counted.low);
  const high = Math.min(booked.high, counted.high);
  if (low <= high) return { booked: { low, high }, isDisputed: false };
  const hull = {
    low: Math.min(bySpeed.low, counted.low),
    high: Math.max(bySpeed.high, counted.high),
  };
  return { booked: hull, isDisputed: true };
}

/** A counter that stands still must be noticed soon: so many times what it leaves open, then it is told anew. */
const longestCount = 10_000;

export function isLong(since: Since, { low, high }: Range): boolean {
  return since.turns >= longestCount * (high - low);
}

export function sum(a: Range, b: Range): Range {
  return { low: a.low + b.low, high: a.high + b.high };
}
