import type { RunMs } from "../base/clock.js";
import { formatHours, formatSpan, formatTurns } from "../base/quantity.js";
import type { CompiledLimit } from "../limit/compile.js";
import { exposureOf } from "../profile/exposure.js";
import { type Draft, emit } from "./draft.js";
import type { StationState } from "./state.js";

/** What a failure was found by; `value` is null where a person found it. */
type Finding = { limit: string; mode: string; value: number | null; cause: string };

/** A specimen met its failure criterion: the result the whole rig is run for. False where none was on test any more. */
export function failStation(d: Draft, limit: CompiledLimit, value: number, cause: string): boolean {
  const all = limit.station === undefined;
  const failed = d.context.stations.flatMap(({ name }, i) => {
    return (all || name === limit.station) && d.s.stations[i]!.outcome === "running" ? [i] : [];
  });
  const mode = limit.mode ?? limit.name;
  failBy(d, failed, { limit: limit.name, mode, value, cause }, d.s.at);
  return failed.length > 0;
}

/** These stations failed at `at`, with the exposure that their books have. */
export function failBy(d: Draft, failed: readonly number[], by: Finding, at: RunMs): void {
  for (const i of failed) failOne(d, i, by, at);
  if (d.context.program.end.suddenDeath) for (const i of failed) censorGroup(d, i);
}

function failOne(d: Draft, index: number, by: Finding, at: RunMs): void {
  const { mode, cause, limit, value } = by;
  const { name, specimen } = d.context.stations[index]!;
  change(d, index, { outcome: "failed", mode, cause, endedAt: at });
  const exposure = exposureOf(d.s.stations[index]!.book);
  const { timeOnTestMs, turns } = exposure;
  const after = `${formatSpan(timeOnTestMs, formatHours)}, ${formatSpan(turns, formatTurns)}`;
  const text = `${name}: specimen ${specimen} failed, ${mode}, after ${after} (${cause})`;
  emit(d, "failure", text, { specimen, mode, limit, value, exposure }, name);
}

function change(d: Draft, index: number, to: Partial<StationState>): void {
  d.s.stations = d.s.stations.map((s, i) => (i === index ? { ...s, ...to } : s));
}

/**
 * Why failures end the run: nobody is left, or there are as many as planned. Looked at in Execute, so
 * that a failure seen on the way back up still ends it.
 */
export function failuresReached(d: Draft): string | undefined {
  const { end } = d.context.program;
  const failures = d.s.stations.filter((s) => s.outcome === "failed").length;
  if (!d.s.stations.some((s) => s.outcome === "running")) {
    return end.suddenDeath ? "every group has its first failure" : "every specimen failed";
  }
  if (end.failures === undefined || failures < end.failures) return undefined;
  return `${failures} of ${end.failures} planned failures`;
}

function censorGroup(d: Draft, failed: number): void {
  const group = d.context.stations[failed]!.group;
  d.context.stations.forEach((station, i) => {
    if (station.group !== group || d.s.stations[i]!.outcome !== "running") return;
    change(d, i, { outcome: "censored", cause: `group ${group} ended`, endedAt: d.s.at });
  });
}
