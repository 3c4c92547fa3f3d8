import { describe, expect, it } from "vitest";
import type { LifeRow } from "../../../src/life/data.js";
import { type FitOptions, fitLife } from "../../../src/life/fit.js";
import { simulateHere } from "./simulate.js";

const options: FitOptions = {
  ...{ distribution: "weibull3", method: "mle", ranks: "exact", bounds: "likelihood" },
  ...{ confidence: 0.9, unbiased: "none", at: [] },
};

const fitted = (rows: readonly LifeRow[]) => fitLife(rows, options, simulateHere);

const f = (time: number): LifeRow => ({ kind: "exact", time, count: 1, stress: {} });
const s = (time: number, count = 1): LifeRow => ({ kind: "right", time, count, stress: {} });

describe("BOUND_OPEN is said of", () => {
  it("a bound of a third parameter's shape that is open, and not its location cut at 0", async () => {
    const failed = [
      32, 53, 57, 61, 62, 63, 65, 71, 83, 84, 86, 86, 87, 89, 98, 101, 105, 118, 121, 130,
    ].map((t) => f(t));
    const off = [58, 66, 71, 76, 82].map((t) => s(t));
    const open = await fitted([...failed, ...off]);
    expect(open.parameters["shape"]!.upper).toBe(Infinity);
    expect(open.warnings).toContain("BOUND_OPEN");
    // Lieblein and Zelen 1956
    const right = [
      17.88, 28.92, 33, 41.52, 42.12, 45.6, 48.4, 51.84, 51.96, 54.12, 55.56, 67.8, 68.64, 68.64,
      68.88, 84.12, 93.12, 98.64, 105.12, 105.84, 127.92, 128.04, 173.4,
    ].map((t) => f(t));
    const cut = await fitted(right);
    expect(cut.parameters["location"]!.lower).toBe(0);
    expect(cut.warnings).not.toContain("BOUND_OPEN");
    // NIST/SEMATECH 8.4.1.3: the lower bound of B1 is 0, and given so; no bound is none.
    const nist = [54, 187, 216, 240, 244, 335, 361, 373, 375, 386].map((t) => f(t));
    const known = await fitted([...nist, s(500, 10)]);
    expect(known.life.B1.lower).toBe(0);
    expect(known.warnings).not.toContain("BOUND_OPEN");
  });
});
