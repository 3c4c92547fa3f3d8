import { formatDuration, formatQuantity } from "../base/quantity.js";
import { good, type Sample } from "../base/sample.js";
import {
  checkLimit,
  emptyLimitMemory,
  forgetPending,
  type LimitSituation,
  quiet,
  raised,
  returned,
  standing,
} from "../limit/check.js";
import type { CompiledLimit } from "../limit/compile.js";
import { type Draft, emit, transition } from "./draft.js";
import { failStation } from "./failure.js";
import type { Alarm } from "./state.js";
import type { PackmlState } from "./states.js";
import { suspect } from "./suspect.js";
import { goOnWhenClear, interruptBy } from "./suspend.js";

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
/** Only there may a limit end a specimen: on the way down the stress is no longer the test's. */
const failing: readonly PackmlState[] = ["Execute", "Unholding", "Unsuspending"];

/** Looks at every limit in force and does what the raised ones ask for. */
export function keepAlarms(d: Draft, sample: Sample): void {
  markGood(d, sample);
  const { limits, limitsInForce } = d.context;
  const { packml } = d.s;
  const inForce = limitsInForce[Math.min(d.s.segment, limitsInForce.length - 1)];
  // One limit's reaction must not hide what the same sample says about another.
  const mayFail = failing.includes(packml);
  const memory = d.s.limitMemory.slice();
  d.s.limitMemory = memory;
  const situation = situationOf(d);
  let isClear = true;
  for (let i = 0; i < limits.length; i++) {
    const limit = limits[i]!;
    if (
      !isLookedAt(limit, packml) ||
      inForce?.[i] !== 1 ||
      (i >= d.context.rigLimits && stationEnded(d, i))
    ) {
      // What is not looked at does not persist.
      forgetPending(memory, i);
      continue;
    }
    const { column } = limit;
    const value = sample.values[column]!;
    const quality = sample.quality[column]!;
    const ageMs = ageOf(d, column);
    const found = checkLimit(limit, memory, i, value, quality, ageMs, d.s.at, situation);
    if (found === raised) onRaised(d, limit, value, mayFail);
    else if (found === returned) onReturned(d, limit, value);
    else if (found === standing && (packml === "Execute" || (mayFail && value > limit.hi))) {
      lookAgain(d, limit, sample, situation);
    }
    const isWell = (found === quiet || found === returned) && quality === good;
    if (limit.reaction === "suspend" && !isWell) isClear = false;
  }
  goOnWhenClear(d, isClear);
}

function isLookedAt({ reaction, staleMs }: CompiledLimit, packml: PackmlState): boolean {
  if (live.includes(packml)) return true;
  if (packml === "Suspended" && reaction === "suspend") return true;
  return resting.includes(packml) && reaction === "trip" && staleMs === undefined;
}

/**
 * Raised where it could not do what it asks for (a failure on the way down, a suspension on the way up), or
 * resumed although nothing got better: what still stands is done now. On the way up a value may be too low only
 * because it is not up yet.
 */
function lookAgain(
  d: Draft,
  limit: CompiledLimit,
  { values, quality }: Sample,
  situation: LimitSituation,
): void {
  const { column, reaction } = limit;
  if (reaction === "log" || reaction === "warn") return;
  const value = values[column]!;
  // Not in the band of the hysteresis: as a look for the first time would find it, without `for`.
  const atOnce = { ...limit, forMs: 0 };
  const memory = emptyLimitMemory(1);
  const ageMs = ageOf(d, column);
  const { at } = d.s;
  const look = checkLimit(atOnce, memory, 0, value, quality[column]!, ageMs, at, situation);
  if (look === raised) react(d, limit, value, `still ${describeLimit(d, limit, value)}`, true);
}

/** Counted from the first Execute at the earliest: before, nobody may have been reading. */
function ageOf({ s }: Draft, column: number): number {
  const since = Number.isNaN(s.executeSince) ? s.at : s.executeSince;
  return s.at - Math.max(s.goodAt[column]!, since);
}

function markGood(d: Draft, sample: Sample): void {
  const goodAt = d.s.goodAt.slice();
  for (let i = 0; i < goodAt.length; i++) {
    if (sample.quality[i] === good) goodAt[i] = sample.at;
  }
  d.s.goodAt = goodAt;
}

function situationOf(d: Draft): LimitSituation {
  const { s } = d;
  const segment = d.context.program.segments[s.segment];
  const atRest = resting.includes(s.packml);
  const ramping =
    (s.packml !== "Execute" && !atRest) || segment?.kind === "ramp" || segment?.kind === "set";
  return {
    sinceStartMs: Number.isNaN(s.executeSince) ? 0 : s.at - s.executeSince,
    sinceStepMs: Number.isNaN(s.segmentSince) ? 0 : s.at - s.segmentSince,
    ramping,
    setpoints: s.setpoints,
  };
}

function stationEnded({ context, s }: Draft, limit: number): boolean {
  if (context.limits[limit]!.station === undefined) return false;
  const index = context.limitStations[limit]!;
  return index < 0 || s.stations[index]!.outcome !== "running";
}

function onRaised(d: Draft, limit: CompiledLimit, value: number, mayFail: boolean): void {
  const text = describeLimit(d, limit, value);
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
  react(d, limit, value, text, mayFail);
}

function react(
  d: Draft,
  limit: CompiledLimit,
  value: number,
  text: string,
  mayFail: boolean,
): void {
  const { reaction } = limit;
  if (reaction === "hold" || reaction === "suspend") interruptBy(d, reaction, text);
  else if (reaction === "stop") transition(d, "stop", text);
  else if (reaction === "trip") trip(d, limit, text);
  else if (reaction === "fail" && mayFail) failStation(d, limit, value, text);
}

function trip(d: Draft, limit: CompiledLimit, text: string): void {
  emit(d, "trip", text, { limit: limit.name }, limit.station);
  if (limit.station !== undefined) suspect(d, limit.name, limit.station, text);
  transition(d, "abort", text);
}

function onReturned(d: Draft, limit: CompiledLimit, value: number): void {
  const data = {
    limit: limit.name,
    reaction: limit.reaction,
    change: "returned" as const,
    value: finite(value),
  };
  const text = `returned: ${place(limit)}${limit.name}`;
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

function place(limit: CompiledLimit): string {
  return limit.station === undefined ? "" : `${limit.station} `;
}

/** `s2 vibration-high: vibration 7.3 mm/s above 7.1 mm/s for 10 s` */
export function describeLimit(d: Draft, limit: CompiledLimit, value: number): string {
  const column = d.context.columns[limit.column]!;
  const show = (v: number) => formatQuantity(v, column.unit);
  const lasted = limit.forMs > 0 ? ` for ${formatDuration(limit.forMs)}` : "";
  const head = `${place(limit)}${limit.name}: ${column.role}`;
  if (limit.staleMs !== undefined) return `${head} not read for ${formatDuration(limit.staleMs)}`;
  if (limit.setpointIndex >= 0) {
    const setpoint = show(d.s.setpoints[limit.setpointIndex]!);
    const far = `more than ${show(limit.tolerance)}`;
    return `${head} ${show(value)} differs from setpoint ${setpoint} by ${far}${lasted}`;
  }
  const side = value > limit.hi ? `above ${show(limit.hi)}` : `below ${show(limit.lo)}`;
  return `${head} ${show(value)} ${side}${lasted}`;
}
