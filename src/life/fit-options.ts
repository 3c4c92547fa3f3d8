/** What can be asked of a fit. */
import type { PivotJob } from "./pivot.js";
import type { RankKind } from "./ranks.js";
import type { Unbiased } from "./unbias.js";

export const distributions = ["weibull", "weibull3", "lognormal", "exponential"] as const;
export type Distribution = (typeof distributions)[number];
export const methods = ["mle", "mrr", "mrr-yx", "blie"] as const;
export type Method = (typeof methods)[number];
export const boundKinds = ["likelihood", "fisher", "exact"] as const;
export type BoundKind = (typeof boundKinds)[number];

export type FitOptions = {
  distribution: Distribution;
  method: Method;
  ranks: RankKind;
  bounds: BoundKind;
  confidence: number;
  unbiased: Unbiased;
  /** Reliability is wanted at these times. */
  at: readonly number[];
};

/** Simulates pivots; in threads from the command, in place in a test. */
export type Simulate = (job: Omit<PivotJob, "chunk">) => Promise<Float64Array>;
