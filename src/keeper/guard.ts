/**
 * The guard: trips on the rig's own limits, on readings that stay away and on lost lines, from its start to its
 * end, whatever state a run is in. It looks at every sample before anybody else and at the age of readings in a
 * loop of its own, so a run that hangs, decides wrongly or never asks again cannot keep it from driving the safe
 * values. At rest silence trips nothing (sensors may be switched off), but motion that nobody asked for is told.
 */
import { Cancel, type Clock, type ElapsedMs } from "../base/clock.js";
import { formatDuration, formatQuantity } from "../base/quantity.js";
import { good, type Sample } from "../base/sample.js";
import { isReturned, raised, returned } from "../limit/check.js";
import { atRestOf, type CompiledLimit } from "../limit/compile.js";
import { ageMs } from "../limit/condition/stale.js";
import type { Look } from "../limit/look.js";
import { emptyLimitMemory, forget, type LimitMemory, memoryPlaces } from "../limit/memory.js";
import { isSensorFault } from "../limit/sensor.js";
import { watchLimits } from "../limit/watch.js";
import type { BoundRig } from "../rig/bind.js";
import type { ActuatorFacts } from "../rig/rig.js";
import type { SafeCause } from "../rig/safety.js";
import { heldCycles } from "../rig/sampler.js";
import { leftAlone, type Watched, watchedColumns } from "./guard-watched.js";
import { tripWords } from "./trip-words.js";

/** Why the guard tripped. */
export type TripCause = {
  kind: "limit" | "stale" | "line" | "motion";
  /** Name of the limit that acted or could not be watched; else `actuator-silent`, `line-lost`, `unasked-motion`. */
  limit: string;
  /** Column, or the line's name. */
  column: string;
  station?: string;
  /** Canonical; NaN for a reading that stayed away. */
  value: number;
  /** Age of the last good reading. */
  ageMs: number;
  at: ElapsedMs;
  /** For people. */
  text: string;
};

/** What had tripped, or moved, and is over. */
export type Returned = Pick<TripCause, "limit" | "column" | "station" | "value">;

export interface Guard {
  /** When its loop last went round; NaN before. */
  readonly passedAt: ElapsedMs;
  /** Called by the rig with every sample. */
  check(sample: Sample): void;
  /** From now on readings can come that could not before: their silence counts from here. */
  seeAgain(): void;
  /** Is the trip limit of that place back inside? */
  hasReturned(limit: number, sample: Sample): boolean;
  /** Ends the loop for good. */
  stop(): void;
}

/** A reading may be missing this long, or three cycles where those are longer. */
const leastStaleMs = 2000;
/** So long everything has acted and stood before silence is taken for a rig that is switched off. */
const restMs = 60_000;
/** A loop that wakes so late was not run by its machine. */
const longestPauseMs = 500;
/** A shaft that runs out, or a line that is away, is asked so often whether it still stands as it was made safe. */
const lookAgainMs = 1000;
/** Twice in a row: one sample may catch a shaft that is touched. */
const samplesOfMotion = 2;

/** What the guard is told by who keeps the rig. */
export type Watching = {
  /** Of the samples now: slower than the rig's own while no run is there; so many of those silence may last. */
  cycleMs: () => number;
  /** Not of a device that is out of service, and not bypassed. */
  isLookedAt: (limit: CompiledLimit) => boolean;
};

/**
 * Of the rig's compiled limits the guard takes those that trip. `onTrip` comes after the safe call, once per raising;
 * `onMotion` where something moves that was at rest; `onReturn` when either is over.
 */
export function startGuard(
  rig: BoundRig,
  limits: readonly CompiledLimit[],
  clock: Clock,
  onTrip: (cause: TripCause) => void,
  onMotion: (cause: TripCause) => void = () => {},
  onReturn: (what: Returned) => void = () => {},
  watching: Watching = { cycleMs: () => rig.cycleMs, isLookedAt: () => true },
): Guard {
  const guard = new RigGuard(rig, limits, clock, { onTrip, onMotion, onReturn }, watching);
  void guard.run();
  return guard;
}

type Told = {
  onTrip: (cause: TripCause) => void;
  onMotion: (cause: TripCause) => void;
  onReturn: (what: Returned) => void;
};

class RigGuard implements Guard {
  readonly #rig: BoundRig;
  readonly #limits: readonly CompiledLimit[];
  readonly #clock: Clock;
  readonly #told: Told;
  readonly #watching: Watching;
  readonly #staleMs: number;
  readonly #watched: readonly Watched[];
  /** Lines whose loss suspends the run instead. */
  readonly #leftAlone: ReadonlySet<string>;
  /** Since when readings can have come: when it began, or when this process had been away. */
  #seesSince: ElapsedMs;
  #checkedAt: ElapsedMs;
  readonly #cancel = new Cancel();
  readonly #unwatch: () => void;
  readonly #memory: LimitMemory;
  /** Where the numbers of each limit begin in it. */
  readonly #places: readonly number[];
  readonly #goodAt: (column: number) => ElapsedMs;
  /** Since when all have acted and stand; NaN while they do not. */
  #restSince: ElapsedMs = Number.NaN;
  /** What stays away was told, and not all of it has come back. */
  #isSilent = false;
  /** What it tripped on, until all of it has come back, also at rest. */
  #silent: TripCause | undefined;
  #blind: ReadonlySet<Watched> = new Set();
  #moves = 0;
  #moving: TripCause | undefined;
  #lookedAt: ElapsedMs = Number.NEGATIVE_INFINITY;
  #stopped = false;
  passedAt: ElapsedMs = Number.NaN;

  constructor(
    rig: BoundRig,
    limits: readonly CompiledLimit[],
    clock: Clock,
    told: Told,
    watching: Watching,
  ) {
    this.#told = told;
    this.#watching = watching;
    this.#rig = rig;
    this.#limits = limits.filter((limit) => limit.reaction === "trip");
    this.#memory = emptyLimitMemory(this.#limits);
    this.#places = memoryPlaces(this.#limits);
    this.#goodAt = (column) => rig.lastGoodAt(column);
    this.#clock = clock;
    this.#seesSince = clock.elapsed();
    this.#checkedAt = this.#seesSince;
    this.#staleMs = Math.max(heldCycles * rig.cycleMs, leastStaleMs);
    this.#watched = watchedColumns(rig, this.#limits, this.#staleMs);
    this.#leftAlone = leftAlone(rig, limits, this.#watched);
    this.#unwatch = rig.watch((sample) => this.check(sample));
  }

  stop(): void {
    this.#stopped = true;
    this.#unwatch();
    this.#cancel.cancel();
  }

  check(sample: Sample): void {
    if (this.#stopped) return;
    const now = this.#clock.elapsed();
    const isQuiet = this.#isQuiet(now);
    const look = lookOf(this.#rig, sample, isQuiet || this.#rig.isSafe);
    // At rest nobody follows a setpoint, and motion there is looked at by itself; nor is silence anything.
    const isInForce = (limit: CompiledLimit, i: number) => {
      if (!this.#isLookedAt(limit, i)) return false;
      const atRest = atRestOf(limit);
      const isSaying = atRest === "silence" ? !isQuiet : atRest === "watched" || !this.#rig.isSafe;
      // What is not watched at rest is looked at anew behind it: it trips again, whatever it did before.
      if (!isSaying) forget(this.#memory, this.#places[i]!, limit);
      return isSaying;
    };
    watchLimits(this.#limits, this.#memory, look, isInForce, (verdict, limit, i) => {
      if (verdict === raised) this.#onRaised(limit, i, look, now);
      else if (verdict === returned) this.#onReturned(i, sample.values[limit.column]!);
    });
    this.#checkMotion(sample, now);
  }

  hasReturned(i: number, sample: Sample): boolean {
    const look = lookOf(this.#rig, sample, this.#rig.isSafe);
    return isReturned(this.#limits[i]!, look, this.#memory, this.#places[i]!);
  }

  /** What is looked at again is so as if for the first time: it trips, whatever it did before. */
  #isLookedAt(limit: CompiledLimit, i: number): boolean {
    const isLookedAt = this.#watching.isLookedAt(limit);
    if (!isLookedAt) forget(this.#memory, this.#places[i]!, limit);
    return isLookedAt;
  }

  /** The part that needs nobody: ages, once per cycle, whether samples come or not. */
  async run(): Promise<void> {
    while (!this.#cancel.cancelled) {
      this.#checkAges();
      this.passedAt = this.#clock.elapsed();
      await this.#clock.sleep(this.#rig.cycleMs, this.#cancel);
    }
  }

  #checkAges(): void {
    const now = this.#clock.elapsed();
    this.#noteAway(now);
    const gone = this.#watched.filter((watch, i) => !this.#isOut(i) && this.#isBlind(watch, now));
    const blind = this.#isAtRest(now) ? [] : gone;
    const isNew = blind.some((watch) => !this.#blind.has(watch));
    this.#blind = new Set(blind);
    const first = this.#silentColumn(gone, now) ?? this.#silentLine(now);
    if (first === undefined) this.#speaksAgain();
    const cause = this.#isQuiet(now) ? undefined : first;
    const again = cause !== undefined && this.#isSilent;
    this.#isSilent = cause !== undefined;
    if (cause !== undefined && !again) this.#actOnSilence(cause);
    // What cannot be seen any more may have been taken back: it is asked, and made safe where it does not answer.
    else if (isNew && this.#rig.isSafe) void this.#rig.verify();
    else if (blind.length > 0) this.#lookAgain(now);
  }

  /** What is safe is not called silent for the time in which this process itself did not run; what runs is. */
  #noteAway(now: ElapsedMs): void {
    if (this.#rig.isSafe && now - this.#checkedAt > this.#rig.cycleMs + longestPauseMs) {
      this.#seesSince = now;
    }
    this.#checkedAt = now;
  }

  seeAgain(): void {
    this.#seesSince = this.#clock.elapsed();
  }

  #actOnSilence(cause: TripCause): void {
    this.#silent = cause;
    this.#act(cause, "trip");
  }

  #speaksAgain(): void {
    if (this.#silent !== undefined) this.#told.onReturn(this.#silent);
    this.#silent = undefined;
  }

  /** What is called safe is asked again for as long as the readings do not bear it out. */
  #lookAgain(now: ElapsedMs): void {
    const isCalledSafe = this.#rig.isSafe && this.#rig.safety().some(({ acted }) => acted);
    if (!isCalledSafe || now - this.#lookedAt < lookAgainMs) return;
    this.#lookedAt = now;
    void this.#rig.verify();
  }

  /** Of the place in `#watched`, where the limits come first. */
  #isOut(i: number): boolean {
    const limit = this.#limits[i];
    if (limit !== undefined) return !this.#watching.isLookedAt(limit);
    return this.#rig.isOut(this.#watched[i]!.column);
  }

  #isBlind(watch: Watched, now: ElapsedMs): boolean {
    return this.#age(watch, now) > Math.max(watch.longestMs, this.#slowestMs());
  }

  /** So long a reading may be away where samples are rare. */
  #slowestMs(): number {
    const cycleMs = this.#watching.cycleMs();
    return cycleMs > this.#rig.cycleMs ? heldCycles * cycleMs : 0;
  }

  /** Silence trips nothing: nothing was started yet, or the rig is at rest. */
  #isQuiet(now: ElapsedMs): boolean {
    return Number.isNaN(this.#rig.startedAt) || this.#isAtRest(now);
  }

  /** All has acted and stood long enough. */
  #isAtRest(now: ElapsedMs): boolean {
    return this.#rig.isSafe && now - this.#restSince > restMs;
  }

  #silentColumn([first]: readonly Watched[], now: ElapsedMs): TripCause | undefined {
    if (first === undefined) return undefined;
    return this.#causeOf("stale", first, Number.NaN, this.#age(first, now), now);
  }

  #silentLine(now: ElapsedMs): TripCause | undefined {
    for (const { line, at } of this.#rig.lastAnswers()) {
      const ageMs = now - later(at, later(this.#rig.startedAt, this.#seesSince));
      const longestMs = Math.max(this.#staleMs, this.#slowestMs());
      if (ageMs <= longestMs || this.#leftAlone.has(line)) continue;
      const lost = { limit: "line-lost", column: line };
      const text = `no answer on line ${line} for ${formatDuration(ageMs)}`;
      return { kind: "line", ...lost, value: Number.NaN, ageMs, at: now, text };
    }
    return undefined;
  }

  #age({ column, maskMs }: Watched, now: ElapsedMs): number {
    return ageMs(this.#goodAt(column), later(this.#rig.startedAt, this.#seesSince), maskMs, now);
  }

  /** Speed, load or heat of what had acted and stood (docs/safety.md, "At rest"). */
  #checkMotion({ values, quality }: Sample, now: ElapsedMs): void {
    const { actuators } = this.#rig;
    const read = actuators.filter(({ column }) => quality[column] === good);
    const moving = read.find((a) => isAway(a, values[a.column]!));
    const stands = moving === undefined && read.length > 0 && this.#rig.isSafe;
    if (stands && !this.#rig.safety().every(({ acted }) => acted)) return;
    if (stands || !this.#rig.isSafe) {
      this.#standsAgain();
      if (!stands) this.#restSince = Number.NaN;
      else if (Number.isNaN(this.#restSince)) this.#restSince = now;
    } else if (moving !== undefined && Number.isNaN(this.#restSince)) this.#lookAgain(now);
    else if (moving !== undefined) this.#moved(moving, values, now);
  }

  #standsAgain(): void {
    this.#moves = 0;
    if (this.#moving !== undefined) this.#told.onReturn(this.#moving);
    this.#moving = undefined;
  }

  #moved({ role, column }: ActuatorFacts, values: ArrayLike<number>, now: ElapsedMs): void {
    this.#moves++;
    if (this.#moves !== samplesOfMotion) return;
    const value = values[column]!;
    const { unit = "1" } = this.#rig.columns[column] ?? {};
    const text = `unasked motion: ${role} is ${formatQuantity(value, unit)} though it was made safe and stood`;
    void this.#rig.verify();
    const known = { kind: "motion", limit: "unasked-motion", column: role } as const;
    this.#moving = { ...known, value, ageMs: 0, at: now, text };
    this.#told.onMotion(this.#moving);
  }

  #onRaised(limit: CompiledLimit, i: number, look: Look, now: ElapsedMs): void {
    const { values, quality } = look;
    const watch = this.#watched[i]!;
    const { column } = limit;
    const isBlind = isSensorFault(limit, this.#memory, this.#places[i]!);
    const kind = isBlind || atRestOf(limit) === "silence" ? "stale" : "limit";
    const age = quality[column] === good ? 0 : this.#age(watch, now);
    const cause = this.#causeOf(kind, watch, values[column]!, age, now);
    const text = tripWords(limit, this.#rig.columns[column], look, isBlind) ?? cause.text;
    this.#act({ ...cause, text }, limit.isolate === true ? "isolate" : "trip");
  }

  #onReturned(i: number, value: number): void {
    const { limit, column, station } = this.#watched[i]!;
    const { name = limit } = this.#rig.columns[column] ?? {};
    const what = { limit, column: name, value };
    this.#told.onReturn(station === undefined ? what : { ...what, station });
  }

  #causeOf(
    kind: "limit" | "stale",
    { limit, column, station }: Watched,
    value: number,
    ageMs: number,
    at: ElapsedMs,
  ): TripCause {
    const { name = limit, unit = "1" } = this.#rig.columns[column] ?? {};
    const text =
      kind === "limit"
        ? `${limit}: ${name} is ${formatQuantity(value, unit)}`
        : `no good reading of ${name} for ${formatDuration(ageMs)}`;
    const cause = { kind, limit, column: name, value, ageMs, at, text };
    return station === undefined ? cause : { ...cause, station };
  }

  #act(cause: TripCause, how: SafeCause): void {
    void this.#rig.safe(`guard: ${cause.text}`, how);
    this.#told.onTrip(cause);
  }
}

/** Without a run there are no steps and no ramps: a rig's trips have no mask but the one after the start. */
function lookOf(rig: BoundRig, { at, values, quality }: Sample, mayBeSilent: boolean): Look {
  const { startedAt, setpoints } = rig;
  const goodAt = (column: number) => rig.lastGoodAt(column);
  const noStep = { stepAt: Number.NEGATIVE_INFINITY, ramping: false, baseline: () => Number.NaN };
  return { at, values, quality, startedAt, setpoints, goodAt, mayBeSilent, ...noStep };
}

/** Farther from its safe value than what a standing shaft or an unloaded cell shows. */
function isAway({ safe, ceiling, floor }: ActuatorFacts, value: number): boolean {
  return Math.abs(value - safe) > motionShare * Math.max(Math.abs(ceiling), Math.abs(floor));
}

/** Share of the ceiling; beyond the noise of a torque or pressure cell. */
const motionShare = 0.02;

function later(at: ElapsedMs, since: ElapsedMs): ElapsedMs {
  return Number.isNaN(at) ? since : Math.max(at, since);
}
