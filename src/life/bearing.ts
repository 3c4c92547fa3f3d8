/** Rating lives of a bearing with every number on the way to them (ISO 281:2007). */
import { WearoutError } from "../base/error.js";
import {
  a1Of,
  type BearingType,
  type Cleanliness,
  contaminationOf,
  fatigueLimitOf,
  referenceViscosity,
  rollingElement,
  systemFactor,
} from "./iso281.js";
import { bearingExponent, bearingRating, l10Hours } from "./rating.js";
import type { WarningCode } from "./warning.js";

export type BearingQuestion = {
  type: BearingType;
  cN: number;
  pN: number;
  c0N?: number;
  /** Fatigue load limit (Pu in SKF's catalogue). */
  cuN?: number;
  speedRpm?: number;
  /** Pitch diameter of the rolling elements. */
  pitchMm?: number;
  /** Of the oil (or the base oil of the grease) at the operating temperature. */
  viscosityMm2s?: number;
  kappa?: number;
  contamination?: { eC: number } | { cleanliness: Cleanliness };
  reliability: number;
};

/** Hours where the speed is known. */
export type RatingLife = { millionRevolutions: number; hours?: number };

export type BearingLife = {
  type: BearingType;
  exponent: number;
  loadRatio: number;
  l10: RatingLife;
  reliability: number;
  a1: number;
  a1Source: string;
  nu1Mm2s?: number;
  kappa?: number;
  /** Fatigue load limit used by aISO, given or estimated. */
  cuN?: number;
  cuSource?: string;
  eC?: number;
  eCRange?: [number, number];
  eCSource?: string;
  aISO?: number;
  aISOEquation?: number;
  /** Lnm = a1 aISO L10, or a1 L10 where lubrication was not given. */
  lnm: RatingLife;
  warnings: WarningCode[];
};

/** Throws `LIFE_REFUSED` outside the standard's range, `USAGE` where a needed number is missing. */
export function bearingLife(q: BearingQuestion): BearingLife {
  const element = rollingElement(q.type);
  const rating = bearingRating(element, q.cN);
  const turns = l10Hours(rating, { load: q.pN, speedRpm: 1 }) * 60;
  const life = (factor: number): RatingLife => ({
    millionRevolutions: (factor * turns) / 1e6,
    ...(q.speedRpm === undefined ? {} : { hours: (factor * turns) / (60 * q.speedRpm) }),
  });
  const { a1, source } = a1Of(q.reliability);
  const system = lubricated(q);
  const warnings = [...(system?.warnings ?? [])];
  if (q.pN > 0.5 * q.cN || q.pN > (q.c0N ?? Infinity)) warnings.unshift("LOAD_ABOVE_HALF_C");
  return {
    type: q.type,
    exponent: bearingExponent[element],
    loadRatio: q.cN / q.pN,
    l10: life(1),
    reliability: q.reliability,
    a1,
    a1Source: source,
    ...system?.figures,
    lnm: life(a1 * (system?.figures.aISO ?? 1)),
    warnings,
  };
}

function missing(what: string): never {
  throw new WearoutError("USAGE", what);
}

type Lubricated = Required<
  Pick<BearingLife, "kappa" | "cuN" | "cuSource" | "eC" | "eCSource" | "aISO" | "aISOEquation">
> &
  Pick<BearingLife, "nu1Mm2s" | "eCRange">;

/** Undefined where nothing about lubrication was said; refused where only a part was. */
function lubricated(
  q: BearingQuestion,
): { figures: Lubricated; warnings: WarningCode[] } | undefined {
  const { kappa: given, viscosityMm2s, contamination } = q;
  if (given === undefined && viscosityMm2s === undefined && contamination === undefined) {
    return undefined;
  }
  const limit = fatigueLimitFor(q);
  if (contamination === undefined) {
    missing("aISO needs the contamination: --e-c or --cleanliness");
  }
  const { kappa, nu1Mm2s } = viscosityRatio(q);
  const { eC, range, source } = contaminationFor(q, contamination, kappa);
  const { aISO, equation, warnings } = systemFactor(q.type, kappa, (eC * limit.cuN) / q.pN);
  if (q.cuN === undefined) warnings.push("CU_ESTIMATED");
  if (range !== undefined && range[0] !== range[1]) warnings.push("EC_LOWER_END");
  const figures: Lubricated = {
    ...(nu1Mm2s === undefined ? {} : { nu1Mm2s }),
    kappa,
    ...limit,
    eC,
    ...(range === undefined ? {} : { eCRange: range }),
    eCSource: source,
    aISO,
    aISOEquation: equation,
  };
  return { figures, warnings };
}

/** The one given, or for radial bearings estimated from C0; a pitch not known counts as up to 100 mm. */
function fatigueLimitFor(q: BearingQuestion): { cuN: number; cuSource: string } {
  if (q.cuN !== undefined) return { cuN: q.cuN, cuSource: "given" };
  if (q.c0N === undefined || q.type.startsWith("thrust")) {
    missing("aISO needs the fatigue load limit, --cu, or --c0 of a radial bearing to estimate it");
  }
  const cuN = fatigueLimitOf(rollingElement(q.type), q.c0N, q.pitchMm ?? 100);
  return { cuN, cuSource: "ISO 281:2007, annex B, simplified from C0" };
}

function viscosityRatio(q: BearingQuestion): { kappa: number; nu1Mm2s?: number } {
  if (q.kappa !== undefined) return { kappa: q.kappa };
  if (q.viscosityMm2s === undefined) {
    missing("aISO needs --kappa, or --viscosity with --speed and --dm");
  }
  if (q.speedRpm === undefined || q.pitchMm === undefined) {
    missing("the reference viscosity needs --speed and --dm");
  }
  const nu1Mm2s = referenceViscosity(q.speedRpm, q.pitchMm);
  return { kappa: q.viscosityMm2s / nu1Mm2s, nu1Mm2s };
}

function contaminationFor(
  q: BearingQuestion,
  written: NonNullable<BearingQuestion["contamination"]>,
  kappa: number,
) {
  if ("eC" in written) return { eC: written.eC, range: undefined, source: "given" };
  if (q.pitchMm === undefined) missing("eC of a cleanliness class needs --dm");
  const { eC, range, source } = contaminationOf(written.cleanliness, q.pitchMm, kappa);
  return { eC, range, source };
}
