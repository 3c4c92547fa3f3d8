/** Axes of a plot: where a value stands, and which values are written at it. */
import { formatNumber } from "../base/quantity.js";
import { ticks } from "./axis.js";

export type Tick = { at: number; label: string };

export type Scale = {
  /** Position between 0 (low end) and 1; outside for values beyond the ends. */
  share(value: number): number;
  ticks: readonly Tick[];
  /** Lines between the ticks, without words. */
  between: readonly number[];
};

export function linearScale(low: number, high: number): Scale {
  return {
    share: (v) => (v - low) / (high - low),
    ticks: ticks(low, high, 6).map((at) => ({ at, label: shortNumber(at) })),
    between: [],
  };
}

/** At least one decade's part; labels at 1, 2 and 5 on short axes, at powers of ten on long ones. */
export function logScale(low: number, high: number): Scale {
  const [a, b] = [Math.log10(low), Math.log10(high)];
  const every = decades(low, high);
  const multiples = multiplesFor(b - a);
  const named = every.filter(({ multiple }) => multiples.includes(multiple));
  const labelled = named.length >= 2 ? named.map((e) => e.at) : ticks(low, high, 6);
  return {
    share: (v) => (Math.log10(v) - a) / (b - a),
    ticks: labelled.filter((v) => v > 0).map((at) => ({ at, label: shortNumber(at) })),
    between: every.map((e) => e.at),
  };
}

function multiplesFor(span: number): number[] {
  if (span > 5) return [1];
  if (span > 1.6) return [1, 2, 5];
  return span > 0.8 ? [1, 2, 3, 5, 7] : [1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9];
}

function decades(low: number, high: number): { at: number; multiple: number }[] {
  const found: { at: number; multiple: number }[] = [];
  for (let d = Math.floor(Math.log10(low)); d <= Math.log10(high); d++) {
    for (const multiple of [1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9]) {
      const at = Number((multiple * 10 ** d).toPrecision(6));
      if (at >= low * (1 - 1e-9) && at <= high * (1 + 1e-9)) found.push({ at, multiple });
    }
  }
  return found;
}

/** Per cent failed that people look for on probability paper. */
const percents = [
  ...[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, 99],
  ...[99.5, 99.9, 99.99],
];
const namedPercents = [0.01, 0.1, 1, 5, 10, 20, 50, 80, 90, 99, 99.9, 99.99];

/** Probability paper: `quantile` is that of the standardised distribution. */
export function probabilityScale(
  low: number,
  high: number,
  quantile: (p: number) => number,
): Scale {
  const [a, b] = [quantile(low), quantile(high)];
  const inside = (percent: number) => percent / 100 >= low - 1e-9 && percent / 100 <= high + 1e-9;
  return {
    share: (p) => (quantile(p) - a) / (b - a),
    ticks: namedPercents.filter(inside).map((p) => ({ at: p / 100, label: `${p} %` })),
    between: percents.filter(inside).map((p) => p / 100),
  };
}

/** Round ends of probability paper that hold these fractions, and B1 to 99 % at least. */
export function paperEnds(lowest: number, highest: number): [number, number] {
  const fractions = namedPercents.map((p) => Number((p / 100).toFixed(6)));
  const low = fractions.filter((f) => f <= Math.min(lowest, 0.01)).at(-1) ?? fractions[0]!;
  const high = fractions.find((f) => f >= Math.max(highest, 0.99)) ?? fractions.at(-1)!;
  return [low, high];
}

/** As short as it stays readable: `20 000`, `1.5`, `2e+7`. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6 || (size > 0 && size < 1e-3)) {
    return value
      .toExponential(3)
      .replace(/\.?0+e/, "e")
      .replace("e+", "e");
  }
  const text = formatNumber(Number(value.toPrecision(6)));
  return size >= 1e4 ? text.replace(/\B(?=(\d{3})+$)/g, "\u2009") : text;
}
