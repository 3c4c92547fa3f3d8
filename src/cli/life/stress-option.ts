/** `--stress` and `--use`: columns of stress, and the stress of use in their units. */
import type { Command } from "commander";
import { WearoutError } from "../../base/error.js";
import { dimensionOf, parseQuantity, toCanonical } from "../../base/quantity.js";
import { stressName } from "../../life/column-names.js";
import type { LifeRow } from "../../life/data.js";
import type { Complaint } from "../../life/parse.js";
import {
  lawOf,
  type Relation,
  relations,
  type Stress,
  type StressLaw,
  zeroCelsiusK,
} from "../../life/stress.js";
import { type AltOptions, altDistributions } from "../../life/stress-result.js";
import { oneOf } from "../option.js";
import { confidenceOf } from "./data.js";

/** What every verb of life and stress is asked. */
export type StressOptions = {
  relation: string;
  use: string;
  distribution: string;
  bounds: string;
  confidence: string;
  modes?: string;
  json?: boolean;
};

export function takeStressOptions(verb: Command): Command {
  return verb
    .requiredOption("--relation <name>", relations.join(", "))
    .requiredOption("--use <value,...>", "stress of use, in the order of --stress")
    .option("--distribution <name>", altDistributions.join(", "), "weibull")
    .option("--bounds <kind>", "likelihood or fisher", "likelihood")
    .option("--confidence <c>", "of the two-sided bounds", "0.90")
    .option("--modes <a,b>", "failures by these modes only; others count as suspensions")
    .option("--json", "as JSON");
}

/** How to fit, as `takeStressOptions` was answered. */
export function fitOptions(o: StressOptions): Omit<AltOptions, "law" | "use"> {
  return {
    distribution: oneOf("--distribution", o.distribution, altDistributions),
    bounds: oneOf("--bounds", o.bounds, ["likelihood", "fisher"]),
    confidence: confidenceOf(o.confidence),
  };
}

export const stressHelp = `
Stress columns hold numbers; temperatures end in _degC or _K, or in (°C) or (K). --use takes a number in the unit of the
column, or a quantity that converts to it (25degC, 298.15K, 12kN for load_kN).`;

/** Throws `USAGE` where columns, relation and use do not go together. */
export function stressOption(
  relation: Relation,
  columns: string,
  use: string,
): { law: StressLaw; use: Stress } {
  const law = lawOf(relation, list(columns).map(stressName));
  const values = list(use);
  if (values.length !== law.columns.length) {
    throw usage("--use", use, `one value for each of ${law.columns.join(", ")}`);
  }
  const pairs = law.columns.map(
    (column, i) => [column, stressValue(column, values[i]!, law)] as const,
  );
  return { law, use: Object.fromEntries(pairs) };
}

/**
 * Values that the relation cannot take, for the reader of the data. Throws `USAGE` where a column is
 * missing, naming the stress columns there are.
 */
export function stressComplaints(rows: readonly LifeRow[], law: StressLaw): Complaint[] {
  const there = Object.keys(rows[0]!.stress);
  const missing = law.columns.find((c) => !there.includes(c));
  if (missing !== undefined) {
    const known = there.length === 0 ? "none" : there.join(", ");
    throw usage("--stress", missing, `a stress column of the data, which has ${known}`);
  }
  return rows.flatMap(({ stress }, row) =>
    law.columns
      .filter((column) => !(stress[column]! > law.above[column]!))
      .map((field) => {
        const expected = `a stress above ${law.above[field]}`;
        return { row, field, found: String(stress[field]), expected };
      }),
  );
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
