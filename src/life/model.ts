/** A fitted log-location-scale model: the maximum of its likelihood and what follows from it. */
import type { LifeRow } from "./data.js";
import { type Likelihood, likelihood, packSample, type Sample } from "./likelihood.js";
import { nelderMead } from "./nelder-mead.js";
import { covariance, type Maximum, maximise } from "./newton.js";
import type { Standard } from "./standard.js";
import { refuse } from "./warning.js";

export type Model = {
  standard: Standard;
  likelihood: Likelihood;
  /** Predictor columns; theta = (b..., s = ln sigma[, location]). */
  columns: number;
  hasLocation: boolean;
  theta: Float64Array;
  logLikelihood: number;
  /** Of theta; rows and columns of a fixed entry are zero. */
  covariance: Float64Array;
  /** Entries of theta that are given, not estimated (sigma of the exponential). */
  fixed: readonly number[];
  rescued: boolean;
};

export type ModelOptions = {
  predictor?: (row: LifeRow) => readonly number[];
  /** Given sigma, not estimated: 1 for the exponential, 1/shape for a Weibull of known shape. */
  sigma?: number;
  start?: ArrayLike<number>;
};

/** Maximum likelihood without location. Throws `LIFE_REFUSED` when there is no maximum. */
export function fitModel(
  rows: readonly LifeRow[],
  standard: Standard,
  options: ModelOptions = {},
): Model {
  const sample = packSample(rows, options.predictor);
  const f = likelihood(sample, standard);
  const start = Float64Array.from(options.start ?? startValues(sample));
  const fixed = options.sigma === undefined ? [] : [sample.columns];
  if (options.sigma !== undefined) start[sample.columns] = Math.log(options.sigma);
  return modelAt(
    { standard, likelihood: f, columns: sample.columns, hasLocation: false, fixed },
    start,
  );
}

type Frame = Pick<Model, "standard" | "likelihood" | "columns" | "hasLocation" | "fixed">;

/** Climbs from `start`; Newton, and where it fails the simplex, then Newton again. */
export function modelAt(frame: Frame, start: Float64Array): Model {
  const free = [...start.keys()].filter((i) => !frame.fixed.includes(i));
  const reduced = restrict(frame.likelihood, start, free);
  const from = free.map((i) => start[i]!);
  let top = maximise(reduced, from);
  let rescued = false;
  if (!top.converged) {
    rescued = true;
    const value = (x: number[]) => {
      const v = reduced(Float64Array.from(x)).value;
      return Number.isNaN(v) ? Number.POSITIVE_INFINITY : -v;
    };
    top = maximise(reduced, nelderMead(value, from).x);
  }
  return finish(frame, start, free, top, rescued);
}

function finish(
  frame: Frame,
  start: Float64Array,
  free: number[],
  top: Maximum,
  rescued: boolean,
): Model {
  const small = covariance(top.hessian, free.length);
  if (!top.converged || small === undefined) refuse("NO_MAXIMUM");
  const d = start.length;
  const theta = Float64Array.from(start);
  const wide = new Float64Array(d * d);
  free.forEach((i, a) => {
    theta[i] = top.x[a]!;
    free.forEach((j, b) => {
      wide[i * d + j] = small[a * free.length + b]!;
    });
  });
  return { ...frame, theta, logLikelihood: top.value, covariance: wide, rescued };
}

/** The same function of the free entries only. */
function restrict(f: Likelihood, all: Float64Array, free: readonly number[]): Likelihood {
  const d = all.length;
  if (free.length === d) return f;
  const theta = Float64Array.from(all);
  return (x) => {
    free.forEach((i, a) => {
      theta[i] = x[a]!;
    });
    const { value, gradient, hessian } = f(theta);
    return {
      value,
      gradient: Float64Array.from(free, (i) => gradient[i]!),
      hessian: Float64Array.from(free.flatMap((i) => free.map((j) => hessian[i * d + j]!))),
    };
  };
}

/** Least squares of ln t on the predictor over all rows: good enough to climb from. */
function startValues(sample: Sample): Float64Array {
  const { n, columns: p, x, weight } = sample;
  const normal = new Float64Array(p * p);
  const right = new Float64Array(p);
  const y = (i: number) => (sample.logLow[i]! + sample.logHigh[i]!) / 2;
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < p; a++) {
      right[a]! += weight[i]! * x[i * p + a]! * y(i);
      for (let b = 0; b < p; b++) {
        normal[a * p + b]! -= weight[i]! * x[i * p + a]! * x[i * p + b]!;
      }
    }
  }
  const inverse = covariance(normal, p);
  if (inverse === undefined) refuse("NO_MAXIMUM", "stress columns that say the same");
  const theta = new Float64Array(p + 1);
  for (let a = 0; a < p; a++) {
    for (let b = 0; b < p; b++) theta[a]! += inverse[a * p + b]! * right[b]!;
  }
  let squares = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    let fitted = 0;
    for (let a = 0; a < p; a++) fitted += x[i * p + a]! * theta[a]!;
    squares += weight[i]! * (y(i) - fitted) ** 2;
    total += weight[i]!;
  }
  theta[p] = Math.log(Math.max(Math.sqrt(squares / total), 0.05));
  return theta;
}
