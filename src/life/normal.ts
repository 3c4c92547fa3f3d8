/** The standard normal distribution, exact in both tails. */
import { gammaRegularised, logGammaRegularised } from "./incomplete-gamma.js";
import { logSqrt2Pi } from "./special.js";

export function logNormalDensity(z: number): number {
  return -0.5 * z * z - logSqrt2Pi;
}

/** P(Z <= z), or P(Z > z) with `upper`. */
export function normalCdf(z: number, upper = false): number {
  const tail = 0.5 * gammaRegularised(0.5, 0.5 * z * z, true);
  return z < 0 === upper ? 1 - tail : tail;
}

/** ln P(Z <= z), or ln P(Z > z) with `upper`. */
export function logNormalCdf(z: number, upper = false): number {
  const logTail = logGammaRegularised(0.5, 0.5 * z * z, true) - Math.LN2;
  return z < 0 === upper ? Math.log1p(-Math.exp(logTail)) : logTail;
}

// M. J. Wichura, Algorithm AS 241, Applied Statistics 37 (1988) 477-484, PPND16; highest power first.
const centre = {
  top: [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
    1971.5909503065513, 133.14166789178438, 3.3871328727963665,
  ],
  bottom: [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
    687.1870074920579, 42.31333070160091, 1,
  ],
};
const middle = {
  top: [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684,
    3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  bottom: [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008,
    0.6897673349851, 1.6763848301838038, 2.053191626637759, 1,
  ],
};
const far = {
  top: [
    2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124,
    0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  bottom: [
    2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133,
    0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1,
  ],
};

function ratio(r: number, { top, bottom }: { top: number[]; bottom: number[] }): number {
  const at = (c: number[]) => c.reduce((sum, k) => sum * r + k, 0);
  return at(top) / at(bottom);
}

/** The z with P(Z <= z) = p, or P(Z > z) = p with `upper`; 0 < p < 1, as small as 1e-300. */
export function normalQuantile(p: number, upper = false): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0 || p === 1) return (p === 0) === upper ? Infinity : -Infinity;
  const sign = upper ? -1 : 1;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return sign * q * ratio(0.180625 - q * q, centre);
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const z = r <= 5 ? ratio(r - 1.6, middle) : ratio(r - 5, far);
  return q < 0 ? -sign * z : sign * z;
}
