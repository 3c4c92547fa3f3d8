/** The small vocabulary that all pictures are drawn with. */
import { visible } from "../base/visible.js";

/** Part of a picture: drawn from its own origin, `pictureOf` puts several below one another. */
export type Figure = { width: number; height: number; body: string };

export const ink = "#1f2328";
export const soft = "#57606a";
export const faint = "#d8dee4";
export const fainter = "#eef1f4";
export const trouble = "#cf222e";

/** Told apart also without colour: the order goes with `marker` and `dashOf`. */
const seriesColours = ["#0550ae", "#b35900", "#1a7f37", "#8250df", "#57606a", "#a40e6d"];

export function colourOf(series: number): string {
  return seriesColours[series % seriesColours.length]!;
}

const dashes = ["", "7 3", "2 2", "9 3 2 3", "5 5", "1 3"];

export function dashOf(series: number): string {
  const dash = dashes[series % dashes.length]!;
  return dash === "" ? "" : ` stroke-dasharray="${dash}"`;
}

/** One SVG document, readable on screen and in print. `title` is for those who cannot see it. */
export function pictureOf(title: string, figures: readonly Figure[]): string {
  const width = Math.max(...figures.map((f) => f.width));
  const height = figures.reduce((sum, f) => sum + f.height, 0);
  let y = 0;
  const placed = figures.map((f) => {
    const group = y === 0 ? f.body : `<g transform="translate(0 ${y})">\n${f.body}\n</g>`;
    y += f.height;
    return group;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${fonts}" font-size="13" fill="${ink}" role="img">`,
    `<title>${escaped(title)}</title>`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    ...placed,
    "</svg>",
    "",
  ].join("\n");
}

export const fonts =
  "Helvetica, Arial, 'Noto Sans', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif";

export function text(x: number, y: number, words: string, attributes = ""): string {
  return `<text x="${r(x)}" y="${r(y)}" ${attributes}>${escaped(words)}</text>`;
}

export function segment(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  attributes: string,
): string {
  return `<line x1="${r(x1)}" y1="${r(y1)}" x2="${r(x2)}" y2="${r(y2)}" ${attributes}/>`;
}

export type XY = readonly [number, number];

export function polyline(points: readonly XY[], attributes: string): string {
  return `<polyline points="${points.map(pair).join(" ")}" fill="none" ${attributes}/>`;
}

export function polygon(points: readonly XY[], attributes: string): string {
  return `<polygon points="${points.map(pair).join(" ")}" ${attributes}/>`;
}

/** Circle, square, triangle, diamond and so on: each series has its own form and colour. */
export function marker(series: number, x: number, y: number, size = 4): string {
  const style = `fill="#ffffff" stroke="${colourOf(series)}" stroke-width="1.6"`;
  const corner = (turn: number, of: number): XY => {
    const angle = 2 * Math.PI * (turn / of) - Math.PI / 2;
    return [x + size * 1.35 * Math.cos(angle), y + size * 1.35 * Math.sin(angle)];
  };
  const corners = [0, 0, 3, 4, 5, 6][series % 6]!;
  if (corners > 0) {
    return polygon(
      Array.from({ length: corners }, (_, i) => corner(i, corners)),
      style,
    );
  }
  if (series % 6 === 0) return `<circle cx="${r(x)}" cy="${r(y)}" r="${size}" ${style}/>`;
  const side = size * 1.8;
  return `<rect x="${r(x - side / 2)}" y="${r(y - side / 2)}" width="${r(side)}" height="${r(side)}" ${style}/>`;
}

function pair([x, y]: XY): string {
  return `${r(x)},${r(y)}`;
}

/** Tenths of a pixel are plenty, and keep the file small. */
export function r(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Safe in the text and in the attributes of SVG and HTML. */
export function escaped(words: string): string {
  return visible(words)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
