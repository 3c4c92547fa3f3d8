import type { EpochMs } from "../base/clock.js";

/** [at least, at most] in the unit of its counter; Infinity where no bound is known. */
export type Span = readonly [number, number];

/** What one run, or several, tell of one specimen's life. */
export type SpecimenLife = {
  run: string;
  startedWall: EpochMs;
  simulated: boolean;
  specimen: string;
  lot: string;
  group: string;
  failed: boolean;
  mode: string;
  life: Span;
  interruptions: number;
  /** How often it was taken off its rig and mounted again, as far as a record says so. */
  remounts: number;
  /** Withdrawn while suspect: a censoring that is not independent of the life. */
  informative: boolean;
  /** Means over the time on test, by column title; what was not measured is missing. */
  stress: Readonly<Record<string, number>>;
  /** Every counter with a bound, by column title. */
  exposure: Readonly<Record<string, Span>>;
};
