/** A stretch without samples is a gap when it is longer than so many cycles, and than this. */
const gapCycles = 3;
const shortestGapMs = 2000;

/** A longer stretch without samples is a gap: nobody knows what happened in it. */
export function gapOf(cycleMs: number): number {
  return Math.max(gapCycles * cycleMs, shortestGapMs);
}
