/**
 * Likelihood bounds on the ratio of one life of two independent models: the sum of their two
 * profiles, climbed along "second = first + d" in ln life, loses z^2 / 2.
 */
import type { Bounded } from "./estimate.js";
import { lifeOf } from "./functional.js";
import type { Model } from "./model.js";
import { delta, Profile } from "./profile.js";
import { findMinimum, findRoot } from "./root.js";

/** Life at fraction `p` of `b` over that of `a`. */
export function searchRatio(a: Model, b: Model, p: number, z: number): Bounded {
  const [fa, fb] = [lifeOf(a.standard, p), lifeOf(b.standard, p)];
  const [da, db] = [delta(a, fa), delta(b, fb)];
  const profiles = [new Profile(a, fa), new Profile(b, fb)] as const;
  const top = a.logLikelihood + b.logLikelihood;
  const centre = db.estimate - da.estimate;
  const [va, vb] = [da.standardError ** 2, db.standardError ** 2];
  const loss = (d: number) => {
    const of = (c: number) => 2 * (top - profiles[0].at(c).value - profiles[1].at(c + d).value);
    // Where the quadratic approximation has its top; the true one is near.
    const guess = da.estimate - ((d - centre) * va) / (va + vb);
    const reach = 2 * Math.abs(d - centre) + 0.1 * da.standardError;
    return of(findMinimum(of, guess - reach, guess + reach)) - z * z;
  };
  const se = Math.sqrt(va + vb);
  const side = (sign: number) => {
    for (let far = 1.5 * z * se; far < 100 * z * se; far *= 2) {
      const found = findRoot(loss, centre, centre + sign * far, 1e-9);
      if (found !== undefined) return found;
    }
    return sign * Number.POSITIVE_INFINITY;
  };
  return { estimate: Math.exp(centre), lower: Math.exp(side(-1)), upper: Math.exp(side(1)) };
}
