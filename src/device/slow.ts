/** Devices that were heard to answer slower than their turnaround says. */
export type Slow = {
  /** So often. */
  times: number;
  /** The longest time from the end of a request to the first byte of its answer. */
  longestMs: number;
  /** What it was allowed. */
  turnaroundMs: number;
};

/** A machine that stalls for a moment makes one answer look slow. */
const timesToTell = 3;
/** A fifth more than was seen, in steps that a person would write. */
const margin = 1.2;
const stepMs = 10;

export function noteSlow(
  slow: Record<number, Slow>,
  unit: number,
  tookMs: number,
  turnaroundMs: number,
): void {
  const known = slow[unit];
  const longestMs = Math.max(tookMs, known?.longestMs ?? 0);
  slow[unit] = { times: (known?.times ?? 0) + 1, longestMs, turnaroundMs };
}

/**
 * `unit 5 answers after up to 310 ms, its turnaround says 100 ms: turnaround: 380 ms`, one for each such unit that is
 * not in `told`.
 */
export function slowInWords(
  slow: Readonly<Record<number, Slow>>,
  told: ReadonlySet<number> = new Set(),
): string[] {
  const sure = Object.entries(slow).filter(
    ([unit, { times }]) => times >= timesToTell && !told.has(Number(unit)),
  );
  return sure.map(([unit, { longestMs, turnaroundMs }]) => {
    const write = Math.ceil((margin * longestMs) / stepMs) * stepMs;
    const seen = `unit ${unit} answers after up to ${Math.ceil(longestMs)} ms`;
    return `${seen}, its turnaround says ${turnaroundMs} ms: turnaround: ${write} ms`;
  });
}
