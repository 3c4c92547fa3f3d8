/** Lowest and highest that a quantity was in a stretch of time; both NaN where nobody knows. */
export type Range = { low: number; high: number };

/** So that it holds the value too; one that is not known changes nothing. */
export function widen(range: Range, value: number): void {
  if (Number.isNaN(value)) return;
  range.low = Math.min(range.low, value);
  range.high = Math.max(range.high, value);
}

/** Without its sign: the lowest and highest size. */
export function sizeOf({ low, high }: Range): Range {
  const most = Math.max(Math.abs(low), Math.abs(high));
  if (low <= 0 && high >= 0) return { low: 0, high: most };
  return { low: Math.min(Math.abs(low), Math.abs(high)), high: most };
}
