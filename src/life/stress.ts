/**
 * Relations of life and stress: ln life is linear in a term of each stress.
 * - power: life = C S^-n; the exponent n is positive when life falls as the stress grows.
 * - arrhenius: life = A exp(Ea / kT), T absolute.
 * - eyring: life = (A / T) exp(Ea / kT), the one-stress form of W. Nelson, Accelerated Testing, 1990, 2.10.
 * - power-arrhenius: life = C S^-n exp(Ea / kT), without an interaction of the two.
 */
import { WearoutError } from "../base/error.js";

/** CODATA 2018. */
export const boltzmannEvPerK = 8.617333262e-5;
export const zeroCelsiusK = 273.15;

export const relations = ["power", "arrhenius", "eyring", "power-arrhenius"] as const;
export type Relation = (typeof relations)[number];

export type Stress = Readonly<Record<string, number>>;

/** One relation on named stress columns. */
export type StressLaw = {
  relation: Relation;
  columns: readonly string[];
  /** Names of the estimated coefficients, in the order of `terms`. */
  coefficients: readonly ("exponent" | "activationEnergy")[];
  /** What each coefficient multiplies in ln life: -ln S, 1/kT (eV). */
  terms(stress: Stress): number[];
  /** The part of ln life without a coefficient: -ln T of Eyring, else 0. */
  known(stress: Stress): number;
  /** Values of a column must lie above this. */
  above: Readonly<Record<string, number>>;
};

/** Throws `USAGE` where columns and relation do not go together. */
export function lawOf(relation: Relation, columns: readonly string[]): StressLaw {
  const wanted = relation === "power-arrhenius" ? 2 : 1;
  if (columns.length !== wanted || new Set(columns).size !== wanted) {
    const noun = wanted === 1 ? "one column" : "two columns";
    throw usage(columns.join(","), `${noun} for --relation ${relation}`);
  }
  const hot = columns.filter(isTemperature);
  const powers = columns.filter((c) => !hot.includes(c));
  if (relation === "power") return powerLaw(columns[0]!);
  if (hot.length !== 1) {
    const what = "a temperature, in a column whose name ends in _degC or _K, or (°C) or (K)";
    throw usage(columns.join(","), powers.length === 0 ? `only one temperature` : what);
  }
  const thermal = thermalLaw(relation, hot[0]!);
  if (relation !== "power-arrhenius") return thermal;
  const power = powerLaw(powers[0]!);
  return {
    relation,
    columns,
    coefficients: [...thermal.coefficients, ...power.coefficients],
    terms: (s) => [...thermal.terms(s), ...power.terms(s)],
    known: () => 0,
    above: { ...thermal.above, ...power.above },
  };
}

function powerLaw(column: string): StressLaw {
  if (column.endsWith("_degC")) {
    throw usage(column, "a stress that starts at zero; for temperatures --relation arrhenius");
  }
  return {
    relation: "power",
    columns: [column],
    coefficients: ["exponent"],
    terms: (s) => [-Math.log(s[column]!)],
    known: () => 0,
    above: { [column]: 0 },
  };
}

function thermalLaw(relation: Relation, column: string): StressLaw {
  const shift = column.endsWith("_degC") ? zeroCelsiusK : 0;
  const kelvin = (s: Stress) => s[column]! + shift;
  return {
    relation,
    columns: [column],
    coefficients: ["activationEnergy"],
    terms: (s) => [1 / (boltzmannEvPerK * kelvin(s))],
    known: relation === "eyring" ? (s) => -Math.log(kelvin(s)) : () => 0,
    above: { [column]: -shift },
  };
}

function isTemperature(column: string): boolean {
  return /_(degC|K)$/.test(column);
}

function usage(found: string, expected: string): WearoutError {
  return new WearoutError("USAGE", `--stress: found "${found}", expected ${expected}`);
}
