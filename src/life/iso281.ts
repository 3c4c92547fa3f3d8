/**
 * Rolling bearings, modified rating life (ISO 281:2007, clause 9): Lnm = a1 aISO L10. Loads in N,
 * viscosities in mm2/s, diameters in mm, speeds in rpm.
 */
import type { RollingElement } from "./rating.js";
import { refuse, type WarningCode } from "./warning.js";

export const bearingTypes = [
  "radial-ball",
  "radial-roller",
  "thrust-ball",
  "thrust-roller",
] as const;
export type BearingType = (typeof bearingTypes)[number];

export function rollingElement(type: BearingType): RollingElement {
  return type.endsWith("ball") ? "ball" : "roller";
}

/** ISO 281:2007, table 12. The values of 1990 (0.62 at 95 %, 0.21 at 99 %) are obsolete. */
export const a1Table: readonly (readonly [percent: number, a1: number])[] = [
  [90, 1],
  [95, 0.64],
  [96, 0.55],
  [97, 0.47],
  [98, 0.37],
  [99, 0.25],
  [99.2, 0.22],
  [99.4, 0.19],
  [99.6, 0.16],
  [99.8, 0.12],
  [99.9, 0.093],
  [99.92, 0.087],
  [99.94, 0.08],
  [99.95, 0.077],
];

/**
 * Factor for a reliability of 0.9 to 0.9995: the printed value where the table has one, else the
 * three-parameter Weibull it was rounded from, 0.95 (ln R / ln 0.9)^(2/3) + 0.05 (ISO/TR 1281-2:2008).
 */
export function a1Of(reliability: number): { a1: number; source: string } {
  if (!(reliability >= 0.9 && reliability <= 0.9995)) {
    refuse("ISO281_RANGE", `reliability ${reliability}, ISO 281 gives a1 from 0.90 to 0.9995`);
  }
  const printed = a1Table.find(([percent]) => Math.abs(percent / 100 - reliability) < 1e-9);
  if (printed !== undefined) return { a1: printed[1], source: "ISO 281:2007, table 12" };
  const a1 = 0.95 * (Math.log(reliability) / Math.log(0.9)) ** (2 / 3) + 0.05;
  return { a1, source: "ISO/TR 1281-2:2008, Weibull of table 12" };
}

/** Reference viscosity nu1 that a speed and a pitch diameter need (ISO 281:2007, 9.3.3). */
export function referenceViscosity(speedRpm: number, pitchMm: number): number {
  return speedRpm < 1000
    ? 45_000 * speedRpm ** -0.83 * pitchMm ** -0.5
    : 4500 * speedRpm ** -0.5 * pitchMm ** -0.5;
}

/** Table 13, guide values: [lowest, highest] below 100 mm pitch diameter, and from there. */
const table13 = {
  extreme: [1, 1, 1, 1],
  high: [0.6, 0.8, 0.8, 0.9],
  normal: [0.5, 0.6, 0.6, 0.8],
  slight: [0.3, 0.5, 0.4, 0.6],
  typical: [0.1, 0.3, 0.2, 0.4],
  severe: [0, 0.1, 0, 0.1],
  "very-severe": [0, 0, 0, 0],
} as const;

/**
 * Annex A: eC = a (1 - b / Dpw^(1/3)) with a = min(1, factor kappa^0.68 Dpw^0.55); [factor, b].
 * The codes are of ISO 4406, for circulating oil filtered on line and for oil baths (or oil filtered
 * off line).
 */
const annexA = {
  "oil-filtered-13/10": [0.0864, 0.5663],
  "oil-filtered-15/12": [0.0432, 0.9987],
  "oil-filtered-17/14": [0.0288, 1.6329],
  "oil-filtered-19/16": [0.0216, 2.3362],
  "oil-bath-13/10": [0.0864, 0.5796],
  "oil-bath-15/12": [0.0288, 1.141],
  "oil-bath-17/14": [0.0133, 1.67],
  "oil-bath-19/16": [0.00864, 2.5164],
  "oil-bath-21/18": [0.00411, 3.8974],
  "grease-high": [0.0864, 0.6796],
  "grease-normal": [0.0432, 1.141],
  "grease-slight": [0.0177, 1.887],
  "grease-severe": [0.0115, 2.662],
  "grease-very-severe": [0.00617, 4.06],
} as const;

export const cleanlinessClasses = [
  ...(Object.keys(table13) as (keyof typeof table13)[]),
  ...(Object.keys(annexA) as (keyof typeof annexA)[]),
];
export type Cleanliness = (typeof cleanlinessClasses)[number];

export type Contamination = { eC: number; range?: [lower: number, upper: number]; source: string };

/** eC of a class; of a range of table 13 its lower end, the safe side. Never below 0. */
export function contaminationOf(name: Cleanliness, pitchMm: number, kappa: number): Contamination {
  if (name in table13) {
    const [a, b, c, d] = table13[name as keyof typeof table13];
    const range: [number, number] = pitchMm < 100 ? [a, b] : [c, d];
    return { eC: range[0], range, source: "ISO 281:2007, table 13, lower end of its range" };
  }
  const [factor, b] = annexA[name as keyof typeof annexA];
  const wide = name === "grease-slight" && pitchMm >= 500 ? 1.677 : b;
  const a = Math.min(1, factor * Math.min(kappa, 4) ** 0.68 * pitchMm ** 0.55);
  return { eC: Math.max(0, a * (1 - wide / Math.cbrt(pitchMm))), source: "ISO 281:2007, annex A" };
}

/**
 * Cu of a radial bearing of which the maker prints none, from C0 (ISO 281:2007, B.3.3, simplified;
 * recollected): C0/22 for balls, C0/8.2 for rollers, less above 100 mm pitch diameter.
 */
export function fatigueLimitOf(element: RollingElement, c0N: number, pitchMm: number): number {
  const wide = 100 / Math.max(100, pitchMm);
  return element === "ball" ? (c0N / 22) * wide ** 0.5 : (c0N / 8.2) * wide ** 0.3;
}

type Film = { below: number; factor: Record<RollingElement, number>; exponent: number };

/** The three branches over kappa; they join at 0.4 and at 1. */
const films: readonly Film[] = [
  { below: 0.4, factor: { ball: 2.2649, roller: 1.3993 }, exponent: 0.054381 },
  { below: 1, factor: { ball: 1.9987, roller: 1.2348 }, exponent: 0.19087 },
  { below: Infinity, factor: { ball: 1.9987, roller: 1.2348 }, exponent: 0.071739 },
];

/** Thrust bearings count a smaller share of Cu. */
const thrustDivisor: Record<RollingElement, number> = { ball: 3, roller: 2.5 };

const firstEquation: Record<BearingType, number> = {
  "radial-ball": 31,
  "radial-roller": 34,
  "thrust-ball": 37,
  "thrust-roller": 40,
};

export type SystemFactor = { aISO: number; equation: number; warnings: WarningCode[] };

/**
 * aISO (ISO 281:2007, equations 31 to 42) of kappa and eC Cu / P. kappa above 4 counts as 4, aISO is
 * at most 50; below kappa 0.1 the standard gives none and this refuses.
 */
export function systemFactor(type: BearingType, kappa: number, load: number): SystemFactor {
  if (!(kappa >= 0.1)) {
    refuse("ISO281_RANGE", `kappa ${kappa.toPrecision(3)}, aISO is given from kappa 0.1`);
  }
  const warnings: WarningCode[] = kappa > 4 ? ["KAPPA_CAPPED"] : [];
  const k = Math.min(kappa, 4);
  const at = films.findIndex((f) => k < f.below);
  const { factor, exponent } = films[at]!;
  const element = rollingElement(type);
  const share = type.startsWith("thrust") ? load / thrustDivisor[element] : load;
  const film = factor[element] / k ** exponent;
  const base =
    element === "ball"
      ? 1 - (2.5671 - film) ** 0.83 * Math.cbrt(share)
      : 1 - (1.5859 - film) * share ** 0.4;
  const raw = base <= 0 ? Infinity : 0.1 * base ** (element === "ball" ? -9.3 : -9.185);
  if (raw > 50) warnings.push("AISO_CAPPED");
  return { aISO: Math.min(raw, 50), equation: firstEquation[type] + at, warnings };
}

/** ISO 281:2007, table 3, deep groove ball bearings: f0 Fa / C0r, e, Y; X = 0.56. */
const deepGroove: readonly (readonly [ratio: number, e: number, y: number])[] = [
  [0.172, 0.19, 2.3],
  [0.345, 0.22, 1.99],
  [0.689, 0.26, 1.71],
  [1.03, 0.28, 1.55],
  [1.38, 0.3, 1.45],
  [2.07, 0.34, 1.31],
  [3.45, 0.38, 1.15],
  [5.17, 0.42, 1.04],
  [6.89, 0.44, 1],
];

/**
 * X and Y of a single-row deep groove ball bearing from the relative axial load f0 Fa / C0r
 * (ISO 281:2007, table 3), linear between its rows as the standard allows, its ends beyond them.
 */
export function deepGrooveFactors(
  relativeAxial: number,
  faPerFr: number,
): { x: number; y: number } {
  const after = deepGroove.findIndex(([ratio]) => ratio >= relativeAxial);
  const high = deepGroove[after < 0 ? deepGroove.length - 1 : after]!;
  const low = deepGroove[after < 0 ? deepGroove.length - 1 : Math.max(after - 1, 0)]!;
  const part = high === low ? 0 : (relativeAxial - low[0]) / (high[0] - low[0]);
  const between = (i: 1 | 2) => low[i] + part * (high[i] - low[i]);
  return faPerFr <= between(1) ? { x: 1, y: 0 } : { x: 0.56, y: between(2) };
}
