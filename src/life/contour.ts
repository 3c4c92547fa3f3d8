/** Joint confidence region of the two parameters of a model, as a closed line of points. */
import type { Model } from "./model.js";
import { cholesky } from "./newton.js";
import { chiSquareQuantile } from "./quantile.js";
import { findRoot } from "./root.js";
import { smallestExtremeValue } from "./standard.js";

export type Contour = {
  parameters: [string, string];
  estimate: [number, number];
  /** Around the estimate, first point not repeated. */
  points: [number, number][];
};

const rays = 120;

/**
 * Where twice the loss of log-likelihood is the chi-square quantile with 2 degrees of freedom, along
 * rays from the maximum. Points as (shape, scale), or (mu, sigma) of the lognormal.
 */
export function contourOf(model: Model, confidence: number): Contour {
  const goal = chiSquareQuantile(confidence, 2);
  const l = Float64Array.from(model.covariance);
  cholesky(l, 2);
  const weibull = model.standard === smallestExtremeValue;
  const shown = (mu: number, s: number): [number, number] =>
    weibull ? [Math.exp(-s), Math.exp(mu)] : [mu, Math.exp(s)];
  const points = Array.from({ length: rays }, (_, i): [number, number] => {
    const angle = (2 * Math.PI * i) / rays;
    return shown(...alongRay(model, l, Math.cos(angle), Math.sin(angle), goal));
  });
  const estimate = shown(model.theta[0]!, model.theta[1]!);
  return { parameters: weibull ? ["shape", "scale"] : ["mu", "sigma"], estimate, points };
}

function alongRay(
  model: Model,
  l: Float64Array,
  u: number,
  v: number,
  goal: number,
): [number, number] {
  const [mu, s] = [model.theta[0]!, model.theta[1]!];
  const [dMu, dS] = [l[0]! * u, l[2]! * u + l[3]! * v];
  const loss = (r: number) => {
    const theta = Float64Array.of(mu + r * dMu, s + r * dS);
    return 2 * (model.logLikelihood - model.likelihood(theta).value) - goal;
  };
  let far = 2 * Math.sqrt(goal);
  while (loss(far) < 0 && far < 1e4) far *= 2;
  const r = findRoot(loss, 0, far, 1e-10) ?? Number.POSITIVE_INFINITY;
  return [mu + r * dMu, s + r * dS];
}
