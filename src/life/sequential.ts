/**
 * Truncated sequential tests (A. Wald, Sequential Analysis, 1947; IEC 61124, MIL-HDBK-781; the
 * sequential method of GB/T 24607 in outline): after j failures the test passes at exposure a + s j
 * and fails at s j - b, with s = ln D / (1 - 1/D) and D the ratio of exposures. Wald's a and b know
 * neither the overshoot nor the truncation, so their true risks are others. Here the risks of the
 * truncated test are exact, and a and b are moved until the risks are those asked for. Exposure is in
 * units of theta1, as in fixed-length.ts.
 */
import { fewestFailures, type RiskGoal } from "./fixed-length.js";
import { type Lines, risksOf } from "./poisson-test.js";
import { chiSquareQuantile } from "./quantile.js";
import { refuse } from "./warning.js";

/** Where the lines start, and the true risks they have. */
export type Intercepts = {
  acceptIntercept: number;
  rejectIntercept: number;
  alpha: number;
  beta: number;
};

export type Sequential = Intercepts & {
  /** Exposure per failure along both lines. */
  slope: number;
  /** The failure that fails the test however late, and the exposure that passes it. */
  truncation: { failures: number; exposure: number };
  /** Wald's own intercepts with the same truncation. */
  wald: Intercepts;
};

/**
 * Failures at the truncation, as a multiple of those of the fixed-length test. At 1 the lines must
 * lie far apart to keep the risks; beyond 1.5 the expected exposure hardly gets smaller.
 */
const stretch = 1.5;

/** The sequential test of these risks. Throws `PLAN_TOO_LARGE`; `NO_PLAN` for loose risks. */
export function sequential(goal: RiskGoal): Sequential {
  const { alpha, beta, ratio } = goal;
  const steep = 1 - 1 / ratio;
  const slope = Math.log(ratio) / steep;
  const failures = Math.ceil(stretch * fewestFailures(goal));
  const truncation = { failures, exposure: (ratio * chiSquareQuantile(alpha, 2 * failures)) / 2 };
  const at = (a: number, b: number): Intercepts => {
    const lines = cutLines(slope, a, b, truncation);
    return {
      acceptIntercept: a,
      rejectIntercept: b,
      alpha: 1 - risksOf(lines, 1 / ratio).accepts,
      beta: risksOf(lines, 1).accepts,
    };
  };
  const wald = at(Math.log((1 - alpha) / beta) / steep, Math.log((1 - beta) / alpha) / steep);
  return { ...moved(goal, wald, at), slope, truncation, wald };
}

/** The lines of a sequential test, cut at its truncation. */
export function sequentialLines(s: Sequential): Lines {
  return cutLines(s.slope, s.acceptIntercept, s.rejectIntercept, s.truncation);
}

function cutLines(slope: number, a: number, b: number, cut: Sequential["truncation"]): Lines {
  const { failures, exposure } = cut;
  const accept = Array.from({ length: failures }, (_, j) => Math.min(a + slope * j, exposure));
  // Without a failure there is nothing to reject, and what has passed cannot fail.
  const reject = accept.map((_, j) => (j === 0 ? -1 : Math.min(slope * j - b, accept[j - 1]!)));
  return { accept, reject: [...reject, exposure] };
}

/** Damped Newton on the logarithms of both risks, which are nearly straight in the intercepts. */
function moved(
  goal: RiskGoal,
  start: Intercepts,
  at: (a: number, b: number) => Intercepts,
): Intercepts {
  const misses = (p: Intercepts): [number, number] => [
    Math.log(p.beta / goal.beta),
    Math.log(p.alpha / goal.alpha),
  ];
  const size = (p: Intercepts) => Math.hypot(...misses(p));
  let p = start;
  for (let i = 0; i < 60 && size(p) > 1e-10; i++) {
    const [da, db] = newtonStep(p, misses, at);
    const [a, b] = [p.acceptIntercept, p.rejectIntercept];
    let next = at(a - da, b - db);
    for (let k = 1; k < 12 && !(size(next) < size(p)); k++)
      next = at(a - da / 2 ** k, b - db / 2 ** k);
    p = next;
  }
  return size(p) < 1e-9 ? p : refuse("NO_PLAN");
}

function newtonStep(
  p: Intercepts,
  misses: (p: Intercepts) => [number, number],
  at: (a: number, b: number) => Intercepts,
): [number, number] {
  const h = 1e-6;
  const [a, b] = [p.acceptIntercept, p.rejectIntercept];
  const [fa, fb] = misses(p);
  const [aa, ba] = misses(at(a + h, b)).map((v, k) => (v - [fa, fb][k]!) / h) as [number, number];
  const [ab, bb] = misses(at(a, b + h)).map((v, k) => (v - [fa, fb][k]!) / h) as [number, number];
  const det = aa * bb - ab * ba;
  return [(fa * bb - fb * ab) / det, (fb * aa - fa * ba) / det];
}
