/** The lines under a picture: which mark is whose, and what was estimated. */
import type { PlotSeries } from "../life/plot.js";
import { number } from "./number.js";
import { colourOf, dashOf, marker, segment, soft, text } from "./svg.js";
import { type Language, type Word, word } from "./words.js";

export const lineHeight = 21;
/** Where words begin that have no key of their own. */
export const indent = 44;
const mostCharacters = 112;

export function legendLines(
  series: readonly PlotSeries[],
  language: Language,
  unit: string | undefined,
  x: number,
  y: number,
): string[] {
  const lines = series.flatMap((s, i) => [
    { series: i, says: `${s.name === "" ? "" : `${s.name}: `}${counted(s, language)}` },
    ...joined(parameters(s, language, unit)).map((says) => ({ series: undefined, says })),
  ]);
  const first = series[0]!.fit;
  const level = `${number(first.confidence * 100)} %`;
  const marks = `${word(language, "failure")} · ${word(language, "suspension")} | · ${word(language, first.bounds)} ${level}`;
  return [...lines, { series: undefined, says: marks }].map((line, row) => {
    const at = y + row * lineHeight;
    return line.series === undefined
      ? text(x + indent, at, line.says, `fill="${soft}"`)
      : keyLine(line.series, x, at, line.says);
  });
}

/** A line about a series behind its key; `y` is the foot of the words. */
export function keyLine(series: number, x: number, y: number, says: string): string {
  return `${keyOf(series, x, y - 4)}${text(x + indent, y, shortened(says))}`;
}

/** The line and the mark of a series, as they are in the field. */
function keyOf(series: number, x: number, y: number): string {
  const style = `stroke="${colourOf(series)}" stroke-width="2"${dashOf(series)}`;
  return `${segment(x, y, x + 34, y, style)}${marker(series, x + 17, y)}`;
}

function counted({ fit }: PlotSeries, language: Language): string {
  const one = (n: number, name: "failures" | "suspensions") => {
    const noun = word(language, name);
    return `${number(n)} ${n === 1 && language === "en" ? noun.slice(0, -1) : noun}`;
  };
  return `${one(fit.failures, "failures")}, ${one(fit.suspensions, "suspensions")}`;
}

/** `shape 2.1 [1.6, 2.7] · scale 81.9 h [68.8, 96.9] · B10 ...` */
function parameters({ fit }: PlotSeries, language: Language, unit: string | undefined): string[] {
  const timed = ["scale", "location", "B10"];
  const all = [...Object.entries(fit.parameters), ["B10", fit.life.B10] as const];
  return all.map(([name, b]) => {
    const named = name === "B10" ? name : word(language, name as Word);
    const of = unit === undefined || !timed.includes(name) ? "" : ` ${unit}`;
    return `${named} ${number(b.estimate, 4)}${of} [${number(b.lower, 4)}, ${number(b.upper, 4)}]`;
  });
}

/** As many as a line holds. */
function joined(parts: readonly string[]): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = `${lines.at(-1)}  ·  ${part}`;
    if (lines.length === 0 || longer.length > mostCharacters) lines.push(part);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** A name that is longer than the picture is cut, visibly. */
function shortened(says: string): string {
  return says.length > mostCharacters ? `${says.slice(0, mostCharacters - 1)}…` : says;
}
