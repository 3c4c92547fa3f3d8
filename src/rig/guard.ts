/**
 * The guard: trips on the rig's own limits, on readings that stay away and on lost lines. It looks at
 * every sample before anybody else and at the age of readings in a loop of its own, so a run that
 * hangs, decides wrongly or never asks again cannot keep it from driving the safe values.
 */
import { Cancel, type Clock, type ElapsedMs } from "../base/clock.js";
import { formatDuration, formatQuantity } from "../base/quantity.js";
import { good, type Sample } from "../base/sample.js";
import {
  checkLimit,
  emptyLimitMemory,
  type LimitMemory,
  type LimitSituation,
  raised,
} from "../limit/check.js";
import type { CompiledLimit } from "../limit/compile.js";
import type { BoundRig } from "./bind.js";
import { heldCycles } from "./sampler.js";

/** Why the guard tripped. */
export type TripCause = {
  kind: "limit" | "stale" | "line";
  /** Name of the limit that acted or could not be watched; else `actuator-silent`, `line-lost`. */
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

export interface Guard {
  /** Starts looking; masks after the start count from here. A tripped guard looks again. */
  arm(): void;
  /** Stops looking. Only for the end of a run, when the rig is safe. */
  disarm(): void;
  readonly isArmed: boolean;
  /** The first cause since `arm`. */
  readonly tripped: TripCause | undefined;
  /** Called by the rig with every sample. */
  check(sample: Sample): void;
  /** Ends the loop for good. */
  stop(): void;
}

/** A reading may be missing this long, or three cycles where those are longer. */
const leastStaleMs = 2000;

/** Of the rig's compiled limits the guard takes those that trip. `onTrip` comes after the safe call. */
export function startGuard(
  rig: BoundRig,
  limits: readonly CompiledLimit[],
  clock: Clock,
  onTrip: (cause: TripCause) => void,
): Guard {
  const guard = new RigGuard(rig, limits, clock, onTrip);
  void guard.run();
  return guard;
}

class RigGuard implements Guard {
  tripped: TripCause | undefined;
  readonly #rig: BoundRig;
  readonly #limits: readonly CompiledLimit[];
  readonly #clock: Clock;
  readonly #onTrip: (cause: TripCause) => void;
  readonly #staleMs: number;
  readonly #watched: readonly Watched[];
  /** Lines whose loss suspends the run instead. */
  readonly #leftAlone: ReadonlySet<string>;
  readonly #situation: LimitSituation;
  readonly #cancel = new Cancel();
  readonly #unwatch: () => void;
  #memory: LimitMemory;
  #armedAt = 0;
  #armed = false;

  constructor(
    rig: BoundRig,
    limits: readonly CompiledLimit[],
    clock: Clock,
    onTrip: (cause: TripCause) => void,
  ) {
    this.#rig = rig;
    this.#limits = limits.filter((limit) => limit.reaction === "trip");
    this.#memory = emptyLimitMemory(this.#limits.length);
    this.#clock = clock;
    this.#onTrip = onTrip;
    this.#staleMs = Math.max(heldCycles * rig.cycleMs, leastStaleMs);
    this.#watched = watchedColumns(rig, this.#limits, this.#staleMs);
    this.#leftAlone = leftAlone(rig, limits, this.#watched);
    // The guard knows no steps and no ramps: a rig's trips have no mask but the one after the start.
    const noStep = { sinceStepMs: Number.POSITIVE_INFINITY, ramping: false };
    this.#situation = { sinceStartMs: 0, ...noStep, setpoints: rig.setpoints };
    this.#unwatch = rig.watch((sample) => this.check(sample));
  }

  get isArmed(): boolean {
    return this.#armed;
  }

  arm(): void {
    this.tripped = undefined;
    this.#memory = emptyLimitMemory(this.#limits.length);
    this.#armedAt = this.#clock.elapsed();
    this.#armed = true;
  }

  disarm(): void {
    this.#armed = false;
  }

  stop(): void {
    this.#armed = false;
    this.#unwatch();
    this.#cancel.cancel();
  }

  check(sample: Sample): void {
    if (!this.#armed) return;
    const now = this.#clock.elapsed();
    for (let i = 0; i < this.#limits.length; i++) {
      const { column } = this.#limits[i]!;
      const value = sample.values[column]!;
      if (this.#look(i, value, sample.quality[column]!, sample.at, now)) return;
    }
  }

  /** The part that needs nobody: ages, once per cycle, whether samples come or not. */
  async run(): Promise<void> {
    while (!this.#cancel.cancelled) {
      if (this.#armed) this.#checkAges();
      await this.#clock.sleep(this.#rig.cycleMs, this.#cancel);
    }
  }

  #checkAges(): void {
    const now = this.#clock.elapsed();
    for (const watch of this.#watched) {
      const ageMs = this.#age(watch, now);
      if (ageMs <= watch.longestMs) continue;
      this.#trip("stale", watch, Number.NaN, ageMs, now);
      return;
    }
    for (const { line, at } of this.#rig.lastAnswers()) {
      const ageMs = now - later(at, this.#armedAt);
      if (ageMs <= this.#staleMs || this.#leftAlone.has(line)) continue;
      const lost = { limit: "line-lost", column: line };
      const text = `no answer on line ${line} for ${formatDuration(ageMs)}`;
      this.#act({ kind: "line", ...lost, value: Number.NaN, ageMs, at: now, text });
      return;
    }
  }

  /** Counted from the end of the mask at the earliest: before, nobody may have been reading. */
  #age({ column, maskMs }: Watched, now: ElapsedMs): number {
    return now - later(this.#rig.lastGoodAt(column), this.#armedAt + maskMs);
  }

  #look(i: number, value: number, quality: number, at: ElapsedMs, now: ElapsedMs): boolean {
    const limit = this.#limits[i]!;
    const watch = this.#watched[i]!;
    const ageMs = quality === good ? 0 : this.#age(watch, now);
    this.#situation.sinceStartMs = now - this.#armedAt;
    const state = checkLimit(limit, this.#memory, i, value, quality, ageMs, at, this.#situation);
    if (state !== raised) return false;
    this.#trip(limit.staleMs === undefined ? "limit" : "stale", watch, value, ageMs, now);
    return true;
  }

  #trip(
    kind: "limit" | "stale",
    { limit, column, station }: Watched,
    value: number,
    ageMs: number,
    at: ElapsedMs,
  ): void {
    const { name = limit, unit = "1" } = this.#rig.columns[column] ?? {};
    const text =
      kind === "limit"
        ? `${limit}: ${name} is ${formatQuantity(value, unit)}`
        : `no good reading of ${name} for ${formatDuration(ageMs)}`;
    const cause = { kind, limit, column: name, value, ageMs, at, text };
    this.#act(station === undefined ? cause : { ...cause, station });
  }

  #act(cause: TripCause): void {
    this.#armed = false;
    this.tripped = cause;
    void this.#rig.safe(`guard: ${cause.text}`);
    this.#onTrip(cause);
  }
}

/** A column whose readings must not stay away. */
type Watched = {
  limit: string;
  column: number;
  station?: string;
  maskMs: number;
  longestMs: number;
};

/** One per trip limit in its order, then the actuators that are read: blind, none of them may move. */
function watchedColumns(
  rig: BoundRig,
  limits: readonly CompiledLimit[],
  staleMs: number,
): Watched[] {
  const watched = limits.map(({ name, column, station, maskAfterStartMs, staleMs: own }) => {
    const longestMs = Math.min(own ?? staleMs, staleMs);
    const watch = { limit: name, column, maskMs: maskAfterStartMs, longestMs };
    return station === undefined ? watch : { ...watch, station };
  });
  const actuators = rig.actuators.filter(({ column }) => rig.isRead(column));
  const silent = { limit: "actuator-silent", maskMs: 0, longestMs: staleMs };
  return [...watched, ...actuators.map(({ column }) => ({ ...silent, column }))];
}

/**
 * Lines on which the rig file answers silence by suspending (`stale` with reaction `suspend`), and that
 * carry nothing the guard needs: neither a trip's reading nor an actuator's.
 */
function leftAlone(
  rig: BoundRig,
  limits: readonly CompiledLimit[],
  watched: readonly Watched[],
): ReadonlySet<string> {
  const suspending = limits.filter((l) => l.reaction === "suspend" && l.staleMs !== undefined);
  const needed = new Set([...watched, ...rig.actuators].map(({ column }) => column));
  const lines = rig.columnsOfLines().filter(({ columns }) => {
    const isNeeded = columns.some((column) => needed.has(column));
    return !isNeeded && suspending.some(({ column }) => columns.includes(column));
  });
  return new Set(lines.map(({ line }) => line));
}

function later(at: ElapsedMs, since: ElapsedMs): ElapsedMs {
  return Number.isNaN(at) ? since : Math.max(at, since);
}
