import { formatNumber, fromCanonical } from "../base/quantity.js";
import { qualities } from "../base/sample.js";
import type { Series } from "../record/series.js";
import { extremes, padded, ticks, timeLabels, timeTicks } from "./axis.js";
import { escaped, faint, ink, r, soft, text, trouble } from "./svg.js";

/** Something that happened, drawn through all panels. */
export type Mark = { atMs: number; kind: string; text: string };

export type SeriesPicture = {
  title: string;
  /** Said under the title: when, how long, SIMULATED. */
  subtitle: string;
  series: readonly Series[];
  /** Between two samples; where an interval is shorter the line goes from sample to sample. */
  cycleMs: number;
  marks: readonly Mark[];
};

const width = 1000;
const left = 96;
const right = 24;
const top = 78;
const panel = 150;
const between = 26;
const bottom = 44;

const line = "#0550ae";
const band = "#9ec5f4";

/**
 * One panel per series over one axis of time: the line is the mean, the band what lay between least and
 * most, a red strip at the foot marks intervals whose values were not all good. Readable in print.
 */
export function seriesSvg({ title, subtitle, series, cycleMs, marks }: SeriesPicture): string {
  const height = top + series.length * (panel + between) - between + bottom;
  const first = series[0]!;
  const scale = timeScale(first.fromMs, first.fromMs + first.bucketMs * first.mean.length);
  const parts = series.map((s, i) => panelOf(s, cycleMs, top + i * (panel + between), scale));
  const foot = top + series.length * (panel + between) - between;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" fill="${ink}">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    text(left, 24, title, 'font-size="16" font-weight="600"'),
    text(left, 44, subtitle, `fill="${soft}"`),
    ...parts,
    ...timeAxis(scale, foot),
    ...marks.map((mark) => markOf(mark, scale, foot)),
    "</svg>",
    "",
  ].join("\n");
}

type TimeScale = { from: number; to: number; x(ms: number): number };

function timeScale(from: number, to: number): TimeScale {
  const x = (ms: number) => left + ((ms - from) / (to - from)) * (width - left - right);
  return { from, to, x };
}

function panelOf(s: Series, cycleMs: number, y0: number, { x }: TimeScale): string {
  const shown = (v: number) => fromCanonical(v, s.column.unit);
  const known = [...s.min, ...s.max].filter((v) => Number.isFinite(v)).map(shown);
  const [bottomValue, topValue] = padded(...extremes(known));
  const y = (v: number) => y0 + panel - ((v - bottomValue) / (topValue - bottomValue)) * panel;
  const middle = (i: number) => x(s.fromMs + (i + 0.5) * s.bucketMs);
  const unit = s.column.unit === "1" ? "" : ` (${s.column.unit})`;
  return [
    ...ticks(bottomValue, topValue, 4).flatMap((v) => [
      `<line x1="${left}" x2="${width - right}" y1="${r(y(v))}" y2="${r(y(v))}" stroke="${faint}"/>`,
      text(left - 8, y(v) + 4, formatNumber(v), 'text-anchor="end"'),
    ]),
    `<rect x="${left}" y="${y0}" width="${width - left - right}" height="${panel}" fill="none" stroke="${soft}"/>`,
    ...bands(s, cycleMs, (v) => y(shown(v)), middle),
    ...strips(s, y0 + panel - 4, x),
    text(left, y0 - 7, `${s.column.name}${unit}`, 'font-weight="600"'),
  ].join("\n");
}

/** Stretches with values, each as a band and a line; a gap stays a gap. */
function bands(
  s: Series,
  cycleMs: number,
  y: (v: number) => number,
  x: (i: number) => number,
): string[] {
  return withoutGap(s, cycleMs).map((indices) => {
    const point = (list: Float64Array) => (i: number) => `${r(x(i))},${r(y(list[i]!))}`;
    const upper = indices.map(point(s.max));
    const lower = indices.map(point(s.min)).reverse();
    const mean = indices.map(point(s.mean));
    if (indices.length === 1) mean.push(`${r(x(indices[0]!) + 0.5)},${r(y(s.mean[indices[0]!]!))}`);
    return `<polygon points="${[...upper, ...lower].join(" ")}" fill="${band}" stroke="${band}"/><polyline points="${mean.join(" ")}" fill="none" stroke="${line}" stroke-width="1.3" stroke-linejoin="round"/>`;
  });
}

/** Intervals that have values, in stretches; two cycles and more without a sample are a gap. */
function withoutGap(s: Series, cycleMs: number): number[][] {
  const found: number[][] = [];
  for (let i = 0; i < s.count.length; i++) {
    if (!(s.count[i]! > 0)) continue;
    const before = found.at(-1)?.at(-1);
    const away = before === undefined ? Number.POSITIVE_INFINITY : i - before;
    if (away === 1 || (away - 1) * s.bucketMs < 2 * cycleMs) found.at(-1)!.push(i);
    else found.push([i]);
  }
  return found;
}

function strips(s: Series, y: number, x: (ms: number) => number): string[] {
  return stretches(s.worst.length, (i) => s.worst[i]! > 0).map(([from, to]) => {
    const [a, b] = [x(s.fromMs + from * s.bucketMs), x(s.fromMs + to * s.bucketMs)];
    const worst = Math.max(...s.worst.subarray(from, to));
    const title = `<title>${qualities[worst] ?? worst}</title>`;
    return `<rect x="${r(a)}" y="${y}" width="${r(Math.max(b - a, 1))}" height="4" fill="${trouble}">${title}</rect>`;
  });
}

/** Runs of indices for which something holds, end excluded. */
function stretches(count: number, holds: (i: number) => boolean): [number, number][] {
  const found: [number, number][] = [];
  for (let i = 0; i < count; i++) {
    if (!holds(i)) continue;
    const last = found.at(-1);
    if (last?.[1] === i) last[1] = i + 1;
    else found.push([i, i + 1]);
  }
  return found;
}

function timeAxis({ from, to, x }: TimeScale, foot: number): string[] {
  const times = timeTicks(from, to, 8);
  const labels = timeLabels(times);
  return [
    ...times.flatMap((ms, i) => [
      `<line x1="${r(x(ms))}" x2="${r(x(ms))}" y1="${foot}" y2="${foot + 5}" stroke="${soft}"/>`,
      text(x(ms), foot + 19, labels[i]!, 'text-anchor="middle"'),
    ]),
    text(
      width - right,
      foot + 36,
      "time since the start of the run",
      `text-anchor="end" fill="${soft}"`,
    ),
  ];
}

function markOf({ atMs, kind, text: says }: Mark, { x }: TimeScale, foot: number): string {
  const at = r(x(atMs));
  const title = `<title>${escaped(says)}</title>`;
  const [side, anchor] = x(atMs) > width - 100 ? [-4, "end"] : [4, "start"];
  const style = `fill="${trouble}" font-size="11" text-anchor="${anchor}"`;
  const label = text(x(atMs) + side, top + 12, kind, style);
  return `<g><line x1="${at}" x2="${at}" y1="${top}" y2="${foot}" stroke="${trouble}" stroke-dasharray="4 3">${title}</line>${label}</g>`;
}
