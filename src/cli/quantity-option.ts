/** Options that are quantities with a unit. */
import { WearoutError } from "../base/error.js";
import { canonicalUnit, type Dimension, parseQuantity } from "../base/quantity.js";

/** A quantity above zero in the canonical unit of its dimension; undefined stays undefined. */
export function quantityOption(name: string, text: string, dimension: Dimension): number {
  const q = parseQuantity(text);
  if (q !== undefined && q.dimension === dimension && !q.perSecond && q.value > 0) return q.value;
  const found = q === undefined || q.perSecond ? `"${text}"` : `"${text}" (a ${q.dimension})`;
  const example = `${dimension === "time" ? "500 h" : `12 ${canonicalUnit[dimension]}`}`;
  const expected =
    dimension === "ratio" ? "a number" : `a ${dimension} with its unit, as ${example}`;
  throw new WearoutError("USAGE", `${name}: found ${found}, expected ${expected}, above zero`);
}

/** The option where it was given. */
export function optionalQuantity(
  name: string,
  text: string | undefined,
  dimension: Dimension,
): number | undefined {
  return text === undefined ? undefined : quantityOption(name, text, dimension);
}
