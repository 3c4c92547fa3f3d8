/**
 * Two-parameter Weibull for failures and right-censored lives: Newton on the one equation for the
 * shape, which is monotone, the scale in closed form (J. F. Lawless, Statistical Models and Methods
 * for Lifetime Data, 2003, section 5.2). What simulations and large data sets call.
 */
export type FastWeibull = {
  mu: number;
  /** ln sigma; shape = exp(-s), scale = exp(mu). */
  s: number;
  /** Covariance of (mu, s). */
  varMu: number;
  cov: number;
  varS: number;
};

/**
 * `logTimes` of all, `failed` 1 or 0 each, `weights` 1 each when left out. Undefined when there is
 * no maximum: fewer than two failures' worth of spread.
 */
export function fastWeibull(
  logTimes: Float64Array,
  failed: Uint8Array,
  weights?: Float64Array,
): FastWeibull | undefined {
  const n = logTimes.length;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) if (logTimes[i]! > max) max = logTimes[i]!;
  const { r, meanFailed, spread } = moments(logTimes, failed, weights, max);
  // All failures at the longest time: the shape equation has no root.
  if (!(r > 0) || !(spread > 0) || meanFailed >= 0) return undefined;
  const near = n > 50_000 ? thinned(logTimes, failed, weights) : undefined;
  let beta: number = near ?? Math.PI / Math.sqrt(6) / spread;
  const sums: PowerSums = { s0: 0, s1: 0, s2: 0 };
  for (let i = 0; i < 100; i++) {
    addPowers(logTimes, weights, max, beta, sums);
    const m1 = sums.s1 / sums.s0;
    const value = m1 - 1 / beta - meanFailed;
    const slope = sums.s2 / sums.s0 - m1 * m1 + 1 / (beta * beta);
    const step = value / slope;
    const next = step < beta ? beta - step : beta / 2;
    const moved = Math.abs(next - beta);
    // Quadratic: a step this small leaves an error of its square.
    if (moved < 1e-8 * beta) return finish(next, beta, sums, r, max);
    beta = next;
  }
  return undefined;
}

/** The shape of every 64th life: a start so near that large data need half the passes. */
function thinned(
  logTimes: Float64Array,
  failed: Uint8Array,
  weights: Float64Array | undefined,
): number | undefined {
  const size = Math.floor(logTimes.length / 64);
  const [times, ends] = [new Float64Array(size), new Uint8Array(size)];
  const counts = weights === undefined ? undefined : new Float64Array(size);
  for (let i = 0; i < size; i++) {
    times[i] = logTimes[64 * i]!;
    ends[i] = failed[64 * i]!;
    if (counts !== undefined) counts[i] = weights![64 * i]!;
  }
  const fit = fastWeibull(times, ends, counts);
  return fit === undefined ? undefined : Math.exp(-fit.s);
}

type PowerSums = { s0: number; s1: number; s2: number };

function moments(
  logTimes: Float64Array,
  failed: Uint8Array,
  weights: Float64Array | undefined,
  max: number,
): { r: number; meanFailed: number; spread: number } {
  let [r, sumFailed, total, sum, squares] = [0, 0, 0, 0, 0];
  for (let i = 0; i < logTimes.length; i++) {
    const w = weights === undefined ? 1 : weights[i]!;
    const u = logTimes[i]! - max;
    total += w;
    sum += w * u;
    squares += w * u * u;
    if (failed[i] === 1) {
      r += w;
      sumFailed += w * u;
    }
  }
  const mean = sum / total;
  return { r, meanFailed: sumFailed / r, spread: Math.sqrt(squares / total - mean * mean) };
}

/** Sums of w e^(beta u) u^k for k = 0, 1, 2, with u <= 0 so that nothing overflows. */
function addPowers(
  logTimes: Float64Array,
  weights: Float64Array | undefined,
  max: number,
  beta: number,
  out: PowerSums,
): void {
  let [s0, s1, s2] = [0, 0, 0];
  for (let i = 0; i < logTimes.length; i++) {
    const u = logTimes[i]! - max;
    const e = weights === undefined ? Math.exp(beta * u) : weights[i]! * Math.exp(beta * u);
    s0 += e;
    s1 += e * u;
    s2 += e * u * u;
  }
  out.s0 = s0;
  out.s1 = s1;
  out.s2 = s2;
}

/** The sums are those of `at`, a relative 1e-8 away: carried over to `beta` to first order. */
function finish(beta: number, at: number, sums: PowerSums, r: number, max: number): FastWeibull {
  const change = beta - at;
  const s0 = sums.s0 + change * sums.s1;
  const [m1, m2] = [(sums.s1 + change * sums.s2) / s0, sums.s2 / s0];
  const shift = Math.log(s0 / r) / beta;
  const ze = r * beta * (m1 - shift);
  const zze = r * beta * beta * (m2 - 2 * shift * m1 + shift * shift);
  const [a, b, c] = [r * beta * beta, beta * ze, zze + r];
  const determinant = a * c - b * b;
  return {
    mu: max + shift,
    s: -Math.log(beta),
    varMu: c / determinant,
    cov: -b / determinant,
    varS: a / determinant,
  };
}
