/** A second of a run's life in any state, at setpoints of 1 kN and 600 rpm, that a sample then tells of. */
import { type Exposure, exposureOf } from "../../../src/profile/exposure.js";
import { decide } from "../../../src/run/decide.js";
import type { RunContext } from "../../../src/run/run-context.js";
import { initialState, type RunState } from "../../../src/run/state.js";
import type { PackmlState } from "../../../src/run/states.js";
import { contextOf, sampleOf } from "./bench.js";

/** Load, speed, power, vibrations: 1 kN at 600 rpm, as asked. */
export const turning = [1000, 600, 60, 1, 1, 1];
export const context = contextOf();

/** The last two readings of a run that has been turning so for a while, as the context wants them. */
export const seenAs = (readings: readonly number[], before = readings) => ({
  last: context.booked.map(({ column }) => readings[column]!),
  before: context.booked.map(({ column }) => before[column]!),
});

const asked = Float64Array.of(1000, 600);
export const commanded = { setpoints: asked, former: asked, commanded: asked };

/** What the first specimen has lived after that second. */
export function second(
  packml: PackmlState,
  readings: readonly number[],
  more: Partial<RunState> = {},
  inContext: RunContext = context,
): Exposure {
  const state: RunState = {
    ...initialState(inContext),
    packml,
    waiting: true,
    at: 5000,
    cycle: 4,
    segmentSince: 0,
    executeSince: 0,
    ...commanded,
    seen: seenAs(turning),
    sampledAt: 5000,
    ...more,
  };
  const { at, cycle } = state;
  const sample = sampleOf(cycle + 1, at + 1000, readings);
  const next = decide(inContext, state, { kind: "sample", sample });
  return exposureOf(next.state.stations[0]!.book);
}
