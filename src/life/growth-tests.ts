/** Tests for trend and for fit of failure times of repairable systems. All are conditional on the counts. */
import { randomStream } from "../base/random.js";
import { normalCdf } from "./normal.js";
import { chiSquareCdf } from "./quantile.js";

/** One system, watched from age `start` to `end`; `times` ascend, those at `end` of a test stopped there too. */
export type History = {
  system: string;
  start: number;
  end: number;
  failureTerminated: boolean;
  times: readonly number[];
};

/** Two-sided p; a negative Laplace statistic and a large chi-square mean a falling intensity. */
export type Trend = {
  laplace: number;
  laplaceP: number;
  milHdbk189: number;
  milHdbk189Df: number;
  milHdbk189P: number;
};

/** Where each failure lies in its window, 0 to 1; without the one that ended a test. */
export function sharesOf(histories: readonly History[]): number[] {
  return histories.flatMap((h) => {
    const times = h.failureTerminated ? h.times.slice(0, -1) : h.times;
    return times.map((t) => (t - h.start) / (h.end - h.start));
  });
}

/**
 * Under a constant intensity the shares are independent and even. Laplace: their mean (IEC 60300-3-5,
 * IEC 61164 recollected); pooled over systems by windows as they are. MIL-HDBK-189: 2 sum ln(1/share).
 */
export function trendOf(histories: readonly History[]): Trend {
  const windows = histories.map((h) => ({
    size: h.end - h.start,
    shares: sharesOf([h]),
  }));
  const sum = (of: (w: (typeof windows)[number]) => number) =>
    windows.reduce((s, w) => s + of(w), 0);
  const excess = sum((w) => w.size * w.shares.reduce((s, u) => s + u - 0.5, 0));
  const standard = excess / Math.sqrt(sum((w) => (w.shares.length * w.size ** 2) / 12));
  // Failures that lie evenly leave nothing but the rounding of their sum.
  const laplace = Math.abs(standard) < 1e-12 ? 0 : standard;
  const milHdbk189 = sum((w) => -2 * w.shares.reduce((s, u) => s + Math.log(u), 0));
  const df = sum((w) => 2 * w.shares.length);
  const least = Math.min(chiSquareCdf(milHdbk189, df), chiSquareCdf(milHdbk189, df, true));
  return {
    laplace,
    laplaceP: 2 * normalCdf(-Math.abs(laplace)),
    milHdbk189,
    milHdbk189Df: df,
    milHdbk189P: 2 * least,
  };
}

/** Cramer-von Mises distance of share^beta from an even distribution; `shares` in any order. */
export function cramerVonMises(shares: readonly number[], beta: number): number {
  const m = shares.length;
  const even = shares.map((u) => u ** beta).sort((a, b) => a - b);
  return even.reduce((s, z, i) => s + (z - (2 * i + 1) / (2 * m)) ** 2, 1 / (12 * m));
}

/**
 * The value that the statistic of `m` shares exceeds with chance `significance` when the power law
 * holds and beta is the unbiased estimate. It depends on m alone, so it is simulated: 100 000 samples,
 * seed 1, which leaves about 0.001. From m = 60 on it has settled. m >= 2.
 */
export function cramerVonMisesCritical(m: number, significance: number): number {
  const size = Math.min(m, 60);
  const random = randomStream(1, `cramer-von-mises/${size}`);
  const statistics = new Float64Array(draws).map(() => simulated(size, random));
  return statistics.sort()[Math.ceil((1 - significance) * draws) - 1]!;
}

const draws = 100_000;

/** -ln of even shares in order by Renyi's spacings: no sort. */
function simulated(m: number, random: () => number): number {
  const exponents = new Float64Array(m);
  let [x, sum] = [0, 0];
  for (let i = m; i >= 1; i--) {
    x -= Math.log1p(-random()) / i;
    exponents[i - 1] = x;
    sum += x;
  }
  const beta = (m - 1) / sum;
  let w = 1 / (12 * m);
  for (let i = 0; i < m; i++) {
    w += (Math.exp(-beta * exponents[i]!) - (2 * i + 1) / (2 * m)) ** 2;
  }
  return w;
}
