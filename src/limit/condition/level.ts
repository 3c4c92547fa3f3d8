/** A value that a reading is compared with: a number, a curve over another role, or so many times what was learnt. */
import { type Path, type Static, Strict, show as showWritten, Type } from "../../base/schema.js";
import type { Look, Words } from "../look.js";
import { Written } from "../value.js";
import { differenceOf } from "../written.js";
import { readingOf } from "./band.js";
import { columnOf, noColumn, type Places, type ResolveTools, type Seen } from "./kind.js";

const name = Type.String({ minLength: 1 });

export const LevelFile = Type.Union(
  [
    ...Written.anyOf,
    Strict(
      {
        over: Type.String({ minLength: 1, description: "the role it depends on" }),
        points: Type.Array(Type.Tuple([Written, Written]), { minItems: 2 }),
      },
      { description: "a curve: straight between its points, level beyond them" },
    ),
    Strict(
      { baseline: name, times: Type.Number({ exclusiveMinimum: 0 }) },
      { description: "so many times what was learnt" },
    ),
    Strict({ baseline: name, plus: Written }, { description: "so much above what was learnt" }),
    Strict({ baseline: name, minus: Written }, { description: "so much below what was learnt" }),
  ],
  {
    description:
      "a quantity, a share of a rating, { parameter: name }, { over: role, points: [[x, y], ...] } or { baseline: name, times: 3 }",
  },
);
export type LevelFile = Static<typeof LevelFile>;

type Curve = { over: string; column: number; xs: readonly number[]; ys: readonly number[] };
type OfBaseline = { baseline: string; times: number; plus: number };
/** In canonical units of the role. */
export type Level = number | Curve | OfBaseline;

export function resolveLevel(written: LevelFile, path: Path, tools: ResolveTools): Level {
  const { value, watched } = tools;
  if (typeof written === "string" || "parameter" in written) {
    return value(written, watched.dimension, path);
  }
  if ("over" in written) return curve(written, path, tools);
  tools.baseline(written.baseline, [...path, "baseline"]);
  if ("times" in written) return { baseline: written.baseline, times: written.times, plus: 0 };
  const [key, way] = "plus" in written ? (["plus", 1] as const) : (["minus", -1] as const);
  const far = "plus" in written ? written.plus : written.minus;
  const by = value(far, differenceOf(watched.dimension), [...path, key]);
  return { baseline: written.baseline, times: 1, plus: way * by };
}

function curve(
  { over, points }: Extract<LevelFile, { over: string }>,
  path: Path,
  { otherRole, value, watched, complain }: ResolveTools,
): Curve {
  const other = otherRole(over, [...path, "over"]);
  const at = (i: number, k: number) => [...path, "points", i, k];
  const xs = points.map(([x], i) =>
    other === undefined ? i : value(x, other.dimension, at(i, 0)),
  );
  const ys = points.map(([, y], i) => value(y, watched.dimension, at(i, 1)));
  const turn = xs.findIndex((x, i) => i > 0 && x <= xs[i - 1]!);
  if (turn > 0) {
    complain(at(turn, 0), showWritten(points[turn]![0]), "more than that of the point before");
  }
  return { over, column: noColumn, xs, ys };
}

export function bindLevel(level: Level, places: Places): Level {
  if (typeof level === "number" || !("over" in level)) return level;
  return { ...level, column: columnOf(places, level.over) };
}

/** Now, for a reading in `column`; NaN where it is not known. */
export function levelAt(level: Level, column: number, look: Look): number {
  if (typeof level === "number") return level;
  if ("over" in level) return along(level, readingOf(look, level.column));
  return look.baseline(level.baseline, column) * level.times + level.plus;
}

function along({ xs, ys }: Curve, x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  const next = xs.findIndex((at) => at >= x);
  if (next <= 0) return next === 0 ? ys[0]! : ys[ys.length - 1]!;
  const share = (x - xs[next - 1]!) / (xs[next]! - xs[next - 1]!);
  return ys[next - 1]! + share * (ys[next]! - ys[next - 1]!);
}

/** `7.1 mm/s`, or with where it comes from: `6.3 mm/s (3 x baseline quiet)`. */
export function levelWords(level: Level, { show, showChange, column, look }: Seen): Words {
  const now = show(levelAt(level, column, look));
  if (typeof level === "number") return { en: now, zh: now };
  if ("over" in level) return { en: `${now} (by ${level.over})`, zh: `${now}（随 ${level.over}）` };
  const said = ofBaseline(level, showChange);
  return {
    en: `${now} (${said} baseline ${level.baseline})`,
    zh: `${now}（${said} 基线 ${level.baseline}）`,
  };
}

/** In a table: `7.1`, `by speed`, `3 x quiet`. */
export function levelShort(level: Level, show: (canonical: number) => string): string {
  if (typeof level === "number") return show(level);
  if ("over" in level) return `by ${level.over}`;
  return `${ofBaseline(level, show)} ${level.baseline}`;
}

function ofBaseline({ times, plus }: OfBaseline, show: (canonical: number) => string): string {
  if (times !== 1 || plus === 0) return `${times} x`;
  return plus > 0 ? `${show(plus)} +` : `${show(-plus)} below`;
}
