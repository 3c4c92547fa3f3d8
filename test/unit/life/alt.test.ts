import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitAlt } from "../../../src/life/alt.js";
import type { LifeRow } from "../../../src/life/data.js";
import { boltzmannEvPerK, lawOf, type Relation } from "../../../src/life/stress.js";
import type { AltOptions } from "../../../src/life/stress-result.js";
import { oracle, relativeError, rowsOf } from "./oracle.js";

function near(got: number | undefined, want: number | undefined, relative: number): void {
  expect(relativeError(got ?? Number.NaN, want ?? Number.NaN)).toBeLessThan(relative);
}

const arrhenius = lawOf("arrhenius", ["temp_degC"]);
const power = lawOf("power", ["load_kN"]);

function options(changes: Partial<AltOptions> & Pick<AltOptions, "law" | "use">): AltOptions {
  return { distribution: "weibull", bounds: "likelihood", confidence: 0.9, ...changes };
}

describe("Device-A (Hooper and Amster 1990), lognormal Arrhenius", () => {
  const set = oracle("device-a-arrhenius");
  const celsius = (set.data.rows as unknown as { celsius: number }[]).map((r) => r.celsius);
  const rows = rowsOf(set).map((r, i) => ({ ...r, stress: { temp_degC: celsius[i]! } }));
  const want = set.reference["lognormal_arrhenius"]!;
  const fit = fitAlt(
    rows,
    options({ law: arrhenius, use: { temp_degC: 10 }, distribution: "lognormal" }),
  );

  it("has the oracle's activation energy times the ratio of its 1/k, 11605 K/eV, and ours", () => {
    const ratio = 11605 * boltzmannEvPerK;
    const energy = want["coefficients"]!["Ea_eV"]!;
    near(fit.parameters["activationEnergy"]!.estimate, energy["estimate"]! * ratio, 1e-9);
    near(fit.parameters["activationEnergy"]!.standardError, energy["se"]! * ratio, 1e-8);
    near(
      fit.parameters["activationEnergy"]!.lower,
      energy["profile_lr_ci"]!["90"]![0]! * ratio,
      1e-6,
    );
    near(
      fit.parameters["activationEnergy"]!.upper,
      energy["profile_lr_ci"]!["90"]![1]! * ratio,
      1e-6,
    );
  });

  it("has the oracle's other parameters, lives at use and acceleration factor", () => {
    near(fit.logLikelihood, want["loglik"], 1e-12);
    near(fit.parameters["lnConstant"]!.estimate, want["coefficients"]!["b0"]!["estimate"], 1e-9);
    near(
      fit.parameters["lnConstant"]!.lower,
      want["coefficients"]!["b0"]!["profile_lr_ci"]!["90"]![0],
      1e-6,
    );
    near(fit.parameters["sigma"]!.estimate, want["sigma"], 1e-9);
    const use = want["use"]!["10C"]!;
    near(fit.atUse.B10.estimate, use["B10"]!["estimate"], 1e-9);
    near(fit.atUse.B10.lower, use["B10"]!["profile_lr_ci"]!["90"]![0], 1e-6);
    near(fit.atUse.B10.upper, use["B10"]!["profile_lr_ci"]!["90"]![1], 1e-6);
    near(fit.atUse.B50.estimate, use["B50"]!["estimate"], 1e-9);
    const hottest = fit.levels.find((l) => l.stress["temp_degC"] === 80)!;
    near(hottest.accelerationFactor.estimate, want["af_80C_to_10C"], 1e-9);
    const apart = 11605 * (1 / 283.15 - 1 / 353.15);
    const [low, high] = want["coefficients"]!["Ea_eV"]!["profile_lr_ci"]!["90"]! as number[];
    near(hottest.accelerationFactor.lower, Math.exp(low! * apart), 1e-5);
    near(hottest.accelerationFactor.upper, Math.exp(high! * apart), 1e-5);
    const fisher = fitAlt(
      rows,
      options({
        law: arrhenius,
        use: { temp_degC: 10 },
        distribution: "lognormal",
        bounds: "fisher",
      }),
    );
    near(fisher.atUse.B50.lower, use["B50"]!["fisher_log_ci"]!["90"]![0], 1e-8);
  });

  it("agrees with separate fits as the oracle says, split into shape and relation", () => {
    near(fit.tests.separate!.statistic, set.reference["lr_model_vs_separate"], 1e-8);
    expect(fit.tests.separate!.df).toBe(set.reference["lr_df"]);
    const { commonShape, relation, separate } = fit.tests;
    near(commonShape!.statistic + relation!.statistic, separate!.statistic, 1e-9);
    expect(commonShape!.df + relation!.df).toBe(3);
    expect(fit.warnings).toEqual(["LEVEL_WITHOUT_FAILURE"]);
  });
});

type Published = {
  relation: Relation;
  distribution: "weibull" | "lognormal";
  columns: string[];
  use: number[];
  rows: [string, ...number[]][];
  reference: Record<string, number> & { standardErrors: Record<string, number> };
};

const file = new URL("../../../../test/data/oracle/alt-published.json", import.meta.url);
const { sets } = JSON.parse(readFileSync(fileURLToPath(file), "utf8")) as {
  sets: Record<string, Published>;
};

function published(set: Published) {
  const kinds = { F: "exact", S: "right", I: "interval" } as const;
  const rows = set.rows.map(([status, time, count, ...stress]): LifeRow => {
    const kind: LifeRow["kind"] = kinds[status as "F" | "S" | "I"];
    const high = kind === "interval" ? { timeHigh: stress[1]! } : {};
    const named = set.columns.map((c, i) => [c, stress[i]!] as const);
    return { kind, time: time!, count: count!, stress: Object.fromEntries(named), ...high };
  });
  const law = lawOf(set.relation, set.columns);
  const use = Object.fromEntries(set.columns.map((c, i) => [c, set.use[i]!]));
  return fitAlt(rows, options({ law, use, distribution: set.distribution, bounds: "fisher" }));
}

describe("published accelerated tests against R survreg", () => {
  for (const [name, set] of Object.entries(sets)) {
    it(name, () => {
      const { reference: want } = set;
      const fit = published(set);
      near(fit.logLikelihood, want["logLikelihood"], 1e-9);
      const { shape, sigma } = fit.parameters;
      near(sigma?.estimate ?? 1 / shape!.estimate, want["sigma"], 1e-6);
      const spread = (sigma ?? shape)!;
      near(spread.standardError / spread.estimate, want.standardErrors["lnSigma"], 1e-5);
      for (const c of ["lnConstant", "activationEnergy", "exponent"] as const) {
        if (want[c] === undefined) continue;
        near(fit.parameters[c]!.estimate, want[c], 1e-6);
        near(fit.parameters[c]!.standardError, want.standardErrors[c], 1e-5);
      }
      if (want["B10"] !== undefined) near(fit.atUse.B10.estimate, want["B10"], 1e-5);
      if (want["B50"] !== undefined) near(fit.atUse.B50.estimate, want["B50"], 1e-6);
    });
  }

  it("the insulating fluid has the digits recollected of books, -17.73, 64.85 and 1.288, and R's tests", () => {
    const set = sets["insulating-fluid"]!;
    const fit = published(set);
    expect(fit.parameters["exponent"]!.estimate).toBeCloseTo(17.73, 2);
    expect(fit.parameters["lnConstant"]!.estimate).toBeCloseTo(64.85, 2);
    expect(1 / fit.parameters["shape"]!.estimate).toBeCloseTo(1.288, 3);
    const { separateLogLikelihood: separate, saturatedLogLikelihood: saturated } = set.reference;
    near(fit.tests.commonShape!.statistic, 2 * (separate! - saturated!), 1e-6);
    near(fit.tests.relation!.statistic, 2 * (saturated! - fit.logLikelihood), 1e-6);
    expect([fit.tests.commonShape!.df, fit.tests.relation!.df]).toEqual([6, 5]);
  });
});

/** Three levels with spread failures and some suspensions, so that there is always a maximum. */
const tested = fc
  .tuple(
    ...[0, 1, 2].map((level) =>
      fc
        .uniqueArray(fc.integer({ min: 300, max: 3000 }), { minLength: 3, maxLength: 6 })
        .map((times) =>
          times.map(
            (t, i): LifeRow => ({
              kind: i === 1 && t > 1000 ? "right" : "exact",
              time: t / 3 ** level,
              count: 1,
              stress: { load_kN: [4, 6, 9][level]!, temp_degC: [60, 90, 110][level]! },
            }),
          ),
        ),
    ),
  )
  .map((levels) => levels.flat());
const use = { load_kN: 3, temp_degC: 40 };
const few = { numRuns: 25 };

describe("an accelerated fit does not depend on what should not matter", () => {
  it("the unit of time and the order of rows; a count is so many rows", () => {
    fc.assert(
      fc.property(
        tested,
        fc.constantFrom<Relation>("power", "arrhenius", "eyring"),
        (rows, relation) => {
          const law = lawOf(relation, [relation === "power" ? "load_kN" : "temp_degC"]);
          const asked = options({ law, use, bounds: "fisher" });
          const fit = fitAlt(rows, asked);
          const minutes = fitAlt(rows.map((r) => ({ ...r, time: r.time * 60 })).reverse(), asked);
          near(minutes.atUse.B10.estimate, 60 * fit.atUse.B10.estimate, 1e-8);
          near(minutes.atUse.mean.upper, 60 * fit.atUse.mean.upper, 1e-7);
          const twice = fitAlt(
            rows.map((r) => ({ ...r, count: 2 })),
            asked,
          );
          const repeated = fitAlt([...rows, ...rows], asked);
          near(twice.atUse.B10.lower, repeated.atUse.B10.lower, 1e-8);
          near(twice.logLikelihood, repeated.logLikelihood, 1e-9);
        },
      ),
      few,
    );
  });

  it("the unit of a stress under the power law, degC or K of a temperature", () => {
    fc.assert(
      fc.property(tested, (rows) => {
        const fit = fitAlt(rows, options({ law: power, use: { load_kN: 3 }, bounds: "fisher" }));
        const newton = fitAlt(
          rows.map((r) => ({ ...r, stress: { load_N: 1000 * r.stress["load_kN"]! } })),
          options({ law: lawOf("power", ["load_N"]), use: { load_N: 3000 }, bounds: "fisher" }),
        );
        near(newton.parameters["exponent"]!.estimate, fit.parameters["exponent"]!.estimate, 1e-8);
        near(newton.atUse.B10.lower, fit.atUse.B10.lower, 1e-8);
        const hot = fitAlt(
          rows,
          options({ law: arrhenius, use: { temp_degC: 40 }, bounds: "fisher" }),
        );
        const kelvin = fitAlt(
          rows.map((r) => ({ ...r, stress: { temp_K: 273.15 + r.stress["temp_degC"]! } })),
          options({
            law: lawOf("arrhenius", ["temp_K"]),
            use: { temp_K: 313.15 },
            bounds: "fisher",
          }),
        );
        near(kelvin.atUse.B10.estimate, hot.atUse.B10.estimate, 1e-8);
      }),
      few,
    );
  });

  it("likelihood bounds hold their estimate, and lose z^2 / 2 whatever the unit", () => {
    fc.assert(
      fc.property(tested, (rows) => {
        const asked = options({ law: power, use: { load_kN: 3 } });
        const fit = fitAlt(rows, asked);
        const scaled = fitAlt(
          rows.map((r) => ({ ...r, time: r.time / 24 })),
          asked,
        );
        for (const life of ["B10", "B50", "mean"] as const) {
          const { estimate, lower, upper } = fit.atUse[life];
          expect(lower).toBeLessThan(estimate);
          expect(upper).toBeGreaterThan(estimate);
          near(scaled.atUse[life].lower * 24, lower, 1e-6);
        }
      }),
      { numRuns: 10 },
    );
  });
});

const f = (time: number, load_kN: number, temp_degC = 60): LifeRow => ({
  kind: "exact",
  time,
  count: 1,
  stress: { load_kN, temp_degC },
});

describe("what an accelerated test cannot answer", () => {
  const asked = options({ law: power, use: { load_kN: 3 } });
  const two = lawOf("power-arrhenius", ["temp_degC", "load_kN"]);

  it("is refused: failures at one level, stresses that move together, no failure", () => {
    const alone = [f(10, 5), f(20, 5), f(30, 5), { ...f(50, 4), kind: "right" as const }];
    expect(() => fitAlt(alone, asked)).toThrow(/ONE_LEVEL.*failures at 1 of 2/);
    const together = [f(10, 5, 80), f(20, 5, 80), f(30, 4, 70), f(50, 4, 70)];
    const both = options({ law: two, use });
    expect(() => fitAlt(together, both)).toThrow(/STRESSES_TOGETHER/);
    expect(() =>
      fitAlt(
        alone.map((r) => ({ ...r, kind: "right" })),
        asked,
      ),
    ).toThrow(/NO_FAILURE/);
  });

  it("a level where failures were expected and none came has a free life: its degree of freedom counts", () => {
    const rows = [
      ...[10, 14, 19].map((t) => f(t, 6)),
      ...[25, 33, 47].map((t) => f(t, 5)),
      { ...f(200, 4), kind: "right" as const, count: 3 },
    ];
    const { separate } = fitAlt(rows, asked).tests;
    expect(separate!.df).toBe(2);
    expect(separate!.statistic).toBeCloseTo(5.803, 3);
    expect(separate!.p).toBeCloseTo(0.055, 3);
  });

  it("true relations with a silent level are contradicted as often as promised", () => {
    let seed = 11;
    const chance = () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    let [tried, refused] = [0, 0];
    for (let i = 0; i < 300; i++) {
      const rows = [6, 5, 3].flatMap((load) =>
        Array.from({ length: 10 }, () => {
          const time = 40 * (load / 6) ** -3 * Math.sqrt(-Math.log(chance()));
          return time > 60 ? { ...f(60, load), kind: "right" as const } : f(time, load);
        }),
      );
      const { separate } = fitAlt(rows, { ...asked, bounds: "fisher" }).tests;
      if (separate === undefined) continue;
      tried++;
      if (separate.p < 0.1) refused++;
    }
    expect(tried).toBeGreaterThan(150);
    // Nominal 10 %, three standard errors.
    expect(refused / tried).toBeLessThan(0.1 + 3 * Math.sqrt(0.09 / tried));
  });

  it("fewer failures than parameters are refused", () => {
    expect(() => fitAlt([f(10, 6), f(30, 5)], asked)).toThrow(/TOO_FEW_FAILURES/);
  });

  it("is warned of: a shape that varies, a relation that bends, life that rises", () => {
    const level = (times: number[], load: number) => times.map((t) => f(t, load));
    const spread = [...level([1, 10, 100, 1000, 9000], 5), ...level([99, 100, 101, 102, 103], 7)];
    expect(fitAlt(spread, asked).warnings).toContain("SHAPE_VARIES");
    const tight = (at: number) => [0.9, 1, 1.1, 1.2, 1.3].map((k) => k * at);
    const bent = [...level(tight(1000), 4), ...level(tight(990), 6), ...level(tight(10), 9)];
    expect(fitAlt(bent, asked).warnings).toContain("RELATION_LACKS_FIT");
    const rising = fitAlt([...level(tight(100), 4), ...level(tight(900), 6)], asked).warnings;
    expect(rising).toEqual(["RELATION_UNTESTED", "STRESS_EXTRAPOLATION", "LIFE_RISES_WITH_STRESS"]);
  });

  it("tests no free fit that has no maximum: all failures of a level within one interval", () => {
    const within = (time: number, load_kN: number): LifeRow[] => [
      { kind: "interval", time, timeHigh: 2 * time, count: 4, stress: { load_kN } },
    ];
    const rows = [...within(800, 2), ...within(300, 3), ...within(100, 4)];
    const { tests } = fitAlt(rows, options({ law: power, use: { load_kN: 1 } }));
    expect([tests.commonShape, tests.separate]).toEqual([undefined, undefined]);
  });

  it("tests no free fit that has no maximum: one failure at each level", () => {
    const fit = fitAlt([f(100, 4), f(70, 5), f(20, 7), f(4, 9)], asked);
    expect(fit.tests.commonShape).toBeUndefined();
    expect(fit.tests.relation).toBeUndefined();
    expect(fit.warnings).toContain("RELATION_NO_REPEATS");
    expect(fit.tests.curvature!.df).toBe(1);
  });
});
