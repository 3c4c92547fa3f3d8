/** Where a reading lies against a band of values. */
import { good } from "../../base/sample.js";
import { between, beyond, type Look, type Side, unknown, within } from "../look.js";

/** The good value of a column; NaN is no evidence. */
export function readingOf({ values, quality }: Look, column: number): number {
  return quality[column] === good ? values[column]! : Number.NaN;
}

/** Inside `lo` to `hi` by the hysteresis, inside, or outside; a bound that is not there is infinite. */
export function sideOf(value: number, lo: number, hi: number, hysteresis: number): Side {
  if (Number.isNaN(value) || Number.isNaN(lo) || Number.isNaN(hi)) return unknown;
  if (value < lo || value > hi) return beyond;
  return value >= lo + hysteresis && value <= hi - hysteresis ? within : between;
}

/** A sample is worth a cycle. */
export function oneCycle(_plan: unknown, cycleMs: number): number {
  return cycleMs;
}

/** One until it is seen that it began, and one until its time is over. */
export function twoCycles(_plan: unknown, cycleMs: number): number {
  return 2 * cycleMs;
}
