/**
 * Mean cumulative function: how many failures a system has had by an age, on average, without a model
 * (W. Nelson, Recurrent Events Data Analysis, 2003). Pointwise bounds on the logarithm; their variance
 * between systems (Lawless and Nadeau, Technometrics 37, 1995; Meeker and Escobar 1998, section 16.2),
 * which needs no Poisson process; of one system alone that of a Poisson process. Bounds are NaN as long as
 * all systems watched had the same.
 */
import type { Bounded } from "./estimate.js";
import type { History } from "./growth-tests.js";
import { normalQuantile } from "./normal.js";

export type McfPoint = Bounded & { time: number; atRisk: number };

/** One point for each age with failures. A system is at risk after its start and up to its end. */
export function meanCumulativeFunction(
  histories: readonly History[],
  confidence: number,
): McfPoint[] {
  const z = normalQuantile((1 - confidence) / 2, true);
  const ages = [...new Set(histories.flatMap((h) => h.times))].sort((a, b) => a - b);
  const counts = histories.map((h) => countsOf(h.times));
  const between = new Float64Array(histories.length);
  let [mean, poisson] = [0, 0];
  return ages.map((time) => {
    const watched = histories.map((h) => h.start < time && time <= h.end);
    const atRisk = watched.filter((w) => w).length;
    const failed = counts.map((c) => c.get(time) ?? 0);
    const step = failed.reduce((s, d) => s + d, 0) / atRisk;
    mean += step;
    poisson += step / atRisk;
    failed.forEach((d, q) => {
      if (watched[q]) between[q]! += (d - step) / atRisk;
    });
    const variance = histories.length === 1 ? poisson : between.reduce((s, b) => s + b * b, 0);
    // Systems that all had the same so far tell nothing of how much they differ.
    const spread = variance > 1e-24 * mean * mean ? Math.sqrt(variance) : Number.NaN;
    const factor = Math.exp((z * spread) / mean);
    return { time, atRisk, estimate: mean, lower: mean / factor, upper: mean * factor };
  });
}

function countsOf(times: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const t of times) counts.set(t, (counts.get(t) ?? 0) + 1);
  return counts;
}
