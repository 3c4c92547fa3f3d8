import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WearoutError } from "../../../src/base/error.js";
import type { LifeRow } from "../../../src/life/data.js";
import { type Distribution, type FitOptions, fitLife } from "../../../src/life/fit.js";
import { fitModel } from "../../../src/life/model.js";
import { simulatePivots } from "../../../src/life/pivot.js";
import { simulateInThreads } from "../../../src/life/pivot-pool.js";
import { smallestExtremeValue, standardNormal } from "../../../src/life/standard.js";
import { fastWeibull } from "../../../src/life/weibull-fast.js";
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
const between = (time: number, timeHigh: number): LifeRow => ({
  kind: "interval",
  time,
  timeHigh,
  count: 1,
  stress: {},
});
const before = (time: number): LifeRow => ({ kind: "left", time, count: 1, stress: {} });

/** Mixed data that always has a maximum: spread failures and some of every other kind. */
const someRows = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 10, max: 5000 }), { minLength: 4, maxLength: 12 }),
    fc.array(fc.integer({ min: 10, max: 6000 }), { maxLength: 5 }),
    fc.array(fc.integer({ min: 10, max: 4000 }), { maxLength: 3 }),
  )
  .map(([exact, right, low]) => [
    ...exact.map((t) => f(t)),
    ...right.map((t) => s(t)),
    ...low.map((t) => between(t, t * 1.5)),
    ...low.map((t) => before(t * 2)),
  ]);

const distribution = fc.constantFrom<Distribution>("weibull", "lognormal", "exponential");
const fewRuns = { numRuns: 40 };

function close(got: number, want: number, relative: number): void {
  if (got === want) return;
  expect(relativeError(got, want)).toBeLessThan(relative);
}

describe("a fit does not depend on what should not matter", () => {
  it("the unit of time", async () => {
    await fc.assert(
      fc.asyncProperty(
        someRows,
        distribution,
        fc.double({ min: 1e-3, max: 1e4, noNaN: true }),
        async (rows, distribution, k) => {
          const scaled = rows.map((r) => ({
            ...r,
            time: r.time * k,
            ...(r.timeHigh === undefined ? {} : { timeHigh: r.timeHigh * k }),
          }));
          const [a, b] = [
            await fitted(rows, { distribution }),
            await fitted(scaled, { distribution }),
          ];
          close(b.life.B10.estimate, k * a.life.B10.estimate, 1e-8);
          close(b.life.B10.lower, k * a.life.B10.lower, 1e-6);
          close(b.life.B10.upper, k * a.life.B10.upper, 1e-6);
        },
      ),
      fewRuns,
    );
  });

  it("the order of the rows", async () => {
    await fc.assert(
      fc.asyncProperty(someRows, distribution, async (rows, distribution) => {
        const [a, b] = [
          await fitted(rows, { distribution }),
          await fitted([...rows].reverse(), { distribution }),
        ];
        close(b.life.mean.estimate, a.life.mean.estimate, 1e-8);
        close(b.logLikelihood, a.logLikelihood, 1e-11);
      }),
      fewRuns,
    );
  });

  it("whether specimens that share a time are counted or repeated", async () => {
    await fc.assert(
      fc.asyncProperty(
        someRows,
        distribution,
        fc.integer({ min: 2, max: 4 }),
        async (rows, distribution, k) => {
          const counted = rows.map((r) => ({ ...r, count: k }));
          const repeated = Array.from({ length: k }, () => rows).flat();
          const [a, b] = [
            await fitted(counted, { distribution }),
            await fitted(repeated, { distribution }),
          ];
          expect(a.n).toBe(b.n);
          close(a.life.B10.estimate, b.life.B10.estimate, 1e-8);
          close(a.life.B10.upper, b.life.B10.upper, 1e-6);
        },
      ),
      fewRuns,
    );
  });

  it("whether an exact time is written as an interval that shrinks to it", async () => {
    const times = [17.88, 28.92, 33, 41.52, 84.12];
    for (const distribution of ["weibull", "lognormal"] as const) {
      const exact = await fitted(
        times.map((t) => f(t)),
        { distribution },
      );
      for (const [width, error] of [
        [1e-2, 1e-4],
        [1e-4, 1e-8],
        [1e-5, 1e-9],
        [1e-9, 1e-9],
        [0, 1e-12],
      ] as const) {
        const rows = times.map((t) => between(t * (1 - width / 2), t * (1 + width / 2)));
        const got = await fitted(rows, { distribution });
        close(got.life.B10.estimate, exact.life.B10.estimate, error);
        close(got.life.B10.lower, exact.life.B10.lower, error * 10);
      }
    }
  });

  it("which way the maximum is found: the shape equation or Newton on all parameters", () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const plain = rows.filter((r) => r.kind === "exact" || r.kind === "right");
        const logTimes = Float64Array.from(plain, (r) => Math.log(r.time));
        const fast = fastWeibull(
          logTimes,
          Uint8Array.from(plain, (r) => Number(r.kind === "exact")),
        );
        const slow = fitModel(plain, smallestExtremeValue);
        expect(fast?.mu).toBeCloseTo(slow.theta[0]!, 9);
        expect(fast?.s).toBeCloseTo(slow.theta[1]!, 9);
        close(fast!.varMu, slow.covariance[0]!, 1e-6);
        close(fast!.cov, slow.covariance[1]!, 1e-5);
        close(fast!.varS, slow.covariance[3]!, 1e-6);
      }),
      fewRuns,
    );
  });
});

describe("large data", () => {
  it("are fitted with bounds, a hundred thousand rows and more", async () => {
    const rows = Array.from({ length: 150_000 }, (_, i) => (i % 3 === 0 ? s(1 + i) : f(1 + i)));
    const got = await fitted(rows, { bounds: "fisher" });
    expect(got.failures).toBe(100_000);
    expect(got.life.B10.lower).toBeLessThan(got.life.B10.estimate);
  });

  it("have the same maximum however the search starts, thinned to every 64th life first", () => {
    const logTimes = Float64Array.from({ length: 51_200 }, (_, i) =>
      Math.log(1 + ((i * 7919) % 51_200)),
    );
    const failed = Uint8Array.from(logTimes, (t) => Number(t < 10.5));
    const order = Array.from(logTimes.keys()).sort((a, b) => logTimes[a]! - logTimes[b]!);
    const sorted = Float64Array.from(order, (i) => logTimes[i]!);
    const [a, b] = [
      fastWeibull(logTimes, failed)!,
      fastWeibull(
        sorted,
        Uint8Array.from(order, (i) => failed[i]!),
      )!,
    ];
    close(a.mu, b.mu, 1e-11);
    close(a.s, b.s, 1e-10);
    close(a.varS, b.varS, 1e-9);
    const half = Float64Array.from(logTimes, () => 0.5);
    close(fastWeibull(logTimes, failed, half)!.varS, 2 * a.varS, 1e-9);
  });
});

describe("the likelihood", () => {
  it("has the gradient and Hessian that differences of it show", () => {
    const rows = [f(20), f(55, 2), s(70), between(30, 60), before(25), s(90, 3)];
    for (const standard of [smallestExtremeValue, standardNormal]) {
      const { likelihood } = fitModel(rows, standard);
      const at = Float64Array.of(3.9, -0.6);
      const { gradient, hessian } = likelihood(at);
      const [g, h] = [Float64Array.from(gradient), Float64Array.from(hessian)];
      const step = 1e-5;
      for (const i of [0, 1]) {
        const moved = (by: number) => {
          const e = likelihood(at.map((v, j) => v + (i === j ? by : 0)));
          return { value: e.value, gradient: Float64Array.from(e.gradient) };
        };
        const [up, down] = [moved(step), moved(-step)];
        expect((up.value - down.value) / (2 * step)).toBeCloseTo(g[i]!, 7);
        for (const j of [0, 1]) {
          const second = (up.gradient[j]! - down.gradient[j]!) / (2 * step);
          expect(second).toBeCloseTo(h[i * 2 + j]!, 6);
        }
      }
    }
  });
});

describe("what the data cannot answer is refused", () => {
  const cases: [what: string, rows: LifeRow[], options: Partial<FitOptions>, code: string][] = [
    ["no failure", [s(5), s(6)], {}, "NO_FAILURE"],
    ["one failure", [f(5), s(6)], {}, "ONE_FAILURE"],
    ["one failure with nothing longer", [s(5), f(6)], {}, "ONE_FAILURE"],
    ["all failures equal", [f(5), f(5)], {}, "ALL_EQUAL"],
    [
      "a line through one time",
      [f(5), f(5), s(6)],
      { method: "mrr", bounds: "fisher" },
      "ALL_EQUAL",
    ],
    ["one interval for all", [{ ...f(5, 4), kind: "interval", timeHigh: 9 }], {}, "ALL_EQUAL"],
    [
      "intervals and suspensions that one time would explain",
      [{ ...f(5), kind: "interval", timeHigh: 9 }, { ...f(8, 2), kind: "left" }, s(7)],
      {},
      "ALL_EQUAL",
    ],
    [
      "intervals that share one failure's time",
      [f(8), f(8), { ...f(5), kind: "interval", timeHigh: 9 }, s(7)],
      { method: "mrr", bounds: "fisher" },
      "ALL_EQUAL",
    ],
    [
      "nothing but failures before",
      [
        { ...f(5), kind: "left" },
        { ...f(9), kind: "left" },
      ],
      {},
      "ALL_EQUAL",
    ],
    ["a weighted failure alone", [f(5, 3)], {}, "ALL_EQUAL"],
    ["failures at the longest time only", [f(6), f(6), s(5)], {}, "LONGEST_FAILURE_ONLY"],
    [
      "an unbounded third parameter",
      [1, 1.1, 1.3, 2, 9, 40].map((t) => f(t)),
      { distribution: "weibull3" },
      "LIKELIHOOD_UNBOUNDED",
    ],
    [
      "exact bounds for suspensions between failures",
      [f(5), s(6), f(9)],
      { bounds: "exact" },
      "EXACT_RANGE",
    ],
    [
      "exact bounds for a third parameter",
      [f(5), f(6), f(9)],
      { bounds: "exact", distribution: "weibull3" },
      "METHOD_RANGE",
    ],
    ["likelihood bounds of a rank regression", [f(5), f(9)], { method: "mrr" }, "METHOD_RANGE"],
    [
      "Ross's correction of few failures",
      [f(5), f(6), f(9), s(10, 30)],
      { unbiased: "ross" },
      "CORRECTION_RANGE",
    ],
    [
      "Hirose's correction of censored data",
      [f(5), f(6), f(9), s(10)],
      { unbiased: "hirose" },
      "CORRECTION_COMPLETE",
    ],
    [
      "a correction of the lognormal",
      [f(5), f(6), f(9)],
      { unbiased: "rba", distribution: "lognormal" },
      "METHOD_RANGE",
    ],
    [
      "ranks of half a specimen",
      [f(5, 1.5), f(9)],
      { method: "mrr", bounds: "fisher" },
      "METHOD_RANGE",
    ],
  ];
  for (const [what, rows, options, code] of cases) {
    it(what, async () => {
      const error = await fitted(rows, options).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(WearoutError);
      expect((error as WearoutError).code).toBe("LIFE_REFUSED");
      expect((error as WearoutError).message).toMatch(new RegExp(`^${code}: `));
    });
  }
});

describe("a refusal gives its true reason", () => {
  it("of one failure among survivors, whose likelihood has a maximum: it is too little, not none", async () => {
    const error = await fitted([f(400), s(600), s(800), s(1000)]).catch((e: unknown) => e);
    expect((error as WearoutError).message).toMatch(
      /^ONE_FAILURE: only one failure: .* whether its likelihood has a maximum or not \(/,
    );
  });
});

describe("what a reader must know is said", () => {
  it("few failures, asymptotic bounds, and a life beyond the data", async () => {
    const { warnings } = await fitted([f(5), f(6), s(7, 20)]);
    expect(warnings).toEqual(["FEW_FAILURES", "ASYMPTOTIC_BOUNDS", "EXTRAPOLATION"]);
  });

  it("that the likelihood grows or falls with the location, however far the data lie from 0", async () => {
    const rows = [0, 1, 2, 3, 5, 8, 13, 20];
    for (const from of [1e3, 1e6]) {
      const far = fitted(
        rows.map((t) => f(from + t)),
        { distribution: "weibull3" },
      );
      await expect(far).rejects.toThrow("LIKELIHOOD_UNBOUNDED");
      // The same, turned round: it falls from 0 on.
      const falling = await fitted(
        rows.map((t) => f(from + 20 - t)),
        { distribution: "weibull3" },
      );
      expect(falling.warnings).toContain("LOCATION_AT_ZERO");
    }
  });

  it("several modes fitted as one", async () => {
    const rows = [
      { ...f(5), mode: "a" },
      { ...f(8), mode: "b" },
      ...[9, 12, 15, 20].map((t) => f(t)),
    ];
    expect((await fitted(rows)).warnings).toContain("MODES_MIXED");
  });

  it("the exponential stands on one failure", async () => {
    const got = await fitted([f(100), s(100, 9)], { distribution: "exponential" });
    close(got.parameters["scale"]!.estimate, 1000, 1e-10);
  });
});

describe("exact bounds", () => {
  it("of the exponential are chi-square's, with one failure too", async () => {
    const exponential = { distribution: "exponential", bounds: "exact", at: [50] } as const;
    // 2 T / scale: 5 % and 95 % points of chi-square with 6 degrees of freedom, printed in tables.
    const three = await fitted([f(20), f(30), f(70), s(70, 2)], exponential);
    close(three.parameters["scale"]!.lower, (2 * 260) / 12.5915872437, 1e-10);
    close(three.parameters["scale"]!.upper, (2 * 260) / 1.63538289, 1e-8);
    close(three.life.mean.lower, three.parameters["scale"]!.lower, 1e-14);
    close(three.at!["50"]!.lower, Math.exp(-50 / three.parameters["scale"]!.lower), 1e-13);
    const one = await fitted([f(20), s(20, 4)], exponential);
    // Two degrees of freedom: -2 ln of the tail.
    close(one.parameters["scale"]!.lower, 100 / -Math.log(0.05), 1e-13);
    close(one.parameters["scale"]!.upper, 100 / -Math.log(0.95), 1e-13);
    await expect(fitted([f(20), s(30), f(40)], exponential)).rejects.toThrow("EXACT_RANGE");
  });

  it("do not depend on the number of threads: each chunk has its own stream", async () => {
    const job = { family: "weibull", n: 6, failures: 4, draws: 80, seed: 5 } as const;
    const threads = await simulateInThreads(job);
    const here = Array.from({ length: 8 }, (_, chunk) => [
      ...simulatePivots({ ...job, draws: 10, chunk }),
    ]);
    expect([...threads]).toEqual(here.flat());
  });

  it("of a complete normal sample are Student's and chi-square's", async () => {
    const rows = [12, 15, 19, 22, 31, 40].map((t) => f(t));
    const got = await fitted(rows, { distribution: "lognormal", bounds: "exact" });
    const { mu, sigma } = got.parameters;
    // t(5, 0.95) = 2.015048; chi-square(5): 1.145476 and 11.0705
    close(mu!.upper - mu!.estimate, (2.015048 * sigma!.estimate) / Math.sqrt(5), 0.02);
    close(sigma!.upper, sigma!.estimate * Math.sqrt(6 / 1.145476), 0.01);
    close(sigma!.lower, sigma!.estimate * Math.sqrt(6 / 11.0705), 0.01);
  });
});
