/** Parameters of a device (full scale, ratio) as a rig's file gives them. */
import { dimensionOf, fromCanonical, parseQuantity } from "../base/quantity.js";
import { suggest } from "../base/schema.js";
import type { Parameters } from "./codec.js";
import type { DeviceType } from "./device-type.js";

export type ParameterProblem = { name: string; found: string; expected: string };

/**
 * Quantities to numbers in the unit each parameter declares; defaults fill in what is not given. A
 * parameter without default that is not given, an unknown one and a wrong dimension are problems.
 */
export function parameterValues(
  type: DeviceType,
  given: Readonly<Record<string, string>> = {},
): { values: Parameters; problems: ParameterProblem[] } {
  const declared = type.parameters ?? {};
  const values: Record<string, number> = {};
  const problems: ParameterProblem[] = [];
  for (const name of Object.keys(given)) {
    if (declared[name] !== undefined) continue;
    const expected = suggest(name, Object.keys(declared));
    problems.push({ name, found: `the unknown parameter "${name}"`, expected });
  }
  for (const [name, { unit, default: standard, title }] of Object.entries(declared)) {
    const text = given[name] ?? standard;
    const expected = `${title} in ${unit}`;
    const value = text === undefined ? undefined : inUnit(text, unit);
    if (value !== undefined) values[name] = value;
    else problems.push({ name, found: text === undefined ? "nothing" : `"${text}"`, expected });
  }
  return { values, problems };
}

/** A quantity as a number in the unit; undefined when it is none of that dimension. */
export function inUnit(text: string, unit: string): number | undefined {
  const quantity = parseQuantity(text);
  if (quantity === undefined || quantity.perSecond) return undefined;
  return quantity.dimension === dimensionOf(unit) ? fromCanonical(quantity.value, unit) : undefined;
}
