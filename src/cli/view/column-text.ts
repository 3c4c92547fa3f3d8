/** A value of a sample for a person. */
import { formatQuantity, fromCanonical } from "../../base/quantity.js";
import type { Column } from "../../base/sample.js";
import { valueWords } from "../../device/value-words.js";

/** `3000 rpm`; of a state or of flags the words: `stopped (3)`, `24 (warning, remote)`. `value` is canonical. */
export function columnText({ words, unit }: Column, value: number): string {
  if (words === undefined || Number.isNaN(value)) return formatQuantity(value, unit);
  return valueWords({ ...words, unit }, fromCanonical(value, unit));
}
