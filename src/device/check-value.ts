/** Checks of values and conditions that a device type compares with its points. */
import { type Path, show, suggest } from "../base/schema.js";
import { readableProblem } from "./check-point.js";
import { type Conditions, valuesOf } from "./condition.js";
import type { DeviceType } from "./device-type.js";
import type { Finding } from "./finding.js";

export type Values = Readonly<Record<string, number | string>>;

/** Points that are compared with conditions: readable, and with words they know. */
export function checkConditions(
  type: DeviceType,
  conditions: Conditions | undefined,
  path: Path,
): Finding[] {
  return Object.entries(conditions ?? {}).flatMap(([name, condition]) => {
    const at = [...path, name];
    const problem = readableProblem(type, name);
    if (problem !== undefined) return [{ path: at, found: show(name), expected: problem }];
    return valuesOf(condition).flatMap((value) => unknownWord(type, name, value, at));
  });
}

export function unknownWord(type: DeviceType, name: string, value: number | string, path: Path) {
  const words = Object.keys(type.points[name]?.enum ?? {});
  if (typeof value === "number" || words.includes(value)) return [];
  const expected = words.length === 0 ? "a number: this point has no enum" : suggest(value, words);
  return [{ path, found: show(value), expected }];
}
