/**
 * What bounds are asked for: a life, a reliability, the mean, a parameter. Each is a number c that
 * fixes the linear predictor at x to a(c, s, location), or is an entry of theta itself. With c put
 * in place of one entry, the likelihood is climbed over the others: the profile of c.
 */
import type { Slicing } from "./slicing.js";
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
      /** The same of lives under one location, on their own axis. */
      under?(slicing: Slicing): Sliced;
      /** One of a row whose c rises: so many sigma further on in ln time. */
      along?(far: number, sigma: number): Functional;
    };

/**
 * A quantity of lives on a slice's axis, and c of it in time. `certain`: a time before the location, at
 * which all live; c is -Infinity.
 */
export type Sliced = {
  f: Functional;
  back(c: number): number;
  certain?: boolean;
  /** c rises (1) or falls (-1) without end as the location falls. */
  endless?: 1 | -1;
};

/** Anything but the location itself. */
export function sliced(f: Functional, slicing: Slicing): Sliced {
  if ("entry" in f) return { f, back: (s) => s + Math.log(slicing.unit), endless: -1 };
  return f.under?.(slicing) ?? { f, back: (c) => c };
}

const one: readonly number[] = [1];

/** c = ln of the life that a fraction p does not reach. */
export function lifeOf(standard: Standard, p: number, x = one): Functional {
  return lifeAt(standard.quantile(p), x);
}

function lifeAt(z: number, x: readonly number[]): Functional {
  return {
    x,
    under: ({ logTime }) => ({ f: lifeAt(z, x), back: logTime }),
    along: (far) => lifeAt(z + far, x),
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
    under: ({ logTime, unit }) => ({ f: meanPlace(standard, unit, x), back: logTime }),
    at: (mu, s, g) => Math.log(g + Math.exp(mu + standard.logMean(s)[0])),
    place: (c, s, g) => fromLife(c, g, ...standard.logMean(s)),
  };
}

/** c = where the mean life lies on an axis whose unit is that much of ln time. */
function meanPlace(standard: Standard, unit: number, x: readonly number[]): Functional {
  const shift = Math.log(unit);
  return {
    x,
    at: (mu, s) => mu + standard.logMean(s + shift)[0] / unit,
    place: (c, s) => {
      const [m, m1, m2] = standard.logMean(s + shift);
      return { value: c - m / unit, c: 1, s: -m1 / unit, ss: -m2 / unit, g: 0, gg: 0 };
    },
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

/** c = z of time t: reliability is the survival function of c; up to the location -Infinity. */
export function standardisedTime(t: number, x = one): Functional {
  return {
    x,
    under: ({ place, location }) => {
      const f = standardisedTime(Math.exp(place(t)), x);
      return { f, back: (c) => c, certain: t <= location };
    },
    along: (far, sigma) => standardisedTime(t * Math.exp(far * sigma), x),
    at: (mu, s, g) => (t > g ? (Math.log(t - g) - mu) / Math.exp(s) : Number.NEGATIVE_INFINITY),
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
    under: ({ logScale }) => ({ f: predictorAt(x), back: logScale, endless: 1 }),
    at: (mu) => mu,
    place: (c) => ({ value: c, c: 1, s: 0, ss: 0, g: 0, gg: 0 }),
  };
}
