/** Rows of one stress level together, and how well the levels agree with one relation and one shape. */
import { WearoutError } from "../base/error.js";
import type { LikelihoodRatioTest } from "./compare.js";
import { countLife, isFailure, type LifeRow, oneTimeExplains } from "./data.js";
import { likelihood, packSample } from "./likelihood.js";
import { fitModel, type Model } from "./model.js";
import { chiSquareCdf } from "./quantile.js";
import type { Standard } from "./standard.js";
import type { Stress } from "./stress.js";

export type Level = { stress: Stress; rows: LifeRow[]; n: number; failures: number };

/** By the values of `columns`, smallest first. */
export function levelsOf(rows: readonly LifeRow[], columns: readonly string[]): Level[] {
  const byKey = new Map<string, LifeRow[]>();
  for (const row of rows) {
    const key = columns.map((c) => row.stress[c]).join(" ");
    const level = byKey.get(key);
    if (level === undefined) byKey.set(key, [row]);
    else level.push(row);
  }
  const levels = [...byKey.values()].map((of): Level => {
    const stress = Object.fromEntries(columns.map((c) => [c, of[0]!.stress[c]!]));
    const { n, failures } = countLife(of);
    return { stress, rows: of, n, failures };
  });
  return levels.sort((a, b) => {
    const differs = columns.find((c) => a.stress[c] !== b.stress[c]);
    return differs === undefined ? 0 : a.stress[differs]! - b.stress[differs]!;
  });
}

/** Has a maximum by itself: two failures that no single time explains. */
export function fitsAlone({ rows, failures }: Level): boolean {
  const failed = rows.filter(isFailure);
  if (failures < 2 || oneTimeExplains(rows)) return false;
  return !failed.every((r) => r.kind === "exact" && r.time === failed[0]!.time);
}

/** Whether points of one or two terms lie apart in every term: on no single point, on no line. */
export function spread(places: readonly (readonly number[])[]): boolean {
  const [first, ...others] = places;
  if (first === undefined) return false;
  const spans = others.map((p) => p.map((v, i) => v - first[i]!));
  const size = (p: readonly number[]) => Math.hypot(...p);
  const longest = spans.reduce((a, b) => (size(b) > size(a) ? b : a), spans[0] ?? [0]);
  if (size(longest) === 0) return false;
  if (first.length === 1) return true;
  const turn = (p: readonly number[]) => Math.abs(p[0]! * longest[1]! - p[1]! * longest[0]!);
  return spans.some((p) => turn(p) > 1e-9 * size(p) * size(longest));
}

export type StressTests = {
  /** One shape at all levels, against a shape for each. */
  commonShape?: LikelihoodRatioTest;
  /** The relation, against a free life at each level with one shape. */
  relation?: LikelihoodRatioTest;
  /** The relation, against one with a square of its term; one stress, failures at three levels or more. */
  curvature?: LikelihoodRatioTest;
  /** Relation and common shape together, against separate fits. */
  separate?: LikelihoodRatioTest;
};

/**
 * At a level without a failure the free fit's likelihood reaches 1, by an endless life. Where the relation
 * expects failures there, that life is free all the same and counts as a degree of freedom (left out, true
 * relations were refused three times too often); where it expects none, the level tests nothing. A test whose
 * free fit has no maximum (too few failures at each level) is left out. `terms`: the predictor at a stress.
 */
export function testLevels(
  levels: readonly Level[],
  model: Model,
  terms: (stress: Stress) => readonly number[],
  sigma: number | undefined,
): StressTests {
  const { standard } = model;
  const coefficients = model.columns - 1;
  const failing = levels.filter((l) => l.failures > 0);
  const tests: StressTests = {};
  const parallel = parallelFit(failing, standard, sigma);
  const silent = levels.filter(
    (l) => l.failures === 0 && missedAt(l, terms, model) > noticed,
  ).length;
  const df = failing.length + silent - 1 - coefficients;
  if (df > silent && parallel !== undefined) {
    tests.relation = ratioTest(parallel - model.logLikelihood, df);
  }
  const bent =
    failing.length > 2 && coefficients === 1 ? bentFit(levels, model, terms, sigma) : undefined;
  if (bent !== undefined) tests.curvature = ratioTest(bent - model.logLikelihood, 1);
  const able = failing.filter(fitsAlone);
  const every = able.length === failing.length;
  if (sigma !== undefined || able.length < 2) return tests;
  const own = able.map((l) => topOf(() => fitModel(l.rows, standard))?.logLikelihood);
  const together = every ? parallel : parallelFit(able, standard, sigma);
  if (together === undefined || !own.every((v) => v !== undefined)) return tests;
  const separate = own.reduce((sum, v) => sum + v, 0);
  tests.commonShape = ratioTest(separate - together, able.length - 1);
  const free = 2 * able.length + silent - (coefficients + 2);
  if (every && free > 0) tests.separate = ratioTest(separate - model.logLikelihood, free);
  return tests;
}

/** Failures that the model expects where none came, as cumulative hazard. */
function missedAt(level: Level, terms: (s: Stress) => readonly number[], model: Model): number {
  const sample = packSample(level.rows, (row) => terms(row.stress));
  return -likelihood(sample, model.standard)(model.theta).value;
}

/** Less than this adds a tenth to the statistic at most. */
const noticed = 0.05;

/** Log-likelihood with the square of the term beside it. */
function bentFit(
  levels: readonly Level[],
  model: Model,
  terms: (s: Stress) => readonly number[],
  sigma: number | undefined,
): number | undefined {
  const size = Math.max(...levels.map((l) => Math.abs(terms(l.stress)[1]!)));
  const predictor = (row: LifeRow) => {
    const term = terms(row.stress)[1]! / size;
    return [1, term, term * term];
  };
  const given = sigma === undefined ? {} : { sigma };
  const rows = levels.flatMap((l) => l.rows);
  return topOf(() => fitModel(rows, model.standard, { predictor, ...given }))?.logLikelihood;
}

/** Log-likelihood of a life for each level and one sigma. */
function parallelFit(levels: readonly Level[], standard: Standard, sigma: number | undefined) {
  const columnOf = new Map(levels.flatMap((l, i) => l.rows.map((row) => [row, i] as const)));
  const predictor = (row: LifeRow) => levels.map((_, i) => (columnOf.get(row) === i ? 1 : 0));
  const rows = levels.flatMap((l) => l.rows);
  const given = sigma === undefined ? {} : { sigma };
  return topOf(() => fitModel(rows, standard, { predictor, ...given }))?.logLikelihood;
}

/** A fit, or undefined where the likelihood has no maximum. */
export function topOf(search: () => Model): Model | undefined {
  try {
    return search();
  } catch (error) {
    if (error instanceof WearoutError && error.code === "LIFE_REFUSED") return undefined;
    throw error;
  }
}

function ratioTest(loss: number, df: number): LikelihoodRatioTest {
  const statistic = Math.max(0, 2 * loss);
  return { statistic, df, p: chiSquareCdf(statistic, df, true) };
}
