/**
 * Lives from measured degradation: a path through each specimen's measurements, the time it meets the
 * threshold as that specimen's life, then an ordinary fit of these lives (the approximate analysis of Meeker
 * and Escobar 1998, section 13.8). The error of the paths themselves is left out.
 */
import { failOnProblems } from "../base/error.js";
import type { LifeRow } from "./data.js";
import type { Degradation, Measurement } from "./degradation-data.js";
import { refuse, type WarningCode } from "./warning.js";

export const pathKinds = ["linear", "power", "exponential"] as const;
export type PathKind = (typeof pathKinds)[number];

/** Least squares of y on x in these scales: y = a + b t, y = a t^b, y = a exp(b t). */
const scales: Record<PathKind, { x(t: number): number; logarithmic: boolean }> = {
  linear: { x: (t) => t, logarithmic: false },
  power: { x: Math.log, logarithmic: true },
  exponential: { x: (t) => t, logarithmic: true },
};

export type SpecimenPath = {
  specimen: string;
  measurements: number;
  a: number;
  b: number;
  /** On the scale of the fit; undefined with two measurements, which any line meets. */
  rSquared?: number;
  lastTime: number;
  /** Where the path meets the threshold; undefined where it leads away from it. */
  life?: number;
  /** The life lies beyond the last measurement. */
  extrapolated: boolean;
};

export type PseudoLives = {
  path: PathKind;
  threshold: number;
  specimens: SpecimenPath[];
  /** Failures at the lives; suspensions at the last measurement of those that never meet the threshold. */
  rows: LifeRow[];
  warnings: WarningCode[];
};

/** Throws `FILE_INVALID` where a value has no logarithm, `LIFE_REFUSED` where a path cannot be read. */
export function pseudoLives(data: Degradation, path: PathKind, threshold: number): PseudoLives {
  if (scales[path].logarithmic) requirePositive(data, path);
  const specimens = data.specimens.map(({ specimen, measurements }) => {
    return { specimen, ...pathOf(specimen, measurements, path, threshold) };
  });
  requireOneSide(data, threshold);
  const rows = specimens.map((s): LifeRow => {
    const seen = s.life === undefined ? "right" : "exact";
    return { kind: seen, time: s.life ?? s.lastTime, count: 1, stress: {}, specimen: s.specimen };
  });
  const warnings: WarningCode[] = ["PSEUDO_LIVES"];
  if (specimens.some((s) => s.extrapolated)) warnings.push("PATH_EXTRAPOLATED");
  if (specimens.some((s) => s.life === undefined)) warnings.push("PATH_NEVER_REACHES");
  if (specimens.some((s) => s.rSquared === undefined)) warnings.push("PATH_OF_TWO");
  return { path, threshold, specimens, rows, warnings };
}

function requirePositive(data: Degradation, path: PathKind): void {
  const problems = data.specimens.flatMap(({ measurements }) =>
    usable(measurements, path)
      .filter((m) => !(m.value > 0))
      .map(({ line, value }) => {
        const place = { file: data.source, line, column: 1, field: "value" };
        return { ...place, found: String(value), expected: `a value above 0 for --path ${path}` };
      }),
  );
  failOnProblems(problems);
}

/** A power path starts at zero whatever its coefficients: time 0 says nothing about them. */
function usable(measurements: readonly Measurement[], path: PathKind): readonly Measurement[] {
  return path === "power" ? measurements.filter((m) => m.time > 0) : measurements;
}

/** Degradation must rise to the threshold for all or fall to it for all. */
function requireOneSide(data: Degradation, threshold: number): void {
  const above = data.specimens.filter((s) => s.measurements[0]!.value >= threshold);
  if (above.length === 0 || above.length === data.specimens.length) return;
  const few = above.length * 2 > data.specimens.length ? "below" : "at or above";
  const odd = data.specimens.filter((s) => above.includes(s) === (few === "at or above"));
  const list = odd.map((s) => s.specimen).join(", ");
  refuse("THRESHOLD_SIDES", `${list} ${odd.length === 1 ? "starts" : "start"} ${few} ${threshold}`);
}

function pathOf(
  specimen: string,
  all: readonly Measurement[],
  kind: PathKind,
  threshold: number,
): Omit<SpecimenPath, "specimen"> {
  const { x, logarithmic } = scales[kind];
  const y = logarithmic ? Math.log : (v: number) => v;
  const used = usable(all, kind);
  const line = lineThrough(used.map((m) => ({ x: x(m.time), y: y(m.value) })));
  if (line === undefined) refuse("PATH_UNDEFINED", `specimen ${specimen}`);
  const { intercept, slope, rSquared } = line;
  const [first, last] = [all[0]!, all.at(-1)!];
  const base = {
    measurements: all.length,
    a: logarithmic ? Math.exp(intercept) : intercept,
    b: slope,
    ...(used.length === 2 ? {} : { rSquared }),
    lastTime: last.time,
  };
  // Towards the threshold, seen from the first measurement.
  const towards = first.value < threshold ? slope > 0 : slope < 0;
  if (!towards) return { ...base, extrapolated: false };
  const at = (y(threshold) - intercept) / slope;
  const life = kind === "power" ? Math.exp(at) : at;
  if (!(life > 0)) refuse("PATH_BEFORE_ZERO", `specimen ${specimen}, ${life.toPrecision(4)}`);
  return { ...base, life, extrapolated: life > last.time };
}

type Line = { intercept: number; slope: number; rSquared: number };

/** Least squares about the means; undefined where all x are one. */
function lineThrough(points: readonly { x: number; y: number }[]): Line | undefined {
  const mean = (of: (p: { x: number; y: number }) => number) =>
    points.reduce((sum, p) => sum + of(p), 0) / points.length;
  const [mx, my] = [mean((p) => p.x), mean((p) => p.y)];
  const sxx = mean((p) => (p.x - mx) ** 2);
  const sxy = mean((p) => (p.x - mx) * (p.y - my));
  const syy = mean((p) => (p.y - my) ** 2);
  if (!(sxx > 0)) return undefined;
  const isFlat = Math.sqrt(syy) <= rounding * Math.abs(my);
  const slope = isFlat ? 0 : sxy / sxx;
  const rSquared = isFlat ? 1 : (sxy * sxy) / (sxx * syy);
  const intercept = my - slope * mx;
  const isNoise = Math.abs(intercept) <= rounding * (Math.abs(my) + Math.abs(slope * mx));
  return { intercept: isNoise ? 0 : intercept, slope, rSquared };
}

/** What a difference of two such numbers keeps of them where they are the same. */
const rounding = 16 * Number.EPSILON;
