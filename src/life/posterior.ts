/**
 * What a running test has shown so far, as a posterior over the Weibull. h, the cumulative hazard at
 * the required life, has a flat prior: with the shape known its posterior is gamma with one more than
 * the failures seen, and its bound is Weibayes' own bound of a test stopped at a time. An unknown
 * shape has a lognormal prior and is integrated on a grid; flatness in h, not in the scale, keeps the
 * answer independent of the unit of time. An earlier test adds its failures and exposure (conjugate).
 */
import type { LifeRow } from "./data.js";
import { gammaRegularised } from "./incomplete-gamma.js";
import { normalQuantile } from "./normal.js";
import { gammaQuantile } from "./quantile.js";
import { findRoot } from "./root.js";
import { gammaln } from "./special.js";
import { refuse } from "./warning.js";

/** A shape known from before, or a lognormal prior by its 5, 50 and 95 % points. */
export type ShapePrior = { known: number } | { lower: number; upper: number };

/** An earlier test of the same design: its failures, and its estimate of the life at `reliability`. */
export type EarlierTest = { failures: number; life: number };

export type Target = { reliability: number; life: number };

/** One shape with its weight; given it, h is gamma with `failures` + 1 and `exposure`. */
type Component = { shape: number; weight: number; failures: number; exposure: number };
export type Posterior = { target: Target; components: readonly Component[] };

const gridPoints = 81;
/** The grid ends at this many standard deviations of the prior. */
const gridReach = 4.5;

/**
 * Intervals count at their lower end; what failed before its first look adds no exposure.
 * Throws `LIFE_REFUSED` when nothing has run.
 */
export function posteriorOf(
  rows: readonly LifeRow[],
  target: Target,
  prior: ShapePrior,
  earlier?: EarlierTest,
): Posterior {
  if (!("known" in prior) && rows.some((r) => r.kind === "left")) {
    refuse("METHOD_RANGE", "status L with a shape to be found; give --shape as one number");
  }
  if (rows.every((r) => r.kind === "left" || r.time === 0)) refuse("NO_EXPOSURE");
  const grid = shapeGrid(prior);
  const found = grid.map(({ shape, weight }) => {
    const data = exposureOf(rows, target, shape);
    const before = earlier?.failures ?? 0;
    const rate = -Math.log(target.reliability) * (target.life / (earlier?.life ?? 1)) ** shape;
    const exposure = data.exposure + (before === 0 ? 0 : before / rate);
    const failures = data.failures + before;
    // Integral of the likelihood over h; with the shape known it is one number and cancels.
    const evidence = data.logTimes + gammaln(failures + 1) - (failures + 1) * Math.log(exposure);
    return {
      shape,
      failures,
      exposure,
      log: Math.log(weight) + evidence + priorFactor(before, before / rate),
    };
  });
  const top = Math.max(...found.map((c) => c.log));
  const total = found.reduce((sum, c) => sum + Math.exp(c.log - top), 0);
  const components = found.map(({ log, ...c }) => ({ ...c, weight: Math.exp(log - top) / total }));
  return { target, components };
}

/** An earlier test's own gamma is normalised, so that it does not speak about the shape. */
function priorFactor(failures: number, exposure: number): number {
  return failures === 0 ? 0 : (failures + 1) * Math.log(exposure) - gammaln(failures + 1);
}

function shapeGrid(prior: ShapePrior): { shape: number; weight: number }[] {
  if ("known" in prior) return [{ shape: prior.known, weight: 1 }];
  const middle = Math.log(prior.lower * prior.upper) / 2;
  const sd = Math.log(prior.upper / prior.lower) / (2 * normalQuantile(0.95));
  return Array.from({ length: gridPoints }, (_, i) => {
    const z = gridReach * ((2 * i) / (gridPoints - 1) - 1);
    return { shape: Math.exp(middle + z * sd), weight: Math.exp((-z * z) / 2) };
  });
}

function exposureOf(rows: readonly LifeRow[], target: Target, shape: number) {
  const sum = { exposure: 0, failures: 0, logTimes: 0 };
  for (const row of rows) {
    const time = row.kind === "left" ? 0 : row.time;
    const before = Math.min(row.entry ?? 0, time);
    sum.exposure += row.count * ((time / target.life) ** shape - (before / target.life) ** shape);
    if (row.kind === "right") continue;
    sum.failures += row.count;
    sum.logTimes += row.count * (Math.log(shape) + shape * Math.log(row.time / target.life));
  }
  return sum;
}

/** Chance that at least the target's reliability is left at `life`. */
export function chanceAtLeast({ target, components }: Posterior, life = target.life): number {
  const allowed = -Math.log(target.reliability);
  return components.reduce((sum, c) => {
    const h = allowed * (life / target.life) ** -c.shape;
    return sum + c.weight * gammaRegularised(c.failures + 1, h * c.exposure);
  }, 0);
}

/**
 * The life (at the target's reliability) that is reached with chance `chance`: between the smallest
 * and the largest answer of the single shapes.
 */
export function lifeReachedWith(p: Posterior, chance: number): number {
  const { life, reliability } = p.target;
  const quantile = gammaQuantile(chance, p.components[0]!.failures + 1);
  const each = p.components.map(
    (c) => Math.log((-Math.log(reliability) * c.exposure) / quantile) / c.shape,
  );
  const [low, high] = [Math.min(...each), Math.max(...each)];
  const gap = (log: number) => chanceAtLeast(p, life * Math.exp(log)) - chance;
  return life * Math.exp(low === high ? low : (findRoot(gap, low, high, 1e-12) ?? Number.NaN));
}

/** Median and central 90 % of the shape; equal where it is known. */
export function shapeQuantiles({ components }: Posterior) {
  const at = (p: number) => {
    let passed = 0;
    for (const c of components) {
      passed += c.weight;
      if (passed >= p) return c.shape;
    }
    return components.at(-1)!.shape;
  };
  return { lower: at(0.05), estimate: at(0.5), upper: at(0.95) };
}

const steps = 160;
const tail = 1e-12;

/** Mean over the posterior of a function of shape and h; trapezoids in ln h, where all is smooth. */
export function average(p: Posterior, of: (shape: number, h: number) => number): number {
  let sum = 0;
  for (const c of p.components) {
    if (c.weight < 1e-10) continue;
    const a = c.failures + 1;
    const low = Math.log(gammaQuantile(tail, a));
    const width = (Math.log(gammaQuantile(tail, a, true)) - low) / steps;
    let [inner, mass] = [0, 0];
    for (let i = 0; i <= steps; i++) {
      const log = low + i * width;
      const density = Math.exp(a * log - Math.exp(log) - gammaln(a));
      mass += density;
      inner += density * of(c.shape, Math.exp(log) / c.exposure);
    }
    sum += (c.weight * inner) / mass;
  }
  return sum;
}
