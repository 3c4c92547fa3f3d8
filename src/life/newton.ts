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
 * where -H is not positive definite. Ends when the promised gain is below rounding.
 */
export function maximise(f: (x: Float64Array) => Evaluation, start: ArrayLike<number>): Maximum {
  let x: Float64Array = Float64Array.from(start);
  let at = copy(f(x));
  let converged = x.length === 0;
  for (let i = 0; i < 100 && !converged; i++) {
    const step = newtonStep(at);
    if (step === undefined) break;
    const gain = dot(step, at.gradient);
    const next = lineSearch(f, x, at, step);
    if (next === undefined) {
      converged = gain < 1e-7 * (1 + Math.abs(at.value));
      break;
    }
    x = next.x;
    at = next.at;
    converged = gain < 1e-18 * (1 + Math.abs(at.value));
  }
  return { x, ...at, converged: converged && Number.isFinite(at.value) };
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
  x: Float64Array,
  at: Evaluation,
  step: Float64Array,
): { x: Float64Array; at: Evaluation } | undefined {
  for (let share = 1; share > 1e-10; share /= 2) {
    const next = x.map((v, i) => v + share * step[i]!);
    const e = f(next);
    if (e.value > at.value || (share === 1 && nearlySame(e.value, at.value) && calmer(e, at))) {
      return { x: next, at: copy(e) };
    }
  }
  return undefined;
}

/** At the top the value no longer tells the better point from the worse; the gradient does. */
function nearlySame(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-13 * (1 + Math.abs(b));
}

function calmer(e: Evaluation, at: Evaluation): boolean {
  return dot(e.gradient, e.gradient) < dot(at.gradient, at.gradient);
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
