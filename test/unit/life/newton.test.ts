/** How often the likelihood is asked: on large data each time is a pass over all rows. */
import { describe, expect, it } from "vitest";
import { lifeOf, meanOf } from "../../../src/life/functional.js";
import { fitModel, type Model } from "../../../src/life/model.js";
import { type Evaluation, maximise } from "../../../src/life/newton.js";
import { likelihoodBounds } from "../../../src/life/profile.js";
import { smallestExtremeValue } from "../../../src/life/standard.js";
import { oracle, relativeError, rowsOf } from "./oracle.js";

const bearings = rowsOf(oracle("lieblein-zelen"));

function counted(model: Model): { model: Model; passes: () => number } {
  let n = 0;
  const likelihood = (theta: Float64Array) => {
    n++;
    return model.likelihood(theta);
  };
  return { model: { ...model, likelihood }, passes: () => n };
}

describe("Newton's search", () => {
  it("stops where the value no longer tells one point from another, at the top all the same", () => {
    for (const offset of [0, 1e4, 1e8]) {
      let passes = 0;
      const hill = (x: Float64Array): Evaluation => {
        passes++;
        const [u, e] = [x[0]! - 2, Math.exp(x[0]! - 2)];
        return {
          value: u - e - offset,
          gradient: Float64Array.of(1 - e),
          hessian: Float64Array.of(-e),
        };
      };
      const top = maximise(hill, [2.7]);
      expect(top.converged).toBe(true);
      expect(passes).toBeLessThan(10);
      expect(Math.abs(top.x[0]! - 2)).toBeLessThan(1e-9);
    }
  });

  for (const weight of [1, 10_000, 1_000_000]) {
    it(`finds both likelihood bounds of B10 within 70 passes with counts of ${weight}`, () => {
      const rows = bearings.map((r) => ({ ...r, count: weight }));
      const { model, passes } = counted(fitModel(rows, smallestExtremeValue));
      for (const f of [lifeOf(smallestExtremeValue, 0.1), meanOf(smallestExtremeValue)]) {
        const before = passes();
        const { lower, upper, estimate, standardError } = likelihoodBounds(model, f, 1.645);
        expect(passes() - before).toBeLessThan(70);
        if (weight === 1) continue;
        // With so many the likelihood is a parabola.
        expect(relativeError(upper - estimate, 1.645 * standardError)).toBeLessThan(0.01);
        expect(relativeError(estimate - lower, 1.645 * standardError)).toBeLessThan(0.01);
      }
    });
  }
});
