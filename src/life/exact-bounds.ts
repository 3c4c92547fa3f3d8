/** Exact bounds: by simulated pivots, of the exponential by chi-square. */
import { assert } from "../base/error.js";
import type { BestLinear } from "./blie.js";
import { countLife, hasEntries, isFailure, type LifeRow, largestOf } from "./data.js";
import type { FitOptions, Simulate } from "./fit-options.js";
import type { Functional } from "./functional.js";
import type { Model } from "./model.js";
import { type PivotJob, pivotBounds } from "./pivot.js";
import { chiSquareQuantile } from "./quantile.js";
import { refuse, type WarningCode } from "./warning.js";

const exactDraws = 100_000;
const exactSeed = 1;

function pivotJob(
  rows: readonly LifeRow[],
  options: FitOptions,
  best?: BestLinear,
): Omit<PivotJob, "chunk"> {
  const { distribution } = options;
  if (distribution !== "weibull" && distribution !== "lognormal") {
    refuse("METHOD_RANGE", "--bounds exact is for weibull, lognormal and exponential");
  }
  const { n, failures } = countLife(rows);
  const job = { family: distribution, n, failures, draws: exactDraws, seed: exactSeed };
  if (best !== undefined) return { ...job, linear: best.invariant };
  refuseOtherCensoring(rows);
  if (failures < 2) refuse("EXACT_RANGE");
  return job;
}

/** Exact bounds are for complete data and tests that a failure ended. */
function refuseOtherCensoring(rows: readonly LifeRow[]): void {
  if (hasEntries(rows)) refuse("EXACT_RANGE", "some came under watch at an age");
  const failed = rows.filter(isFailure);
  const off = rows.filter((r) => !isFailure(r)).map((r) => r.time);
  const last = largestOf(failed, (r) => r.time);
  const complete = failed.every((r) => r.kind === "exact") && Number.isInteger(countLife(rows).n);
  if (!complete || off.some((t) => t < last || t !== off[0])) refuse("EXACT_RANGE");
}

type Ends = { lower: number; upper: number };
export type ExactEnds = (model: Model, f: Functional, tail: number) => Ends;

/** Throws `LIFE_REFUSED` where the data are not those that exact bounds are for. */
export async function exactEnds(
  rows: readonly LifeRow[],
  options: FitOptions,
  simulate: Simulate,
  best?: BestLinear,
): Promise<ExactEnds> {
  if (options.distribution === "exponential") {
    refuseOtherCensoring(rows);
    const { failures } = countLife(rows);
    const more = stoppedAtFailure(rows) ? 0 : 2;
    return (model, f, tail) => exponentialEnds(model, f, 2 * failures, more, tail);
  }
  const pivots = await simulate(pivotJob(rows, options, best));
  return (model, f, tail) => pivotsOf(model, f, pivots, tail);
}

/**
 * 2 (total time) / scale is chi-square with df = 2 failures degrees of freedom where a failure ended the test
 * (Epstein and Sobel 1953); where a time did, df bounds it above and df + 2 below (`more`).
 */
function exponentialEnds(
  model: Model,
  f: Functional,
  df: number,
  more: number,
  tail: number,
): Ends {
  assert(!("entry" in f), "the exponential has no shape to bound");
  const end = (chiSquare: number) => f.at(model.theta[0]! + Math.log(df / chiSquare), 0, 0);
  const ends = [end(chiSquareQuantile(tail, df + more, true)), end(chiSquareQuantile(tail, df))];
  // A life rises with the scale; a standardised time falls.
  return { lower: Math.min(...ends), upper: Math.max(...ends) };
}

/** Complete, or all others taken off together with the last failure. */
function stoppedAtFailure(rows: readonly LifeRow[]): boolean {
  const last = largestOf(rows.filter(isFailure), (r) => r.time);
  return rows.every((r) => isFailure(r) || r.time === last);
}

function pivotsOf(model: Model, f: Functional, pivots: Float64Array, tail: number) {
  const [mu, s] = [model.theta[0]!, model.theta[1]!];
  const quantity = (m: number, sigma: number) =>
    "entry" in f ? Math.log(sigma) : f.at(m, Math.log(sigma), 0);
  return pivotBounds(pivots, mu, Math.exp(s), quantity, tail);
}

/** Which way exact bounds err where a time, not a failure, ended the test. */
export function censoringCode(rows: readonly LifeRow[], { distribution }: FitOptions): WarningCode {
  if (stoppedAtFailure(rows)) return "EXACT_FOR_ITS_CENSORING";
  return distribution === "exponential" ? "EXACT_STOPPED_BY_TIME" : "EXACT_AS_IF_BY_FAILURE";
}
