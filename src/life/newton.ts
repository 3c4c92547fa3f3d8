/** Maximum of a smooth function of a few variables. */

/** Value, gradient and Hessian (row by row) at a point; the arrays are overwritten by the next call. */
export type Evaluation = { value: number; gradient: Float64Array; hessian: Float64Array };

export type Maximum = {
  x: Float64Array;
  value: number;
  gradient: Float64Array;
  hessian: Float64Array;
  converged: boolean;
};

/**
 * Damped Newton: steps of (-H + damping)^-1 g, halved until the value rises; the damping enters only
 * where -H is not positive definite. Once the promised gain is below the value's rounding the value
 * is no longer asked: full steps as long as they lessen the gain still promised.
 */
export function maximise(f: (x: Float64Array) => Evaluation, start: ArrayLike<number>): Maximum {
  let place: Place = { x: Float64Array.from(start), at: copy(f(Float64Array.from(start))) };
  let converged = place.x.length === 0;
  for (let i = 0; i < 100 && !converged; i++) {
    const step = newtonStep(place.at);
    if (step === undefined) break;
    const gain = dot(step, place.at.gradient);
    if (gain < 1e-14 * (1 + Math.abs(place.at.value))) {
      place = polish(f, place, step, gain);
      converged = true;
      break;
    }
    const next = lineSearch(f, place, step);
    if (next === undefined) {
      converged = gain < 1e-7 * (1 + Math.abs(place.at.value));
      break;
    }
    place = next;
  }
  const { x, at } = place;
  return { x, ...at, converged: converged && Number.isFinite(at.value) };
}

type Place = { x: Float64Array; at: Evaluation };

/** The gain a Newton step promises is the square of the distance to the top, in standard errors. */
const closeEnough = 1e-16;

/** Steps of Newton square that distance, so the one from `closeEnough` is the last. */
function polish(
  f: (x: Float64Array) => Evaluation,
  from: Place,
  first: Float64Array,
  gain: number,
) {
  let [place, step, left] = [from, first, gain];
  for (let i = 0; i < 5; i++) {
    const x = place.x.map((v, j) => v + step[j]!);
    const at = copy(f(x));
    const next = newtonStep(at);
    const promised = next === undefined ? Number.NaN : dot(next, at.gradient);
    if (next === undefined || !(promised < left)) break;
    place = { x, at };
    if (left < closeEnough) break;
    [step, left] = [next, promised];
  }
  return place;
}

function copy(e: Evaluation): Evaluation {
  return {
    value: e.value,
    gradient: Float64Array.from(e.gradient),
    hessian: Float64Array.from(e.hessian),
  };
}

function newtonStep(at: Evaluation): Float64Array | undefined {
  const d = at.gradient.length;
  const a = new Float64Array(d * d);
  let size = 0;
  for (let i = 0; i < d; i++) size = Math.max(size, Math.abs(at.hessian[i * d + i]!));
  const damped = (damping: number): boolean => {
    for (let i = 0; i < d * d; i++) a[i] = -at.hessian[i]!;
    for (let i = 0; i < d; i++) a[i * d + i]! += damping;
    return cholesky(a, d);
  };
  if (damped(0)) return solveCholesky(a, at.gradient);
  for (let damping = 1e-3 * (size || 1); damping < 1e12 * (1 + size); damping *= 10) {
    // Just definite is nearly singular, and its step endless: some more.
    if (damped(damping) && damped(4 * damping)) return solveCholesky(a, at.gradient);
  }
  return undefined;
}

function lineSearch(
  f: (x: Float64Array) => Evaluation,
  { x, at }: Place,
  step: Float64Array,
): Place | undefined {
  for (let share = 1; share > 1e-10; share /= 2) {
    const next = x.map((v, i) => v + share * step[i]!);
    const e = f(next);
    if (e.value > at.value) return { x: next, at: copy(e) };
  }
  return undefined;
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** In place, lower triangle; false when the matrix is not positive definite. */
export function cholesky(a: Float64Array, d: number): boolean {
  for (let j = 0; j < d; j++) {
    for (let i = j; i < d; i++) {
      let sum = a[i * d + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * d + k]! * a[j * d + k]!;
      if (i > j) a[i * d + j] = sum / a[j * d + j]!;
      else if (sum > 0 && Number.isFinite(sum)) a[j * d + j] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

export function solveCholesky(l: Float64Array, right: ArrayLike<number>): Float64Array {
  const d = right.length;
  const x = Float64Array.from(right);
  for (let i = 0; i < d; i++) {
    for (let k = 0; k < i; k++) x[i]! -= l[i * d + k]! * x[k]!;
    x[i]! /= l[i * d + i]!;
  }
  for (let i = d - 1; i >= 0; i--) {
    for (let k = i + 1; k < d; k++) x[i]! -= l[k * d + i]! * x[k]!;
    x[i]! /= l[i * d + i]!;
  }
  return x;
}

/** Inverse of minus the Hessian: the covariance of the estimates. Undefined when it is not definite. */
export function covariance(hessian: ArrayLike<number>, d: number): Float64Array | undefined {
  const a = Float64Array.from(hessian, (h) => -h);
  if (!cholesky(a, d)) return undefined;
  const inverse = new Float64Array(d * d);
  for (let j = 0; j < d; j++) {
    const unit = new Float64Array(d);
    unit[j] = 1;
    const column = solveCholesky(a, unit);
    for (let i = 0; i < d; i++) inverse[i * d + j] = column[i]!;
  }
  return inverse;
}
