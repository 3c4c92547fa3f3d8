import type { ElapsedMs, EpochMs, RunMs } from "./clock.js";
import type { Dimension } from "./quantity.js";

/**
 * How far a value may be trusted. `held` repeats an older value, `sentinel` is the device's own "no
 * value", `bad` failed in transport, decoding or by the device's quality bit, `never` was not read yet;
 * of `stale` something came that may be the answer to another question.
 */
export const qualities = ["good", "held", "sentinel", "bad", "never", "stale"] as const;
export type Quality = (typeof qualities)[number];

/** Quality as stored in a sample: the index in `qualities`. */
export const good = 0;
export const held = 1;
export const sentinel = 2;
export const bad = 3;
export const never = 4;
export const stale = 5;

/**
 * What the record keeps of a column: every so many samples, a sample that differs by more than `change`
 * (canonical unit) from the last one kept, or least, mean and most of every interval.
 */
export type Keep = { every: number } | { change: number } | { intervalMs: number };

/** What one place of a sample means. Values are in the canonical unit of the dimension. */
export type Column = {
  /** `speed`, or `s1.housing-temperature` for a station's role. */
  name: string;
  role: string;
  station?: string;
  dimension: Dimension;
  /** Unit the rig's author chose to show it in. */
  unit: string;
  /** Where it shows a point whose values have words: those of its enum, or the names of its bits. */
  words?: { enum?: Readonly<Record<string, number>>; bits?: Readonly<Record<string, number>> };
  /** Without it the record keeps every sample. */
  keep?: Keep;
};

/**
 * All readings of one cycle in column order, frozen: nobody writes into it after the rig made it.
 * A value that is not good is NaN unless its quality is `held`.
 */
export type Sample = Readings & { /** When the cycle began. */ at: ElapsedMs };

/** A sample as a run has it: of its own number and time. */
export type RunSample = Readings & { /** When the cycle began, on the run's clock. */ at: RunMs };

export type Readings = {
  cycle: number;
  wall: EpochMs;
  values: Float64Array;
  quality: Uint8Array;
};
