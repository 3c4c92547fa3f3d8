/**
 * Maximum likelihood of the power-law process (Crow-AMSAA; L. H. Crow 1974, MIL-HDBK-189): each of
 * several systems fails with intensity lambda beta t^(beta - 1), t its own age. Failures are known
 * exactly or within an interval. With equal windows from 0 and exact times this is the closed form
 * beta = n / sum ln(T / t), lambda = n / (k T^beta).
 */
import { findRoot } from "./root.js";
import { refuse } from "./warning.js";

/** A system was watched from age `start` (0 or more) to age `end`. */
export type Watched = { start: number; end: number };

/** `count` failures between two ages; at one age where both are the same. */
export type Failures = { from: number; to: number; count: number };

export type PowerLaw = {
  beta: number;
  lambda: number;
  n: number;
  logLikelihood: number;
  /** Of ln(lambda end^beta), ln beta and ln intensity at `end`: where the standard errors are. */
  variance: { logBeta: number; logIntensity: number };
  /** The greatest age watched; there the intensity is given. */
  end: number;
  intensity: number;
};

/** Throws `LIFE_REFUSED` where the likelihood has no maximum: all failures at one end of the windows. */
export function fitPowerLaw(watched: readonly Watched[], failures: readonly Failures[]): PowerLaw {
  const end = watched.reduce((most, w) => Math.max(most, w.end), 0);
  // Ages as shares of the last one: lambda then is the failures of one system, and hardly
  // correlated with beta.
  const windows = watched.map((w) => ({ from: w.start / end, to: w.end / end }));
  const seen = failures
    .filter((f) => f.count > 0)
    .map((f) => ({ from: f.from / end, to: f.to / end, count: f.count }));
  const n = seen.reduce((sum, f) => sum + f.count, 0);
  const score = (logBeta: number) => profileScore(Math.exp(logBeta), windows, seen, n);
  const root = findRoot(score, Math.log(1e-4), Math.log(mostBeta));
  // At the limit the slope has only vanished in rounding.
  if (root === undefined || root >= Math.log(mostBeta)) refuse("GROWTH_NO_MAXIMUM");
  const beta = Math.exp(root);
  const area = areaOf(beta, windows);
  const perSystem = n / area.value;
  const logLikelihood =
    n * Math.log(perSystem) - n + sumOf(seen, (f) => f.count * logChance(f, beta, end));
  return {
    beta,
    lambda: perSystem * end ** -beta,
    n,
    logLikelihood,
    variance: variances(beta, area, seen, n),
    end,
    intensity: (perSystem * beta) / end,
  };
}

const mostBeta = 1e4;

type Span = { from: number; to: number };
type Seen = Span & { count: number };

function sumOf<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}

/** Slope by beta of the log-likelihood with lambda at its best. */
function profileScore(beta: number, windows: readonly Span[], seen: readonly Seen[], n: number) {
  const area = areaOf(beta, windows);
  return sumOf(seen, (f) => f.count * slopeOf(f, beta)) - (n * area.slope) / area.value;
}

type Area = { value: number; slope: number; bend: number };

/** Sum of to^beta - from^beta over the windows with its derivatives by beta. */
function areaOf(beta: number, windows: readonly Span[]): Area {
  const term = (u: number, order: number) => (u === 0 ? 0 : u ** beta * Math.log(u) ** order);
  const total = (order: number) => sumOf(windows, (w) => term(w.to, order) - term(w.from, order));
  return { value: total(0), slope: total(1), bend: total(2) };
}

function isExact(f: Span): boolean {
  return f.from === f.to;
}

/** ln of the density of an exact failure, or of the chance of an interval, for lambda 1. */
function logChance(f: Seen, beta: number, end: number): number {
  if (isExact(f)) return Math.log(beta / end) + (beta - 1) * Math.log(f.to);
  const log = beta * Math.log(f.to);
  return f.from === 0 ? log : log + Math.log(-Math.expm1(beta * Math.log(f.from / f.to)));
}

function slopeOf(f: Seen, beta: number): number {
  if (isExact(f)) return 1 / beta + Math.log(f.to);
  if (f.from === 0) return Math.log(f.to);
  const r = Math.log(f.to / f.from);
  return Math.log(f.to) + r / Math.expm1(beta * r);
}

function bendOf(f: Seen, beta: number): number {
  if (isExact(f)) return -1 / beta ** 2;
  if (f.from === 0) return 0;
  const half = Math.log(f.to / f.from) / 2;
  return -((half / Math.sinh(beta * half)) ** 2);
}

/** From the inverse of the observed information in ln(lambda end^beta) and ln beta. */
function variances(beta: number, area: Area, seen: readonly Seen[], n: number) {
  const aa = n;
  const ab = (n * beta * area.slope) / area.value;
  const bend = sumOf(seen, (f) => f.count * bendOf(f, beta));
  const bb = beta ** 2 * ((n * area.bend) / area.value - bend);
  const determinant = aa * bb - ab * ab;
  return {
    logBeta: aa / determinant,
    logIntensity: (bb - 2 * ab + aa) / determinant,
  };
}
