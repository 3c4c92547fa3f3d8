/**
 * What the readings of a cycle say of the time between them. Pure.
 *
 * A sample tells when its cycle began; each of its values was read at some moment between that and the
 * beginning of the next cycle. So the time from one sample to the next lies between the reading before it
 * and the reading after it, and three readings bound it: the last two and the one that has just come.
 */
import { good, type Sample } from "../base/sample.js";
import { noPlace, type Setpoints, setpointAt } from "../base/setpoint.js";
import type { RunContext, RunState } from "./state.js";

/** The last two good readings of each column that is booked, in the order of `RunContext.booked`. */
export type Seen = { readonly last: readonly number[]; readonly before: readonly number[] };

/** Lowest and highest that a quantity was in a stretch of time; both NaN where nobody knows. */
export type Range = { low: number; high: number };

const unknown: Range = { low: Number.NaN, high: Number.NaN };

type Past = Pick<RunState, "seen" | "replaced" | "replacedBefore">;

/**
 * The range of each booked column since the last sample: from the lowest to the highest of its three
 * readings, of what one step of its register may hide, and of the setpoints that were replaced before they
 * could be seen to have been reached.
 */
export function rangesOf(context: RunContext, past: Past, sample: Sample): Range[] {
  return context.booked.map(({ column, resolution }, k) => {
    const last = past.seen.last[k]!;
    if (sample.quality[column] !== good) return unknown;
    // A shaft that was never looked at may have done anything; what loads it is taken for what it is now.
    if (Number.isNaN(last) && column === context.speedColumn) return unknown;
    const value = sample.values[column]!;
    const range = { low: value, high: value };
    widen(range, last);
    widen(range, past.seen.before[k]!);
    if (past.replaced !== null) widen(range, past.replaced[k]!);
    if (past.replacedBefore !== null) widen(range, past.replacedBefore[k]!);
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

/**
 * The setpoints `old` that are replaced before they could be seen to have been reached: between two readings
 * the quantity may have come as far as them and turned back. By booked column, NaN where that cannot be.
 */
export function overtaken(
  { booked }: RunContext,
  { seen, setpoints, replaced }: Pick<RunState, "seen" | "setpoints" | "replaced">,
  old: Setpoints,
): readonly number[] {
  return booked.map(({ setpoint }, k) => {
    const known = replaced?.[k] ?? Number.NaN;
    if (setpoint === noPlace) return known;
    const value = setpointAt(old, setpoint);
    const ends = [seen.last[k]!, setpointAt(setpoints, setpoint)];
    if (value >= Math.min(...ends) && value <= Math.max(...ends)) return known;
    return Math.abs(known) > Math.abs(value) ? known : value;
  });
}

/** The readings with those of this sample; what was not read well stays as it was last seen. */
export function seenWith(context: RunContext, { last, before }: Seen, sample: Sample): Seen {
  const isGood = context.booked.map(({ column }) => sample.quality[column] === good);
  return {
    last: last.map((old, k) => (isGood[k] ? sample.values[context.booked[k]!.column]! : old)),
    before: before.map((older, k) => (isGood[k] ? last[k]! : older)),
  };
}

/** Nothing is known of anything, as after an outage. */
export function nothingSeen(context: RunContext): Seen {
  const none = context.booked.map(() => Number.NaN);
  return { last: none, before: none };
}

/** Before the first sample: what an actuator commands is at its safe value, a shaft stands. */
export function seenAtFirst(context: RunContext): Seen {
  const last = context.booked.map(({ column, setpoint }) => {
    if (setpoint !== noPlace) return context.actuators[setpoint]!.safe;
    return column === context.speedColumn ? 0 : Number.NaN;
  });
  return { last, before: last.map(() => Number.NaN) };
}

/** Without its sign: the lowest and highest size. */
export function sizeOf({ low, high }: Range): Range {
  const most = Math.max(Math.abs(low), Math.abs(high));
  if (low <= 0 && high >= 0) return { low: 0, high: most };
  return { low: Math.min(Math.abs(low), Math.abs(high)), high: most };
}
