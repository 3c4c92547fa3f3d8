/** What every bound keeps, whatever the data: one consistent region per fit. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WearoutError } from "../../../src/base/error.js";
import type { LifeRow } from "../../../src/life/data.js";
import type { Bounded } from "../../../src/life/estimate.js";
import { type FitOptions, fitLife, type LifeFit, type Simulate } from "../../../src/life/fit.js";
import { simulatePivots } from "../../../src/life/pivot.js";

const ats = [5, 20, 60, 100, 150];
const row = (kind: "exact" | "right", time: number, count = 1): LifeRow => {
  return { kind, time, count, stress: {} };
};

const lives = fc.array(
  fc.record({
    kind: fc.constantFrom("exact" as const, "exact" as const, "right" as const),
    time: fc.integer({ min: 1, max: 300 }),
    count: fc.constantFrom(1, 1, 1, 3),
  }),
  { minLength: 3, maxLength: 12 },
);
/** Complete, or stopped at the last failure, which is what exact bounds are for. */
const stopped = fc.tuple(
  fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 2, maxLength: 10 }),
  fc.nat({ max: 10 }),
);

const simulate: Simulate = async (job) => simulatePivots({ ...job, draws: 1000, chunk: 0 });

async function fitted(
  rows: readonly LifeRow[],
  options: Partial<FitOptions>,
): Promise<LifeFit | undefined> {
  const all: FitOptions = {
    distribution: "weibull",
    method: "mle",
    ranks: "exact",
    bounds: "likelihood",
    confidence: 0.9,
    unbiased: "none",
    at: ats,
    ...options,
  };
  return fitLife(rows, all, simulate).catch((error: unknown) => {
    if (error instanceof WearoutError && error.code === "LIFE_REFUSED") return undefined;
    throw error;
  });
}

const boundsOf = (fit: LifeFit): Record<string, Bounded> => {
  return { ...fit.parameters, ...fit.life, ...fit.at };
};

function expectNoMore(a: number, b: number, what: string): void {
  if (Number.isNaN(a) || Number.isNaN(b)) return;
  expect(a <= b + 1e-6 * Math.abs(b) + 1e-9, `${what}: ${a} over ${b}`).toBe(true);
}

function expectConsistent(fit: LifeFit, holdsEstimate: boolean): void {
  for (const [name, b] of Object.entries(boundsOf(fit))) {
    expectNoMore(b.lower, b.upper, name);
    if (!holdsEstimate) continue;
    expectNoMore(b.lower, b.estimate, name);
    expectNoMore(b.estimate, b.upper, name);
  }
  const { B1, B5, B10, B50 } = fit.life;
  const rising = [B1, B5, B10, B50];
  const falling = ats.map((t) => fit.at![String(t)]!);
  for (const end of ["lower", "upper"] as const) {
    for (let i = 1; i < rising.length; i++) {
      expectNoMore(rising[i - 1]![end], rising[i]![end], `B lives, ${end}`);
    }
    for (let i = 1; i < falling.length; i++) {
      expectNoMore(falling[i]![end], falling[i - 1]![end], `R(t), ${end}`);
    }
  }
}

function expectNested(narrow: LifeFit, wide: LifeFit): void {
  const outer = boundsOf(wide);
  for (const [name, b] of Object.entries(boundsOf(narrow))) {
    expectNoMore(outer[name]!.lower, b.lower, `${name} by confidence`);
    expectNoMore(b.upper, outer[name]!.upper, `${name} by confidence`);
  }
}

async function expectAll(rows: readonly LifeRow[], options: Partial<FitOptions>): Promise<void> {
  const fits: LifeFit[] = [];
  for (const confidence of [0.5, 0.9, 0.99]) {
    const fit = await fitted(rows, { ...options, confidence });
    if (fit === undefined) return;
    fits.push(fit);
    expectConsistent(fit, options.bounds !== "exact");
  }
  expectNested(fits[0]!, fits[1]!);
  expectNested(fits[1]!, fits[2]!);
  const inSeconds = rows.map((r) => ({ ...r, time: 3600 * r.time })).reverse();
  const again = await fitted(inSeconds, { ...options, at: ats.map((t) => 3600 * t) });
  for (const [name, b] of Object.entries(fits[1]!.life)) {
    const other = again!.life[name as "B10"];
    for (const end of ["estimate", "lower", "upper"] as const) {
      expectNoMore(other[end] / 3600, b[end], `${name} in seconds`);
      expectNoMore(b[end], other[end] / 3600, `${name} in seconds`);
    }
  }
}

describe("bounds hold the estimate, rise with the fraction and the confidence, whatever unit and order", () => {
  const kinds: Partial<FitOptions>[] = [
    { distribution: "weibull" },
    { distribution: "lognormal" },
    { distribution: "exponential" },
    { bounds: "fisher" },
    { bounds: "fisher", distribution: "lognormal" },
    { bounds: "fisher", method: "mrr" },
    { bounds: "fisher", distribution: "weibull3" },
    { distribution: "weibull3" },
  ];
  for (const options of kinds) {
    it(Object.values(options).join(" "), async () => {
      const property = fc.asyncProperty(lives, (rows) =>
        expectAll(
          rows.map((r) => row(r.kind, r.time, r.count)),
          options,
        ),
      );
      await fc.assert(property, {
        numRuns: options.distribution === "weibull3" ? 25 : 60,
        seed: 13,
      });
    });
  }

  for (const distribution of ["weibull", "lognormal", "exponential"] as const) {
    it(`exact ${distribution}, which need not hold the estimate and then says so`, async () => {
      const property = fc.asyncProperty(stopped, async ([times, off]) => {
        const rows = times.map((t) => row("exact", t));
        if (off > 0) rows.push(row("right", Math.max(...times), off));
        await expectAll(rows, { bounds: "exact", distribution });
        const fit = await fitted(rows, { bounds: "exact", distribution, confidence: 0.3 });
        if (fit === undefined) return;
        const out = Object.values(boundsOf(fit)).some(
          (b) => b.estimate < b.lower || b.estimate > b.upper,
        );
        expect(fit.warnings.includes("ESTIMATE_OUTSIDE")).toBe(out);
      });
      await fc.assert(property, { numRuns: 30, seed: 13 });
    });
  }
});

describe("a third parameter", () => {
  // NIST/SEMATECH e-Handbook 8.4.1.3
  const nist = [54, 187, 216, 240, 244, 335, 361, 373, 375, 386].map((t) => row("exact", t));

  it("is bounded with all else by the profile with shapes of 1 and more, locations below the first failure", async () => {
    const rows = [...nist, row("right", 500, 10)];
    const fit = (await fitted(rows, { distribution: "weibull3", at: [30] }))!;
    expect(fit.life.B5.lower).toBeCloseTo(4.306, 2);
    expect(fit.life.B10.lower).toBeCloseTo(76.05, 2);
    expect(fit.life.B50.lower).toBeCloseTo(343.03, 2);
    expect(fit.life.B50.upper).toBeCloseTo(866.91, 1);
    expect(fit.parameters["shape"]!.lower).toBe(1);
    expect(fit.parameters["location"]!.upper).toBe(54);
    // Before the estimated location all live, but how sure is that?
    expect(fit.at!["30"]!.estimate).toBe(1);
    expect(fit.at!["30"]!.lower).toBeCloseTo(0.9359, 4);
  });

  it("keeps a lower bound of B50 at 99 % (Lieblein and Zelen)", async () => {
    const times = [
      17.88, 28.92, 33, 41.52, 42.12, 45.6, 48.4, 51.84, 51.96, 54.12, 55.56, 67.8, 68.64, 68.64,
      68.88, 84.12, 93.12, 98.64, 105.12, 105.84, 127.92, 128.04, 173.4,
    ];
    const rows = times.map((t) => row("exact", t));
    const fit = (await fitted(rows, { distribution: "weibull3", confidence: 0.99, at: [] }))!;
    expect(fit.life.B50.lower).toBeCloseTo(45.35, 2);
    expect(fit.life.B10.lower).toBeCloseTo(10.66, 2);
  });
});
