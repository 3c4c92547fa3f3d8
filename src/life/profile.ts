/**
 * Bounds of a functional: by the likelihood ratio, with the functional itself as a parameter and a
 * root search on the signed root of the profile (Meeker and Escobar 1998, section 8.3), and by the
 * Fisher information with the delta method on the functional's own scale.
 */
import type { Functional, Placed } from "./functional.js";
import type { Model } from "./model.js";
import { dot, type Evaluation, type Maximum, maximise } from "./newton.js";
import { findMinimum } from "./root.js";

export type Interval = { estimate: number; standardError: number; lower: number; upper: number };

type Spot = { entry: number; placed: Placed | undefined; x: readonly number[] };

/** Estimate and standard error on the scale of c. */
export function delta(model: Model, f: Functional): { estimate: number; standardError: number } {
  const { theta, columns: p } = model;
  if ("entry" in f) {
    const variance = model.covariance[f.entry * theta.length + f.entry]!;
    return { estimate: theta[f.entry]!, standardError: Math.sqrt(variance) };
  }
  const [s, g] = [theta[p]!, model.hasLocation ? theta[p + 1]! : 0];
  const c = f.at(dot(f.x, theta.subarray(0, p)), s, g);
  const at = f.place(c, s, g);
  const slope = Float64Array.from(theta, (_, i) =>
    i < p ? f.x[i]! / at.c : i === p ? -at.s / at.c : -at.g / at.c,
  );
  const d = theta.length;
  const variance = dot(
    slope,
    slope.map((_, i) => dot(model.covariance.subarray(i * d, (i + 1) * d), slope)),
  );
  return { estimate: c, standardError: Math.sqrt(variance) };
}

/**
 * `z` standard errors to each side, on the scale of c. With few failures and much confidence that band
 * bends back: the upper end of a small fraction's life lies above that of a larger one's. A life that fewer
 * do not reach is no longer, so the smaller end holds for both; lower ends likewise.
 */
export function fisherBounds(model: Model, f: Functional, z: number): Interval {
  const { estimate, standardError } = delta(model, f);
  const end = (sign: 1 | -1) => {
    const at = (moved: Functional) => {
      const d = delta(model, moved);
      return d.estimate + sign * z * d.standardError;
    };
    if ("entry" in f || f.along === undefined) return at(f);
    const { along } = f;
    const sigma = Math.exp(model.theta[model.columns]!);
    // The upper end of what lies further on, the lower end of what lies before.
    const loss = (far: number) => sign * at(along(sign * far, sigma));
    const here = sign * at(f);
    if (!(loss(1e-4) < here)) return sign * here;
    return sign * Math.min(here, loss(findMinimum(loss, 0, furthestAlong + Math.abs(estimate))));
  };
  return { estimate, standardError, lower: end(-1), upper: end(1) };
}

/** In standard deviations of ln life, beyond the distance of a time from the middle. */
const furthestAlong = 30;

/**
 * Where twice the loss of log-likelihood is z^2, on the scale of c; an infinite bound where the
 * profile never falls that far.
 */
export function likelihoodBounds(model: Model, f: Functional, z: number): Interval {
  const { estimate, standardError } = delta(model, f);
  const side = (sign: 1 | -1) => searchBound(model, f, sign * z, estimate, standardError).c;
  return { estimate, standardError, lower: side(-1), upper: side(1) };
}

/** A bound, and where it was last looked for: theta there. */
export type Side = { c: number; theta: Float64Array };

/** The bound below (`goal` < 0) or above, where the signed root of twice the loss is `goal`. */
export function searchSide(model: Model, f: Functional, goal: number): Side {
  const { estimate, standardError } = delta(model, f);
  if (goal === 0) return { c: estimate, theta: model.theta };
  return searchBound(model, f, goal, estimate, standardError);
}

/** One bound: Newton on the signed root, which is nearly straight in c, inside a shrinking bracket. */
function searchBound(m: Model, f: Functional, goal: number, centre: number, se: number): Side {
  const profile = new Profile(m, f);
  const sign = Math.sign(goal);
  const found = (bound: number): Side => ({ c: bound, theta: profile.theta });
  const bracket: Bracket = { near: centre, far: sign * Number.POSITIVE_INFINITY, halved: 0 };
  let c = centre + goal * se;
  // The loss is a difference of two sums, each rounded: closer than this it is not known.
  const known = Math.max(1e-13, (8 * 2 ** -52 * (1 + Math.abs(m.logLikelihood))) / goal ** 2);
  for (let i = 0; i < 100; i++) {
    const at = profile.at(c);
    if (!at.found) {
      c = (bracket.near + c) / 2;
      continue;
    }
    const root = sign * Math.sqrt(Math.max(0, 2 * (m.logLikelihood - at.value)));
    if (Math.abs(root) < Math.abs(goal)) bracket.near = c;
    else bracket.far = c;
    if (Math.abs(root - goal) < known * Math.abs(goal)) return found(c);
    const newton = c + (goal - root) / (-at.slope / root);
    const reach = centre + 3 * (bracket.near - centre) + sign * se;
    const next = nextPlace(bracket, newton, reach, sign);
    if (Math.abs(next - c) <= 1e-14 * Math.max(1e-3, Math.abs(c))) return found(next);
    if (Math.abs(next - centre) > mostErrors * se) return found(sign * Number.POSITIVE_INFINITY);
    c = next;
  }
  return found(Number.isFinite(bracket.far) ? c : sign * Number.POSITIVE_INFINITY);
}

/** The bound lies between `near`, where the loss is too small, and `far`, where it is too large. */
type Bracket = { near: number; far: number; halved: number };

/**
 * Newton's place while it lies in the bracket, else half of the bracket. A far end that many halvings do
 * not come near to was no bound: the climb there, from far away, ended at a lower top than the one that
 * is followed here (step stress has several). It is forgotten.
 */
function nextPlace(bracket: Bracket, newton: number, reach: number, sign: number): number {
  const before = (end: number) => sign * newton > sign * bracket.near && sign * newton < sign * end;
  const nearest = sign * Math.min(sign * bracket.far, sign * reach);
  if (before(nearest)) return newton;
  if (nearest !== bracket.far) return reach;
  if (++bracket.halved <= mostHalved) return (bracket.near + bracket.far) / 2;
  [bracket.far, bracket.halved] = [sign * Number.POSITIVE_INFINITY, 0];
  return before(reach) ? newton : reach;
}

/** A smooth profile needs two or three. */
const mostHalved = 8;

/** Of the logarithm of sigma, which is what is free beside c in a model of two parameters. */
const [lineReach, lineStep] = [12, 0.1];

/** A bound further away than this many standard errors is none. */
const mostErrors = 1000;

/** Log-likelihood with c held and everything else at its best; starts each climb from the last. */
export class Profile {
  readonly #model: Model;
  readonly #f: Functional;
  readonly #entry: number;
  readonly #free: number[];
  readonly #theta: Float64Array;
  #start: Float64Array;

  constructor(model: Model, f: Functional) {
    this.#model = model;
    this.#f = f;
    this.#entry = "entry" in f ? f.entry : f.x.findIndex((x) => x !== 0);
    this.#free = [...model.theta.keys()].filter(
      (i) => i !== this.#entry && !model.fixed.includes(i),
    );
    this.#theta = Float64Array.from(model.theta);
    this.#start = Float64Array.from(this.#free, (i) => model.theta[i]!);
  }

  /** Where the last climb ended. */
  get theta(): Float64Array {
    return Float64Array.from(this.#theta);
  }

  at(c: number): { value: number; slope: number; found: boolean } {
    let slope = 0;
    const f = (free: Float64Array): Evaluation => {
      const spot = this.#set(c, free);
      const full = this.#model.likelihood(this.#theta);
      slope = full.gradient[spot.entry]! * byC(spot);
      return this.#reduce(full, spot);
    };
    const climbed = maximise(f, this.#start);
    const top = this.#isAstray(climbed) ? this.#searchLine(f) : climbed;
    if (!top.converged) return { value: top.value, slope: Number.NaN, found: false };
    this.#start = top.x;
    f(top.x);
    return { value: top.value, slope, found: true };
  }

  /** Found nothing, or a plateau far from all data. Only a model of two parameters is searched otherwise. */
  #isAstray({ converged, x }: Maximum): boolean {
    if (x.length !== 1) return false;
    return !converged || Math.abs(x[0]! - this.#model.theta[this.#free[0]!]!) > lineReach;
  }

  /** From the best of many places within reach. */
  #searchLine(f: (free: Float64Array) => Evaluation): Maximum {
    const centre = this.#model.theta[this.#free[0]!]!;
    let [best, most] = [centre, Number.NEGATIVE_INFINITY];
    for (let x = centre - lineReach; x <= centre + lineReach; x += lineStep) {
      const { value } = f(Float64Array.of(x));
      if (value > most) [best, most] = [x, value];
    }
    return maximise(f, [best]);
  }

  /** Puts the free entries and c into theta. */
  #set(c: number, free: Float64Array): Spot {
    this.#free.forEach((i, a) => {
      this.#theta[i] = free[a]!;
    });
    const [f, entry, p] = [this.#f, this.#entry, this.#model.columns];
    if ("entry" in f) {
      this.#theta[entry] = c;
      return { entry, placed: undefined, x: [] };
    }
    const g = this.#model.hasLocation ? this.#theta[p + 1]! : 0;
    const placed = f.place(c, this.#theta[p]!, g);
    let rest = placed.value;
    for (let j = 0; j < p; j++) if (j !== entry) rest -= f.x[j]! * this.#theta[j]!;
    this.#theta[entry] = rest / f.x[entry]!;
    return { entry, placed, x: f.x };
  }

  /** Gradient and Hessian by the free entries, the placed one following them. */
  #reduce(full: Evaluation, spot: Spot): Evaluation {
    const [free, d, k] = [this.#free, this.#theta.length, spot.entry];
    const h = full.hessian;
    const gk = full.gradient[k]!;
    const v = free.map((i) => this.#follow(i, spot));
    const gradient = Float64Array.from(free, (i, a) => full.gradient[i]! + gk * v[a]!);
    const hessian = new Float64Array(free.length ** 2);
    free.forEach((i, a) => {
      free.forEach((j, b) => {
        const mixed = h[i * d + k]! * v[b]! + v[a]! * h[k * d + j]!;
        hessian[a * free.length + b] =
          h[i * d + j]! +
          mixed +
          h[k * d + k]! * v[a]! * v[b]! +
          (a === b ? gk * this.#bend(i, spot) : 0);
      });
    });
    return { value: full.value, gradient, hessian };
  }

  #follow(i: number, { placed, x, entry }: Spot): number {
    if (placed === undefined) return 0;
    const p = this.#model.columns;
    const by = i < p ? -x[i]! : i === p ? placed.s : placed.g;
    return by / x[entry]!;
  }

  #bend(i: number, { placed, x, entry }: Spot): number {
    if (placed === undefined || i < this.#model.columns) return 0;
    return (i === this.#model.columns ? placed.ss : placed.gg) / x[entry]!;
  }
}

function byC({ placed, x, entry }: Spot): number {
  return placed === undefined ? 1 : placed.c / x[entry]!;
}
