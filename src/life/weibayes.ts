/**
 * Weibayes: the shape is known from before, only the scale is estimated (R. B. Abernethy, The New
 * Weibull Handbook, chapter 6; IEC 61649:2008, Weibayes clause). With r failures and the sum S of
 * t^shape (less entry^shape) over all specimens, suspensions too, scale^shape = S / r; 2 S / scale^shape is chi-square
 * with 2r degrees of freedom for a test stopped at a failure, bracketed by 2r and 2r + 2 for one
 * stopped at a time. S counts every specimen, r the failures only.
 */
import type { LifeRow } from "./data.js";
import { countLife, hasRepeats, largestOf } from "./data.js";
import type { Bounded } from "./estimate.js";
import { chiSquareQuantile } from "./quantile.js";
import { gammaln } from "./special.js";
import type { WarningCode } from "./warning.js";

export type Weibayes = {
  shape: number;
  n: number;
  failures: number;
  suspensions: number;
  /** Watched from an age on. */
  entries: number;
  confidence: number;
  scale: Bounded;
  life: Record<"B1" | "B5" | "B10" | "B50" | "mean", Bounded>;
  warnings: WarningCode[];
};

const fractions = { B1: 0.01, B5: 0.05, B10: 0.1, B50: 0.5 };

/** `shape` > 0. With no failure the estimate is infinite and only the lower bound says something. */
export function weibayes(rows: readonly LifeRow[], shape: number, confidence: number): Weibayes {
  const { n, failures, suspensions, entries } = countLife(rows);
  const largest = largestOf(rows, livedAtLeast);
  const sum = rows.reduce((s, r) => s + r.count * watchedPower(r, largest, shape), 0);
  const scaleOf = (divisor: number) => largest * (sum / divisor) ** (1 / shape);
  const tail = failures > 0 ? (1 - confidence) / 2 : 1 - confidence;
  const scale = {
    estimate: failures > 0 ? scaleOf(failures) : Number.POSITIVE_INFINITY,
    lower: scaleOf(chiSquareQuantile(tail, 2 * failures + 2, true) / 2),
    upper: failures > 0 ? scaleOf(chiSquareQuantile(tail, 2 * failures) / 2) : Infinity,
  };
  const times = (factor: number): Bounded => ({
    estimate: scale.estimate * factor,
    lower: scale.lower * factor,
    upper: scale.upper * factor,
  });
  const atFraction = (p: number) => times((-Math.log1p(-p)) ** (1 / shape));
  const warnings: WarningCode[] = ["SHAPE_ASSUMED"];
  if (failures === 0) warnings.push("ONE_SIDED");
  if (rows.some((r) => r.kind === "interval" || r.kind === "left")) {
    warnings.push("INTERVALS_AT_LOWER_END");
  }
  if (hasRepeats(rows)) warnings.push("SPECIMEN_TWICE");
  const { B1, B5, B10, B50 } = fractions;
  const life = {
    B1: atFraction(B1),
    B5: atFraction(B5),
    B10: atFraction(B10),
    B50: atFraction(B50),
    mean: times(Math.exp(gammaln(1 + 1 / shape))),
  };
  return { shape, n, failures, suspensions, entries, confidence, scale, life, warnings };
}

/** (t / largest)^shape under watch: less that of the age of entry, which it had behind it. */
function watchedPower(row: LifeRow, largest: number, shape: number): number {
  const before = Math.min(row.entry ?? 0, livedAtLeast(row));
  return (livedAtLeast(row) / largest) ** shape - (before / largest) ** shape;
}

/** What failed before the first look is not known to have lived at all. */
function livedAtLeast(row: LifeRow): number {
  return row.kind === "left" ? 0 : row.time;
}
