/** Roots and minima of functions of one variable. */

const epsilon = 2 ** -52;

/**
 * A root of `f` between `a` and `b`, where its signs must differ (R. P. Brent, Algorithms for
 * Minimization without Derivatives, 1973, chapter 4). Undefined when they do not.
 */
export function findRoot(
  f: (x: number) => number,
  from: number,
  to: number,
  tolerance = 0,
): number | undefined {
  let [a, b] = [from, to];
  let [fa, fb] = [f(a), f(b)];
  if (!(fa * fb <= 0)) return undefined;
  let [c, fc] = [a, fa];
  let step = b - a;
  let before = step;
  for (let i = 0; i < 200; i++) {
    if (Math.abs(fc) < Math.abs(fb)) {
      [a, b, c] = [b, c, b];
      [fa, fb, fc] = [fb, fc, fb];
    }
    const close = 2 * epsilon * Math.abs(b) + tolerance / 2;
    const half = (c - b) / 2;
    if (Math.abs(half) <= close || fb === 0) return b;
    const tried = interpolate({ a, fa, b, fb, c, fc }, half, before, close);
    if (Math.abs(before) >= close && tried !== undefined) {
      before = step;
      step = tried;
    } else {
      step = half;
      before = half;
    }
    a = b;
    fa = fb;
    b += Math.abs(step) > close ? step : Math.sign(half) * close;
    fb = f(b);
    if (fb > 0 === fc > 0) {
      c = a;
      fc = fa;
      step = b - a;
      before = step;
    }
  }
  return b;
}

type Points = { a: number; fa: number; b: number; fb: number; c: number; fc: number };

/** Inverse quadratic or secant step; undefined where bisection is safer. */
function interpolate(at: Points, half: number, before: number, close: number): number | undefined {
  const { a, fa, b, fb, c, fc } = at;
  if (Math.abs(fa) <= Math.abs(fb)) return undefined;
  const s = fb / fa;
  let p: number;
  let q: number;
  if (a === c) {
    p = 2 * half * s;
    q = 1 - s;
  } else {
    const [u, r] = [fa / fc, fb / fc];
    p = s * (2 * half * u * (u - r) - (b - a) * (r - 1));
    q = (u - 1) * (r - 1) * (s - 1);
  }
  if (p > 0) q = -q;
  else p = -p;
  return 2 * p < Math.min(3 * half * q - Math.abs(close * q), Math.abs(before * q))
    ? p / q
    : undefined;
}

const golden = (3 - Math.sqrt(5)) / 2;

/** Where `f` has its minimum between `a` and `b` (Brent, chapter 5); `f` should have only one. */
export function findMinimum(f: (x: number) => number, from: number, to: number): number {
  let [a, b] = [from, to];
  let x = a + golden * (b - a);
  let [w, v] = [x, x];
  let fx = f(x);
  let [fw, fv] = [fx, fx];
  let [step, before] = [0, 0];
  for (let i = 0; i < 200; i++) {
    const middle = (a + b) / 2;
    const close = 1.5e-8 * Math.abs(x) + 1e-14;
    if (Math.abs(x - middle) <= 2 * close - (b - a) / 2) break;
    const r = (x - w) * (fx - fv);
    let q = (x - v) * (fx - fw);
    let p = (x - v) * q - (x - w) * r;
    q = 2 * (q - r);
    if (q > 0) p = -p;
    q = Math.abs(q);
    const parabola =
      Math.abs(before) > close &&
      Math.abs(p) < Math.abs(0.5 * q * before) &&
      p > q * (a - x) &&
      p < q * (b - x);
    before = parabola ? step : (x < middle ? b : a) - x;
    step = parabola ? p / q : golden * before;
    const u = Math.abs(step) >= close ? x + step : x + Math.sign(step) * close;
    const fu = f(u);
    if (fu <= fx) {
      if (u < x) b = x;
      else a = x;
      [v, w, x] = [w, x, u];
      [fv, fw, fx] = [fw, fx, fu];
      continue;
    }
    if (u < x) a = u;
    else b = u;
    if (fu <= fw || w === x) {
      [v, w, fv, fw] = [w, u, fw, fu];
    } else if (fu <= fv || v === x || v === w) [v, fv] = [u, fu];
  }
  return x;
}

/**
 * Root of a monotone `f` by Newton steps kept inside a bracket that only shrinks: as fast as Newton
 * where it behaves, as safe as bisection where not. `f` answers with its value and slope.
 */
export function newtonRoot(
  f: (x: number) => [value: number, slope: number],
  start: number,
  low: number,
  high: number,
  tolerance = 4 * epsilon,
): number {
  let [a, b, x] = [low, high, start];
  let [value, slope] = f(x);
  const rising = slope > 0;
  for (let i = 0; i < 200; i++) {
    if (value === 0) return x;
    if (value > 0 === rising) b = x;
    else a = x;
    let next = x - value / slope;
    if (!(next > a && next < b)) next = (a + b) / 2;
    const moved = Math.abs(next - x);
    x = next;
    if (moved <= tolerance * Math.max(1, Math.abs(x)) || b - a <= epsilon * Math.abs(x)) return x;
    [value, slope] = f(x);
  }
  return x;
}
