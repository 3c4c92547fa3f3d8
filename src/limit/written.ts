/** From values as people write them to numbers in the canonical unit of a dimension. */
import { own } from "../base/own.js";
import {
  canonicalUnit,
  type Dimension,
  parseQuantity,
  type Quantity,
  unitNames,
} from "../base/quantity.js";
import { quantityExpected, show, suggest } from "../base/schema.js";
import type { Written } from "./value.js";

/** Named numbers with their dimension: ratings of a product, parameters of a profile. */
export type NamedValues = Readonly<Record<string, { value: number; dimension: Dimension }>>;

/** A number in the canonical unit, or what is wrong with what was written. */
export type Resolved = { ok: true; value: number } | { ok: false; found: string; expected: string };

const share = /^(.*\S)\s+of\s+([A-Za-z][A-Za-z0-9-]*)$/;

/** `90 degC`, `35 % of C` or `{ parameter: load }` as a number of that dimension. */
export function resolveWritten(
  written: Written,
  dimension: Dimension,
  ratings: NamedValues,
  parameters: NamedValues,
): Resolved {
  if (typeof written !== "string") return named(written.parameter, dimension, parameters);
  const match = share.exec(written);
  if (match !== null) return ofRating(written, match[1] ?? "", match[2] ?? "", dimension, ratings);
  const quantity = parseQuantity(written);
  if (quantity === undefined || quantity.perSecond) {
    return wrong(show(written), quantityExpected(a(dimension), written, dimension));
  }
  return inDimension(written, quantity, dimension);
}

function inDimension(written: string, q: Quantity, dimension: Dimension): Resolved {
  if (q.dimension === dimension) return { ok: true, value: q.value };
  if (Number.isFinite(Number(written))) {
    return wrong(show(written), quantityExpected(a(dimension), written, dimension));
  }
  return wrong(`${show(written)} (a ${q.dimension})`, a(dimension));
}

function ofRating(
  written: string,
  part: string,
  rating: string,
  dimension: Dimension,
  ratings: NamedValues,
): Resolved {
  const known = own(ratings, rating);
  if (known === undefined) {
    const names = Object.keys(ratings);
    const expected =
      names.length === 0 ? `${a(dimension)}: no ratings here` : suggest(rating, names);
    return wrong(`a share of the unknown rating "${rating}"`, expected);
  }
  const q = parseQuantity(part);
  if (q === undefined || q.dimension !== "ratio" || q.perSecond) {
    return wrong(show(written), `a share, as "35 % of ${rating}"`);
  }
  if (known.dimension !== dimension) {
    return wrong(`${show(written)} (a share of a ${known.dimension})`, a(dimension));
  }
  // 35 % of 20 kN is 7000 N, not 7000.000000000001: people compare these numbers with ceilings.
  return { ok: true, value: Number((q.value * known.value).toPrecision(12)) };
}

function named(name: string, dimension: Dimension, parameters: NamedValues): Resolved {
  const known = own(parameters, name);
  if (known === undefined) {
    const names = Object.keys(parameters);
    const expected = names.length === 0 ? "no parameter: there are none" : suggest(name, names);
    return wrong(`the unknown parameter "${name}"`, expected);
  }
  if (known.dimension === dimension) return { ok: true, value: known.value };
  return wrong(`the parameter "${name}" (a ${known.dimension})`, a(dimension));
}

function wrong(found: string, expected: string): Resolved {
  return { ok: false, found, expected };
}

function a(dimension: Dimension): string {
  const unit = unitOf(dimension);
  return `a ${dimension}${unit === "1" ? "" : `, in ${unit} or the like`}`;
}

function unitOf(dimension: Dimension): string {
  const unit = canonicalUnit[dimension];
  return unitNames.includes(unit) ? unit : "1";
}

/** Dimension of "how far apart": temperatures differ by kelvins, everything else by itself. */
export function differenceOf(dimension: Dimension): Dimension {
  return dimension === "temperature" ? "temperature difference" : dimension;
}
