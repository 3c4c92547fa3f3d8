/**
 * Does a fitted distribution describe the lives at all? The square distance of fitted and Kaplan-Meier
 * fractions failed, weighted as Anderson and Darling do (1952), against that of simulated tests from the
 * fitted distribution with the same censoring, each fitted again (parametric bootstrap; Stute and others
 * 1993), because parameters that were fitted make the distance smaller than tables say.
 */
import { type Random, randomStream } from "../base/random.js";
import { hasEntries, isFailure, type LifeRow } from "./data.js";
import { fitModel, type Model } from "./model.js";
import { type Standard, smallestExtremeValue } from "./standard.js";
import { topOf } from "./stress-levels.js";
import { fastWeibull } from "./weibull-fast.js";

/** One life as ln t, in order; failures first where times are equal. */
type Life = { y: number; failed: boolean; count: number };
type Place = { mu: number; sigma: number };

const fewestFailures = 5;
const draws = 399;
/** As many simulated tests may lie further off: 4 of 400 are 1 %. */
const further = 4;
/** Larger tests are simulated with so many lives: the distance times n hardly depends on n. */
const mostLives = 200;

/** At 1 %. False where nothing can be said: intervals, entry ages, few failures, a location. */
export function lacksFit(rows: readonly LifeRow[], model: Model): boolean {
  const seen = rows.every((r) => r.kind === "exact" || r.kind === "right") && !hasEntries(rows);
  const failures = rows.reduce((sum, r) => sum + (isFailure(r) ? r.count : 0), 0);
  if (!seen || failures < fewestFailures || model.hasLocation || model.columns > 1) return false;
  const lives = inOrder(
    rows.map((r) => ({ y: Math.log(r.time), failed: isFailure(r), count: r.count })),
  );
  const { standard } = model;
  const at = { mu: model.theta[0]!, sigma: Math.exp(model.theta[1]!) };
  const distance = distanceOf(lives, at, standard);
  const n = Math.min(mostLives, Math.round(lives.reduce((sum, l) => sum + l.count, 0)));
  const random = randomStream(1, "lack-of-fit");
  const offTimes = censoringOf(lives);
  let beyond = 0;
  for (let i = 0; i < draws && beyond < further; i++) {
    const drawn = inOrder(
      Array.from({ length: n }, () => drawLife(random, at, standard, offTimes)),
    );
    const own = fitAgain(drawn, model);
    if (own === undefined || distanceOf(drawn, own, standard) >= distance) beyond++;
  }
  return beyond < further;
}

function inOrder(lives: Life[]): Life[] {
  return lives.sort((a, b) => a.y - b.y || Number(b.failed) - Number(a.failed));
}

/** n times the sum over failures of (Kaplan-Meier - fitted)^2 / (F (1 - F)), by their share. */
function distanceOf(lives: readonly Life[], { mu, sigma }: Place, standard: Standard): number {
  const n = lives.reduce((sum, l) => sum + l.count, 0);
  let [atRisk, alive, sum] = [n, 1, 0];
  for (const { y, failed, count } of lives) {
    if (failed) {
      const share = (alive * count) / atRisk;
      const z = (y - mu) / sigma;
      const [f, r] = [standard.survival(z, true), standard.survival(z)];
      // In the middle of its own step.
      const apart = 1 - alive + share / 2 - f;
      sum += (share * apart * apart) / Math.max(f * r, 1e-12);
      alive -= share;
    }
    atRisk -= count;
  }
  return n * sum;
}

/** When lives are taken off, by Kaplan and Meier with the roles turned round: times with the chance to be on until then. */
function censoringOf(lives: readonly Life[]): { y: number; on: number }[] {
  let atRisk = lives.reduce((sum, l) => sum + l.count, 0);
  let on = 1;
  return lives.flatMap(({ y, failed, count }) => {
    if (!failed) on *= 1 - count / atRisk;
    atRisk -= count;
    return failed ? [] : [{ y, on }];
  });
}

function drawLife(
  random: Random,
  { mu, sigma }: Place,
  standard: Standard,
  offTimes: readonly { y: number; on: number }[],
): Life {
  const y = mu + sigma * standard.quantile(random());
  const chance = random();
  let [low, high] = [0, offTimes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (offTimes[middle]!.on <= chance) high = middle;
    else low = middle + 1;
  }
  const off = offTimes[low]?.y ?? Number.POSITIVE_INFINITY;
  return { y: Math.min(y, off), failed: y <= off, count: 1 };
}

/** The same family on drawn lives; undefined where they have no maximum. */
function fitAgain(lives: readonly Life[], { standard, fixed }: Model): Place | undefined {
  if (standard === smallestExtremeValue && fixed.length === 0) {
    const logs = Float64Array.from(lives, (l) => l.y);
    const found = fastWeibull(
      logs,
      Uint8Array.from(lives, (l) => Number(l.failed)),
    );
    return found === undefined ? undefined : { mu: found.mu, sigma: Math.exp(found.s) };
  }
  const rows = lives.map(({ y, failed, count }): LifeRow => {
    return { kind: failed ? "exact" : "right", time: Math.exp(y), count, stress: {} };
  });
  const given = fixed.length === 0 ? {} : { sigma: 1 };
  const top = topOf(() => fitModel(rows, standard, given));
  return top === undefined ? undefined : { mu: top.theta[0]!, sigma: Math.exp(top.theta[1]!) };
}
