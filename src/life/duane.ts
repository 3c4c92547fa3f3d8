/**
 * Duane's line (J. T. Duane 1964): ln of the cumulative MTBF against ln of the time by least squares.
 * The points hang together, so there are no bounds; use it to look at growth, Crow-AMSAA to estimate it.
 */
export type Duane = {
  /** Growth rate: slope of the line. */
  alpha: number;
  /** Cumulative MTBF at time 1. */
  b: number;
  /** At the last point. */
  cumulativeMtbf: number;
  /** cumulative / (1 - alpha); null where alpha is 1 or more. */
  instantaneousMtbf: number | null;
};

/** Failures so far at ascending times; undefined with fewer than two different times. */
export function duane(points: readonly { time: number; failures: number }[]): Duane | undefined {
  const x = points.map((p) => Math.log(p.time));
  const y = points.map((p) => Math.log(p.time / p.failures));
  const [mx, my] = [mean(x), mean(y)];
  const sxx = x.reduce((s, v) => s + (v - mx) ** 2, 0);
  if (!(sxx > 0)) return undefined;
  const alpha = x.reduce((s, v, i) => s + (v - mx) * (y[i]! - my), 0) / sxx;
  const b = Math.exp(my - alpha * mx);
  const cumulativeMtbf = b * points.at(-1)!.time ** alpha;
  const instantaneousMtbf = alpha < 1 ? cumulativeMtbf / (1 - alpha) : null;
  return { alpha, b, cumulativeMtbf, instantaneousMtbf };
}

function mean(values: readonly number[]): number {
  return values.reduce((s, v) => s + v, 0) / values.length;
}
