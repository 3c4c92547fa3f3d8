/** What the bounds of accelerated tests, comparisons, Weibayes and growth keep, whatever the data. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WearoutError } from "../../../src/base/error.js";
import { fitAlt } from "../../../src/life/alt.js";
import { compareLives } from "../../../src/life/compare.js";
import type { LifeRow } from "../../../src/life/data.js";
import type { Bounded } from "../../../src/life/estimate.js";
import { growthOf } from "../../../src/life/growth.js";
import { lawOf } from "../../../src/life/stress.js";
import { weibayes } from "../../../src/life/weibayes.js";

const confidences = [0.8, 0.9, 0.99];
const runs = { numRuns: 40, seed: 17 };
const life = fc.record({
  kind: fc.constantFrom("exact" as const, "exact" as const, "right" as const),
  time: fc.integer({ min: 1, max: 300 }),
});
const lives = fc.array(life, { minLength: 4, maxLength: 10 });
const rowsOf = (of: { kind: "exact" | "right"; time: number }[], stress = {}, scale = 1) =>
  of.map(({ kind, time }): LifeRow => ({ kind, time: time * scale, count: 1, stress }));

function expectNoMore(a: number, b: number, what: string): void {
  if (Number.isNaN(a) || Number.isNaN(b)) return;
  expect(a <= b + 1e-6 * Math.abs(b) + 1e-9, `${what}: ${a} over ${b}`).toBe(true);
}

/** Each holds its estimate and lies within the next, of more confidence. */
function expectNested(sets: readonly Record<string, Bounded>[]): void {
  sets.forEach((set, i) => {
    for (const [name, b] of Object.entries(set)) {
      expectNoMore(b.lower, b.estimate, name);
      expectNoMore(b.estimate, b.upper, name);
      const wider = sets[i + 1]?.[name];
      if (wider === undefined) continue;
      expectNoMore(wider.lower, b.lower, `${name} by confidence`);
      expectNoMore(b.upper, wider.upper, `${name} by confidence`);
    }
  });
}

function expectRising(small: Bounded, large: Bounded): void {
  expectNoMore(small.lower, large.lower, "lower by fraction");
  expectNoMore(small.upper, large.upper, "upper by fraction");
}

/** Undefined where the data cannot answer. */
function unlessRefused<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof WearoutError && error.code === "LIFE_REFUSED") return undefined;
    throw error;
  }
}

describe("bounds hold the estimate and rise with the fraction and the confidence", () => {
  for (const bounds of ["likelihood", "fisher"] as const) {
    it(`of an accelerated test, ${bounds}`, () => {
      const property = fc.property(lives, lives, (hard, soft) => {
        const rows = [...rowsOf(hard, { load: 6 }), ...rowsOf(soft, { load: 4 }, 3)];
        const asked = { law: lawOf("power", ["load"]), use: { load: 3 }, bounds } as const;
        const fits = unlessRefused(() =>
          confidences.map((confidence) => {
            return fitAlt(rows, { ...asked, distribution: "weibull", confidence });
          }),
        );
        if (fits === undefined) return;
        expectNested(fits.map((f) => ({ ...f.parameters, ...f.atUse })));
        for (const { atUse } of fits) expectRising(atUse.B10, atUse.B50);
      });
      fc.assert(property, runs);
    });
  }

  it("of the ratio of two lots, in any order of the lots", () => {
    const property = fc.property(lives, lives, (a, b) => {
      const compared = unlessRefused(() =>
        confidences.map((confidence) => {
          return compareLives(rowsOf(a), rowsOf(b), { distribution: "weibull", confidence });
        }),
      );
      if (compared === undefined) return;
      expectNested(
        compared.map(({ ratioB10, ratioB10SameShape }) => ({ ratioB10, ratioB10SameShape })),
      );
    });
    fc.assert(property, runs);
  });

  it("of Weibayes", () => {
    const property = fc.property(
      lives,
      fc.double({ min: 0.5, max: 8, noNaN: true }),
      (of, shape) => {
        const fits = confidences.map((confidence) => weibayes(rowsOf(of), shape, confidence));
        expectNested(fits.map((f) => ({ scale: f.scale, ...f.life })));
        for (const { B1, B5, B10, B50 } of fits.map((f) => f.life)) {
          expectRising(B1, B5);
          expectRising(B5, B10);
          expectRising(B10, B50);
        }
      },
    );
    fc.assert(property, runs);
  });

  it("of growth, stopped at a time or a failure", () => {
    const times = fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), {
      minLength: 3,
      maxLength: 15,
    });
    const property = fc.property(times, fc.boolean(), (of, failureTerminated) => {
      const sorted = [...of].sort((a, b) => a - b);
      const end = failureTerminated ? sorted.at(-1)! : 1001;
      const history = { system: "", start: 0, end, failureTerminated, times: sorted };
      const fits = unlessRefused(() => confidences.map((c) => growthOf([history], c)));
      if (fits === undefined) return;
      fits.forEach(({ mtbf, mcf }, i) => {
        expectNoMore(mtbf.instantaneous.lower, mtbf.instantaneous.upper, "MTBF");
        const wider = fits[i + 1];
        if (wider === undefined) return;
        expectNoMore(
          wider.mtbf.instantaneous.lower,
          mtbf.instantaneous.lower,
          "MTBF by confidence",
        );
        expectNoMore(
          mtbf.instantaneous.upper,
          wider.mtbf.instantaneous.upper,
          "MTBF by confidence",
        );
        for (const [k, point] of mcf.entries()) {
          expectNoMore(wider.mcf[k]!.lower, point.lower, "failures");
        }
      });
    });
    // Critical values of the goodness of fit are simulated, which takes most of the time.
    fc.assert(property, { ...runs, numRuns: 8 });
  });
});
