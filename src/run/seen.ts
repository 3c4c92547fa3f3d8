/**
 * What the readings of a cycle say of the time between them. Pure.
 *
 * A sample tells when its cycle began; each of its values was read at some moment between that and the
 * beginning of the next cycle. So the time from one sample to the next lies between the reading before it
 * and the reading after it, and three readings bound it: the last two and the one that has just come.
 */
import { good, type RunSample } from "../base/sample.js";
import { noPlace, type Setpoints, setpointAt } from "../base/setpoint.js";
import type { RunContext, RunState } from "./state.js";

/** The last two good readings of each column that is booked, in the order of `RunContext.booked`. */
export type Seen = { readonly last: readonly number[]; readonly before: readonly number[] };

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
export function seenWith(context: RunContext, { last, before }: Seen, sample: RunSample): Seen {
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
