import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DamageRate, damageRate } from "../../../src/profile/life.js";
import type { Product, ProductKind } from "../../../src/profile/product.js";

function product(kind: ProductKind, ratings: Record<string, string>): Product {
  const entries = Object.entries(ratings).map(([name, value]) => [name, { value, source: "test" }]);
  const title = "a product for a test";
  const all = Object.fromEntries(entries);
  return { product: `${kind}/test`, kind, designation: "test", title, ratings: all };
}

const hourMs = 3_600_000;
const l10h = (rate: DamageRate, speed: number, load: number) => 1 / rate(speed, load) / hourMs;

const csf = { "rated-speed": "2000 rpm", "rated-life": "35000 h", ratio: "100" };
const rv = { "rated-speed": "15 rpm", "rated-life": "6000 h", ratio: "100" };

describe("damageRate, against printed examples", () => {
  it("ball bearing: SKF 6309, C 55.3 kN, 10 kN, 3000 rpm gives 169 Mrev or 940 h", () => {
    const rate = damageRate(product("ball-bearing", { C: "55.3 kN" }));
    const hours = l10h(rate, 3000, 10_000);
    expect(Math.round(hours * 60 * 3000 * 1e-6)).toBe(169);
    expect(Math.round(hours / 10) * 10).toBe(940);
  });

  it("ball bearing: 6208, C 22.4 kN, 3.2 kN, 650 rpm gives 343 Mrev or 8795 h", () => {
    const rate = damageRate(product("ball-bearing", { C: "22.4 kN" }));
    expect(l10h(rate, 650, 3200)).toBeCloseTo(8794.9, 0);
  });

  it("roller bearing: C/P = 2 gives 2^(10/3) = 10.079 Mrev", () => {
    const rate = damageRate(product("roller-bearing", { C: "20 kN" }));
    expect(l10h(rate, 1000, 10_000) * 60 * 1000).toBeCloseTo(10.0794e6, -3);
  });

  it("harmonic gear: CSF-40-120, 294 Nm rated, 319 Nm at 1440 rpm gives L10 = 7610 h", () => {
    const rate = damageRate(product("harmonic-reducer", { ...csf, "rated-torque": "294 Nm" }));
    expect(Math.floor(l10h(rate, 1440, 319) / 10) * 10).toBe(7610);
  });

  it("harmonic gear: a fifth of Ln at the rating, an eighth of that at twice the torque", () => {
    const rate = damageRate(product("harmonic-reducer", { ...csf, "rated-torque": "40 Nm" }));
    expect(l10h(rate, 2000, 40)).toBeCloseTo(7000, 6);
    expect(l10h(rate, 2000, 80)).toBeCloseTo(875, 6);
  });

  it("RV gear: RV-160E, T0 1568 Nm, Tm 1475 Nm at 15.6 rpm output gives 7073 h", () => {
    const rate = damageRate(product("rv-reducer", { ...rv, "rated-torque": "1568 Nm" }));
    expect(Math.round(l10h(rate, 15.6 * 100, 1475))).toBe(7073);
  });
});

describe("damageRate, on any load", () => {
  const products = [
    product("ball-bearing", { C: "20.3 kN" }),
    product("roller-bearing", { C: "62 kN" }),
    product("harmonic-reducer", { ...csf, "rated-torque": "40 Nm" }),
    product("rv-reducer", { ...rv, "rated-torque": "412 Nm" }),
  ];
  const speed = fc.double({ min: 0, max: 10_000, noNaN: true });
  const load = fc.double({ min: 0, max: 50_000, noNaN: true });

  it.each(products)(
    "$kind: more load or speed never wears less, direction does not matter",
    (p) => {
      const rate = damageRate(p);
      fc.assert(
        fc.property(speed, load, fc.double({ min: 1, max: 3, noNaN: true }), (n, f, more) => {
          expect(rate(n, f)).toBeGreaterThanOrEqual(0);
          expect(rate(n * more, f)).toBeGreaterThanOrEqual(rate(n, f));
          expect(rate(n, f * more)).toBeGreaterThanOrEqual(rate(n, f));
          expect(rate(-n, f)).toBe(rate(n, f));
          expect(rate(n, -f)).toBe(rate(n, f));
        }),
      );
    },
  );

  it.each(products)("$kind: nothing at rest, unknown where speed or load is unknown", (p) => {
    const rate = damageRate(p);
    expect(rate(0, 100)).toBe(0);
    expect(rate(Number.NaN, 100)).toBeNaN();
    expect(rate(100, Number.NaN)).toBeNaN();
  });

  it("knows no rule for planetary gears and says so", () => {
    expect(damageRate(product("planetary-reducer", {}))(100, 10)).toBeNaN();
  });
});
