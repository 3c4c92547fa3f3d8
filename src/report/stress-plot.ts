/** Life against stress: the lives of each level, lines of B10 and B50 with bounds, the stress of use. */
import { isFailure, type LifeRow } from "../life/data.js";
import type { Bounded } from "../life/estimate.js";
import type { StressLaw } from "../life/stress.js";
import { extremes, ticks } from "./axis.js";
import { type Frame, frameOf, pageWidth } from "./frame.js";
import { indent, keyLine, lineHeight } from "./legend.js";
import { number } from "./number.js";
import { logScale, type Scale, shortNumber } from "./scale.js";
import {
  colourOf,
  dashOf,
  type Figure,
  ink,
  marker,
  polygon,
  polyline,
  segment,
  soft,
  text,
  type XY,
} from "./svg.js";
import { type Language, lifeTitle, word } from "./words.js";

export type StressPicture = {
  subtitle: string;
  law: StressLaw;
  /** The column that is drawn; a law of one stress has one. */
  column: string;
  use: number;
  rows: readonly LifeRow[];
  lifeAt(stress: number, fraction: number): Bounded;
  /** `likelihood` or `fisher`, and the level. */
  bounds: "likelihood" | "fisher";
  confidence: number;
  unit: string | undefined;
  language: Language;
  id: string;
};

const fractions = [0.1, 0.5] as const;
const steps = 30;

export function stressPlot(picture: StressPicture): Figure {
  const { law, column, use, rows, language, unit } = picture;
  const stresses = [use, ...rows.map((r) => r.stress[column]!)];
  const term = (v: number) => law.terms({ [column]: v })[0]!;
  const [low, high] = endsOf(stresses, law);
  const at = Array.from({ length: steps + 1 }, (_, i) => stressAt(term, low, high, i / steps));
  const lines = fractions.map((f) => at.map((s) => ({ stress: s, life: picture.lifeAt(s, f) })));
  const atUse = fractions.map((f) => picture.lifeAt(use, f));
  const lives = [
    ...rows.flatMap((r) => [r.time, r.timeHigh ?? r.time]),
    ...lines.flat().map((p) => p.life.estimate),
    ...atUse.flatMap((b) => [b.lower, b.upper]),
  ].filter((v) => v > 0 && Number.isFinite(v));
  const [first, last] = extremes(lives);
  const frame = frameOf({
    title: word(language, "stressPlot"),
    subtitle: picture.subtitle,
    x: stressScale(term, low, high, law.relation === "power"),
    y: logScale(first / 1.25, last * 1.25),
    xTitle: column.replace(/_([^_]+)$/, ", $1").replace("degC", "°C"),
    yTitle: lifeTitle(language, unit),
    height: 440,
    id: picture.id,
  });
  const body = [
    frame.paper,
    frame.clip([
      ...useLine(frame, use),
      ...lines.flatMap((l, i) => lineOf(frame, l, i)),
      ...livesOf(frame, rows, column),
      ...atUse.flatMap((b, i) => barOf(frame, use, b, i)),
    ]),
    ...legend(picture, frame, atUse),
  ];
  return { width: pageWidth, height: frame.foot + 4 * lineHeight, body: body.join("\n") };
}

function endsOf(stresses: readonly number[], law: StressLaw): [number, number] {
  const [low, high] = extremes(stresses);
  if (law.relation === "power") {
    const room = (high / low) ** 0.06;
    return [low / room, high * room];
  }
  const room = (high - low) * 0.06;
  return [low - room, high + room];
}

/** Evenly spread along the term of the relation; bisection, since a law only tells term of stress. */
function stressAt(term: (v: number) => number, low: number, high: number, share: number): number {
  const goal = term(low) + share * (term(high) - term(low));
  const falls = term(high) < term(low);
  let [a, b] = [low, high];
  for (let i = 0; i < 60; i++) {
    const middle = (a + b) / 2;
    if (term(middle) > goal === falls) a = middle;
    else b = middle;
  }
  return (a + b) / 2;
}

/** The relation is a straight line on it. */
function stressScale(term: (v: number) => number, low: number, high: number, log: boolean): Scale {
  const [a, b] = [term(low), term(high)];
  const named = log ? logScale(low, high).ticks.map((t) => t.at) : ticks(low, high, 7);
  return {
    share: (v) => (term(v) - a) / (b - a),
    ticks: named.map((at) => ({ at, label: shortNumber(at) })),
    between: [],
  };
}

function useLine(frame: Frame, use: number): string[] {
  const style = `stroke="${soft}" stroke-width="1.5" stroke-dasharray="6 4"`;
  return [segment(frame.x(use), frame.top, frame.x(use), frame.bottom, style)];
}

type LinePoint = { stress: number; life: Bounded };

function lineOf(frame: Frame, line: readonly LinePoint[], i: number): string[] {
  const edge = (side: keyof Bounded): XY[] =>
    line.map((p) => [frame.x(p.stress), onField(frame, p.life[side])]);
  const colour = colourOf(i);
  return [
    polygon([...edge("lower"), ...edge("upper").reverse()], `fill="${colour}" fill-opacity="0.09"`),
    polyline(edge("estimate"), `stroke="${colour}" stroke-width="2"${dashOf(i)}`),
  ];
}

function onField(frame: Frame, life: number): number {
  if (!(life > 0)) return frame.bottom + 1000;
  return Math.min(Math.max(frame.y(life), frame.top - 1000), frame.bottom + 1000);
}

/** Failures as small circles, suspensions as arrows upward: they would have lived longer. */
function livesOf(frame: Frame, rows: readonly LifeRow[], column: string): string[] {
  return rows.map((r) => {
    const [x, y] = [frame.x(r.stress[column]!), frame.y(r.time)];
    if (isFailure(r)) {
      return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3" fill="none" stroke="${ink}"/>`;
    }
    const head: XY[] = [
      [x - 3.5, y - 6],
      [x, y - 12],
      [x + 3.5, y - 6],
    ];
    return segment(x, y, x, y - 8, `stroke="${ink}"`) + polygon(head, `fill="${ink}"`);
  });
}

/** The life at use with its bounds. */
function barOf(frame: Frame, use: number, b: Bounded, i: number): string[] {
  const x = frame.x(use) + (i === 0 ? -3 : 3);
  const style = `stroke="${colourOf(i)}" stroke-width="2"`;
  return [
    segment(x, onField(frame, b.lower), x, onField(frame, b.upper), style),
    marker(i, x, onField(frame, b.estimate)),
  ];
}

function legend(picture: StressPicture, frame: Frame, atUse: readonly Bounded[]): string[] {
  const { language, unit, use, column, bounds, confidence } = picture;
  const of = unit === undefined ? "" : ` ${unit}`;
  const lines = atUse.map((b, i) => {
    const says = `B${fractions[i]! * 100} ${word(language, "atUse")} ${number(use)} ${column.split("_").at(-1)!.replace("degC", "°C")}: ${number(b.estimate, 4)}${of} [${number(b.lower, 4)}, ${number(b.upper, 4)}]`;
    return keyLine(i, frame.left, frame.foot + i * lineHeight, says);
  });
  const marks = `${word(language, "stressMarks")} · ${word(language, bounds)} ${number(confidence * 100)} %`;
  const y = frame.foot + atUse.length * lineHeight;
  return [...lines, text(frame.left + indent, y, marks, `fill="${soft}"`)];
}
