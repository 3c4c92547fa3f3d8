/**
 * What bounds are asked for: a life, a reliability, the mean, a parameter. Each is a number c that
 * fixes the linear predictor at x to a(c, s, location), or is an entry of theta itself. With c put
 * in place of one entry, the likelihood is climbed over the others: the profile of c.
 */
import type { Standard } from "./standard.js";

/** a and its derivatives by c, s and location. */
export type Placed = {
  value: number;
  c: number;
  s: number;
  ss: number;
  g: number;
  gg: number;
};

export type Functional =
  | { entry: number }
  | {
      x: readonly number[];
      /** c from the predictor at x, s and location. */
      at(predictor: number, s: number, location: number): number;
      place(c: number, s: number, location: number): Placed;
    };

const one: readonly number[] = [1];

/** c = ln of the life that a fraction p does not reach. */
export function lifeOf(standard: Standard, p: number, x = one): Functional {
  const z = standard.quantile(p);
  return {
    x,
    at: (mu, s, g) => Math.log(g + Math.exp(mu + z * Math.exp(s))),
    place: (c, s, g) => {
      const zs = z * Math.exp(s);
      return fromLife(c, g, zs, zs, zs);
    },
  };
}

/** c = ln of the mean life. */
export function meanOf(standard: Standard, x = one): Functional {
  return {
    x,
    at: (mu, s, g) => Math.log(g + Math.exp(mu + standard.logMean(s)[0])),
    place: (c, s, g) => fromLife(c, g, ...standard.logMean(s)),
  };
}

/** ln(e^c - location) - m(s) */
function fromLife(c: number, g: number, m: number, m1: number, m2: number): Placed {
  const life = Math.exp(c);
  const above = life - g;
  return {
    value: (g === 0 ? c : Math.log(above)) - m,
    c: g === 0 ? 1 : life / above,
    s: -m1,
    ss: -m2,
    g: -1 / above,
    gg: -1 / (above * above),
  };
}

/** c = z of time t: reliability is the survival function of c. */
export function standardisedTime(t: number, x = one): Functional {
  return {
    x,
    at: (mu, s, g) => (Math.log(t - g) - mu) / Math.exp(s),
    place: (c, s, g) => {
      const sigma = Math.exp(s);
      const above = t - g;
      return {
        value: Math.log(above) - sigma * c,
        c: -sigma,
        s: -sigma * c,
        ss: -sigma * c,
        g: -1 / above,
        gg: -1 / (above * above),
      };
    },
  };
}

/** c = the linear predictor at x: mu, ln of the scale. */
export function predictorAt(x = one): Functional {
  return {
    x,
    at: (mu) => mu,
    place: (c) => ({ value: c, c: 1, s: 0, ss: 0, g: 0, gg: 0 }),
  };
}
