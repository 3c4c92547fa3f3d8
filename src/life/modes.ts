/**
 * Competing, independent modes: each is fitted with the failures of the others as suspensions, and
 * the specimen lives as long as none has struck (series system; Meeker and Escobar 1998, 15.4).
 */
import { type LifeRow, leavesOut, modeList, modesOf, nameOfMode, ofModes } from "./data.js";
import type { Bounded } from "./estimate.js";
import { type FitOptions, fitLife, type LifeFit, type Simulate } from "./fit.js";
import { fitModel, type Model } from "./model.js";
import { dot } from "./newton.js";
import { normalQuantile } from "./normal.js";
import { findRoot } from "./root.js";
import { newPoint, smallestExtremeValue, standardNormal } from "./standard.js";
import { refusalAbout, refuse } from "./warning.js";

export type ModesFit = {
  byMode: Record<string, LifeFit>;
  /** All modes together; bounds by the delta method on ln life. */
  series: {
    logLikelihood: number;
    life: Record<"B1" | "B5" | "B10" | "B50", Bounded>;
    at?: Record<string, { estimate: number }>;
  };
};

/** Fits the modes that the failures name. Throws `LIFE_REFUSED` where one of them cannot be fitted. */
export async function fitByMode(
  rows: readonly LifeRow[],
  options: FitOptions,
  simulate: Simulate,
): Promise<ModesFit> {
  const { distribution, method } = options;
  if (method !== "mle" || distribution === "weibull3") {
    refuse("METHOD_RANGE", "--by-mode takes --method mle and no location");
  }
  const byMode: Record<string, LifeFit> = {};
  const models: Model[] = [];
  const modes = modesOf(rows);
  for (const mode of modes) {
    const own = ofModes(rows, [mode]);
    const fit = await fitLife(own, options, simulate).catch((error: unknown) => {
      throw refusalAbout(error, aboutMode(mode, modes));
    });
    if (leavesOut(rows, [mode])) fit.warnings.push("OTHER_MODE_LEFT_OUT");
    byMode[nameOfMode(mode)] = fit;
    const standard = distribution === "lognormal" ? standardNormal : smallestExtremeValue;
    models.push(fitModel(own, standard, distribution === "exponential" ? { sigma: 1 } : {}));
  }
  const z = normalQuantile((1 - options.confidence) / 2, true);
  const life = (p: number) => seriesLife(models, p, z);
  const at = options.at.map((t) => [
    String(t),
    { estimate: Math.exp(-hazardSum(models, Math.log(t)).total) },
  ]);
  return {
    byMode,
    series: {
      logLikelihood: models.reduce((s, m) => s + m.logLikelihood, 0),
      life: { B1: life(0.01), B5: life(0.05), B10: life(0.1), B50: life(0.5) },
      ...(at.length === 0 ? {} : { at: Object.fromEntries(at) }),
    },
  };
}

/** The others can be fitted without it, where there are any. */
function aboutMode(mode: string, modes: readonly string[]): string {
  const others = modes.filter((m) => m !== mode);
  const list = modeList(others);
  // As a shell takes it.
  const typed = /^[\w,./+-]+$/.test(list) ? list : `'${list.replaceAll("'", `'\\''`)}'`;
  const rest = others.length === 0 ? "" : `; without it: --modes ${typed}`;
  return `mode ${nameOfMode(mode)}${rest}`;
}

/** Cumulative hazard of all modes at ln t, its slope by ln t, and by each model's theta. */
function hazardSum(models: readonly Model[], logTime: number) {
  const point = newPoint();
  let [total, slope] = [0, 0];
  const byTheta = models.map((m) => {
    const sigma = Math.exp(m.theta[1]!);
    const z = (logTime - m.theta[0]!) / sigma;
    m.standard.right(z, point);
    total -= point.value;
    slope -= point.d1 / sigma;
    return [point.d1 / sigma, point.d1 * z];
  });
  return { total, slope, byTheta };
}

function seriesLife(models: readonly Model[], p: number, z: number): Bounded {
  const goal = -Math.log1p(-p);
  const single = models.map((m) => m.theta[0]! + Math.exp(m.theta[1]!) * m.standard.quantile(p));
  const high = Math.min(...single);
  let low = high - 1;
  while (hazardSum(models, low).total > goal) low -= 1;
  const log = findRoot((x) => hazardSum(models, x).total - goal, low, high + 1e-9) ?? high;
  const { slope, byTheta } = hazardSum(models, log);
  const variance = models.reduce((sum, m, i) => {
    const a = byTheta[i]!.map((h) => h / slope);
    const d = m.theta.length;
    return (
      sum +
      dot(
        a,
        a.map((_, j) => dot(m.covariance.subarray(j * d, j * d + d), a)),
      )
    );
  }, 0);
  const half = z * Math.sqrt(variance);
  return { estimate: Math.exp(log), lower: Math.exp(log - half), upper: Math.exp(log + half) };
}
