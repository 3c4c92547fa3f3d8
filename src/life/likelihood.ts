/**
 * Log-likelihood of life data under a log-location-scale model with a linear predictor:
 * ln(t - location) = x'b + sigma z. Parameters theta = (b..., s = ln sigma[, location]); a single
 * life distribution is x = (1), a life-stress relation has a column per stress, a common shape of
 * several lots a column per lot. What came under watch at an age counts given that it had lived so long
 * (left truncation). Analytic gradient and Hessian; values are densities of t itself.
 */
import type { LifeRow } from "./data.js";
import type { Evaluation } from "./newton.js";
import { newPoint, type Point, type Standard } from "./standard.js";

const exact = 0;
const right = 1;
const left = 2;
const interval = 3;

export type Sample = {
  n: number;
  kind: Uint8Array;
  /** Times; `high` means the upper end of intervals. */
  low: Float64Array;
  high: Float64Array;
  logLow: Float64Array;
  logHigh: Float64Array;
  /** Age at which it came under watch; NaN for none. */
  entry: Float64Array;
  logEntry: Float64Array;
  weight: Float64Array;
  /** Predictor columns, row by row. */
  x: Float64Array;
  columns: number;
  /** Log-likelihood of the intervals too narrow to be told from a point: sum of w ln(width). */
  constant: number;
};

/** Narrower than this in ln t an interval is its midpoint's density times its width (error 1e-13). */
const narrow = 1e-6;

/** `predictor` gives a row's x; left out it is (1). */
export function packSample(
  rows: readonly LifeRow[],
  predictor: (row: LifeRow) => readonly number[] = () => [1],
): Sample {
  const n = rows.length;
  const columns = rows[0] === undefined ? 1 : predictor(rows[0]).length;
  const kind = new Uint8Array(n);
  const [low, high, weight] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const x = new Float64Array(n * columns);
  const entry = Float64Array.from(rows, (row) => row.entry ?? Number.NaN);
  let constant = 0;
  rows.forEach((row, i) => {
    const end = row.timeHigh ?? row.time;
    weight[i] = row.count;
    kind[i] = { exact, right, left, interval }[row.kind];
    low[i] = row.time;
    high[i] = end;
    if (kind[i] === interval && Math.log(end / row.time) < narrow) {
      kind[i] = exact;
      low[i] = (row.time + end) / 2;
      // Zero width says "exact".
      if (end > row.time) constant += row.count * Math.log(end - row.time);
    }
    x.set(predictor(row), i * columns);
  });
  const [logLow, logHigh] = [low.map(Math.log), high.map(Math.log)];
  const logEntry = entry.map(Math.log);
  return { n, kind, low, high, logLow, logHigh, entry, logEntry, weight, x, columns, constant };
}

export type Likelihood = (theta: Float64Array) => Evaluation;

/** The function to maximise. With `location` theta has one entry more. */
export function likelihood(sample: Sample, standard: Standard, location = false): Likelihood {
  const p = sample.columns;
  const d = p + (location ? 2 : 1);
  const sums = new Sums(d, p);
  return (theta) => {
    const [s, shift] = [theta[p]!, location ? theta[p + 1]! : 0];
    sums.start(Math.exp(s), sample.constant);
    for (let i = 0; i < sample.n; i++) sums.addRow(sample, i, theta, shift, standard);
    return sums;
  };
}

class Sums implements Evaluation {
  /** Summed with its rounding kept beside it (A. Neumaier 1974): a million rows lose no digits. */
  get value(): number {
    return this.#sum + this.#lost;
  }
  #sum = 0;
  #lost = 0;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
  readonly #d: number;
  readonly #p: number;
  #sigma = 1;
  readonly #point: Point = newPoint();
  /** dz/dtheta at the (lower) time and at the upper. */
  readonly #z1: Float64Array;
  readonly #z2: Float64Array;

  constructor(d: number, p: number) {
    this.#d = d;
    this.#p = p;
    this.gradient = new Float64Array(d);
    this.hessian = new Float64Array(d * d);
    this.#z1 = new Float64Array(d);
    this.#z2 = new Float64Array(d);
  }

  start(sigma: number, constant: number): void {
    this.#sum = constant;
    this.#lost = 0;
    this.gradient.fill(0);
    this.hessian.fill(0);
    this.#sigma = sigma;
  }

  #add(v: number): void {
    const sum = this.#sum + v;
    this.#lost += Math.abs(v) < Math.abs(this.#sum) ? this.#sum - sum + v : v - sum + this.#sum;
    this.#sum = sum;
  }

  addRow(s: Sample, i: number, theta: Float64Array, shift: number, standard: Standard): void {
    const [p, sigma, w, point] = [this.#p, this.#sigma, s.weight[i]!, this.#point];
    const base = i * p;
    let mu = 0;
    for (let j = 0; j < p; j++) mu += s.x[base + j]! * theta[j]!;
    // Before the location nothing fails: taken off there says nothing, looked at there nothing either.
    if (s.kind[i] === right && s.low[i]! <= shift) return;
    const early = s.kind[i] === interval && s.low[i]! <= shift;
    const kind = early ? left : s.kind[i]!;
    const low = early ? s.high[i]! : s.low[i]!;
    const y = shift === 0 ? s.logLow[i]! : Math.log(low - shift);
    const r = 1 / (low - shift);
    const z = (y - mu) / sigma;
    this.#fill(this.#z1, s, base, z, r);
    if (kind === interval) {
      const high = shift === 0 ? s.logHigh[i]! : Math.log(s.high[i]! - shift);
      const z2 = (high - mu) / sigma;
      const r2 = 1 / (s.high[i]! - shift);
      standard.interval(z, z2, point);
      this.#fill(this.#z2, s, base, z2, r2);
      this.#first(this.#z2, w * point.high1, s, base, z2, r2);
      this.#second(this.#z2, this.#z2, w * point.high2);
      this.#second(this.#z1, this.#z2, w * point.cross);
      this.#second(this.#z2, this.#z1, w * point.cross);
    } else if (kind === exact) {
      standard.exact(z, point);
      this.#density(w, y, theta[p]!, r);
    } else if (kind === right) standard.right(z, point);
    else standard.left(z, point);
    this.#add(w * point.value);
    this.#first(this.#z1, w * point.d1, s, base, z, r);
    this.#second(this.#z1, this.#z1, w * point.d2);
    if (s.entry[i]! > shift) this.#givenEntry(s, i, mu, shift, standard);
  }

  /** Given that it had lived up to its entry: over the survival there. */
  #givenEntry(s: Sample, i: number, mu: number, shift: number, standard: Standard): void {
    const [w, base, point] = [s.weight[i]!, i * this.#p, this.#point];
    const y = shift === 0 ? s.logEntry[i]! : Math.log(s.entry[i]! - shift);
    const z = (y - mu) / this.#sigma;
    const r = 1 / (s.entry[i]! - shift);
    this.#fill(this.#z1, s, base, z, r);
    standard.right(z, point);
    this.#add(-w * point.value);
    this.#first(this.#z1, -w * point.d1, s, base, z, r);
    this.#second(this.#z1, this.#z1, -w * point.d2);
  }

  #fill(dz: Float64Array, s: Sample, base: number, z: number, r: number): void {
    const p = this.#p;
    for (let j = 0; j < p; j++) dz[j] = -s.x[base + j]! / this.#sigma;
    dz[p] = -z;
    if (this.#d > p + 1) dz[p + 1] = -r / this.#sigma;
  }

  /** First derivative by z: gradient, and the curvature of z itself. */
  #first(dz: Float64Array, k: number, s: Sample, base: number, z: number, r: number): void {
    const [p, d, sigma, h] = [this.#p, this.#d, this.#sigma, this.hessian];
    for (let a = 0; a < d; a++) this.gradient[a]! += k * dz[a]!;
    for (let j = 0; j < p; j++) {
      const c = (k * s.x[base + j]!) / sigma;
      h[j * d + p]! += c;
      h[p * d + j]! += c;
    }
    h[p * d + p]! += k * z;
    if (d === p + 1) return;
    h[p * d + p + 1]! += (k * r) / sigma;
    h[(p + 1) * d + p]! += (k * r) / sigma;
    h[(p + 1) * d + p + 1]! -= (k * r * r) / sigma;
  }

  #second(u: Float64Array, v: Float64Array, k: number): void {
    const d = this.#d;
    for (let a = 0; a < d; a++) {
      const ku = k * u[a]!;
      for (let b = 0; b < d; b++) this.hessian[a * d + b]! += ku * v[b]!;
    }
  }

  /** -s - ln(t - location): from z to the density of t. */
  #density(w: number, y: number, s: number, r: number): void {
    const [p, d] = [this.#p, this.#d];
    this.#add(-w * (s + y));
    this.gradient[p]! -= w;
    if (d === p + 1) return;
    this.gradient[p + 1]! += w * r;
    this.hessian[(p + 1) * d + p + 1]! += w * r * r;
  }
}
