/** Reliability growth: failures so far and the mean time between them, data and power law. */
import { extremes } from "./axis.js";
import { frameOf, pageWidth } from "./frame.js";
import { keyLine, lineHeight } from "./legend.js";
import { number } from "./number.js";
import { logScale } from "./scale.js";
import { colourOf, dashOf, type Figure, marker, polyline, segment, soft, type XY } from "./svg.js";
import { type Language, lifeTitle, word } from "./words.js";

export type GrowthPicture = {
  subtitle: string;
  /** Failures of one system until a time, on average; bounds where they are known. */
  points: readonly { time: number; estimate: number; lower?: number; upper?: number }[];
  /** Of one system: lambda t^beta. */
  beta: number;
  lambda: number;
  end: number;
  duane: { alpha: number; b: number } | undefined;
  unit: string | undefined;
  language: Language;
  id: string;
};

const steps = 40;

/** Two fields on logarithmic axes, where the power law and Duane's line are straight. */
export function growthPlots(picture: GrowthPicture): Figure[] {
  const { beta, lambda, points, language, duane } = picture;
  const failures = (t: number) => lambda * t ** beta;
  const mtbf = (t: number) => t / failures(t);
  const law = `${word(language, "powerLaw")}: β ${number(beta, 4)}, λ ${number(lambda, 4)}`;
  const line = duane === undefined ? [] : [(t: number) => duane.b * t ** duane.alpha];
  const slope =
    duane === undefined ? "" : `${word(language, "duane")}: α ${number(duane.alpha, 4)}`;
  return [
    field(picture, {
      title: word(language, "growthPlot"),
      yTitle: word(language, "failuresSoFar"),
      points,
      lines: [failures],
      says: [law],
      id: `${picture.id}-failures`,
    }),
    field(picture, {
      title: word(language, "duanePlot"),
      yTitle: `${word(language, "cumulativeMtbf")}${picture.unit === undefined ? "" : `, ${picture.unit}`}`,
      points: points.map((p) => ({ time: p.time, estimate: p.time / p.estimate })),
      lines: [mtbf, ...line],
      says: [law, ...(slope === "" ? [] : [slope])],
      id: `${picture.id}-mtbf`,
    }),
  ];
}

type Field = {
  title: string;
  yTitle: string;
  points: GrowthPicture["points"];
  lines: ((t: number) => number)[];
  says: string[];
  id: string;
};

function field({ points: all, end, subtitle, language, unit }: GrowthPicture, f: Field): Figure {
  const first = all.reduce((least, p) => Math.min(least, p.time), end) / 1.15;
  const last = end * 1.08;
  const times = Array.from({ length: steps + 1 }, (_, i) => first * (last / first) ** (i / steps));
  const values = [
    ...f.points.flatMap((p) => [p.estimate, p.lower ?? p.estimate, p.upper ?? p.estimate]),
    ...f.lines.flatMap((l) => [l(first), l(last)]),
  ].filter((v) => v > 0 && Number.isFinite(v));
  const [low, high] = extremes(values);
  const frame = frameOf({
    title: f.title,
    subtitle,
    x: logScale(first, last),
    y: logScale(low / 1.2, high * 1.2),
    xTitle: lifeTitle(language, unit),
    yTitle: f.yTitle,
    height: 330,
    id: f.id,
  });
  const drawn = f.lines.map((l, i) => {
    const curve = times.map((t): XY => [frame.x(t), frame.y(l(t))]);
    return polyline(curve, `stroke="${colourOf(i)}" stroke-width="2"${dashOf(i)}`);
  });
  const marks = f.points.flatMap((p) => {
    const x = frame.x(p.time);
    const [lower, upper] = [p.lower ?? p.estimate, p.upper ?? p.estimate];
    const bar = segment(
      x,
      frame.y(lower),
      x,
      frame.y(upper),
      `stroke="${soft}" stroke-opacity="0.5"`,
    );
    return [...(p.lower === undefined ? [] : [bar]), marker(0, x, frame.y(p.estimate), 3.5)];
  });
  const keys = f.says.map((says, i) => keyLine(i, frame.left, frame.foot + i * lineHeight, says));
  return {
    width: pageWidth,
    height: frame.foot + keys.length * lineHeight + 8,
    body: [frame.paper, frame.clip([...drawn, ...marks]), ...keys].join("\n"),
  };
}
