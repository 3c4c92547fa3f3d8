/**
 * Tested L10 against the rated one: the life ratio by which rolling bearings are judged (GB/T 24607;
 * recollected, its coefficients and grades were not at hand: which coefficient must be reached is
 * the contract's to say).
 */
import type { Bounded } from "./estimate.js";

export type RatedRatio = {
  ratedL10: number;
  /** What the ratio must reach. */
  coefficient: number;
  ratio: Bounded;
  /** The estimate reaches it: the test of the standard, without a confidence. */
  reached: boolean;
  /** The lower bound reaches it. */
  shown: boolean;
};

export function ratedRatio(b10: Bounded, ratedL10: number, coefficient: number): RatedRatio {
  const ratio = {
    estimate: b10.estimate / ratedL10,
    lower: b10.lower / ratedL10,
    upper: b10.upper / ratedL10,
  };
  return {
    ratedL10,
    coefficient,
    ratio,
    reached: ratio.estimate >= coefficient,
    shown: ratio.lower >= coefficient,
  };
}
