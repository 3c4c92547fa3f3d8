/**
 * Quantities got from other roles: a fixed catalogue in code, because files carry data and no
 * expressions. Each entry states its inputs and its result; all values are canonical.
 */
import type { Dimension } from "../base/quantity.js";
import { bad, held } from "../base/sample.js";

/** Below this input power an efficiency is the quotient of two noises: not defined, never 0. */
export const leastInputPowerW = 1;

const wattPerNmRpm = Math.PI / 30;

export type DerivationName =
  | "ratio"
  | "multiple"
  | "difference"
  | "mean"
  | "maximum"
  | "power"
  | "efficiency";

/** One entry of the catalogue. */
export type Derivation = {
  /** For people and error messages. */
  inputs: string;
  least: number;
  most: number;
  /** Does it use the file's `factor`? */
  factor: boolean;
  /** Dimension of the result; undefined when these inputs do not belong together. */
  result(inputs: readonly Dimension[]): Dimension | undefined;
  /** The value from `values[at[0]]`, `values[at[1]]`, ...; NaN where it is not defined. */
  value(values: Float64Array, at: readonly number[], factor: number): number;
};

const same = (inputs: readonly Dimension[]): Dimension | undefined =>
  inputs.every((d) => d === inputs[0]) ? inputs[0] : undefined;

const are = (inputs: readonly Dimension[], wanted: readonly Dimension[]): boolean =>
  wanted.every((d, i) => inputs[i] === d);

export const derivations: Readonly<Record<DerivationName, Derivation>> = {
  /** First over second: a gear ratio, a utilisation. Not defined where the second is 0. */
  ratio: {
    inputs: "two roles of one dimension: the first over the second",
    least: 2,
    most: 2,
    factor: false,
    result: (inputs) => (same(inputs) === undefined ? undefined : "ratio"),
    value: (v, at) => defined(v[at[0]!]! / v[at[1]!]!),
  },
  /** A role times `factor`: torque behind a gear, the load share of one bearing of four. */
  multiple: {
    inputs: "one role, times factor",
    least: 1,
    most: 1,
    factor: true,
    result: (inputs) => inputs[0],
    value: (v, at, factor) => v[at[0]!]! * factor,
  },
  /** First less second. Two temperatures give a temperature difference (K). */
  difference: {
    inputs: "two roles of one dimension: the first less the second",
    least: 2,
    most: 2,
    factor: false,
    result: (inputs) => {
      const dimension = same(inputs);
      return dimension === "temperature" ? "temperature difference" : dimension;
    },
    value: (v, at) => v[at[0]!]! - v[at[1]!]!,
  },
  /** Arithmetic mean. */
  mean: {
    inputs: "one or more roles of one dimension",
    least: 1,
    most: 64,
    factor: false,
    result: same,
    value: (v, at) => sum(v, at) / at.length,
  },
  /** Largest of them; one unknown makes it unknown, since the unknown one may be the largest. */
  maximum: {
    inputs: "one or more roles of one dimension",
    least: 1,
    most: 64,
    factor: false,
    result: same,
    value: largest,
  },
  /** Mechanical power in W: torque (Nm) x speed (rpm) x pi/30. */
  power: {
    inputs: "a torque and a speed",
    least: 2,
    most: 2,
    factor: false,
    result: (inputs) => (are(inputs, ["torque", "speed"]) ? "power" : undefined),
    value: (v, at) => v[at[0]!]! * v[at[1]!]! * wattPerNmRpm,
  },
  /** Output power over input power, 1 = lossless; not defined below `leastInputPowerW` of input. */
  efficiency: {
    inputs: "input torque, input speed, output torque, output speed",
    least: 4,
    most: 4,
    factor: false,
    result: (inputs) => (are(inputs, ["torque", "speed", "torque", "speed"]) ? "ratio" : undefined),
    value: (v, at) => {
      const inputNmRpm = Math.abs(v[at[0]!]! * v[at[1]!]!);
      if (!(inputNmRpm * wattPerNmRpm >= leastInputPowerW)) return Number.NaN;
      return Math.abs(v[at[2]!]! * v[at[3]!]!) / inputNmRpm;
    },
  },
};

function defined(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN;
}

function sum(values: Float64Array, at: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < at.length; i++) total += values[at[i]!]!;
  return total;
}

function largest(values: Float64Array, at: readonly number[]): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < at.length; i++) most = Math.max(most, values[at[i]!]!);
  return most;
}

/** One derived column, ready for the cycle. */
export type DerivedColumn = {
  column: number;
  by: Derivation;
  at: readonly number[];
  factor: number;
};

/**
 * Fills the derived columns, which must stand in order of dependence. Good needs all inputs good;
 * with a held one the result is held; anything worse, or a value that is not defined, is bad.
 */
export function deriveAll(
  derived: readonly DerivedColumn[],
  values: Float64Array,
  quality: Uint8Array,
): void {
  for (let i = 0; i < derived.length; i++) {
    const { column, by, at, factor } = derived[i]!;
    let worst = 0;
    for (let k = 0; k < at.length; k++) worst = Math.max(worst, quality[at[k]!]!);
    const value = worst > held ? Number.NaN : by.value(values, at, factor);
    values[column] = value;
    quality[column] = Number.isNaN(value) ? bad : worst;
  }
}
