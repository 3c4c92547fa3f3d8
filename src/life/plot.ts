/** What a probability plot shows of one set of lives. */
import { hasEntries, isFailure, type LifeRow } from "./data.js";
import type { Bounded } from "./estimate.js";
import { type FitOptions, type LifeFit, type Simulate, solveLife } from "./fit.js";
import type { Model } from "./model.js";
import { type PlotPoint, plotPoints } from "./ranks.js";
import type { Standard } from "./standard.js";

export type LinePoint = { fraction: number; life: Bounded };

export type PlotSeries = {
  name: string;
  fit: LifeFit;
  model: Model;
  /** Failures at their median ranks (Johnson-adjusted); none where counts are not whole or ages of entry are given. */
  points: readonly PlotPoint[];
  /** Times at which specimens were taken off alive. */
  suspensions: readonly number[];
  /** The fitted distribution with its bounds, from few failed to nearly all. */
  line: readonly LinePoint[];
};

const lineEnds = [1e-4, 0.9999] as const;
const linePoints = 41;

/** Fits and prepares the picture. Throws `LIFE_REFUSED` when the data cannot answer. */
export async function plotSeries(
  name: string,
  rows: readonly LifeRow[],
  options: FitOptions,
  simulate: Simulate,
): Promise<PlotSeries> {
  const { fit, model, lifeAt } = await solveLife(rows, options, simulate);
  const line = fractionsOf(model.standard).map((f) => ({ fraction: f, life: lifeAt(f) }));
  const whole = rows.every((r) => Number.isInteger(r.count)) && !hasEntries(rows);
  const points = whole ? plotPoints(rows, options.ranks) : [];
  const suspensions = rows.filter((r) => !isFailure(r)).map((r) => r.time);
  return { name, fit, model, points, suspensions, line };
}

/** Evenly spread over the probability axis. */
export function fractionsOf(standard: Standard): number[] {
  const [low, high] = lineEnds.map((p) => standard.quantile(p)) as [number, number];
  return Array.from({ length: linePoints }, (_, i) =>
    standard.survival(low + ((high - low) * i) / (linePoints - 1), true),
  );
}
