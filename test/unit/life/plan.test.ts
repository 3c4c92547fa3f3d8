import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  demonstrate,
  demonstrationTable,
  expectedEffort,
  multipleToPass,
  passes,
  timeFor,
  unitsFor,
} from "../../../src/life/demonstration.js";
import { integrate } from "../../../src/life/quadrature.js";
import { binomialCdf } from "../../../src/life/quantile.js";
import { failsBy } from "../../../src/life/requirement.js";
import { splits, suddenDeath } from "../../../src/life/sudden-death.js";
import { weibayes } from "../../../src/life/weibayes.js";
import { relativeError } from "./oracle.js";

const need = { reliability: 0.9, life: 5000, shape: 1.5 };

const needs = fc.record({
  reliability: fc.double({ min: 0.5, max: 0.999, noNaN: true }),
  life: fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
  shape: fc.double({ min: 0.5, max: 5, noNaN: true }),
});
const confidences = fc.double({ min: 0.5, max: 0.99, noNaN: true });
const sizes = fc
  .tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 60 }))
  .map(([failures, more]) => ({ failures, units: failures + more }));

describe("a demonstration test", () => {
  // The success-run tables of the reliability handbooks; with failures the binomial ones.
  it.each([
    [0.9, 0.9, 0, 22],
    [0.95, 0.9, 0, 45],
    [0.95, 0.95, 0, 59],
    [0.99, 0.9, 0, 230],
    [0.9, 0.9, 1, 38],
    [0.9, 0.9, 2, 52],
    [0.9, 0.95, 1, 46],
  ])("needs for reliability %d, confidence %d and %d failures %d units", (r, c, k, units) => {
    expect(unitsFor({ ...need, reliability: r }, c, need.life, k)).toBe(units);
  });

  it("lets a product just at the requirement pass with chance 1 - confidence", () => {
    fc.assert(
      fc.property(needs, confidences, sizes, (n, c, { units, failures }) => {
        const time = timeFor(n, c, units, failures);
        const plan = { units, time, failures, stations: units };
        expect(relativeError(passes(n, plan), 1 - c)).toBeLessThan(1e-9);
      }),
    );
  });

  it("takes the fewest units that show it", () => {
    fc.assert(
      fc.property(needs, confidences, sizes, (n, c, { failures }) => {
        const time = 0.8 * n.life;
        const units = unitsFor(n, c, time, failures);
        const chance = (u: number) => binomialCdf(failures, u, failsBy(n, time));
        expect(chance(units)).toBeLessThanOrEqual((1 - c) * (1 + 1e-9));
        expect(chance(units - 1)).toBeGreaterThan(1 - c);
      }),
    );
  });

  it("passed without a failure gives the required life as Weibayes' lower bound", () => {
    fc.assert(
      fc.property(needs, confidences, sizes, (n, c, { units }) => {
        const b10 = { ...n, reliability: 0.9 };
        const time = timeFor(b10, c, units, 0);
        const rows = [{ kind: "right" as const, time, count: units, stress: {} }];
        expect(relativeError(weibayes(rows, n.shape, c).life.B10.lower, n.life)).toBeLessThan(1e-9);
      }),
    );
  });

  it("passes with the chance asked for at the multiple it names", () => {
    fc.assert(
      fc.property(needs, sizes, (n, { units, failures }) => {
        const plan = { units, time: n.life, failures, stations: units };
        expect(passes(n, plan, multipleToPass(n, plan, 0.9))).toBeCloseTo(0.9, 9);
      }),
    );
  });

  it("expects, at shape 1, its unit time times the failure rate in failures, in batches too", () => {
    const plans = fc.tuple(sizes, fc.integer({ min: 1, max: 60 }));
    fc.assert(
      fc.property(needs, plans, (n, [{ units, failures }, stations]) => {
        const flat = { ...n, shape: 1 };
        const plan = { units, failures, time: 2 * n.life, stations: Math.min(stations, units) };
        const p = failsBy(flat, plan.time);
        // E min(N, k + 1) = sum over j <= k of P(N > j).
        const expected = Array.from({ length: failures + 1 }, (_, j) =>
          binomialCdf(j, units, p, true),
        ).reduce((a, b) => a + b);
        const rate = -Math.log(flat.reliability) / flat.life;
        const got = rate * expectedEffort(flat, plan).unitTime;
        expect(relativeError(got, expected)).toBeLessThan(1e-8);
      }),
      { numRuns: 40 },
    );
  });

  it("with a product that never fails lasts as long as it may", () => {
    const plan = { units: 10, time: 6000, failures: 1, stations: 4 };
    const { duration, unitTime } = expectedEffort(need, plan, 1e6);
    expect(duration).toBeCloseTo(18_000, 3);
    expect(unitTime).toBeCloseTo(60_000, 3);
    expect(demonstrate(need, 0.9, plan).most).toEqual({ duration: 18_000, unitTime: 60_000 });
  });

  it("with a product that fails at once, one station after another, ends with the failure too many", () => {
    const plan = { units: 5, time: 100 * need.life, failures: 2, stations: 1 };
    const { duration } = expectedEffort(need, plan);
    // Two batches run their whole time with their failure in them, the third ends with its own.
    const mean =
      need.life * Math.log(1 / need.reliability) ** (-1 / need.shape) * 0.9027452929509336;
    expect(relativeError(duration, 2 * plan.time + mean)).toBeLessThan(1e-9);
  });

  it("warns of the side on which a wrong shape flatters", () => {
    const plan = (time: number) =>
      demonstrate(need, 0.9, { units: 30, time, failures: 0, stations: 30 });
    expect(plan(9000).warnings).toContain("LOWER_SHAPE_SHOWS_LESS");
    expect(plan(2000).warnings).toContain("HIGHER_SHAPE_SHOWS_LESS");
    const short = plan(2000).shapes.map((s) => s.confidence);
    expect(short).toEqual([...short].sort((a, b) => b - a));
    expect(plan(9000).warnings).toContain("GOOD_PRODUCT_FAILS");
  });

  it("agrees with itself between the two halves of its table", () => {
    const { unitsForTime, timeForUnits } = demonstrationTable(need, 0.9, 0);
    const { time } = timeForUnits.find((r) => r.units === 8)!;
    expect(unitsFor(need, 0.9, time["1"]!, 1)).toBe(8);
    expect(unitsForTime.find((r) => r.time === 5000)!.units).toEqual({ 0: 22, 1: 38, 2: 52 });
  });

  it("refuses fewer units than allowed failures, and more than a million units", () => {
    expect(() => timeFor(need, 0.9, 2, 2)).toThrow(/PLAN_TOO_SMALL/);
    expect(() => unitsFor(need, 0.9, 0.1, 0)).toThrow(/PLAN_TOO_LARGE/);
  });
});

describe("a sudden death test", () => {
  it("lets a product just at the requirement pass with chance 1 - confidence", () => {
    fc.assert(
      fc.property(
        needs,
        confidences,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        (n, c, groups, size) => {
          const [first] = suddenDeath(n, c, groups, size).operatingCharacteristic;
          expect(relativeError(first!.passes, 1 - c)).toBeLessThan(1e-9);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("of exponential lives lasts as long as theory says", () => {
    const mtbf = { reliability: Math.exp(-1), life: 1000, shape: 1 };
    const { operatingCharacteristic, ungrouped } = suddenDeath(mtbf, 0.9, 3, 4);
    // The longest of three means 1000/4: harmonic sum; without groups: the third of twelve.
    const first = operatingCharacteristic[0]!;
    expect(first.parallel).toBeCloseTo((1000 / 4) * (1 + 1 / 2 + 1 / 3), 6);
    expect(first.unitTime).toBeCloseTo(3000, 6);
    expect(ungrouped.duration).toBeCloseTo(1000 * (1 / 12 + 1 / 11 + 1 / 10), 6);
    expect(ungrouped.unitTime).toBeCloseTo(3000, 6);
  });

  it("is split into every number of equal groups", () => {
    const plans = splits(need, 0.9, 12).map(({ plan }) => [plan.groups, plan.groupSize]);
    expect(plans).toEqual([
      [12, 1],
      [6, 2],
      [4, 3],
      [3, 4],
      [2, 6],
    ]);
  });
});

describe("the integral", () => {
  it("keeps its digits where the slope has no end", () => {
    expect(
      relativeError(
        integrate((x) => x ** -0.5, 0, 4),
        4,
      ),
    ).toBeLessThan(1e-7);
    expect(relativeError(integrate(Math.exp, -1, 2), Math.exp(2) - Math.exp(-1))).toBeLessThan(
      1e-13,
    );
    expect(
      relativeError(
        integrate((x) => x ** 0.3, 0, 1),
        1 / 1.3,
      ),
    ).toBeLessThan(1e-12);
  });
});
