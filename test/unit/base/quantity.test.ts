import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  dimensionOf,
  formatDuration,
  formatHours,
  formatNumber,
  formatQuantity,
  formatSpan,
  formatTurns,
  fromCanonical,
  parseQuantity,
  toCanonical,
  unitNames,
} from "../../../src/base/quantity.js";

describe("quantities as people write them", () => {
  const cases: [string, number, string, boolean][] = [
    ["1500 rpm", 1500, "speed", false],
    ["30 min", 1_800_000, "time", false],
    ["2.5 mm/s", 2.5, "velocity", false],
    ["0.1 in/s", 2.54, "velocity", false],
    ["4 kN", 4000, "force", false],
    ["-5 degC", -5, "temperature", false],
    ["90 arcmin", 1.5, "angle", false],
    ["35 %", 0.35, "ratio", false],
    ["0.35", 0.35, "ratio", false],
    ["1e6 turns", 1e6, "turns", false],
    ["2 Mturns", 2e6, "turns", false],
    ["1 g", 9.80665, "acceleration", false],
    ["500 rpm/s", 500, "speed", true],
    ["6 kN/min", 100, "force", true],
    ["3 K/min", 0.05, "temperature difference", true],
  ];
  for (const [text, value, dimension, perSecond] of cases) {
    it(`reads "${text}"`, () => {
      const q = parseQuantity(text);
      expect(q?.value).toBeCloseTo(value, 9);
      expect(q).toMatchObject({ dimension, perSecond });
    });
  }

  for (const text of ["", "rpm", "1500 rmp", "1,5 kN", "12 kN/furlong", "abc 3 rpm", "1 2 rpm"]) {
    it(`refuses "${text}"`, () => {
      expect(parseQuantity(text)).toBeUndefined();
    });
  }

  it("comes back from the canonical unit for every unit", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...unitNames),
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        (unit, v) => {
          expect(dimensionOf(unit)).toBeDefined();
          expect(fromCanonical(toCanonical(v, unit), unit)).toBeCloseTo(v, 6);
        },
      ),
    );
  });

  it("is written short enough to read", () => {
    expect(formatQuantity(4000, "kN")).toBe("4 kN");
    expect(formatQuantity(1 / 3, "1")).toBe("0.33333");
    expect(formatNumber(123456789)).toBe("123456789");
    expect(formatNumber(Number.NaN)).toBe("-");
  });

  it("says durations as a person would", () => {
    const cases: [number, string][] = [
      [120, "120 ms"],
      [999.6, "1 s"],
      [45_000, "45 s"],
      [90_000, "1 min 30 s"],
      [3_600_000, "1 h"],
      [12_000_000, "3 h 20 min"],
      [200 * 3_600_000, "8 d 8 h"],
      [Infinity, "unlimited"],
    ];
    for (const [ms, text] of cases) expect(formatDuration(ms)).toBe(text);
  });

  it("says an interval with its unit once, where both ends have the same", () => {
    expect(formatSpan([0, 40], formatTurns)).toBe("0 to 40 turns");
    expect(formatSpan([100, 105], formatTurns)).toBe("100 to 105 turns");
    expect(formatSpan([1000, 2e5], formatTurns)).toBe("1000 turns to 0.2 Mturns");
    expect(formatSpan([3e6, 7.2e6], formatHours)).toBe("50 min to 2 h");
    expect(formatSpan([193, null], formatTurns)).toBe("193 turns or more");
    expect(formatSpan([5000, 5010], formatTurns)).toBe("5000 turns");
  });
});
