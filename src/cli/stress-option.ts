/** `--stress` and `--use`: columns of stress, and the stress of use in their units. */
import { WearoutError } from "../base/error.js";
import { dimensionOf, parseQuantity, toCanonical } from "../base/quantity.js";
import type { LifeData } from "../life/data.js";
import { lawOf, type Relation, type Stress, type StressLaw, zeroCelsiusK } from "../life/stress.js";

export const stressHelp = `
Stress columns hold numbers; temperatures end in _degC or _K. --use takes a number in the unit of the
column, or a quantity that converts to it (25degC, 298.15K, 12kN for load_kN).`;

/** Throws `USAGE` where columns, relation and use do not go together. */
export function stressOption(
  relation: Relation,
  columns: string,
  use: string,
): { law: StressLaw; use: Stress } {
  const law = lawOf(relation, list(columns));
  const values = list(use);
  if (values.length !== law.columns.length) {
    throw usage("--use", use, `one value for each of ${law.columns.join(", ")}`);
  }
  const pairs = law.columns.map(
    (column, i) => [column, stressValue(column, values[i]!, law)] as const,
  );
  return { law, use: Object.fromEntries(pairs) };
}

/** Throws `USAGE` naming the stress columns there are. */
export function requireStresses(data: LifeData, columns: readonly string[]): void {
  const missing = columns.find((c) => !data.stresses.includes(c));
  if (missing === undefined) return;
  const known = data.stresses.length === 0 ? "none" : data.stresses.join(", ");
  throw usage("--stress", missing, `a stress column of ${data.source}, which has ${known}`);
}

function list(text: string): string[] {
  return text.split(",").map((t) => t.trim());
}

function usage(option: string, found: string, expected: string): WearoutError {
  return new WearoutError("USAGE", `${option}: found "${found}", expected ${expected}`);
}

function stressValue(column: string, text: string, law: StressLaw): number {
  const value = /[a-z°%]/i.test(text.replace(/e[+-]?\d+$/i, ""))
    ? converted(column, text)
    : Number(text === "" ? Number.NaN : text);
  const least = law.above[column] ?? 0;
  if (value > least) return value;
  throw usage("--use", text, `a number above ${least} for ${column}`);
}

/** A quantity in the unit that ends the column's name. */
function converted(column: string, text: string): number {
  const unit = column.slice(column.lastIndexOf("_") + 1);
  const kelvin = /^(.*\d)\s*(K|degC|°C)$/.exec(text);
  if (kelvin !== null && (unit === "K" || unit === "degC")) {
    const absolute = Number(kelvin[1]) + (kelvin[2] === "K" ? 0 : zeroCelsiusK);
    return unit === "K" ? absolute : absolute - zeroCelsiusK;
  }
  const quantity = parseQuantity(text);
  if (quantity !== undefined && dimensionOf(unit) === quantity.dimension) {
    return quantity.value / toCanonical(1, unit);
  }
  throw usage("--use", text, `a number in the unit of ${column}`);
}
