/**
 * Likelihood bounds of a three-parameter Weibull, all from one region: the places where twice the loss of
 * log-likelihood is at most z^2, the location is below the first failure and the shape at least 1, as the
 * estimate has it. A bound is the least or the largest value of its quantity there, so bounds rise with
 * the fraction and the confidence, and hold the estimate. The region is cut into slices of one location
 * each, which are two-parameter models of the lives counted from there.
 */
import { countLife, type LifeRow } from "./data.js";
import { type Functional, predictorAt, type Sliced, sliced } from "./functional.js";
import { fitModel, type Model } from "./model.js";
import { delta, type Interval, likelihoodBounds, searchSide } from "./profile.js";
import { findMinimum, findRoot } from "./root.js";
import { liveUnder, type Slicing, slicingAt } from "./slicing.js";
import { smallestExtremeValue } from "./standard.js";
import { topOf } from "./stress-levels.js";

/** Log-likelihoods of `top` and `face` lack `density`. */
type Slice = {
  slicing: Slicing;
  density: number;
  /** The best of all shapes; undefined where there is none. */
  top: Model | undefined;
  /** The best with shape 1. */
  face: Model;
};

/** Ends of the region by ln(first failure - location), from the estimate outwards or from the first failure. */
type Span = { from: number; to: number };

/** The first failure less the location, against the spread of the lives: nearer is there, further is endless. */
const [nearest, furthest] = [1e-9, 1e6];

export class LocationBounds {
  readonly #rows: readonly LifeRow[];
  readonly #model: Model;
  readonly #first: number;
  readonly #width: number;
  readonly #level: number;
  readonly #z: number;
  readonly #spans: readonly Span[];
  readonly #slices = new Map<number, Slice>();
  /** So many failures that the region is small and like an ellipsoid: one climb finds its ends. */
  readonly #regular: boolean;
  readonly #ends: { from: number; to: number };

  /** `first` is the earliest time by which something had failed; `z` the bounds' half width in standard errors. */
  constructor(rows: readonly LifeRow[], model: Model, first: number, z: number) {
    this.#rows = together(rows);
    this.#model = model;
    this.#first = first;
    this.#z = z;
    this.#level = model.logLikelihood - (z * z) / 2;
    const last = rows.reduce((most, r) => Math.max(most, r.timeHigh ?? r.time), 0);
    this.#width = last - first;
    this.#ends = { from: Math.log(nearest * this.#width), to: Math.log(furthest * this.#width) };
    this.#spans = this.#findSpans();
    const inside = this.#spans.every(({ from }) => hasShapeAbove1(this.#slice(from)));
    this.#regular = inside && countLife(rows).failures >= manyFailures;
  }

  /** Bounds of the location: the first failure at most; -Infinity where nothing bounds it below. */
  location(): Interval {
    const from = Math.min(...this.#spans.map((s) => s.from));
    const to = Math.max(...this.#spans.map((s) => s.to));
    return {
      ...delta(this.#model, { entry: 2 }),
      lower: to >= this.#ends.to ? Number.NEGATIVE_INFINITY : this.#first - Math.exp(to),
      upper: from <= this.#ends.from ? this.#first : this.#first - Math.exp(from),
    };
  }

  /** Bounds of anything but the location, on the scale of its c. */
  of(f: Functional): Interval {
    const estimates = delta(this.#model, f);
    const side = (sign: 1 | -1) => {
      const climbed = this.#climb(f, sign);
      if (this.#regular && climbed !== undefined) return climbed;
      const best = this.#spans.map((span) =>
        this.#best(f, sign, span, sign * (climbed ?? Number.NaN)),
      );
      return sign * Math.max(...best, sign * estimates.estimate);
    };
    return { ...estimates, lower: side(-1), upper: side(1) };
  }

  /** The bound by one climb over all parameters, where that ends inside of the region; there may be a better one. */
  #climb(f: Functional, sign: 1 | -1): number | undefined {
    const { c, theta } = searchSide(this.#model, f, sign * this.#z);
    const inside = theta[1]! < 0 && theta[2]! < this.#first && Number.isFinite(c);
    return inside ? c : undefined;
  }

  /** Largest `sign` times c over a span: what was climbed to where no slice is better, else the best near the best slice. */
  #best(f: Functional, sign: 1 | -1, { from, to }: Span, climbed: number): number {
    const value = (v: number) => this.#extreme(this.#slice(v), f, sign);
    const scans = Math.max(fewest, Math.ceil((to - from) / step));
    const places = Array.from({ length: scans + 1 }, (_, i) => from + ((to - from) * i) / scans);
    const values = places.map((v) => this.#extreme(this.#kept(v), f, sign));
    const most = Math.max(...values);
    const best = values.indexOf(most);
    const { endless } = sliced(f, this.#kept(to).slicing);
    if (best === scans && to >= this.#ends.to && endless === sign) return Number.POSITIVE_INFINITY;
    if (most <= climbed) return climbed;
    if (most === Number.POSITIVE_INFINITY) return most;
    const [a, b] = [places[Math.max(0, best - 1)]!, places[Math.min(scans, best + 1)]!];
    const found = findMinimum((v) => -value(v), a, b);
    return Math.max(most, value(found));
  }

  /** Largest `sign` times c in a slice; -Infinity where the slice is outside the region. */
  #extreme(slice: Slice, f: Functional, sign: 1 | -1): number {
    const seen = sliced(f, slice.slicing);
    if (seen.certain === true) return sign * Number.NEGATIVE_INFINITY;
    const inside = this.#within(slice, seen, sign);
    if (inside !== undefined) return sign * seen.back(inside);
    return this.#onFace(slice, seen, sign);
  }

  /** The end with any shape, where its shape is 1 at least; undefined where it is not. */
  #within(slice: Slice, { f }: Sliced, sign: 1 | -1): number | undefined {
    const height = this.#above(slice, slice.top);
    if (slice.top === undefined || height < 0) return undefined;
    const { c, theta } = searchSide(slice.top, f, sign * Math.sqrt(2 * height));
    return theta[1]! <= -Math.log(slice.slicing.unit) && Number.isFinite(c) ? c : undefined;
  }

  #onFace(slice: Slice, { f, back }: Sliced, sign: 1 | -1): number {
    const height = this.#above(slice, slice.face);
    if (height < 0) return Number.NEGATIVE_INFINITY;
    const s = -Math.log(slice.slicing.unit);
    if ("entry" in f) return sign * back(s);
    const { lower, upper } = likelihoodBounds(slice.face, predictorAt(), Math.sqrt(2 * height));
    return Math.max(...[lower, upper].map((mu) => sign * back(f.at(mu, s, 0))));
  }

  #above({ density }: Slice, model: Model | undefined): number {
    return (model?.logLikelihood ?? Number.NEGATIVE_INFINITY) + density - this.#level;
  }

  /** Every quantity is looked for at the same few places first. */
  #kept(v: number): Slice {
    const slice = this.#slices.get(v) ?? this.#slice(v);
    this.#slices.set(v, slice);
    return slice;
  }

  #slice(v: number): Slice {
    const slicing = slicingAt(this.#first, Math.exp(v), this.#width);
    const { lives, density } = liveUnder(this.#rows, slicing);
    const top = topOf(() => fitModel(lives, smallestExtremeValue));
    const face = fitModel(lives, smallestExtremeValue, { sigma: 1 / slicing.unit });
    return { slicing, density, top, face };
  }

  /** How far above the region's level the best of a slice is. */
  #height(v: number): number {
    const slice = this.#slice(v);
    return this.#above(slice, hasShapeAbove1(slice) ? slice.top : slice.face);
  }

  /** Round the estimate; and at the first failure, towards which a shape of 1 grows ever more likely. */
  #findSpans(): Span[] {
    const { from, to } = this.#ends;
    const centre = Math.log(this.#first - this.#model.theta[2]!);
    const height = (v: number) => this.#height(v);
    const low = endOf(height, centre, from, -step);
    const main = { from: low, to: endOf(height, centre, to, step) };
    if (low <= from || height(from) < 0) return [main];
    // Walked from the first failure: rising that way, so that the end is one.
    return [main, { from, to: endOf(height, from, low, step) }];
  }
}

function hasShapeAbove1({ top, slicing }: Slice): boolean {
  return top !== undefined && top.theta[1]! < -Math.log(slicing.unit);
}

/** Slices looked at in a span at least. */
const fewest = 8;
const manyFailures = 200;
/** Of ln(first failure - location). */
const step = 0.7;

/** Walks from where `height` is above 0 to where it falls below, no further than `limit`. */
function endOf(height: (v: number) => number, start: number, limit: number, by: number): number {
  for (let [at, length] = [start, by]; ; length *= 1.2) {
    const next = by > 0 ? Math.min(limit, at + length) : Math.max(limit, at + length);
    if (height(next) < 0) return findRoot(height, at, next, 1e-12) ?? at;
    if (next === limit) return limit;
    at = next;
  }
}

/** Rows that say the same as one. */
function together(rows: readonly LifeRow[]): LifeRow[] {
  const byKey = new Map<string, LifeRow>();
  for (const row of rows) {
    const key = [row.kind, row.time, row.timeHigh, row.entry].join(" ");
    const same = byKey.get(key);
    byKey.set(key, same === undefined ? row : { ...same, count: same.count + row.count });
  }
  return [...byKey.values()];
}
