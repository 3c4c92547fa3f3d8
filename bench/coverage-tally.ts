/** How often bounds hold a known truth, and on which side they miss it. */
export type Tally = { below: number; inside: number; above: number };

export function emptyTally(): Tally {
  return { below: 0, inside: 0, above: 0 };
}

/** `below`: the truth is below the bounds. */
export function count(
  tally: Tally,
  { lower, upper }: { lower: number; upper: number },
  truth: number,
): void {
  tally[truth < lower ? "below" : truth > upper ? "above" : "inside"]++;
}

/** `89.5 (6.0 / 4.5)`: per cent inside, below and above, of so many samples. */
export function coverage({ below, inside, above }: Tally, samples: number): string {
  const percent = (n: number) => ((100 * n) / samples).toFixed(1);
  return `${percent(inside)} (${percent(below)} / ${percent(above)})`;
}
