import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { WearoutError } from "../../../src/base/error.js";
import { bearingLife } from "../../../src/life/bearing.js";
import {
  a1Of,
  a1Table,
  bearingTypes,
  cleanlinessClasses,
  contaminationOf,
  deepGrooveFactors,
  referenceViscosity,
  systemFactor,
} from "../../../src/life/iso281.js";

/** SKF, Rolling bearings, 17000/1 EN, example 1: 6309, C 55.3 kN, Pu 1.34 kN, 10 kN, 3000 rpm, dm 72.5 mm. */
const skf6309 = {
  type: "radial-ball",
  cN: 55_300,
  cuN: 1340,
  pN: 10_000,
  speedRpm: 3000,
  pitchMm: 72.5,
  reliability: 0.9,
} as const;

describe("ISO 281 modified rating life", () => {
  it("gives 169 Mrev, 940 h and aISO 5.5 for SKF's printed example 6309 (kappa 2.45, eC 0.8)", () => {
    const life = bearingLife({ ...skf6309, kappa: 2.45, contamination: { eC: 0.8 } });
    expect(life.l10.millionRevolutions).toBeCloseTo(169.1, 1);
    expect(Math.round((life.l10.hours as number) / 10) * 10).toBe(940);
    expect(life.aISO).toBeCloseTo(5.5, 1);
    expect(life.lnm.hours).toBeCloseTo((life.aISO as number) * (life.l10.hours as number), 6);
  });

  it("needs 9.65 mm2/s there by ISO's formula, where SKF's diagram reads 8.15", () => {
    expect(referenceViscosity(3000, 72.5)).toBeCloseTo(9.65, 2);
    const life = bearingLife({ ...skf6309, viscosityMm2s: 20, contamination: { eC: 0.8 } });
    expect(life.kappa).toBeCloseTo(20 / 9.649, 3);
  });

  it("joins its branches of nu1 at 1000 rpm within 1 %", () => {
    expect(referenceViscosity(999.999, 50) / referenceViscosity(1000, 50)).toBeCloseTo(1.023, 2);
  });

  for (const type of bearingTypes) {
    it(`joins the equations of ${type} at kappa 0.4 and 1`, () => {
      for (const kappa of [0.4, 1]) {
        const below = systemFactor(type, kappa * (1 - 1e-12), 0.05).aISO;
        const above = systemFactor(type, kappa, 0.05).aISO;
        expect(Math.abs(below / above - 1)).toBeLessThan(5e-4);
      }
    });

    it(`never lets ${type} live shorter in thicker or cleaner oil`, () => {
      const kappa = fc.double({ min: 0.1, max: 5, noNaN: true });
      const load = fc.double({ min: 0, max: 4, noNaN: true });
      fc.assert(
        fc.property(kappa, kappa, load, load, (k1, k2, l1, l2) => {
          const low = systemFactor(type, Math.min(k1, k2), Math.min(l1, l2)).aISO;
          const high = systemFactor(type, Math.max(k1, k2), Math.max(l1, l2)).aISO;
          // The printed coefficients join to four digits only.
          expect(high).toBeGreaterThan(low * 0.999);
          expect(low).toBeGreaterThanOrEqual(0.0999);
          expect(high).toBeLessThanOrEqual(50);
        }),
      );
    });
  }

  it("counts thrust bearings with a third and a 2.5th of the fatigue load", () => {
    expect(systemFactor("thrust-ball", 2, 0.3).aISO).toBe(
      systemFactor("radial-ball", 2, 0.3 / 3).aISO,
    );
    expect(systemFactor("thrust-roller", 2, 0.3).aISO).toBe(
      systemFactor("radial-roller", 2, 0.3 / 2.5).aISO,
    );
  });

  it("agrees with public implementations in all twelve equations (eC Cu / P = 0.05)", () => {
    const kappas = [0.2, 0.7, 2.5];
    const published = {
      "radial-ball": [0.16469797, 0.64775254, 1.9287557],
      "radial-roller": [0.11780645, 0.21440707, 0.35795357],
      "thrust-ball": [0.14092854, 0.3506223, 0.70147716],
      "thrust-roller": [0.1119941, 0.16851584, 0.23744468],
    };
    for (const type of bearingTypes) {
      kappas.forEach((kappa, i) => {
        const want = published[type][i]!;
        expect(Math.abs(systemFactor(type, kappa, 0.05).aISO / want - 1)).toBeLessThan(1e-7);
      });
    }
  });

  it("numbers the equation it used", () => {
    const used = [0.2, 0.5, 2].map((k) => systemFactor("radial-roller", k, 0.1).equation);
    expect(used).toEqual([34, 35, 36]);
  });

  it("takes kappa above 4 as 4 and says so, limits aISO to 50 and says so, refuses kappa below 0.1", () => {
    expect(systemFactor("radial-ball", 9, 0.1)).toMatchObject({
      aISO: systemFactor("radial-ball", 4, 0.1).aISO,
      warnings: ["KAPPA_CAPPED"],
    });
    expect(systemFactor("radial-ball", 4, 3)).toMatchObject({
      aISO: 50,
      warnings: ["AISO_CAPPED"],
    });
    expect(() => systemFactor("radial-ball", 0.09, 0.1)).toThrow("ISO281_RANGE");
  });
});

describe("a1 of ISO 281:2007", () => {
  it("is that of the 2007 table, not of 1990", () => {
    expect(a1Of(0.95).a1).toBe(0.64);
    expect(a1Of(0.99).a1).toBe(0.25);
    expect(a1Of(0.9995).a1).toBe(0.077);
  });

  it("agrees between table and the Weibull it was rounded from to the table's rounding", () => {
    for (const [percent, a1] of a1Table) {
      const between = a1Of(Math.min(percent / 100 + 2e-9, 0.9995)).a1;
      expect(Math.abs(between - a1)).toBeLessThan(a1 < 0.1 ? 0.0011 : 0.006);
    }
  });

  it("refuses what the table does not reach", () => {
    expect(() => a1Of(0.89)).toThrow("ISO281_RANGE");
    expect(() => a1Of(0.9999)).toThrow("ISO281_RANGE");
  });
});

describe("contamination", () => {
  it("takes table 13 by size, at the lower end of the range", () => {
    expect(contaminationOf("normal", 60, 1)).toMatchObject({ eC: 0.5, range: [0.5, 0.6] });
    expect(contaminationOf("normal", 100, 1)).toMatchObject({ eC: 0.6, range: [0.6, 0.8] });
  });

  it("agrees with a public implementation in the five grease classes (80 mm, kappa 0.5)", () => {
    const published = {
      "grease-high": 0.50578822,
      "grease-normal": 0.22074292,
      "grease-slight": 0.069144836,
      "grease-severe": 0.030548702,
      "grease-very-severe": 0.0024768083,
    } as const;
    for (const [name, want] of Object.entries(published)) {
      const { eC } = contaminationOf(name as keyof typeof published, 80, 0.5);
      expect(Math.abs(eC / want - 1)).toBeLessThan(1e-6);
    }
  });

  it("stays between 0 and 1 and never falls with kappa, in every class", () => {
    const kappa = fc.double({ min: 0.1, max: 6, noNaN: true });
    const pitch = fc.double({ min: 10, max: 2000, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...cleanlinessClasses), pitch, kappa, kappa, (name, mm, a, b) => {
        const low = contaminationOf(name, mm, Math.min(a, b)).eC;
        const high = contaminationOf(name, mm, Math.max(a, b)).eC;
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(high).toBeGreaterThanOrEqual(low);
      }),
    );
  });
});

describe("deep groove factors (ISO 281:2007, table 3)", () => {
  it("are the nine rows that five public implementations carry", () => {
    const ratios = [0.172, 0.345, 0.689, 1.03, 1.38, 2.07, 3.45, 5.17, 6.89];
    const e = [0.19, 0.22, 0.26, 0.28, 0.3, 0.34, 0.38, 0.42, 0.44];
    const y = [2.3, 1.99, 1.71, 1.55, 1.45, 1.31, 1.15, 1.04, 1];
    ratios.forEach((ratio, i) => {
      expect(deepGrooveFactors(ratio, e[i]!)).toEqual({ x: 1, y: 0 });
      expect(deepGrooveFactors(ratio, e[i]! + 1e-9)).toEqual({ x: 0.56, y: y[i] });
    });
  });

  it("gives the printed rows", () => {
    expect(deepGrooveFactors(0.689, 0.5)).toEqual({ x: 0.56, y: 1.71 });
    expect(deepGrooveFactors(6.89, 1)).toEqual({ x: 0.56, y: 1 });
  });

  it("leaves the axial load out while Fa/Fr is at most e", () => {
    expect(deepGrooveFactors(0.689, 0.26)).toEqual({ x: 1, y: 0 });
  });

  it("interpolates between rows and keeps the ends beyond them", () => {
    expect(deepGrooveFactors((0.689 + 1.03) / 2, 1).y).toBeCloseTo((1.71 + 1.55) / 2, 12);
    expect(deepGrooveFactors(0.01, 1).y).toBe(2.3);
    expect(deepGrooveFactors(20, 1).y).toBe(1);
  });
});

describe("what is missing or doubtful", () => {
  it("refuses lubrication without Cu, without contamination, without speed", () => {
    const { cuN: _, ...noCu } = skf6309;
    expect(() => bearingLife({ ...noCu, kappa: 1, contamination: { eC: 1 } })).toThrow("--cu");
    expect(() => bearingLife({ ...skf6309, kappa: 1 })).toThrow("--e-c or --cleanliness");
    const { speedRpm: __, ...still } = skf6309;
    const warm = { viscosityMm2s: 20, contamination: { eC: 1 } };
    expect(() => bearingLife({ ...still, ...warm })).toThrow("--speed");
    const code = (f: () => unknown) => {
      try {
        f();
      } catch (error) {
        return (error as WearoutError).code;
      }
      return undefined;
    };
    expect(code(() => bearingLife({ ...still, ...warm }))).toBe("USAGE");
    expect(code(() => bearingLife({ ...skf6309, kappa: 1 }))).toBe("USAGE");
    const low = { kappa: 0.05, contamination: { eC: 1 } };
    expect(code(() => bearingLife({ ...skf6309, ...low }))).toBe("LIFE_REFUSED");
  });

  it("warns of a load above C/2", () => {
    expect(bearingLife({ ...skf6309, pN: 30_000 }).warnings).toEqual(["LOAD_ABOVE_HALF_C"]);
  });
});
