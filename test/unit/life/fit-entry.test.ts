/** Lives that came under watch at an age, and those that failed at one time. */
import { describe, expect, it } from "vitest";
import { compareLives } from "../../../src/life/compare.js";
import type { LifeRow } from "../../../src/life/data.js";
import { type FitOptions, fitLife } from "../../../src/life/fit.js";
import { parseLifeData } from "../../../src/life/parse.js";
import { posteriorOf } from "../../../src/life/posterior.js";
import { weibayes } from "../../../src/life/weibayes.js";
import { relativeError } from "./oracle.js";
import { simulateHere } from "./simulate.js";

const defaults: FitOptions = {
  distribution: "weibull",
  method: "mle",
  ranks: "exact",
  bounds: "likelihood",
  confidence: 0.9,
  unbiased: "none",
  at: [],
};

const fitted = (rows: readonly LifeRow[], options: Partial<FitOptions> = {}) =>
  fitLife(rows, { ...defaults, ...options }, simulateHere);

const f = (time: number, count = 1): LifeRow => ({ kind: "exact", time, count, stress: {} });
const s = (time: number, count = 1): LifeRow => ({ kind: "right", time, count, stress: {} });

function close(got: number, want: number, relative: number): void {
  expect(relativeError(got, want)).toBeLessThan(relative);
}

describe("failures at one time and lives beyond", () => {
  // R survival, survreg
  it("have a maximum", async () => {
    const few = await fitted([f(500, 2), s(900)]);
    close(few.parameters["shape"]!.estimate, 2.489093, 1e-6);
    close(few.parameters["scale"]!.estimate, 793.774, 1e-6);
    const many = await fitted([f(500, 5), s(900, 20)]);
    close(many.parameters["shape"]!.estimate, 1.845, 3e-4);
    close(many.parameters["scale"]!.estimate, 1993.6, 3e-5);
  });
});

describe("lives that came under watch at an age", () => {
  const late = (row: LifeRow, entry: number): LifeRow => ({ ...row, entry });
  const rows = [late(f(500), 300), late(f(600), 300), late(f(700), 350), late(s(800), 300)];
  const all = [...rows, late(f(900), 400)];

  it("count given that they had lived so long (reference: direct maximum of f / R(entry))", async () => {
    const got = await fitted(all);
    close(got.parameters["shape"]!.estimate, 4.635, 3e-4);
    close(got.parameters["scale"]!.estimate, 779.6, 1e-4);
  });

  it("an exponential then counts the time under watch only", async () => {
    const got = await fitted(all, { distribution: "exponential" });
    close(got.parameters["scale"]!.estimate, (3500 - 1650) / 4, 1e-10);
  });

  it("an age of nearly nothing changes nothing", async () => {
    const [without, with0] = await Promise.all([
      fitted(all.map(({ entry: _, ...row }) => row)),
      fitted(all.map((row) => late(row, 1e-9))),
    ]);
    close(with0.life.B10.lower, without.life.B10.lower, 1e-9);
  });

  it("that failed before their first look have (F(t) - F(entry)) / R(entry) (reference: direct maximum)", async () => {
    const text = `time_h,status,entry
120,F,
200,L,150
300,F,
420,F,
500,S,
610,F,
`;
    const got = await fitted(parseLifeData(text, "lives.csv").rows);
    close(got.parameters["shape"]!.estimate, 1.8278, 3e-6);
    close(got.parameters["scale"]!.estimate, 422.161, 3e-6);
    close(got.logLikelihood, -30.0529, 2e-6);
  });

  it("have no ranks and no exact bounds", async () => {
    await expect(fitted(all, { method: "mrr", bounds: "fisher" })).rejects.toThrow("METHOD_RANGE");
    await expect(fitted(all, { bounds: "exact" })).rejects.toThrow("EXACT_RANGE");
  });
});

describe("everywhere an entry age", () => {
  const rows = [f(500), f(600), f(700), s(800), f(900)];
  const late = rows.map((row) => ({ ...row, entry: 300 }));

  it("changes the lots of a comparison", () => {
    const options = { distribution: "weibull", confidence: 0.9 } as const;
    const other = [f(700), f(950), f(1100)];
    const without = compareLives(rows, other, options);
    const given = compareLives(late, other, options);
    expect(given.sets[0]!.logLikelihood).not.toBeCloseTo(without.sets[0]!.logLikelihood, 3);
  });

  it("takes off the exposure before it in Weibayes and in a running test", () => {
    const { scale } = weibayes(late, 1, 0.9);
    expect(scale.estimate).toBeCloseTo((3500 - 1500) / 4, 9);
    const target = { reliability: 0.9, life: 100 };
    const [without, given] = [rows, late].map((r) => posteriorOf(r, target, { known: 2 }));
    expect(without!.components[0]!.exposure - given!.components[0]!.exposure).toBeCloseTo(5 * 9, 9);
  });
});

describe("exact bounds", () => {
  it("of an exponential stopped by time take 2r + 2 degrees of freedom below, and say which way they err", async () => {
    const got = await fitted([f(120), s(500, 49)], {
      distribution: "exponential",
      bounds: "exact",
    });
    close(got.parameters["scale"]!.lower, (2 * 24620) / 9.487729036781154, 1e-10);
    close(got.parameters["scale"]!.upper, 24620 / -Math.log(0.95), 1e-10);
    expect(got.warnings).toContain("EXACT_STOPPED_BY_TIME");
  });
});
