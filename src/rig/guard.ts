/**
 * The guard: trips on the rig's own limits, on readings that stay away and on lost lines. It looks at
 * every sample before anybody else and at the age of readings in a loop of its own, so a run that
 * hangs, decides wrongly or never asks again cannot keep it from driving the safe values.
 */
import { Cancel, type Clock, type ElapsedMs } from "../base/clock.js";
import { formatDuration, formatQuantity } from "../base/quantity.js";
import { good, type Sample } from "../base/sample.js";
import { checkLimit, emptyLimitMemory, type LimitSituation, raised } from "../limit/check.js";
import type { CompiledLimit } from "../limit/compile.js";
import type { BoundRig } from "./bind.js";
import { heldCycles } from "./sampler.js";

/** Why the guard tripped. */
export type TripCause = {
  kind: "limit" | "stale";
  /** Name of the rig's limit that acted, or that could not be watched any more. */
  limit: string;
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
  readonly #situation: LimitSituation;
  readonly #cancel = new Cancel();
  readonly #unwatch: () => void;
  #memory: Float64Array;
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
    for (let i = 0; i < this.#limits.length; i++) {
      const limit = this.#limits[i]!;
      if (now - this.#armedAt < limit.maskAfterStartMs) continue;
      const ageMs = this.#age(limit, now);
      const longest = Math.min(limit.staleMs ?? this.#staleMs, this.#staleMs);
      if (ageMs <= longest) continue;
      this.#trip("stale", limit, Number.NaN, ageMs, now);
      return;
    }
  }

  /** Counted from the end of the mask at the earliest: before, nobody may have been reading. */
  #age(limit: CompiledLimit, now: ElapsedMs): number {
    const since = this.#armedAt + limit.maskAfterStartMs;
    const lastGood = this.#rig.lastGoodAt(limit.column);
    return now - (Number.isNaN(lastGood) ? since : Math.max(lastGood, since));
  }

  #look(i: number, value: number, quality: number, at: ElapsedMs, now: ElapsedMs): boolean {
    const limit = this.#limits[i]!;
    const ageMs = quality === good ? 0 : this.#age(limit, now);
    this.#situation.sinceStartMs = now - this.#armedAt;
    const state = checkLimit(limit, this.#memory, i, value, quality, ageMs, at, this.#situation);
    if (state !== raised) return false;
    this.#trip(limit.staleMs === undefined ? "limit" : "stale", limit, value, ageMs, now);
    return true;
  }

  #trip(
    kind: TripCause["kind"],
    limit: CompiledLimit,
    value: number,
    ageMs: number,
    at: ElapsedMs,
  ): void {
    this.#armed = false;
    const { name = limit.role, unit = "1" } = this.#rig.columns[limit.column] ?? {};
    void this.#rig.safe(`guard: ${limit.name} on ${name}`);
    const text =
      kind === "limit"
        ? `${name} is ${formatQuantity(value, unit)}`
        : `no good reading of ${name} for ${formatDuration(ageMs)}`;
    const cause = { kind, limit: limit.name, column: name, value, ageMs, at, text };
    this.tripped = limit.station === undefined ? cause : { ...cause, station: limit.station };
    this.#onTrip(this.tripped);
  }
}
