/** What a device type says a reading must be, and whether it is. */
import { type Static, Strict, Type } from "../base/schema.js";
import { type PointWords, pointValue } from "./point-value.js";

/** A number in the point's unit, or a word of its enum. */
export const PointValue = Type.Union([Type.Number(), Type.String()]);
export type PointValue = Static<typeof PointValue>;

export const Condition = Type.Union(
  [
    Type.Number(),
    Type.String(),
    Strict({
      atMost: Type.Number({
        minimum: 0,
        description: "largest absolute value, in the point's unit",
      }),
    }),
    Strict({
      anyOf: Type.Array(PointValue, { minItems: 1, description: "one of these values" }),
    }),
  ],
  {
    description: "a number or an enum word (equal), { atMost: n } (absolute), or { anyOf: [...] }",
  },
);
export type Condition = Static<typeof Condition>;

/** Point: what it must show. All must hold. */
export const conditions = (description: string) =>
  Type.Record(Type.String(), Condition, { minProperties: 1, description });
export type Conditions = Readonly<Record<string, Condition>>;

/**
 * Whether a value read from a point (in its unit; an enum's raw number) is what the condition asks.
 * No value (NaN) never is. The type was checked: words of the condition are words of the point.
 */
export function conditionHolds(
  type: PointWords,
  point: string,
  condition: Condition,
  value: number,
): boolean {
  if (Number.isNaN(value)) return false;
  if (typeof condition === "object" && "atMost" in condition) {
    return Math.abs(value) <= condition.atMost;
  }
  return valuesOf(condition).some((word) => isNear(value, pointValue(type, point, word)));
}

/** The values a condition names; none for a bound. */
export function valuesOf(condition: Condition): PointValue[] {
  if (typeof condition !== "object") return [condition];
  return "anyOf" in condition ? condition.anyOf : [];
}

/** Scaled values differ in their last digits from what a file says. */
function isNear(value: number, wanted: number): boolean {
  return Math.abs(value - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));
}
