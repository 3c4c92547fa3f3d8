/** The limits of a run: which are looked at in which state, and what becomes of those that are raised. */
import { good, type RunSample } from "../base/sample.js";
import { isViolated, quiet, raised, returned, standing } from "../limit/check.js";
import { atRestOf, type CompiledLimit, highestAt } from "../limit/compile.js";
import { describeLimit, describeSensor, limitName } from "../limit/describe.js";
import type { Look } from "../limit/look.js";
import { isSensorFault } from "../limit/sensor.js";
import { watchLimits } from "../limit/watch.js";
import { type Draft, emit } from "./draft.js";
import { baselineAt } from "./learn.js";
import { mayFail, react } from "./react.js";
import type { Alarm } from "./state.js";
import type { PackmlState } from "./states.js";
import { goOnWhenClear } from "./suspend.js";

/** States in which the specimen may be under stress, so that limits are looked at. */
const live: readonly PackmlState[] = [
  "Execute",
  "Unholding",
  "Unsuspending",
  "Holding",
  "Suspending",
  "Stopping",
  "Completing",
];
/** At rest a value that trips is still watched; what stays silent there keeps nobody from waiting. */
const resting: readonly PackmlState[] = ["Held", "Suspended", "Aborted"];

/** Looks at every limit in force and does what the raised ones ask for. */
export function keepAlarms(d: Draft, sample: RunSample): void {
  markGood(d, sample);
  const { packml } = d.s;
  const canFail = mayFail(packml);
  d.s.limitMemory = d.s.limitMemory.slice();
  const look = lookOf(d, sample);
  let isClear = true;
  watchLimits(d.context.limits, d.s.limitMemory, look, inForce(d), (found, limit, _, at) => {
    const value = look.values[limit.column]!;
    if (found === raised) onRaised(d, limit, look, at, canFail);
    else if (found === returned) onReturned(d, limit, value);
    else if (found === standing && isViolated(d.s.limitMemory, at)) {
      if (packml === "Execute" || (canFail && value > highestAt(limit, look)))
        lookAgain(d, limit, look);
    }
    const isWell = found === quiet || found === returned;
    if (limit.reaction !== "suspend") return;
    if (!isWell || look.quality[limit.column] !== good) isClear = false;
  });
  goOnWhenClear(d, isClear);
}

/** By the state and step that the sample found. Of a station that just ended nothing more is looked at. */
function inForce({ context, s }: Draft): (limit: CompiledLimit, i: number) => boolean {
  const { packml, segment } = s;
  const { limitsInForce, rigLimits } = context;
  const flags = limitsInForce[Math.min(segment, limitsInForce.length - 1)];
  return (limit, i) =>
    isLookedAt(limit, packml) &&
    flags?.[i] === 1 &&
    (i < rigLimits || !stationEnded(context, s, i));
}

function isLookedAt(limit: CompiledLimit, packml: PackmlState): boolean {
  if (live.includes(packml)) return true;
  const { reaction } = limit;
  if (packml === "Suspended" && reaction === "suspend") return true;
  const atRest = atRestOf(limit);
  const isSaying = atRest === "watched" || atRest === "setpoint";
  return resting.includes(packml) && reaction === "trip" && isSaying;
}

function stationEnded(context: Draft["context"], s: Draft["s"], limit: number): boolean {
  if (context.limits[limit]!.station === undefined) return false;
  const index = context.limitStations[limit]!;
  return index < 0 || s.stations[index]!.outcome !== "running";
}

function lookOf(d: Draft, { values, quality }: RunSample): Look {
  const { context, s } = d;
  const segment = context.program.segments[s.segment];
  const isAtRest = resting.includes(s.packml);
  const { at, goodAt, setpoints, executeSince: startedAt, segmentSince: stepAt } = s;
  const ramping =
    (s.packml !== "Execute" && !isAtRest) || segment?.kind === "ramp" || segment?.kind === "set";
  const times = { at, startedAt, stepAt, goodAt: (column: number) => goodAt[column]! };
  const baseline = (name: string, column: number) => baselineAt(d, name, column);
  const mayBeSilent = isAtRest || Number.isNaN(startedAt);
  return { ...times, values, quality, ramping, mayBeSilent, setpoints, baseline };
}

/**
 * Raised where it could not do what it asks for (a failure on the way down, a suspension on the way up), or
 * resumed although nothing got better: what still stands is done now. On the way up a value may be too low only
 * because it is not up yet. Not in the band of the hysteresis: only what a first look would find.
 */
function lookAgain(d: Draft, limit: CompiledLimit, look: Look): void {
  if (limit.reaction === "log" || limit.reaction === "warn") return;
  react(d, limit, look.values[limit.column]!, `still ${sentence(d, limit, look)}`, true);
}

function markGood(d: Draft, sample: RunSample): void {
  const goodAt = d.s.goodAt.slice();
  for (let i = 0; i < goodAt.length; i++) {
    if (sample.quality[i] === good) goodAt[i] = sample.at;
  }
  d.s.goodAt = goodAt;
}

function sentence({ context }: Draft, limit: CompiledLimit, look: Look, isBlind = false): string {
  const { column } = limit;
  if (isBlind) return describeSensor(limit, context.columns[column]!).en;
  return describeLimit(limit, context.columns[column]!, look.values[column]!, look).en;
}

function onRaised(d: Draft, limit: CompiledLimit, look: Look, at: number, canFail: boolean): void {
  const value = look.values[limit.column]!;
  const text = sentence(d, limit, look, isSensorFault(limit, d.s.limitMemory, at));
  const { name, station, reaction } = limit;
  const data = {
    limit: name,
    reaction,
    change: "raised" as const,
    value: finite(value),
    message: limit.message ?? "",
  };
  emit(d, "alarm", `${reaction}: ${text}`, data, station);
  if (reaction !== "log") noteRaised(d, limit, value);
  react(d, limit, value, text, canFail);
}

function onReturned(d: Draft, limit: CompiledLimit, value: number): void {
  const data = {
    limit: limit.name,
    reaction: limit.reaction,
    change: "returned" as const,
    value: finite(value),
  };
  const text = `returned: ${limitName(limit)}`;
  emit(d, "alarm", text, data, limit.station);
  d.s.alarms = d.s.alarms.map((a) =>
    isOf(a, limit) ? { ...a, state: "returned-unacknowledged", returnedAt: d.s.at } : a,
  );
}

function noteRaised(d: Draft, limit: CompiledLimit, value: number): void {
  const before = d.s.alarms.find((a) => isOf(a, limit));
  const alarm: Alarm = {
    limit: limit.name,
    station: limit.station ?? null,
    reaction: limit.reaction,
    state: "unacknowledged",
    raisedAt: before?.raisedAt ?? d.s.at,
    returnedAt: null,
    count: (before?.count ?? 0) + 1,
    value,
  };
  d.s.alarms = [...d.s.alarms.filter((a) => a !== before), alarm];
}

function isOf(alarm: Alarm, limit: CompiledLimit): boolean {
  return alarm.limit === limit.name && alarm.station === (limit.station ?? null);
}

/** JSON has no NaN. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
