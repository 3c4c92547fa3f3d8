import type { RunMs } from "../base/clock.js";
import type { RunSample } from "../base/sample.js";
import type { Setpoints } from "../base/setpoint.js";
import { emptyLimitMemory, type LimitMemory } from "../limit/memory.js";
import { type ExposureBook, emptyExposure } from "../profile/exposure.js";
import type { RecordEvent } from "../record/document/event.js";
import type { Act, RecordedInput } from "../record/document/input.js";
import type { RunContext } from "./run-context.js";
import { type Seen, seenAtFirst } from "./seen.js";
import type { PackmlState } from "./states.js";
import { type Counted, nothingCounted } from "./turn-counter.js";

/** What a station's specimen came to. `censored`: taken off without failure. */
export type StationOutcome = "running" | "failed" | "censored";

export type StationState = {
  outcome: StationOutcome;
  mode: string | null;
  /** Limit that found the failure, and when, on the run's clock. */
  cause: string | null;
  endedAt: RunMs | null;
  /** Taken off while it was suspect: that it ended says something of its life. */
  informative?: true;
  book: ExposureBook;
};

/** A baseline as far as it is learnt: how many good samples, their mean, the sum of squares around it. */
export type Learnt = {
  samples: number;
  mean: number;
  squares: number;
  /** The baseline; NaN until it is frozen, and for good where it was no use. */
  value: number;
  /** Its window is over: nothing changes any more. */
  isOver: boolean;
};

/** A station that a trip was on, or of a run that was parked: nobody knows yet whether its specimen is good. */
export type Suspect = {
  station: string;
  limit: string;
  text: string;
  /** When it tripped, on the run's clock, and what the specimen had lived until then. */
  at: RunMs;
  book: ExposureBook;
  /** No trip: the run was parked, and nobody has seen the specimen on the rig since. */
  byParking?: true;
  /** Taken off the rig meanwhile: when it goes on it was mounted once more. */
  takenOff?: true;
};

/** How a person puts a run down so that its rig is free for another one. */
export type Parked = {
  by: string;
  reason: string;
  /** Stations whose specimens stay in place; the others are emptied. */
  mounted: readonly string[];
};

/** An alarm's life (ISA-18.2): one entry per limit and station, the first raise kept. */
export type Alarm = {
  limit: string;
  station: string | null;
  reaction: string;
  state: "unacknowledged" | "returned-unacknowledged";
  raisedAt: RunMs;
  returnedAt: RunMs | null;
  count: number;
  value: number;
};

/** How a run ended. `aborted`: before its first Execute; a run that had begun is interrupted by an abort. */
export type EndedOutcome = "failed" | "completed" | "stopped" | "aborted";
/** `interrupted` is told of an open run and never stored as the outcome of one that has ended. */
export type RunOutcome = EndedOutcome | "interrupted";

/** The way down, watched: a speed that does not fall is no longer a matter of ramps. */
export type Descent = {
  /** Lowest speed seen on it, and when it last fell or followed its setpoint. */
  lowestRpm: number;
  fellAt: RunMs;
  /** When it must be over. */
  dueAt: RunMs;
};

/**
 * Everything a run has to remember; plain data, replaced and never changed. A restart is a fold of
 * `decide` over what was written.
 */
export type RunState = {
  packml: PackmlState;
  /** Why it is in this state, one sentence. */
  reason: string;
  /** The last word on its actuators, while that is that one has not acted. */
  notSafe: string | null;
  /** Roles whose devices take their commands from elsewhere: nothing is resumed. */
  inAnotherHand: readonly string[];
  since: RunMs;
  /** Time and number of the last sample. */
  at: RunMs;
  cycle: number;
  /** Since when the safe values are confirmed and the shaft is only running out; NaN otherwise. */
  coastingSince: RunMs;
  /** True while an effect asked for (identify, start, safe, reset) is not yet confirmed. */
  waiting: boolean;
  /** Safe values are confirmed and nothing was started since. */
  isSafe: boolean;
  /** It was so since the last sample: nothing got faster than it was seen then. */
  isAtRest: boolean;
  /** How far the way down has come; null elsewhere. */
  descent: Descent | null;
  /** Index of the step in the compiled program; its length when the program is done. */
  segment: number;
  segmentSince: RunMs;
  /** Milliseconds or turns of the segment already done. Never goes back. */
  spent: number;
  /** Time since which an `until` condition has held; NaN when it does not. */
  untilSince: RunMs;
  /** Setpoints when the segment began, commanded now, and last commanded in Execute. */
  segmentStart: Setpoints;
  setpoints: Setpoints;
  resumeSetpoints: Setpoints;
  /** First entry of Execute; NaN before. */
  executeSince: RunMs;
  holdAtCheckpoint: boolean;
  /** Null while the run is open. */
  outcome: EndedOutcome | null;
  /** The run's end is decided, by its plan or a person, whatever comes on the way down. */
  ending: "completed" | "stopped" | null;
  /** Why the process wants to go: once held and safe it lets go of the open run. */
  leaving: string | null;
  /** A person's word; it holds as soon as the run is left, and until it is resumed. */
  parked: Parked | null;
  /** The process has let go: nothing more is decided before the run is resumed. */
  isLeft: boolean;
  book: ExposureBook;
  stations: readonly StationState[];
  /** Each must have its disposition before the run is resumed. */
  suspects: readonly Suspect[];
  limitMemory: LimitMemory;
  /** As `RunContext.baselines`. */
  learnt: readonly Learnt[];
  alarms: readonly Alarm[];
  /** Time since the last sample, not booked yet: in Execute, and elsewhere where it may turn. */
  executedMs: number;
  turnedMs: number;
  /** Time and turns that were booked in Execute, at least, and are not yet spent in the step. */
  unspentMs: number;
  unspentTurns: number;
  /** The counter of turns, where the rig has one. */
  counted: Counted;
  /** The last readings of what is booked, and the time between the last two samples. */
  seen: Seen;
  sliceMs: number;
  /** Setpoints that were overtaken since the last sample, and since the one before; null: none. */
  replaced: readonly number[] | null;
  replacedBefore: readonly number[] | null;
  /** Setpoints in force before the last sample was decided, and after it. */
  former: Setpoints;
  commanded: Setpoints;
  /** Since when the setpoints are what they are: how far they may move next counts from here. NaN before. */
  setpointsSince: RunMs;
  /** When the last sample was; NaN before the first and after an outage. */
  sampledAt: RunMs;
  /** Cycles that were not done in time, and at how many that is told next. */
  missedCycles: number;
  tellMissedAt: number;
  /** Last good speed and power, without their sign. */
  lastSpeedRpm: number;
  lastPowerW: number;
  /** When a column was last good, for limits on stale readings. */
  goodAt: readonly RunMs[];
  checkpointAt: RunMs;
  interruptions: number;
  /** After a restart of the controller: why it resumes as soon as the rig is held; null when it does not. */
  goesOn: string | null;
  /** When the controller came back, on the run's clock. */
  restarts: readonly RunMs[];
  /** Suspended by a limit: samples in a row in which all is well again; -1 when by nothing of the kind. */
  clearSamples: number;
  /** When the run went on by itself after a limit had suspended it. */
  wentOn: readonly RunMs[];
  /** Wall time less the run's own at the last sample; NaN before the first. */
  wallOffsetMs: number;
};

/** The reason, and what still stands of what was not safe. */
export function fullReason({ reason, notSafe }: Pick<RunState, "reason" | "notSafe">): string {
  return notSafe === null ? reason : `${reason}; ${notSafe}`;
}

/** The next state while it is being made. */
export type NextState = { -readonly [K in keyof RunState]: RunState[K] };

/** A sample, or what was told from outside. */
export type Input = { kind: "sample"; sample: RunSample } | RecordedInput;
export type Interrupted = Extract<Input, { kind: "interrupted" }>;

/** What the pilot must do now, in this order: commit the events, then act. */
export type Effects = {
  events: readonly RecordEvent[];
  /** Setpoints to write, in actuator order. */
  write: Setpoints | undefined;
  /** To be answered with an input `confirmed`. */
  act: Act | undefined;
};

export const noEffects: Effects = { events: [], write: undefined, act: undefined };

function nothingLearnt(): Learnt {
  return { samples: 0, mean: 0, squares: 0, value: Number.NaN, isOver: false };
}

function nothingRemembered({ limits, baselines }: RunContext) {
  return { limitMemory: emptyLimitMemory(limits), learnt: baselines.map(nothingLearnt) };
}

function newStation(): StationState {
  return { outcome: "running", mode: null, cause: null, endedAt: null, book: emptyExposure() };
}

export function initialState(context: RunContext): RunState {
  const safe = Float64Array.from(context.actuators, (a) => a.safe);
  return {
    packml: "Stopped",
    reason: "not started",
    notSafe: null,
    inAnotherHand: [],
    since: 0,
    at: 0,
    cycle: 0,
    coastingSince: Number.NaN,
    waiting: false,
    isSafe: false,
    isAtRest: false,
    descent: null,
    segment: 0,
    segmentSince: Number.NaN,
    spent: 0,
    untilSince: Number.NaN,
    segmentStart: safe,
    setpoints: safe,
    resumeSetpoints: safe,
    executeSince: Number.NaN,
    holdAtCheckpoint: false,
    ...{ outcome: null, ending: null, leaving: null, parked: null, isLeft: false },
    book: emptyExposure(),
    stations: context.stations.map(newStation),
    suspects: [],
    ...nothingRemembered(context),
    alarms: [],
    executedMs: 0,
    turnedMs: 0,
    unspentMs: 0,
    unspentTurns: 0,
    counted: nothingCounted(),
    seen: seenAtFirst(context),
    sliceMs: context.cycleMs,
    replaced: null,
    replacedBefore: null,
    former: safe,
    commanded: safe,
    setpointsSince: Number.NaN,
    sampledAt: Number.NaN,
    missedCycles: 0,
    tellMissedAt: 0,
    lastSpeedRpm: 0,
    lastPowerW: Number.NaN,
    goodAt: context.columns.map(() => 0),
    checkpointAt: 0,
    interruptions: 0,
    goesOn: null,
    restarts: [],
    clearSamples: -1,
    wentOn: [],
    wallOffsetMs: Number.NaN,
  };
}
