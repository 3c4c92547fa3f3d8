/**
 * Corrections of the Weibull shape's small-sample bias. Each is a factor on the shape.
 * - ross: R. Ross, IEEE Trans. Dielectrics and Electrical Insulation 1 (1994) 247 (complete) and 3
 *   (1996) 28 (censored). The censored one is nonsense with few failures of many: refused below a
 *   fifth.
 * - hirose: H. Hirose, IEEE Trans. DEI 6 (1999) 66, complete data; the constant is 1.00115.
 * - rba: reduced bias adjustment to the median, c4^3.5 of the number of failures (R. B. Abernethy,
 *   The New Weibull Handbook, 5th edition).
 */
import { gammaln } from "./special.js";
import { refuse } from "./warning.js";

export type Unbiased = "none" | "ross" | "hirose" | "rba";

/** `n` specimens of which `failures` failed. Throws `LIFE_REFUSED` outside a correction's range. */
export function shapeFactor(kind: Unbiased, n: number, failures: number): number {
  if (kind === "none") return 1;
  if (failures < 0.2 * n || failures < 3) {
    refuse("CORRECTION_RANGE", `${failures} of ${n}`);
  }
  if (kind === "rba") return c4(failures) ** 3.5;
  if (kind === "ross") {
    if (failures === n) return (n - 2) / (n - 0.68);
    return 1 / (1 + (1.37 / (failures - 1.92)) * Math.sqrt(n / failures));
  }
  if (failures < n) refuse("CORRECTION_COMPLETE");
  return 1 / (1.00115 + 1.278 / n + 2.001 / n ** 2 + 20.35 / n ** 3 - 46.98 / n ** 4);
}

/** Expectation of a normal sample's standard deviation over the true one. */
function c4(n: number): number {
  return Math.sqrt(2 / (n - 1)) * Math.exp(gammaln(n / 2) - gammaln((n - 1) / 2));
}
