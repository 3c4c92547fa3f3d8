import type { RunMs } from "../base/clock.js";

/** A stretch without samples: lost, given up, or never taken because nobody was at work. */
export type Gap = {
  fromMs: RunMs;
  toMs: RunMs;
  /** Samples that were taken and are not there, by their numbers; 0 when none was taken. */
  missing: number;
};

/** The wall clock was set, or went wrong: by so much against the run's own clock. */
export type ClockStep = { at: RunMs; byMs: number };

/** As for exposure: a longer stretch than this many cycles is a gap. */
const gapCycles = 3;

/** A clock that is disciplined is slewed by far less within one cycle (ntp_adjtime: 0.5 ms/s). */
export const clockStepMs = 500;

/** Looks at consecutive samples for what is missing between them. */
export class Continuity {
  readonly #cycleMs: number;
  readonly gaps: Gap[] = [];
  readonly clockSteps: ClockStep[] = [];
  #last: { cycle: number; at: number; wall: number } | undefined;

  constructor(cycleMs: number) {
    this.#cycleMs = cycleMs;
  }

  get lastAt(): RunMs | null {
    return this.#last?.at ?? null;
  }

  add(cycles: Float64Array, at: Float64Array, wall: Float64Array): void {
    for (let i = 0; i < cycles.length; i++) this.#one(cycles[i]!, at[i]!, wall[i]!);
  }

  #one(cycle: number, at: number, wall: number): void {
    const last = this.#last;
    this.#last = { cycle, at, wall };
    if (last === undefined) return;
    const missing = cycle - last.cycle - 1;
    if (missing !== 0 || at - last.at > gapCycles * this.#cycleMs) {
      this.gaps.push({ fromMs: last.at, toMs: at, missing });
    }
    const byMs = wall - last.wall - (at - last.at);
    if (Math.abs(byMs) > clockStepMs) this.clockSteps.push({ at, byMs });
  }
}
