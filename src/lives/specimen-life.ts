/** What one run, or several, tell of one specimen's life. */

import type { EpochMs } from "../base/clock.js";
import { WearoutError } from "../base/error.js";

/** [at least, at most] in the unit of its counter; Infinity where no bound is known. */
export type Span = readonly [number, number];

export type SpecimenLife = {
  run: string;
  startedWall: EpochMs;
  simulated: boolean;
  specimen: string;
  lot: string;
  group: string;
  failed: boolean;
  mode: string;
  life: Span;
  interruptions: number;
  /** How often it was taken off its rig and mounted again, as far as a record says so. */
  remounts: number;
  /** Withdrawn while suspect: a censoring that is not independent of the life. */
  informative: boolean;
  /** Means over the time on test, by column title; what was not measured is missing. */
  stress: Readonly<Record<string, number>>;
  /** Every counter with a bound, by column title. */
  exposure: Readonly<Record<string, Span>>;
};

/**
 * One row per specimen: what it lived in several runs adds up, the last one says how it ended, and
 * stresses are means by life. A simulated specimen is new in every run and is never joined. Throws
 * `USAGE` where a specimen was run again after it had failed.
 */
export function joinRuns(lives: readonly SpecimenLife[]): SpecimenLife[] {
  const joined = new Map<string, SpecimenLife>();
  const inOrder = [...lives].sort((a, b) => a.startedWall - b.startedWall);
  for (const life of inOrder) {
    const key = JSON.stringify([life.simulated ? life.run : "", life.specimen]);
    const before = joined.get(key);
    joined.set(key, before === undefined ? life : followedBy(before, life));
  }
  return [...joined.values()];
}

function followedBy(before: SpecimenLife, next: SpecimenLife): SpecimenLife {
  if (before.failed) {
    const { specimen, run } = before;
    const text = `specimen ${specimen} failed in ${run} and was run again in ${next.run}: which is its life? choose with run=`;
    throw new WearoutError("USAGE", text);
  }
  const [a, b] = [before.life[0], next.life[0]];
  const share = a + b > 0 ? a / (a + b) : 0.5;
  return {
    ...next,
    life: sum(before.life, next.life),
    interruptions: before.interruptions + next.interruptions + 1,
    remounts: before.remounts + next.remounts,
    stress: common(before.stress, next.stress, (x, y) => x * share + y * (1 - share)),
    exposure: common(before.exposure, next.exposure, sum),
  };
}

function sum(a: Span, b: Span): Span {
  return [a[0] + b[0], a[1] + b[1]];
}

/** What both know; a value that one lacks is not known of the whole. */
function common<T>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
  of: (x: T, y: T) => T,
) {
  return Object.fromEntries(
    Object.entries(a).flatMap(([name, x]): [string, T][] => {
      const y = b[name];
      return y === undefined ? [] : [[name, of(x, y)]];
    }),
  );
}
