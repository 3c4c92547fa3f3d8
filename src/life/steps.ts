/** Step-stress tests: a relation of life and stress under the cumulative exposure model. */

import type { AltFit } from "./alt.js";
import { countLife, type LifeRow, modesOf } from "./data.js";
import { type Exposed, exposureLikelihood } from "./exposure-likelihood.js";
import { fitModel, type Model, modelAt } from "./model.js";
import { normalQuantile } from "./normal.js";
import { type Standard, smallestExtremeValue, standardNormal } from "./standard.js";
import type { StepHistory } from "./step-data.js";
import type { Stress, StressLaw } from "./stress.js";
import { type Level, levelsOf, spread, topOf } from "./stress-levels.js";
import {
  type AltLevel,
  type AltOptions,
  accelerationOf,
  boundBy,
  livesAt,
  parametersOf,
  refuseTooFew,
  stressWarnings,
} from "./stress-result.js";
import { refuse, type WarningCode } from "./warning.js";

/** `levels`: n specimens that met the stress, the failures during it. */
export type StepsFit = Omit<AltFit, "tests">;

/** Throws `LIFE_REFUSED` when the data cannot answer. */
export function fitSteps(histories: readonly StepHistory[], options: AltOptions): StepsFit {
  const { law, use, distribution, bounds, confidence } = options;
  const ends = histories.map((h) => h.steps.at(-1)!);
  const counts = countLife(ends);
  if (counts.failures === 0) refuse("NO_FAILURE");
  const levels = metLevels(histories, law);
  const centre = middleOf(levels, law);
  const from = (stress: Stress) => [1, ...law.terms(stress).map((t, i) => t - centre[i]!)];
  const places = levels.map((l) => from(l.stress));
  refuseOneStress(places);
  refuseTooFew(counts.failures, law, distribution);
  const sample = histories.map((h) => exposedOf(h, law, from));
  const standard = distribution === "lognormal" ? standardNormal : smallestExtremeValue;
  const model = topOf(() => climb(sample, places, standard, distribution));
  refuseUnbounded(histories, levels, model, standard);
  if (model === undefined) refuse("NO_MAXIMUM");
  const bound = boundBy(model, bounds, normalQuantile((1 - confidence) / 2, true));
  const fit: StepsFit = {
    relation: law.relation,
    distribution,
    ...counts,
    logLikelihood: model.logLikelihood,
    aic: 2 * (model.theta.length - model.fixed.length) - 2 * model.logLikelihood,
    parameters: parametersOf(distribution, law, centre, bound),
    use,
    atUse: livesAt(model, from(use), law.known(use), bound),
    levels: levels.map(({ stress, n, failures }): AltLevel => {
      return { stress, n, failures, accelerationFactor: accelerationOf(stress, law, use, bound) };
    }),
    bounds,
    confidence,
    warnings: [],
  };
  fit.warnings.push(...warningsOf(ends, model, fit));
  return fit;
}

/** Each stress once; a specimen that comes back to a stress is counted once there. */
function metLevels(histories: readonly StepHistory[], law: StressLaw) {
  const rows = histories.flatMap(({ specimen, steps }) =>
    levelsOf(steps, law.columns).map((level): LifeRow => {
      const end = steps.at(-1)!;
      const last = law.columns.every((c) => end.stress[c] === level.stress[c]);
      const kind = last ? end.kind : "right";
      return { kind, time: 1, count: end.count, stress: level.stress, specimen };
    }),
  );
  return levelsOf(rows, law.columns);
}

function middleOf(levels: readonly { stress: Stress }[], law: StressLaw): number[] {
  const all = levels.map((l) => law.terms(l.stress));
  return law.coefficients.map((_, i) => all.reduce((sum, t) => sum + t[i]!, 0) / all.length);
}

function refuseOneStress(places: readonly (readonly number[])[]): void {
  if (places.length < 2) refuse("ONE_LEVEL", "all steps at one stress");
  if (!spread(places.map((x) => x.slice(1)))) refuse("STRESSES_TOGETHER");
}

/** Where every failure came at one stress, the best relation may be that the others did nothing at all. */
function refuseUnbounded(
  histories: readonly StepHistory[],
  levels: readonly Level[],
  model: Model | undefined,
  standard: Standard,
): void {
  const failing = levels.filter((l) => l.failures > 0);
  if (failing.length > 1) {
    if (model === undefined) refuse("NO_MAXIMUM");
    return;
  }
  const stress = failing[0]!.stress;
  const alone = topOf(() => fitModel(onlyAt(histories, stress), standard))?.logLikelihood;
  // That limit is approached from below: what does not pass it by anything real has no maximum.
  if (model !== undefined && model.logLikelihood > (alone ?? -Infinity) + 1e-6) return;
  const where = Object.entries(stress).map(([column, v]) => `${column} ${v}`);
  refuse("ONE_LEVEL", `all failures at ${where.join(", ")}, and the likelihood has no maximum`);
}

/** Lives counted at one stress only. */
function onlyAt(histories: readonly StepHistory[], stress: Stress): LifeRow[] {
  return histories.flatMap(({ steps }) => {
    let [before, spent] = [0, 0];
    for (const step of steps) {
      const there = Object.entries(stress).every(([column, v]) => step.stress[column] === v);
      if (there) spent += step.time - before;
      before = step.time;
    }
    const end = steps.at(-1)!;
    const high = end.timeHigh === undefined ? {} : { timeHigh: spent + end.timeHigh - end.time };
    return spent > 0
      ? [{ kind: end.kind, time: spent, count: end.count, stress: {}, ...high }]
      : [];
  });
}

function exposedOf(h: StepHistory, law: StressLaw, from: (s: Stress) => number[]): Exposed {
  const end = h.steps.at(-1)!;
  let before = 0;
  const parts = h.steps.map((step) => {
    const duration = (step.time - before) * Math.exp(-law.known(step.stress));
    before = step.time;
    return { duration, x: from(step.stress) };
  });
  const lnKnown = -law.known(end.stress);
  const width = (end.timeHigh ?? end.time) - end.time;
  const kind = end.kind === "interval" && width === 0 ? "exact" : end.kind;
  return { kind, parts, more: width * Math.exp(lnKnown), count: end.count, lnKnown };
}

/**
 * ln life may fall by this much from the gentlest to the hardest stress; the search begins at the best
 * of them, where every specimen's exposure is one number and its fit is easy.
 */
const falls = [-2, 0.5, 1, 2, 4, 8, 16, 32];

function climb(
  sample: readonly Exposed[],
  places: readonly (readonly number[])[],
  standard: Standard,
  distribution: AltOptions["distribution"],
): Model {
  const columns = places[0]!.length;
  const f = exposureLikelihood(sample, columns, standard);
  const fixed = distribution === "exponential" ? [columns] : [];
  const frame = { standard, likelihood: f, columns, hasLocation: false, fixed };
  const starts = slopesOf(places).flatMap((slopes) => {
    const line = topOf(() => fitModel(exposuresUnder(sample, slopes), standard));
    if (line === undefined) return [];
    const start = Float64Array.of(line.theta[0]!, ...slopes, line.theta[1]!);
    if (fixed.length > 0) start[columns] = 0;
    return [{ start, value: f(start).value }];
  });
  if (starts.length === 0) refuse("NO_MAXIMUM");
  const best = starts.reduce((a, b) => (b.value > a.value ? b : a));
  return modelAt(frame, best.start);
}

/** Every combination of falls over the span of each term. */
function slopesOf(places: readonly (readonly number[])[]): number[][] {
  const spans = places[0]!.slice(1).map((_, i) => {
    const terms = places.map((x) => x[i + 1]!);
    return Math.max(...terms) - Math.min(...terms);
  });
  return spans.reduce<number[][]>(
    (all, span) => all.flatMap((s) => falls.map((fall) => [...s, fall / span])),
    [[]],
  );
}

/** Exposures as lives, under given slopes. */
function exposuresUnder(sample: readonly Exposed[], slopes: readonly number[]): LifeRow[] {
  return sample.map(({ kind, parts, more, count }): LifeRow => {
    const spent = (extra: number) =>
      parts.reduce((sum, { duration, x }, i) => {
        const all = i === parts.length - 1 ? duration + extra : duration;
        return sum + all * Math.exp(-slopes.reduce((mu, b, j) => mu + b * x[j + 1]!, 0));
      }, 0);
    const high = kind === "interval" ? { timeHigh: spent(more) } : {};
    return { kind, time: spent(0), count, stress: {}, ...high };
  });
}

function warningsOf(ends: readonly LifeRow[], model: Model, fit: StepsFit): WarningCode[] {
  const codes: WarningCode[] = ["CUMULATIVE_EXPOSURE"];
  if (model.rescued) codes.push("RESCUED");
  if (modesOf(ends).length > 1) codes.push("MODES_MIXED");
  if (fit.levels.filter((l) => l.failures > 0).length === 1) codes.push("FAILURES_AT_ONE_STRESS");
  return [...codes, ...stressWarnings(fit)];
}
