/** Plotting positions and median rank regression. */
import { hasEntries, type LifeRow } from "./data.js";
import { betaQuantile } from "./quantile.js";
import type { Standard } from "./standard.js";
import { refuse } from "./warning.js";

export type RankKind = "exact" | "bernard";
export type PlotPoint = {
  time: number;
  adjustedRank: number;
  medianRank: number;
  /** What is known of its time, where it is no point: from 0 for one found failed. */
  within?: readonly [number, number];
};

/**
 * Median ranks of the failures. Suspensions move later ranks by L. G. Johnson's adjustment (The
 * Statistical Treatment of Fatigue Experiments, 1964); at one time failures come before suspensions.
 * `exact`: median of the beta distribution of the rank; `bernard`: (i - 0.3) / (n + 0.4), as in
 * IEC 61649 and GB/T 24607 annex A. A failure within an interval stands at its middle. Counts must
 * be whole.
 */
export function plotPoints(rows: readonly LifeRow[], kind: RankKind): PlotPoint[] {
  if (hasEntries(rows)) refuse("METHOD_RANGE", "ranks know no entry ages; use --method mle");
  const units = rows
    .map((r) => ({ ...withinOf(r), time: plotTime(r), failed: r.kind !== "right", count: r.count }))
    .sort((a, b) => a.time - b.time || Number(b.failed) - Number(a.failed));
  const n = units.reduce((sum, u) => sum + u.count, 0);
  if (!units.every((u) => Number.isInteger(u.count))) {
    refuse("METHOD_RANGE", "ranks need whole counts; use --method mle");
  }
  const points: PlotPoint[] = [];
  let [passed, rank] = [0, 0];
  for (const { time, failed, count, ...within } of units) {
    for (let i = 0; failed && i < count; i++) {
      rank += (n + 1 - rank) / (n - passed - i + 1);
      points.push({ time, adjustedRank: rank, medianRank: medianRank(rank, n, kind), ...within });
    }
    passed += count;
  }
  return points;
}

function withinOf(r: LifeRow): Pick<PlotPoint, "within"> {
  if (r.kind === "left") return { within: [0, r.time] };
  return r.kind === "interval" && r.timeHigh! > r.time ? { within: [r.time, r.timeHigh!] } : {};
}

function plotTime(r: LifeRow): number {
  if (r.kind === "left") return r.time / 2;
  return r.kind === "interval" ? (r.time + (r.timeHigh ?? r.time)) / 2 : r.time;
}

function medianRank(rank: number, n: number, kind: RankKind): number {
  return kind === "bernard" ? (rank - 0.3) / (n + 0.4) : betaQuantile(0.5, rank, n + 1 - rank);
}

export type RankLine = { mu: number; sigma: number; rSquared: number };

/**
 * Straight line through the points on probability paper. `mrr` minimises in time (x on y, the usual
 * choice for life data), `mrr-yx` in probability. `sigma` fixed: only mu is found.
 */
export function rankRegression(
  points: readonly PlotPoint[],
  standard: Standard,
  method: "mrr" | "mrr-yx",
  fixedSigma?: number,
): RankLine {
  const x = points.map((p) => Math.log(p.time));
  const y = points.map((p) => standard.quantile(p.medianRank));
  const mean = (v: number[]) => v.reduce((s, a) => s + a, 0) / v.length;
  const [mx, my] = [mean(x), mean(y)];
  const cross = (a: number[], ma: number, b: number[], mb: number) =>
    a.reduce((s, v, i) => s + (v - ma) * (b[i]! - mb), 0);
  const [sxx, syy, sxy] = [cross(x, mx, x, mx), cross(y, my, y, my), cross(x, mx, y, my)];
  const sigma = fixedSigma ?? (method === "mrr" ? sxy / syy : sxx / sxy);
  return { mu: mx - sigma * my, sigma, rSquared: (sxy * sxy) / (sxx * syy) };
}
