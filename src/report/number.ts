import type { Bounded } from "../life/estimate.js";

/** A number for a person: significant digits, no noise; `-` where there is none. */
export function number(value: number, digits = 6): string {
  if (!Number.isFinite(value)) return value === Number.POSITIVE_INFINITY ? "∞" : "–";
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-4 || size >= 1e9)
      ? value.toExponential(digits - 1).replace(/\.?0+e/, "e")
      : String(Number(value.toPrecision(digits)));
  return text.replace("-", "−").replace(/e\+?/, "e");
}

/**
 * Estimate and bounds with the digits that the bounds leave sense in: to a twentieth of their distance,
 * two digits of each at least.
 */
export function boundedTexts({ estimate, lower, upper }: Bounded): [string, string, string] {
  const width = upper - lower;
  const unit = Number.isFinite(width) && width > 0 ? 10 ** Math.floor(Math.log10(width / 20)) : 0;
  const text = (value: number) => {
    if (!Number.isFinite(value) || value === 0) return number(value);
    const size = Math.floor(Math.log10(Math.abs(value)));
    const digits = unit === 0 ? 3 : size - Math.floor(Math.log10(unit) + 1e-9) + 1;
    return number(value, Math.min(6, Math.max(2, digits)));
  };
  return [text(estimate), text(lower), text(upper)];
}
