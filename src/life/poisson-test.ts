/**
 * Exact risks of a test that is decided while failures arrive: a Poisson process watched between an
 * accept line and a reject line (L. A. Aroian, Technometrics 10, 1968, direct method; B. Epstein, A.
 * A. Patterson and C. R. Qualls 1963 for the exponential test). Time is exposure: with a Weibull of
 * known shape the sum of t^shape over all units, in which failures are Poisson whatever the number
 * of units, with replacement or without.
 */
import { gammaRegularised } from "./incomplete-gamma.js";

/** Both lists rise; `reject` is one longer than `accept`. */
export type Lines = {
  /** accept[j]: the exposure at which the test passes while it has j failures. */
  accept: readonly number[];
  /** reject[j]: the test fails when failure j comes at this exposure or before; below 0: never. */
  reject: readonly number[];
};

export type Risks = {
  accepts: number;
  /** Expected exposure until the decision. */
  exposure: number;
  failures: number;
};

/** Chance to pass and expected exposure when failures come at `rate` per unit of exposure. */
export function risksOf({ accept, reject }: Lines, rate: number): Risks {
  const times = [...new Set([...accept, ...reject.slice(0, accept.length)])]
    .filter((t) => t > 0)
    .sort((a, b) => a - b);
  let state = accept.map((_, j) => Number(j === 0));
  let [accepts, exposure, now] = [0, 0, 0];
  for (const time of times) {
    const barrier = barrierAt(reject, time);
    const walked = walk(state, barrier, rate * (time - now));
    exposure += walked.time / rate;
    state = walked.state.map((p, j) => {
      if (accept[j]! > time) return p;
      accepts += p;
      return 0;
    });
    now = time;
  }
  return { accepts, exposure, failures: rate * exposure };
}

/** The number of failures that fails the test just before `time`. */
function barrierAt(reject: readonly number[], time: number): number {
  const found = reject.findIndex((r) => r >= time);
  return found < 0 ? reject.length - 1 : found;
}

/** One stretch in which neither line moves; `mean` failures are expected in it. */
function walk(state: readonly number[], barrier: number, mean: number) {
  const after = new Array<number>(state.length).fill(0);
  const arrived = Array.from({ length: barrier + 1 }, (_, l) =>
    l === 0 ? 1 : gammaRegularised(l, mean),
  );
  let time = 0;
  for (let i = 0; i < barrier; i++) {
    // Only the band between the lines is alive.
    if (state[i] === 0) continue;
    for (let l = 0; i + l < barrier; l++) {
      after[i + l]! += state[i]! * (arrived[l]! - arrived[l + 1]!);
      time += state[i]! * arrived[l + 1]!;
    }
  }
  return { state: after, time };
}
