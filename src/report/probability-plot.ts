/** Lives on probability paper: points, fitted lines, bounds, suspensions as ticks. */
import type { PlotSeries } from "../life/plot.js";
import type { Standard } from "../life/standard.js";
import { extremes } from "./axis.js";
import { type Frame, frameOf, pageWidth } from "./frame.js";
import { legendLines, lineHeight } from "./legend.js";
import { logScale, paperEnds, probabilityScale } from "./scale.js";
import {
  colourOf,
  dashOf,
  type Figure,
  marker,
  polygon,
  polyline,
  segment,
  type XY,
} from "./svg.js";
import { type Language, lifeTitle, word } from "./words.js";

export type ProbabilityPicture = {
  title: string;
  subtitle: string;
  /** Of the lives; undefined where the data does not say. */
  unit: string | undefined;
  series: readonly PlotSeries[];
  language: Language;
  /** Of the time axis, where it is no life. */
  xTitle?: string;
  id: string;
};

const fieldHeight = 470;
const mostPoints = 400;
const mostTicks = 500;

/**
 * All series on the paper of the first one's distribution, where a fitted line of that distribution is
 * straight. Weibull paper holds the three-parameter Weibull as a bent line.
 */
export function probabilityPlot(picture: ProbabilityPicture): Figure {
  const { series, language } = picture;
  const { frame, body } = probabilityField(picture, series[0]!.model.standard, series);
  const keys = legendLines(series, language, picture.unit, frame.left, frame.foot);
  return {
    width: pageWidth,
    height: frame.foot + keys.length * lineHeight + 6,
    body: [body, ...keys].join("\n"),
  };
}

/** What stands in the field, without what is estimated. */
export type PlotMarks = Pick<PlotSeries, "points" | "suspensions" | "line">;

/** The field alone; whoever asks writes the lines below it. */
export function probabilityField(
  picture: Omit<ProbabilityPicture, "series">,
  standard: Standard,
  marks: readonly PlotMarks[],
): { frame: Frame; body: string } {
  const frame = frameFor(picture, standard, marks);
  const rows = marks.map((s, i) => drawn(s, i, frame));
  return { frame, body: [frame.paper, frame.clip(rows.flat())].join("\n") };
}

function frameFor(
  picture: Omit<ProbabilityPicture, "series">,
  standard: Standard,
  series: readonly PlotMarks[],
): Frame {
  const { language, unit } = picture;
  const ranks = series.flatMap((s) => s.points.map((p) => p.medianRank));
  const [low, high] = paperEnds(...extremes(ranks));
  const [first, last] = timeEnds(series, low, high);
  return frameOf({
    title: picture.title,
    subtitle: picture.subtitle,
    x: logScale(first, last),
    y: probabilityScale(low, high, standard.quantile),
    xTitle: picture.xTitle ?? lifeTitle(language, unit),
    yTitle: word(language, "failed"),
    height: fieldHeight,
    id: picture.id,
  });
}

/** All that was seen, and the fitted lines as far as they stay on the paper. */
function timeEnds(series: readonly PlotMarks[], low: number, high: number): [number, number] {
  const times = series.flatMap((s) => [
    ...s.points.flatMap((p) => [p.time, ...(p.within ?? [])]),
    ...s.suspensions,
    ...s.line.filter((l) => l.fraction >= low && l.fraction <= high).map((l) => l.life.estimate),
  ]);
  const [first, last] = extremes(times.filter((t) => t > 0 && Number.isFinite(t)));
  const room = (last / first) ** 0.04 * 1.02;
  return [first / room, last * room];
}

/** One series: bounds below, line and points above them. */
function drawn(s: PlotMarks, i: number, frame: Frame): string[] {
  const colour = colourOf(i);
  const edge = (side: "lower" | "upper"): XY[] =>
    s.line.map((l) => [onField(frame, l.life[side]), frame.y(l.fraction)]);
  const [lower, upper] = [edge("lower"), edge("upper")];
  const line = s.line.map((l): XY => [onField(frame, l.life.estimate), frame.y(l.fraction)]);
  const thin = `stroke="${colour}" stroke-width="1" stroke-opacity="0.75" stroke-dasharray="4 3"`;
  return [
    polygon([...lower, ...upper.reverse()], `fill="${colour}" fill-opacity="0.09"`),
    polyline(lower, thin),
    polyline(upper, thin),
    polyline(line, `stroke="${colour}" stroke-width="2"${dashOf(i)}`),
    ...ticksOf(s, i, frame),
    ...pointsOf(s, i, frame),
  ];
}

/** A bound that is none, or a life that is zero, leaves the field where the paper ends. */
function onField(frame: Frame, life: number): number {
  if (!(life > 0)) return frame.left - 1000;
  return Math.min(Math.max(frame.x(life), frame.left - 1000), frame.right + 1000);
}

/** Ticks on the lower edge, a row for each series; what falls on the same half pixel is one. */
function ticksOf(s: PlotMarks, i: number, frame: Frame): string[] {
  const places = s.suspensions.map((t) => Math.round(frame.x(t) * 2) / 2);
  const foot = frame.bottom - 2 - i * 13;
  const style = `stroke="${colourOf(i)}" stroke-width="1.4"`;
  return [...new Set(places)].slice(0, mostTicks).map((x) => segment(x, foot, x, foot - 10, style));
}

function pointsOf(s: PlotMarks, i: number, frame: Frame): string[] {
  const step = Math.max(1, s.points.length / mostPoints);
  const shown = s.points.filter((_, k) => Math.floor(k / step) !== Math.floor((k - 1) / step));
  return shown.flatMap((p) => {
    const y = frame.y(p.medianRank);
    const span =
      p.within === undefined
        ? []
        : [
            segment(
              onField(frame, p.within[0]),
              y,
              onField(frame, p.within[1]),
              y,
              `stroke="${colourOf(i)}" stroke-width="1.2"`,
            ),
          ];
    return [...span, marker(i, frame.x(p.time), y)];
  });
}
