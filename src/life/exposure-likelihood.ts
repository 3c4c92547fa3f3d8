/**
 * Log-likelihood under the cumulative exposure model (W. Nelson, IEEE Trans. Reliability R-29, 1980, 103;
 * Accelerated Testing, 1990, chapter 10): what a specimen has left depends on the share of life it has
 * spent, not on how. With life exp(x'b) at each step, the spent share is e = sum of duration * exp(-x'b),
 * and z = ln(e) / sigma has the standard distribution. theta = (b..., s = ln sigma), as in `likelihood`.
 */
import type { Likelihood } from "./likelihood.js";
import type { Evaluation } from "./newton.js";
import { newPoint, type Point, type Standard } from "./standard.js";

/** A time at one stress; `x` begins with 1. A known factor of life is already in the duration. */
export type Part = { duration: number; x: readonly number[] };

export type Exposed = {
  kind: "exact" | "right" | "left" | "interval";
  /** Steps up to the failure, suspension or the lower end of the interval. */
  parts: readonly Part[];
  /** What may be added up to the interval's upper end; at the last part's stress. */
  more: number;
  count: number;
  /** ln of the known factor in the last duration: from the density of the exposure to that of time. */
  lnKnown: number;
};

export function exposureLikelihood(
  sample: readonly Exposed[],
  columns: number,
  standard: Standard,
): Likelihood {
  const sums = new ExposureSums(columns);
  return (theta) => {
    sums.start(theta);
    for (const one of sample) sums.add(one, standard);
    return sums;
  };
}

/** ln e with its first two derivatives by b. */
type Spent = { log: number; first: Float64Array; second: Float64Array };

class ExposureSums implements Evaluation {
  value = 0;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
  readonly #p: number;
  #theta: Float64Array = new Float64Array();
  #sigma = 1;
  readonly #point: Point = newPoint();
  readonly #low: Spent;
  readonly #high: Spent;

  constructor(p: number) {
    this.#p = p;
    this.gradient = new Float64Array(p + 1);
    this.hessian = new Float64Array((p + 1) ** 2);
    const spent = () => ({
      log: 0,
      first: new Float64Array(p),
      second: new Float64Array(p * p),
    });
    [this.#low, this.#high] = [spent(), spent()];
  }

  start(theta: Float64Array): void {
    this.value = 0;
    this.gradient.fill(0);
    this.hessian.fill(0);
    this.#theta = theta;
    this.#sigma = Math.exp(theta[this.#p]!);
  }

  add(one: Exposed, standard: Standard): void {
    const [low, high, point, w] = [this.#low, this.#high, this.#point, one.count];
    this.#spend(one, 0, low);
    const z = low.log / this.#sigma;
    if (one.kind === "interval") {
      this.#spend(one, one.more, high);
      const z2 = high.log / this.#sigma;
      standard.interval(z, z2, point);
      this.#chain(high, z2, w * point.high1);
      this.#square(high, z2, high, z2, w * point.high2);
      this.#square(low, z, high, z2, w * point.cross);
      this.#square(high, z2, low, z, w * point.cross);
    } else standard[one.kind](z, point);
    this.value += w * point.value;
    this.#chain(low, z, w * point.d1);
    this.#square(low, z, low, z, w * point.d2);
    if (one.kind === "exact") this.#density(one, low);
  }

  #spend({ parts }: Exposed, more: number, out: Spent): void {
    const [p, theta] = [this.#p, this.#theta];
    const last = parts.length - 1;
    const logs = parts.map(({ duration, x }, i) => {
      const all = i === last ? duration + more : duration;
      let log = Math.log(all);
      for (let j = 0; j < p; j++) log -= x[j]! * theta[j]!;
      return log;
    });
    const most = Math.max(...logs);
    const total = logs.reduce((sum, l) => sum + Math.exp(l - most), 0);
    out.log = most + Math.log(total);
    out.first.fill(0);
    out.second.fill(0);
    parts.forEach(({ x }, i) => {
      const share = Math.exp(logs[i]! - out.log);
      for (let a = 0; a < p; a++) {
        out.first[a]! -= share * x[a]!;
        for (let b = 0; b < p; b++) out.second[a * p + b]! += share * x[a]! * x[b]!;
      }
    });
    for (let a = 0; a < p; a++) {
      for (let b = 0; b < p; b++) out.second[a * p + b]! -= out.first[a]! * out.first[b]!;
    }
  }

  /** k times the first and second derivatives of z. */
  #chain(e: Spent, z: number, k: number): void {
    const [p, d, sigma, h] = [this.#p, this.#p + 1, this.#sigma, this.hessian];
    for (let a = 0; a < p; a++) {
      this.gradient[a]! += (k * e.first[a]!) / sigma;
      for (let b = 0; b < p; b++) h[a * d + b]! += (k * e.second[a * p + b]!) / sigma;
      h[a * d + p]! -= (k * e.first[a]!) / sigma;
      h[p * d + a]! -= (k * e.first[a]!) / sigma;
    }
    this.gradient[p]! -= k * z;
    h[p * d + p]! += k * z;
  }

  /** k times dz dz', of two z's. */
  #square(u: Spent, zu: number, v: Spent, zv: number, k: number): void {
    const [p, d, sigma] = [this.#p, this.#p + 1, this.#sigma];
    const slope = (e: Spent, z: number, a: number) => (a < p ? e.first[a]! / sigma : -z);
    for (let a = 0; a < d; a++) {
      for (let b = 0; b < d; b++) {
        this.hessian[a * d + b]! += k * slope(u, zu, a) * slope(v, zv, b);
      }
    }
  }

  /** ln of dz/dt: -s - x'b of the last step - ln e. */
  #density(one: Exposed, e: Spent): void {
    const [p, d, w, theta] = [this.#p, this.#p + 1, one.count, this.#theta];
    const x = one.parts.at(-1)!.x;
    let fixed = theta[p]! + e.log - one.lnKnown;
    for (let a = 0; a < p; a++) fixed += x[a]! * theta[a]!;
    this.value -= w * fixed;
    this.gradient[p]! -= w;
    for (let a = 0; a < p; a++) {
      this.gradient[a]! -= w * (x[a]! + e.first[a]!);
      for (let b = 0; b < p; b++) this.hessian[a * d + b]! -= w * e.second[a * p + b]!;
    }
  }
}
