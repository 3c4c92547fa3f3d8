import { formatHours, formatNumber } from "../base/quantity.js";
import type { CompiledLimit } from "../limit/compile.js";
import { exposureOf } from "../profile/exposure.js";
import { type Draft, emit, transition } from "./draft.js";
import type { StationState } from "./state.js";

/** A specimen met its failure criterion: the result the whole rig is run for. */
export function failStation(d: Draft, limit: CompiledLimit, value: number, cause: string): void {
  const index = d.context.stations.findIndex((s) => s.name === limit.station);
  const failed = index >= 0 ? [index] : d.context.stations.map((_, i) => i);
  for (const i of failed) failOne(d, i, limit, value, cause);
  settle(d, failed);
}

function failOne(
  d: Draft,
  index: number,
  limit: CompiledLimit,
  value: number,
  cause: string,
): void {
  const station = d.context.stations[index]!;
  const state = d.s.stations[index]!;
  if (state.outcome !== "running") return;
  const mode = limit.mode ?? limit.name;
  change(d, index, { outcome: "failed", mode, cause, endedAt: d.s.at });
  const exposure = exposureOf(state.book);
  const after = `${formatHours(exposure.timeOnTestMs[0])}, ${formatNumber(exposure.turns[0] / 1e6)} Mturns`;
  const text = `${station.name}: specimen ${station.specimen} failed, ${mode}, after ${after} (${cause})`;
  const data = { specimen: station.specimen, mode, limit: limit.name, value, exposure };
  emit(d, "failure", text, data, station.name);
}

function change(d: Draft, index: number, to: Partial<StationState>): void {
  d.s.stations = d.s.stations.map((s, i) => (i === index ? { ...s, ...to } : s));
}

/** What a failure means for the others: sudden-death groups, the planned number, nobody left. */
function settle(d: Draft, failed: readonly number[]): void {
  const { end } = d.context.program;
  if (end.suddenDeath) for (const i of failed) censorGroup(d, i);
  const failures = d.s.stations.filter((s) => s.outcome === "failed").length;
  if (!d.s.stations.some((s) => s.outcome === "running")) {
    transition(
      d,
      "complete",
      end.suddenDeath ? "every group has its first failure" : "every specimen failed",
    );
  } else if (end.failures !== undefined && failures >= end.failures) {
    transition(d, "complete", `${failures} of ${end.failures} planned failures`);
  }
}

function censorGroup(d: Draft, failed: number): void {
  const group = d.context.stations[failed]!.group;
  d.context.stations.forEach((station, i) => {
    if (station.group !== group || d.s.stations[i]!.outcome !== "running") return;
    change(d, i, { outcome: "censored", cause: `group ${group} ended`, endedAt: d.s.at });
  });
}
