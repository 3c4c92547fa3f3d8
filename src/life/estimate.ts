/** An estimate with its two-sided bounds; Infinity or 0 where the data set no limit. */
export type Bounded = { estimate: number; lower: number; upper: number };
export type WithError = Bounded & { standardError: number };
