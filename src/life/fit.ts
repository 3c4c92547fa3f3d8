import { type BestLinear, bestLinear, fitLinear, linearSample } from "./blie.js";
import {
  countLife,
  hasRepeats,
  isFailure,
  type LifeCounts,
  type LifeRow,
  largestOf,
  modesOf,
  oneTimeExplains,
} from "./data.js";
import type { Bounded, WithError } from "./estimate.js";
import { censoringCode, type ExactEnds, exactEnds } from "./exact-bounds.js";
import type { BoundKind, Distribution, FitOptions, Method, Simulate } from "./fit-options.js";
import { type Functional, lifeOf, meanOf, predictorAt, standardisedTime } from "./functional.js";
import { lacksFit } from "./lack-of-fit.js";
import { LocationBounds } from "./location-bounds.js";
import { fitModel, type Model } from "./model.js";
import { covariance } from "./newton.js";
import { normalQuantile } from "./normal.js";
import { fisherBounds, type Interval, likelihoodBounds } from "./profile.js";
import { plotPoints, rankRegression } from "./ranks.js";
import { smallestExtremeValue, standardNormal } from "./standard.js";
import { shapeFactor, type Unbiased } from "./unbias.js";
import { refuse, type WarningCode } from "./warning.js";
import { fitWeibull3 } from "./weibull3.js";

export {
  type BoundKind,
  boundKinds,
  type Distribution,
  distributions,
  type FitOptions,
  type Method,
  methods,
  type Simulate,
} from "./fit-options.js";

export type LifeFit = LifeCounts & {
  distribution: Distribution;
  method: Method;
  logLikelihood: number;
  aic: number;
  parameters: Record<string, WithError>;
  life: Record<"B1" | "B5" | "B10" | "B50" | "mean", Bounded>;
  at?: Record<string, Bounded>;
  bounds: BoundKind;
  confidence: number;
  /** Factor on the shape by `unbiased`. */
  correction?: { method: Unbiased; factor: number };
  rSquared?: number;
  warnings: WarningCode[];
};

/** `first`: what the location lies below, where it was estimated. */
type Fitted = { model: Model; rSquared?: number; warnings: WarningCode[]; first?: number };

/** A fit, and what can still be asked of it. */
export type LifeSolution = {
  fit: LifeFit;
  model: Model;
  /** The life that this fraction does not reach, with bounds of the fit's kind. */
  lifeAt(fraction: number): Bounded;
};

/** Throws `LIFE_REFUSED` when the data cannot answer. */
export async function fitLife(
  rows: readonly LifeRow[],
  options: FitOptions,
  simulate: Simulate,
): Promise<LifeFit> {
  return (await solveLife(rows, options, simulate)).fit;
}

/** The same with what a picture needs. */
export async function solveLife(
  rows: readonly LifeRow[],
  options: FitOptions,
  simulate: Simulate,
): Promise<LifeSolution> {
  const counts = countLife(rows);
  refuseHopeless(rows, options);
  const best = options.method === "blie" ? bestLinearOf(rows) : undefined;
  const factor = correct(options, counts.n, counts.failures);
  const exact =
    options.bounds === "exact" ? await exactEnds(rows, options, simulate, best) : undefined;
  const { model, rSquared, warnings, first } = estimate(rows, options, best);
  const ends = endsOf(rows, model, options, first);
  const bound = boundsBy(model, options, ends, exact, factor);
  const parameters = model.theta.length - model.fixed.length;
  const result: LifeFit = {
    distribution: options.distribution,
    method: options.method,
    ...counts,
    logLikelihood: model.logLikelihood,
    aic: 2 * parameters - 2 * model.logLikelihood,
    parameters: parametersOf(options.distribution, model, bound, first),
    life: livesOf(model, bound),
    ...(options.at.length === 0 ? {} : { at: reliabilities(model, bound, options.at) }),
    bounds: options.bounds,
    confidence: options.confidence,
    ...(factor === 1 ? {} : { correction: { method: options.unbiased, factor } }),
    ...(rSquared === undefined ? {} : { rSquared }),
    warnings,
  };
  if (model.rescued) warnings.push("RESCUED");
  warnings.push(...warningsOf(rows, options, result));
  if (options.method === "mle" && lacksFit(rows, model)) warnings.push("FIT_LACKING");
  return { fit: result, model, lifeAt: (p) => lifeBounds(model, bound, p) };
}

function refuseHopeless(rows: readonly LifeRow[], { distribution, method, bounds }: FitOptions) {
  const failed = rows.filter(isFailure);
  if (failed.length === 0) refuse("NO_FAILURE");
  if (method === "blie" && bounds !== "exact") {
    refuse("METHOD_RANGE", "blie has exact bounds only; use --bounds exact");
  }
  if (method === "blie" && distribution !== "weibull") {
    refuse("METHOD_RANGE", "blie is for --distribution weibull");
  }
  if (method.startsWith("mrr") && bounds !== "fisher") {
    refuse("METHOD_RANGE", "rank regression has no likelihood ratio; use --bounds fisher");
  }
  if (method !== "mle" && distribution === "weibull3") {
    refuse("METHOD_RANGE", "weibull3 by --method mle only");
  }
  if (distribution === "exponential") return;
  const oneTime = oneTimeExplains(rows);
  if (failed.reduce((sum, r) => sum + r.count, 0) === 1) {
    refuse("ONE_FAILURE", oneTime ? "and nothing lived longer: no maximum at all" : "");
  }
  const [first] = failed;
  const together = failed.every((r) => r.kind === "exact" && r.time === first!.time);
  if (oneTime) {
    refuse(together && rows.length > failed.length ? "LONGEST_FAILURE_ONLY" : "ALL_EQUAL");
  }
  if (together && method !== "mle") refuse("ALL_EQUAL", `no line for --method ${method}`);
}

function bestLinearOf(rows: readonly LifeRow[]): BestLinear {
  const { n, logTimes } = linearSample(rows);
  return bestLinear(n, logTimes.length);
}

function estimate(rows: readonly LifeRow[], options: FitOptions, best?: BestLinear): Fitted {
  const { distribution, method, ranks } = options;
  if (distribution === "weibull3") {
    const { model, warning, first } = fitWeibull3(rows);
    return { model, warnings: [warning], ...(model.fixed.length === 0 ? { first } : {}) };
  }
  const standard = distribution === "lognormal" ? standardNormal : smallestExtremeValue;
  const fixed = distribution === "exponential" ? { sigma: 1 } : {};
  const top = fitModel(rows, standard, fixed);
  if (best !== undefined) {
    const { mu, sigma, covariance: own } = fitLinear(linearSample(rows), best);
    return { model: { ...standAt(top, mu, sigma), covariance: own }, warnings: [] };
  }
  if (method === "mle" || method === "blie") return { model: top, warnings: [] };
  const points = plotPoints(rows, ranks);
  if (points.length < 2) refuse("ONE_FAILURE");
  const line = rankRegression(points, standard, method, fixed.sigma);
  const warnings: WarningCode[] = rows.some((r) => r.kind === "interval" || r.kind === "left")
    ? ["RANKS_AT_MIDPOINT"]
    : [];
  return { model: standAt(top, line.mu, line.sigma), rSquared: line.rSquared, warnings };
}

/** The model away from its maximum: information of the likelihood there, where it is definite. */
function standAt(top: Model, mu: number, sigma: number): Model {
  const theta = Float64Array.of(mu, Math.log(sigma));
  const { value, hessian } = top.likelihood(theta);
  const own = top.fixed.length === 0 ? covariance(hessian, 2) : undefined;
  return { ...top, theta, logLikelihood: value, covariance: own ?? top.covariance };
}

/** Factor on the shape; the bounds stay those of the estimate before it. */
function correct(options: FitOptions, n: number, failures: number): number {
  if (options.unbiased === "none") return 1;
  if (options.method === "blie") refuse("METHOD_RANGE", "--unbiased corrects other methods");
  if (options.distribution !== "weibull") {
    refuse("METHOD_RANGE", "--unbiased is for --distribution weibull");
  }
  return shapeFactor(options.unbiased, n, failures);
}

/** A functional's estimate and bounds, put on the scale people read by `show` (monotone). */
type Bound = (
  f: Functional,
  show: (c: number) => number,
  slope: (c: number) => number,
) => WithError;

/** Bounds on the scale of c by the likelihood ratio or Fisher's information. */
function endsOf(
  rows: readonly LifeRow[],
  model: Model,
  { bounds, confidence }: FitOptions,
  first: number | undefined,
): (f: Functional) => Interval {
  const z = normalQuantile((1 - confidence) / 2, true);
  if (bounds !== "likelihood") return (f) => fisherBounds(model, f, z);
  if (first === undefined) return (f) => likelihoodBounds(model, f, z);
  const region = new LocationBounds(rows, model, first, z);
  return (f) => ("entry" in f && f.entry === 2 ? region.location() : region.of(f));
}

function boundsBy(
  model: Model,
  options: FitOptions,
  endsOf: (f: Functional) => Interval,
  exact: ExactEnds | undefined,
  factor: number,
): Bound {
  const tail = (1 - options.confidence) / 2;
  const corrected = Float64Array.from(model.theta);
  corrected[1] = corrected[1]! - Math.log(factor);
  return (f, show, slope) => {
    const raw = endsOf(f);
    const { lower, upper } = exact?.(model, f, tail) ?? raw;
    const estimate = factor === 1 ? raw.estimate : valueAt(model, corrected, f);
    const ends = [show(lower), show(upper)];
    return {
      estimate: show(estimate),
      standardError: Math.abs(slope(raw.estimate)) * raw.standardError,
      lower: Math.min(...ends),
      upper: Math.max(...ends),
    };
  };
}

function valueAt(model: Model, theta: Float64Array, f: Functional): number {
  if ("entry" in f) return theta[f.entry]!;
  return f.at(theta[0]!, theta[1]!, model.hasLocation ? theta[2]! : 0);
}

function parametersOf(
  distribution: Distribution,
  model: Model,
  bound: Bound,
  first = Number.POSITIVE_INFINITY,
): Record<string, WithError> {
  const exp = (f: Functional) => bound(f, Math.exp, Math.exp);
  const same = (f: Functional) =>
    bound(
      f,
      (c) => c,
      () => 1,
    );
  if (distribution === "lognormal") {
    return { mu: same(predictorAt()), sigma: exp({ entry: 1 }) };
  }
  const scale = exp(predictorAt());
  if (distribution === "exponential") return { scale };
  const inverse = (c: number) => Math.exp(-c);
  const shape = bound({ entry: 1 }, inverse, inverse);
  if (distribution === "weibull") return { shape, scale };
  const location = model.fixed.includes(2)
    ? { estimate: 0, standardError: Number.NaN, lower: 0, upper: Number.NaN }
    : same({ entry: 2 });
  const [lower, upper] = [Math.max(0, location.lower), Math.min(first, location.upper)];
  return { shape, scale, location: { ...location, lower, upper } };
}

const fractions = { B1: 0.01, B5: 0.05, B10: 0.1, B50: 0.5 } as const;

function livesOf(model: Model, bound: Bound): LifeFit["life"] {
  const b = (p: number) => lifeBounds(model, bound, p);
  return {
    B1: b(fractions.B1),
    B5: b(fractions.B5),
    B10: b(fractions.B10),
    B50: b(fractions.B50),
    mean: plain(bound(meanOf(model.standard), Math.exp, Math.exp)),
  };
}

function lifeBounds(model: Model, bound: Bound, fraction: number): Bounded {
  return plain(bound(lifeOf(model.standard, fraction), Math.exp, Math.exp));
}

function plain({ estimate, lower, upper }: WithError): Bounded {
  return { estimate, lower, upper };
}

function reliabilities(model: Model, bound: Bound, at: readonly number[]): Record<string, Bounded> {
  const show = (c: number) => model.standard.survival(c);
  const of = (t: number) => plain(bound(standardisedTime(t), show, () => Number.NaN));
  return Object.fromEntries(at.map((t) => [String(t), of(t)]));
}

function warningsOf(rows: readonly LifeRow[], options: FitOptions, fit: LifeFit): WarningCode[] {
  const codes: WarningCode[] = [];
  if (fit.failures < 5) codes.push("FEW_FAILURES");
  if (fit.failures < 10 && options.bounds !== "exact") codes.push("ASYMPTOTIC_BOUNDS");
  if (options.bounds === "exact" && fit.suspensions > 0) codes.push(censoringCode(rows, options));
  if (modesOf(rows).length > 1) codes.push("MODES_MIXED");
  if (hasRepeats(rows)) codes.push("SPECIMEN_TWICE");
  if (fit.correction !== undefined) codes.push("CORRECTION_POINT_ONLY");
  if (fit.correction?.method === "rba" && fit.suspensions > 0)
    codes.push("CORRECTION_SMALL_SAMPLE");
  const longest = largestOf(rows, (r) => r.timeHigh ?? r.time);
  if ([fit.life.B50.estimate, ...options.at].some((t) => t > longest)) codes.push("EXTRAPOLATION");
  if (hasOpenBound(fit)) codes.push("BOUND_OPEN");
  if (isOutside(fit)) codes.push("ESTIMATE_OUTSIDE");
  return codes;
}

/** Exact bounds are of what is as often above as below the truth, which the estimate of few failures is not. */
function isOutside({ parameters, life, at = {} }: LifeFit): boolean {
  const all = [...Object.values(parameters), ...Object.values(life), ...Object.values(at)];
  return all.some((b) => b.estimate < b.lower || b.estimate > b.upper);
}

/** A lower bound of 0 is no open one: it is given as 0. */
function hasOpenBound({ parameters, life }: LifeFit): boolean {
  const all = [...Object.values(parameters), ...Object.values(life)];
  return all.some((b) => !Number.isFinite(b.lower) || !Number.isFinite(b.upper));
}
