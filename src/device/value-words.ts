/** Values of points as people read them: words of enums and bits beside the number that stands on the wire. */
import { formatNumber } from "../base/quantity.js";
import { bitIsSet } from "./codec.js";
import type { Point } from "./device-type.js";

type Worded = Pick<Point, "enum" | "bits" | "unit">;

/** `running (3)`, `24 (warning, remote)`, `35 degC`; a number without words stays one. `value` is in the point's unit. */
export function valueWords(point: Worded, value: number): string {
  const word = enumWord(point, value);
  if (word !== undefined) return `${word} (${formatNumber(value)})`;
  if (point.bits !== undefined && Number.isInteger(value)) return bitWords(point.bits, value);
  const shown = formatNumber(value);
  return point.unit === "1" ? shown : `${shown} ${point.unit}`;
}

function enumWord(point: Worded, value: number): string | undefined {
  return Object.entries(point.enum ?? {}).find(([, raw]) => raw === value)?.[0];
}

function bitWords(bits: Readonly<Record<string, number>>, value: number): string {
  const set = Object.entries(bits).filter(([, bit]) => bitIsSet(value, bit));
  const names = set.map(([name]) => name);
  const known = set.reduce((sum, [, bit]) => sum + 2 ** bit, 0);
  const others = value === known ? [] : ["bits without a name"];
  const all = [...names, ...others];
  return `${value} (${all.length === 0 ? "none of its bits" : all.join(", ")})`;
}
