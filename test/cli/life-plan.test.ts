import { describe, expect, it } from "vitest";
import { wearout } from "./command.js";

const need = ["--reliability", "0.9", "--life", "5000h", "--shape", "1.5"];
const plan = (...more: string[]) => wearout("life", "plan", ...more);

describe("wearout life plan", () => {
  it("prints a table of units and times when neither is given", async () => {
    const { status, out } = await plan(...need, "--confidence", "90%");
    expect(status).toBe(0);
    expect(out).toContain("to show: at least 90 % alive at 5000 h, Weibull shape 1.5 assumed");
    expect(out).toMatch(/^5000 h +22 +38 +52$/m);
    const json = JSON.parse((await plan(...need, "--json")).out) as object;
    expect(Object.keys(json)).toEqual([
      "design",
      "requirement",
      "timeForUnits",
      "unitsForTime",
      "warnings",
      "unit",
    ]);
  });

  it("gives units for a time, in another unit too, and time for units", async () => {
    const units = await plan(...need, "--time", "250d", "--json");
    const got = JSON.parse(units.out) as Record<string, unknown>;
    expect(got["plan"]).toMatchObject({ time: 6000, failures: 0 });
    expect(Object.keys(got)).toEqual([
      "design",
      "requirement",
      "plan",
      "confidence",
      "operatingCharacteristic",
      "multipleToPass",
      "shapes",
      "most",
      "warnings",
      "unit",
    ]);
    const time = await plan(...need, "--units", "8", "--failures", "1", "--stations", "4");
    expect(time.out).toContain("8 units, 14518 h each, pass with at most 1 failure");
    expect(time.out).toContain(
      "with no failure: 29036 h long, 116140 h of units on test, 4 stations",
    );
    expect(time.talk).toContain("warning LOWER_SHAPE_SHOWS_LESS");
  });

  it.each([
    [["--units", "3", "--time", "5h"], 2, /--units or --time, not both/],
    [["--units", "2", "--failures", "2"], 5, /PLAN_TOO_SMALL: .*\(2 units, 2 failures\)/],
    [["--time", "3kN"], 2, /--time: found "3kN", expected a time, turns or cycles/],
    [["--time", "3cycles"], 2, /--time: found "3cycles", but --life is in h/],
    [["--confidence", "1"], 2, /--confidence: found "1"/],
  ])("refuses %j", async (more, status, message) => {
    const said = await plan(...need, ...more);
    expect(said).toMatchObject({ status, out: "" });
    expect(said.talk).toMatch(message);
  });

  it("splits units into sudden death groups, or shows one plan in full", async () => {
    const all = await plan("sudden-death", ...need, "--units", "24");
    expect(all.out).toMatch(/^6 +4 +11892 h/m);
    const one = await plan("sudden-death", ...need, "--groups", "6", "--group-size", "4");
    expect(one.out).toContain("mean of the first failures is at least 11892 h");
    expect((await plan("sudden-death", ...need, "--groups", "6")).status).toBe(2);
  });

  it("finds a fixed-length and a sequential test of given risks", async () => {
    const fixed = await plan("fixed", "--life", "1000h", "--shape", "1", "--ratio", "2");
    expect(fixed.out).toContain("passes at exposure 20.128 with at most 14 failures");
    expect(fixed.out).toMatch(/^13 +18.9497 +10 % +10 %$/m);
    const words = ["--life", "1000h", "--shape", "1", "--ratio", "2", "--units", "12"];
    const lines = await plan("sequential", ...words);
    expect(lines.out).toContain("true risks 10 % and 10 %; Wald's lines with this truncation:");
    const json = JSON.parse((await plan("sequential", ...words, "--json")).out) as object;
    expect(json).toMatchObject({ design: "sequential", scale: 1000, units: 12, unit: "h" });
    const low = await plan("fixed", "--life", "1000h", "--shape", "1", "--ratio", "1");
    expect(low).toMatchObject({ status: 2 });
  });

  for (const verb of ["demonstrate", "sudden-death", "fixed", "sequential"]) {
    it(`shows examples of ${verb}`, async () => {
      expect((await plan(verb, "--help")).out).toMatch(/Examples:\n {2}wearout life plan/);
    });
  }
});
