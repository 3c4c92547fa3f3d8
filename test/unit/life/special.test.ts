/** Judge: 242 values computed with 50 digits (test/data/oracle/special-functions.json). */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { betaRegularised } from "../../../src/life/incomplete-beta.js";
import { gammaRegularised } from "../../../src/life/incomplete-gamma.js";
import { logNormalCdf, normalCdf, normalQuantile } from "../../../src/life/normal.js";
import {
  betaQuantile,
  binomialBound,
  binomialCdf,
  chiSquareCdf,
  chiSquareQuantile,
  fQuantile,
  gammaQuantile,
  tQuantile,
} from "../../../src/life/quantile.js";
import { digamma, gammaln, trigamma } from "../../../src/life/special.js";
import { oracle, relativeError } from "./oracle.js";

type Row = { fn: string; args: number[]; val: string };
const rows = oracle("special-functions").reference["rows"] as unknown as Row[];

const functions: Record<string, (...args: number[]) => number> = {
  "normal.quantile": (p) => normalQuantile(p!),
  "normal.cdf": (x) => normalCdf(x!),
  "chi2.quantile": (p, df) => chiSquareQuantile(p!, df!),
  "gammainc.upper": (x, a) => gammaRegularised(a!, x!, true),
  "beta.quantile": (p, a, b) => betaQuantile(p!, a!, b!),
  "f.quantile": (p, a, b) => fQuantile(p!, a!, b!),
  gammaln: (x) => gammaln(x!),
  digamma: (x) => digamma(x!),
  trigamma: (x) => trigamma(x!),
};

const smallestNormal = 2 ** -1022;

describe("special functions", () => {
  it("have a judge for each", () => {
    expect(rows.length).toBe(242);
    expect(new Set(rows.map((r) => r.fn))).toEqual(new Set(Object.keys(functions)));
  });

  for (const name of Object.keys(functions)) {
    it(`${name} agrees to 1e-12 with 50-digit arithmetic`, () => {
      const wrong = rows
        .filter((r) => r.fn === name)
        .map((r) => ({ ...r, got: functions[name]!(...r.args) }))
        .filter((r) => !within(r.got, Number(r.val), tolerance(r)));
      expect(wrong).toEqual([]);
    });
  }

  it("quantiles in the far upper tail are exact through the complement", () => {
    // 1 - 1e-10 cannot be said to more than six digits; the complement 1e-10 can.
    expect(relativeError(chiSquareQuantile(1e-10, 0.5, true), 38.949753925264)).toBeLessThan(1e-5);
    expect(relativeError(normalQuantile(1e-50, true), 14.933337534788489)).toBeLessThan(1e-14);
    expect(relativeError(betaQuantile(1e-12, 1, 2, true), 1 - 1e-6)).toBeLessThan(1e-15);
  });

  it("the logarithm of a normal tail goes on where the tail itself is zero", () => {
    expect(normalCdf(-40)).toBe(0);
    expect(relativeError(logNormalCdf(-40), -804.608442013754)).toBeLessThan(1e-13);
  });

  it("the logarithm of a normal tail has its limits, where a search for a maximum goes too", () => {
    for (const z of [1e160, Number.POSITIVE_INFINITY]) {
      expect(logNormalCdf(-z)).toBe(Number.NEGATIVE_INFINITY);
      expect(logNormalCdf(z, true)).toBe(Number.NEGATIVE_INFINITY);
      expect(Math.abs(logNormalCdf(z))).toBe(0);
    }
    expect(logNormalCdf(Number.NaN)).toBeNaN();
  });

  it("Student's t agrees with 30-digit arithmetic", () => {
    expect(tQuantile(0.975, 1)).toBeCloseTo(12.706204736174698, 11);
    expect(tQuantile(0.025, 10)).toBeCloseTo(-2.228138851986275, 13);
    expect(tQuantile(0.5, 3)).toBe(0);
  });

  it("bounds on a proportion are those of Clopper and Pearson", () => {
    expect(binomialBound(0, 22, 0.9, "upper")).toBeCloseTo(1 - 0.1 ** (1 / 22), 14);
    expect(binomialCdf(2, 10, binomialBound(2, 10, 0.95, "upper"))).toBeCloseTo(0.05, 13);
    expect(binomialCdf(1, 10, binomialBound(2, 10, 0.95, "lower"), true)).toBeCloseTo(0.05, 13);
    expect(binomialBound(0, 5, 0.9, "lower")).toBe(0);
    expect(binomialBound(5, 5, 0.9, "upper")).toBe(1);
  });

  it("what is outside their domain is NaN", () => {
    for (const x of [gammaln(0), digamma(-1), trigamma(Number.NaN), gammaQuantile(1.1, 2)]) {
      expect(x).toBeNaN();
    }
    expect(betaRegularised(1.5, 1, 1)).toBeNaN();
    expect(gammaRegularised(-1, 1)).toBeNaN();
  });

  const probability = fc.double({ min: 1e-12, max: 1 - 1e-6, noNaN: true });
  const shape = fc.double({ min: 0.3, max: 400, noNaN: true });

  it("a quantile put back gives its probability", () => {
    fc.assert(
      fc.property(probability, shape, shape, fc.boolean(), (p, a, b, upper) => {
        const back = [
          gammaRegularised(a, gammaQuantile(p, a, upper), upper),
          chiSquareCdf(chiSquareQuantile(p, a, upper), a, upper),
          normalCdf(normalQuantile(p, upper), upper),
        ];
        for (const q of back) expect(relativeError(q, p)).toBeLessThan(1e-11);
        const x = betaQuantile(p, a, b, upper);
        // Near 1 the nearest double to x is already further off than that.
        if (x < 0.99) expect(relativeError(betaRegularised(x, a, b, upper), p)).toBeLessThan(1e-10);
      }),
    );
  });

  it("both tails add up to one", () => {
    fc.assert(
      fc.property(shape, shape, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (a, b, x) => {
        expect(gammaRegularised(a, b) + gammaRegularised(a, b, true)).toBeCloseTo(1, 14);
        expect(betaRegularised(x, a, b) + betaRegularised(1 - x, b, a)).toBeCloseTo(1, 11);
      }),
    );
  });
});

/** Below the smallest normal double only the last bits of a subnormal remain. */
function within(got: number, want: number, relative: number): boolean {
  if (Math.abs(want) < smallestNormal) return Math.abs(got - want) <= 1e-12 * smallestNormal;
  return relativeError(got, want) <= relative;
}

/** p = 1 - 1e-10 as a double is off by up to 1.1e-16, a relative 5.6e-7 of the tail. */
function tolerance(row: Row): number {
  return (row.args[0] ?? 0) > 1 - 1e-9 && row.fn.endsWith("quantile") ? 1e-6 : 1e-12;
}
