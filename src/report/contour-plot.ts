/** Joint confidence regions of two parameters, one or several sets in one field. */
import type { Contour } from "../life/contour.js";
import { extremes, padded } from "./axis.js";
import { frameOf, pageWidth } from "./frame.js";
import { keyLine, lineHeight } from "./legend.js";
import { number } from "./number.js";
import { linearScale, logScale } from "./scale.js";
import { colourOf, dashOf, type Figure, marker, polygon, type XY } from "./svg.js";
import { type Language, type Word, word } from "./words.js";

export type ContourPicture = {
  title: string;
  sets: readonly { name: string; contour: Contour }[];
  confidence: number;
  unit: string | undefined;
  language: Language;
  id: string;
};

/** Points as (shape, scale) stand with the scale to the right; (mu, sigma) as they come. */
export function contourPlot(picture: ContourPicture): Figure {
  const { sets, language, unit, confidence } = picture;
  const [a, b] = sets[0]!.contour.parameters;
  const turned = b === "scale";
  const place = ([p, q]: XY): XY => (turned ? [q, p] : [p, q]);
  const outlines = sets.map(({ contour }) => contour.points.filter(bothFinite).map(place));
  const all = [...outlines.flat(), ...sets.map((s) => place(s.contour.estimate))];
  const [xName, yName] = (turned ? [b, a] : [a, b]) as [Word, Word];
  const ends = (k: 0 | 1) =>
    spread(
      all.map((p) => p[k]),
      turned,
    );
  const scaleOf = turned ? logScale : linearScale;
  const frame = frameOf({
    title: picture.title,
    subtitle: `${number(confidence * 100)} %`,
    x: scaleOf(...ends(0)),
    y: scaleOf(...ends(1)),
    xTitle: `${word(language, xName)}${turned && unit !== undefined ? `, ${unit}` : ""}`,
    yTitle: word(language, yName),
    height: 340,
    id: picture.id,
  });
  const onField = ([x, y]: XY): XY => [frame.x(x), frame.y(y)];
  const drawn = outlines.flatMap((outline, i) => {
    const colour = colourOf(i);
    const style = `fill="${colour}" fill-opacity="0.08" stroke="${colour}" stroke-width="2"${dashOf(i)}`;
    const [x, y] = onField(place(sets[i]!.contour.estimate));
    return [polygon(outline.map(onField), style), marker(i, x, y)];
  });
  const named = sets.filter(({ name }) => name !== "");
  const keys = named.map(({ name }, i) =>
    keyLine(i, frame.left, frame.foot + i * lineHeight, name),
  );
  return {
    width: pageWidth,
    height: frame.foot + keys.length * lineHeight + 6,
    body: [frame.paper, frame.clip(drawn), ...keys].join("\n"),
  };
}

function bothFinite(p: readonly [number, number]): boolean {
  return p.every((v) => Number.isFinite(v));
}

function spread(values: readonly number[], log: boolean): [number, number] {
  const [low, high] = extremes(values);
  if (!log) return padded(low, high);
  const room = Math.max((high / low) ** 0.06, 1.01);
  return [low / room, high * room];
}
