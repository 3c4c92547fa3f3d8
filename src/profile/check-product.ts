/** What a product file must mean: required ratings, dimensions, identity. Pure. */

import type { Problem } from "../base/error.js";
import { nearest } from "../base/nearest.js";
import { own } from "../base/own.js";
import { canonicalUnit, type Dimension, parseQuantity, type Quantity } from "../base/quantity.js";
import { type Parsed, show } from "../base/schema.js";
import type { NamedValues } from "../limit/written.js";
import type { Product, ProductKind } from "./product.js";

/**
 * Ratings that life and limits are computed from, by kind. `rated-life` is as the makers state it:
 * L50 for harmonic gears, L10 for RV gears; `rated-speed` is the input shaft's for harmonic gears and
 * the output shaft's for RV gears.
 */
export const requiredRatings: Record<ProductKind, Readonly<Record<string, Dimension>>> = {
  "ball-bearing": { C: "force", C0: "force", "limiting-speed": "speed" },
  "roller-bearing": { C: "force", C0: "force", "limiting-speed": "speed" },
  "harmonic-reducer": {
    ratio: "ratio",
    "rated-torque": "torque",
    "rated-speed": "speed",
    "rated-life": "time",
    "average-torque": "torque",
    "repeated-peak-torque": "torque",
    "momentary-peak-torque": "torque",
    "max-input-speed": "speed",
  },
  "rv-reducer": {
    ratio: "ratio",
    "rated-torque": "torque",
    "rated-speed": "speed",
    "rated-life": "time",
    "acceleration-torque": "torque",
    "momentary-peak-torque": "torque",
    "max-output-speed": "speed",
  },
  "planetary-reducer": { ratio: "ratio", "rated-torque": "torque" },
};

/** Ratings that need not be there but have one meaning. */
const knownRatings: Readonly<Record<string, Dimension>> = {
  Pu: "force",
  "reference-speed": "speed",
  "average-input-speed": "speed",
  "ratcheting-torque": "torque",
  "buckling-torque": "torque",
  K1: "stiffness",
  K2: "stiffness",
  K3: "stiffness",
  T1: "torque",
  T2: "torque",
};

/** Everything in a product file that the schema cannot see. `id` is kind/designation of its path. */
export function checkProduct(parsed: Parsed<Product>, id: string): Problem[] {
  const product = parsed.value;
  if (product === undefined) return [];
  return [
    ...identityProblems(parsed, product, id),
    ...missingRatings(parsed, product),
    ...ratingProblems(parsed, product),
    ...ceilingProblems(parsed, product),
    ...geometryProblems(parsed, product),
  ];
}

function identityProblems(parsed: Parsed<Product>, product: Product, id: string): Problem[] {
  const problems: Problem[] = [];
  if (product.product !== id) {
    problems.push(
      parsed.problem(["product"], show(product.product), `"${id}", as the file's path`),
    );
  }
  const kind = id.split("/")[0] ?? "";
  if (product.kind !== kind) {
    problems.push(parsed.problem(["kind"], show(product.kind), `"${kind}", as the file's folder`));
  }
  return problems;
}

function missingRatings(parsed: Parsed<Product>, product: Product): Problem[] {
  const required = requiredRatings[product.kind];
  const strange = Object.keys(product.ratings).filter(
    (r) => dimensionFor(product, r) === undefined,
  );
  return Object.keys(required).flatMap((name) => {
    if (own(product.ratings, name) !== undefined) return [];
    const meant = nearest(name, strange);
    if (meant === undefined) return [parsed.problem(["ratings"], "no rating", `"${name}"`)];
    const expected = `"${name}" (did you mean that?)`;
    return [parsed.problem(["ratings", meant], `the rating "${meant}"`, expected)];
  });
}

function dimensionFor(product: Product, rating: string): Dimension | undefined {
  return own(requiredRatings[product.kind], rating) ?? own(knownRatings, rating);
}

function ratingProblems(parsed: Parsed<Product>, product: Product): Problem[] {
  return Object.entries(product.ratings).flatMap(([name, rating]) => {
    const path = ["ratings", name, "value"];
    return quantityProblems(parsed, path, rating.value, dimensionFor(product, name));
  });
}

function ceilingProblems(parsed: Parsed<Product>, product: Product): Problem[] {
  return Object.entries(product.ceilings ?? {}).flatMap(([name, ceiling]) => {
    const dimension = Object.hasOwn(canonicalUnit, name) ? (name as Dimension) : undefined;
    return quantityProblems(parsed, ["ceilings", name, "value"], ceiling.value, dimension);
  });
}

function geometryProblems(parsed: Parsed<Product>, product: Product): Problem[] {
  return Object.entries(product.geometry ?? {}).flatMap(([name, entry]) =>
    quantityProblems(parsed, ["geometry", name, "value"], entry.value, undefined),
  );
}

function quantityProblems(
  parsed: Parsed<Product>,
  path: string[],
  written: string,
  dimension: Dimension | undefined,
): Problem[] {
  const q = parseQuantity(written);
  const expected = dimension === undefined ? "a quantity, as 20.3 kN" : `a ${dimension} above zero`;
  if (q === undefined || q.perSecond) return [parsed.problem(path, show(written), expected)];
  if (dimension !== undefined && q.dimension !== dimension) {
    return [parsed.problem(path, `${show(written)} (a ${q.dimension})`, expected)];
  }
  return q.value > 0 ? [] : [parsed.problem(path, show(written), "a value above zero")];
}

/** Ratings by name in canonical units. Only for a product that was checked. */
export function ratingsOf(product: Product): NamedValues {
  return valuesOf(product.ratings);
}

/** Ceilings by role or dimension in canonical units. Only for a product that was checked. */
export function ceilingsOf(product: Product): NamedValues {
  return valuesOf(product.ceilings ?? {});
}

function valuesOf(written: Record<string, { value: string }>): NamedValues {
  const values: Record<string, Quantity> = {};
  for (const [name, { value }] of Object.entries(written)) {
    const q = parseQuantity(value);
    if (q !== undefined) values[name] = q;
  }
  return values;
}
