/** What limits are looked at with, and where a reading lies then. */
import type { Setpoints } from "../base/setpoint.js";

/** A time on the clock of whoever looks: the guard has the machine's, a run its own. */
export type LookMs = number;

/** A sample and what it is to be seen with: the same for every limit of one cycle. */
export type Look = {
  /** When the sample was taken. */
  at: LookMs;
  values: ArrayLike<number>;
  quality: ArrayLike<number>;
  /** When a column was last good; NaN: never. */
  goodAt: (column: number) => LookMs;
  /** Since when masks after the start and ages count; NaN: not started. */
  startedAt: LookMs;
  /** When the step of the profile began; minus infinity where there are no steps. */
  stepAt: LookMs;
  ramping: boolean;
  /** Silence says nothing: nothing was started yet, or the rig is at rest and sensors may be switched off. */
  mayBeSilent: boolean;
  /** What was learnt of a column, by the name of the baseline; NaN: not yet, or nobody learns. */
  baseline: (name: string, column: number) => number;
  /** Setpoints commanded now, by the places of their order. */
  setpoints: Setpoints;
};

export const unknown = 0;
export const within = 1;
export const between = 2;
export const beyond = 3;
/** Where a reading lies: no evidence, safely inside, in the hysteresis band, over the limit. */
export type Side = typeof unknown | typeof within | typeof between | typeof beyond;

/** A sentence in the languages of the house. */
export type Words = { en: string; zh: string };
