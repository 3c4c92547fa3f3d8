/** The field of a plot: axes with their words, and a clip so that nothing is drawn outside it. */
import type { Scale } from "./scale.js";
import { escaped, faint, fainter, ink, segment, soft, text, type XY } from "./svg.js";

export const pageWidth = 860;
const left = 78;
const right = 28;

export type FrameSpec = {
  title: string;
  /** Said under the title; may be empty. */
  subtitle: string;
  x: Scale;
  y: Scale;
  xTitle: string;
  yTitle: string;
  /** Height of the field. */
  height: number;
  /** Unlike any other in the same document. */
  id: string;
};

export type Frame = {
  x(value: number): number;
  y(value: number): number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** Where words below the axis may begin. */
  foot: number;
  /** Under what is drawn: title, grid, axes. */
  paper: string;
  /** Cuts what is drawn at the field's edges. */
  clip(inside: readonly string[]): string;
};

export function frameOf(spec: FrameSpec): Frame {
  const top = spec.subtitle === "" ? 46 : 64;
  const bottom = top + spec.height;
  const x = (v: number) => left + spec.x.share(v) * (pageWidth - left - right);
  const y = (v: number) => bottom - spec.y.share(v) * spec.height;
  const box = { left, right: pageWidth - right, top, bottom };
  const name = `field-${spec.id}`;
  const area = `x="${left}" y="${top}" width="${box.right - left}" height="${spec.height}"`;
  return {
    x,
    y,
    ...box,
    foot: bottom + 62,
    paper: [
      text(left, 26, spec.title, 'font-size="17" font-weight="600"'),
      spec.subtitle === "" ? "" : text(left, 47, spec.subtitle, `fill="${soft}"`),
      ...gridOf(spec, x, y, box),
      `<rect ${area} fill="none" stroke="${soft}"/>`,
      ...labelsOf(spec, x, y, box),
    ].join("\n"),
    clip: (inside) =>
      `<clipPath id="${escaped(name)}"><rect ${area}/></clipPath>\n<g clip-path="url(#${escaped(name)})">\n${inside.join("\n")}\n</g>`,
  };
}

type At = (value: number) => number;
type Box = { left: number; right: number; top: number; bottom: number };

function gridOf(spec: FrameSpec, x: At, y: At, box: Box): string[] {
  const upright = (v: number, colour: string) =>
    segment(x(v), box.top, x(v), box.bottom, `stroke="${colour}"`);
  const flat = (v: number, colour: string) =>
    segment(box.left, y(v), box.right, y(v), `stroke="${colour}"`);
  return [
    ...spec.x.between.map((v) => upright(v, fainter)),
    ...spec.y.between.map((v) => flat(v, fainter)),
    ...spec.x.ticks.map((t) => upright(t.at, faint)),
    ...spec.y.ticks.map((t) => flat(t.at, faint)),
  ];
}

function labelsOf(spec: FrameSpec, x: At, y: At, box: Box): string[] {
  const middle: XY = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  const turned = `transform="rotate(-90 18 ${middle[1]})" text-anchor="middle"`;
  let free = Number.NEGATIVE_INFINITY;
  const below = spec.x.ticks.filter((t) => {
    // Labels keep clear of each other: about seven pixels a character.
    const half = (t.label.length * 7) / 2 + 4;
    if (x(t.at) - half < free) return false;
    free = x(t.at) + half;
    return true;
  });
  return [
    ...below.map((t) => text(x(t.at), box.bottom + 19, t.label, 'text-anchor="middle"')),
    ...spec.y.ticks.map((t) => text(box.left - 8, y(t.at) + 4.5, t.label, 'text-anchor="end"')),
    text(middle[0], box.bottom + 42, spec.xTitle, `text-anchor="middle" fill="${ink}"`),
    text(18, middle[1], spec.yTitle, turned),
  ];
}
