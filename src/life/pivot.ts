/**
 * Exact bounds for complete data and tests stopped at a failure: (mu^ - mu)/sigma^ and sigma^/sigma
 * do not depend on the truth, so their distribution is simulated once and put back (Lawless 2003,
 * section 5.2.2; Thoman, Bain and Antle, Technometrics 11, 1969). Seeded: the same data give the
 * same bounds, whatever the number of threads.
 */
import { normal, randomStream } from "../base/random.js";
import { type LinearWeights, linearEstimate } from "./blie.js";
import type { LifeRow } from "./data.js";
import { fitModel } from "./model.js";
import { standardNormal } from "./standard.js";
import { fastWeibull } from "./weibull-fast.js";

export type PivotFamily = "weibull" | "lognormal";

export type PivotJob = {
  family: PivotFamily;
  n: number;
  failures: number;
  draws: number;
  seed: number;
  /** Each chunk has its own stream; the chunks together are the simulation. */
  chunk: number;
  /** Linear estimates with these weights in place of maximum likelihood. */
  linear?: LinearWeights;
};

/** Estimates (mu^, sigma^) of `draws` standard samples, one after another. */
export function simulatePivots(job: PivotJob): Float64Array {
  const random = randomStream(
    job.seed,
    `pivot/${job.family}/${job.n}/${job.failures}/${job.chunk}`,
  );
  const out = new Float64Array(2 * job.draws);
  const draw =
    job.family === "weibull" ? () => Math.log(-Math.log1p(-random())) : () => normal(random);
  const { linear } = job;
  const likely = job.family === "weibull" ? weibullEstimate : lognormalEstimate;
  const estimate = linear === undefined ? likely : (z: Float64Array) => linearEstimate(linear, z);
  for (let i = 0; i < job.draws; ) {
    const z = Float64Array.from({ length: job.n }, draw).sort();
    const found = estimate(z, job.failures);
    if (found === undefined) continue;
    out[2 * i] = found[0];
    out[2 * i + 1] = found[1];
    i++;
  }
  return out;
}

function weibullEstimate(z: Float64Array, failures: number): [number, number] | undefined {
  const failed = new Uint8Array(z.length).fill(1, 0, failures);
  z.fill(z[failures - 1]!, failures);
  const found = fastWeibull(z, failed);
  return found === undefined ? undefined : [found.mu, Math.exp(found.s)];
}

function lognormalEstimate(z: Float64Array, failures: number): [number, number] | undefined {
  if (failures === z.length) {
    const mean = z.reduce((s, v) => s + v, 0) / z.length;
    return [mean, Math.sqrt(z.reduce((s, v) => s + (v - mean) ** 2, 0) / z.length)];
  }
  const rows: LifeRow[] = Array.from(z.subarray(0, failures), (v) => ({
    kind: "exact",
    time: Math.exp(v),
    count: 1,
    stress: {},
  }));
  const time = Math.exp(z[failures - 1]!);
  rows.push({ kind: "right", time, count: z.length - failures, stress: {} });
  const { theta } = fitModel(rows, standardNormal);
  return [theta[0]!, Math.exp(theta[1]!)];
}

/** Bounds of a quantity that each simulated pair turns into one value; `tail` on each side. */
export function pivotBounds(
  pivots: Float64Array,
  mu: number,
  sigma: number,
  quantity: (mu: number, sigma: number) => number,
  tail: number,
): { lower: number; upper: number } {
  const values = new Float64Array(pivots.length / 2);
  for (let i = 0; i < values.length; i++) {
    const [u, b] = [pivots[2 * i]!, pivots[2 * i + 1]!];
    values[i] = quantity(mu - (sigma * u) / b, sigma / b);
  }
  values.sort();
  return { lower: quantileOf(values, tail), upper: quantileOf(values, 1 - tail) };
}

/** Linear between order statistics (Hyndman and Fan 1996, type 6). */
function quantileOf(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length + 1) - 1;
  const below = Math.min(Math.max(Math.floor(at), 0), sorted.length - 2);
  return sorted[below]! + (at - below) * (sorted[below + 1]! - sorted[below]!);
}
