import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixedLengthTest, sequentialTest } from "../../../src/life/exposure-test.js";
import {
  balanced,
  fewestFailures,
  fixedLength,
  passesFixed,
} from "../../../src/life/fixed-length.js";
import { risksOf } from "../../../src/life/poisson-test.js";
import { sequential } from "../../../src/life/sequential.js";

const mtbf = { reliability: Math.exp(-1), life: 1000, shape: 1 };

const goals = fc.record({
  alpha: fc.double({ min: 0.02, max: 0.3, noNaN: true }),
  beta: fc.double({ min: 0.02, max: 0.3, noNaN: true }),
  ratio: fc.double({ min: 1.6, max: 8, noNaN: true }),
});

describe("a fixed-length test", () => {
  // MIL-HDBK-781 / MIL-STD-781D plans IX-D to XVII-D (IEC 61124 has the same): ratio, exposure,
  // rejecting failure, true risks in per cent. Recollected; the risks are the check.
  it.each([
    ["IX-D", 1.5, 45.0, 37, 12.0, 9.9],
    ["X-D", 1.5, 29.9, 26, 10.9, 21.4],
    ["XI-D", 1.5, 21.5, 18, 19.7, 19.6],
    ["XII-D", 2, 18.8, 14, 9.6, 10.6],
    ["XIII-D", 2, 12.4, 10, 9.8, 20.9],
    ["XIV-D", 2, 7.8, 6, 19.9, 21.0],
    ["XV-D", 3, 9.3, 6, 9.4, 9.9],
    ["XVI-D", 3, 5.4, 4, 10.9, 21.3],
    ["XVII-D", 3, 4.3, 3, 17.5, 19.7],
  ])("has the published true risks: %s", (_, ratio, exposure, rejectAt, alpha, beta) => {
    expect(100 * (1 - passesFixed(rejectAt, exposure, 1 / ratio))).toBeCloseTo(alpha, 1);
    expect(100 * passesFixed(rejectAt, exposure, 1)).toBeCloseTo(beta, 1);
  });

  it("keeps both risks, and with one failure fewer cannot", () => {
    fc.assert(
      fc.property(goals, (goal) => {
        const plan = fixedLength(goal);
        expect(plan.alpha).toBeLessThanOrEqual(goal.alpha * (1 + 1e-9));
        expect(plan.beta).toBeLessThanOrEqual(goal.beta * (1 + 1e-9));
        if (plan.rejectAt === 1) return;
        const fewer = balanced(plan.rejectAt - 1, goal);
        expect(fewer.alpha / goal.alpha).toBeCloseTo(fewer.beta / goal.beta, 8);
        expect(fewer.alpha).toBeGreaterThan(goal.alpha);
      }),
    );
  });

  it("of ratio 2 and risks 10 % balances at 14 failures as the standards print it", () => {
    const goal = { alpha: 0.1, beta: 0.1, ratio: 2 };
    expect(fewestFailures(goal)).toBe(15);
    expect(balanced(14, goal)).toMatchObject({ rejectAt: 14 });
    expect(balanced(14, goal).exposure).toBeCloseTo(18.95, 2);
  });

  it("counts a ratio of lives as its shape-th power", () => {
    const { plan, goal } = fixedLengthTest({
      need: { ...mtbf, shape: 2 },
      alpha: 0.1,
      beta: 0.1,
      ratio: 2,
    });
    expect(goal.exposureRatio).toBe(4);
    expect(plan).toEqual(fixedLength({ alpha: 0.1, beta: 0.1, ratio: 4 }));
  });
});

describe("exact risks between two lines", () => {
  // MIL-HDBK-781 plan III-D (risks 10 %, ratio 2), lines recollected; published true risks 12.8 %
  // and expected length 10.2 theta1 when the product is good.
  const accept = [
    4.4, 5.79, 7.18, 8.56, 9.94, 11.34, 12.72, 14.1, 15.49, 16.88, 18.26, 19.65, 20.6, 20.6, 20.6,
    20.6,
  ];
  const reject = [
    -1, -1, -1, 0.7, 2.08, 3.48, 4.86, 6.24, 7.63, 9.02, 10.4, 11.79, 13.18, 14.56, 15.94, 17.34,
    20.6,
  ];

  it("are those published for a sequential plan", () => {
    const good = risksOf({ accept, reject }, 1 / 2);
    expect(100 * (1 - good.accepts)).toBeCloseTo(12.8, 1);
    expect(good.exposure).toBeCloseTo(10.2, 1);
    expect(100 * risksOf({ accept, reject }, 1).accepts).toBeCloseTo(12.8, 1);
  });

  it("are those of the fixed-length test when the lines stand upright", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0.1, max: 40, noNaN: true }),
        (r, end) => {
          const lines = {
            accept: new Array<number>(r).fill(end),
            reject: [...new Array<number>(r).fill(-1), end],
          };
          expect(risksOf(lines, 1).accepts).toBeCloseTo(passesFixed(r, end, 1), 10);
        },
      ),
    );
  });
});

describe("a sequential test", () => {
  it("has the risks asked for, exactly, and is shorter than the fixed-length test", () => {
    fc.assert(
      fc.property(goals, (goal) => {
        fc.pre(fewestFailures(goal) > 2);
        const s = sequential(goal);
        expect(s.alpha).toBeCloseTo(goal.alpha, 8);
        expect(s.beta).toBeCloseTo(goal.beta, 8);
      }),
      { numRuns: 30 },
    );
    const { operatingCharacteristic } = sequentialTest({
      need: mtbf,
      alpha: 0.1,
      beta: 0.1,
      ratio: 2,
    });
    for (const p of operatingCharacteristic) expect(p.exposure).toBeLessThan(15);
  });

  it("is refused where one failure decides", () => {
    expect(() => sequential({ alpha: 0.3, beta: 0.3, ratio: 8 })).toThrow(/NO_PLAN.*plan fixed/);
  });

  it("takes as long with units on rigs as its expected exposure says", () => {
    const { operatingCharacteristic, warnings } = sequentialTest({
      need: mtbf,
      alpha: 0.1,
      beta: 0.1,
      ratio: 2,
      units: 24,
    });
    for (const { course, exposure, passes } of operatingCharacteristic) {
      // At shape 1 the exposure is the unit time over the scale; 10 000 tests leave about 1 %.
      expect(course!.unitTime / 1000 / exposure).toBeCloseTo(1, 1);
      expect(course!.undecided).toBe(0);
      expect(passes).toBeGreaterThan(0);
    }
    expect(warnings).toEqual(["SHAPE_ASSUMED"]);
  });

  it("says when the units may all fail with nothing decided", () => {
    const { operatingCharacteristic, warnings } = sequentialTest({
      need: mtbf,
      alpha: 0.1,
      beta: 0.1,
      ratio: 2,
      units: 5,
    });
    expect(warnings).toContain("UNITS_MAY_RUN_OUT");
    expect(operatingCharacteristic[0]!.course!.undecided).toBeGreaterThan(0.2);
  });
});
