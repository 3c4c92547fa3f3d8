import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/random.js";
import { fitAlt } from "../../../src/life/alt.js";
import type { LifeRow } from "../../../src/life/data.js";
import { type Exposed, exposureLikelihood } from "../../../src/life/exposure-likelihood.js";
import { smallestExtremeValue, standardNormal } from "../../../src/life/standard.js";
import type { StepHistory } from "../../../src/life/step-data.js";
import { fitSteps } from "../../../src/life/steps.js";
import { lawOf } from "../../../src/life/stress.js";
import type { AltOptions } from "../../../src/life/stress-result.js";
import { relativeError } from "./oracle.js";

function near(got: number | undefined, want: number | undefined, relative: number): void {
  expect(relativeError(got ?? Number.NaN, want ?? Number.NaN)).toBeLessThan(relative);
}

const power = lawOf("power", ["load"]);
const asked: AltOptions = {
  law: power,
  use: { load: 80 },
  distribution: "weibull",
  bounds: "fisher",
  confidence: 0.9,
};

/** [end of the step, load] ..., the last with how it ended. */
function history(kind: LifeRow["kind"], steps: [number, number][], timeHigh?: number): StepHistory {
  const last = steps.length - 1;
  const rows = steps.map(([time, load], i): LifeRow => {
    const high = i === last && timeHigh !== undefined ? { timeHigh } : {};
    return {
      kind: i === last ? kind : "right",
      time,
      count: 1,
      stress: { load, temp_K: load + 250 },
      ...high,
    };
  });
  return { specimen: "", steps: rows };
}

type Reference = Record<string, number>;
const url = new URL("../../../../test/data/oracle/step-stress.json", import.meta.url);
const set = JSON.parse(readFileSync(fileURLToPath(url), "utf8")) as {
  times: number[];
  change: number;
  reference: { weibull: Reference; lognormal: Reference };
};
const forty = set.times.map((t) =>
  history(
    "exact",
    t <= set.change
      ? [[t, 100]]
      : [
          [set.change, 100],
          [t, 150],
        ],
  ),
);

describe("40 items, stress raised from 100 to 150 (Murthy, Xie and Jiang 2004, data set 12.2)", () => {
  for (const distribution of ["weibull", "lognormal"] as const) {
    it(`${distribution}: the maximum, errors and B10 that mpmath finds on the written-out likelihood`, () => {
      const want = set.reference[distribution];
      const fit = fitSteps(forty, { ...asked, distribution });
      near(fit.logLikelihood, want["logLikelihood"], 1e-12);
      near(fit.parameters["exponent"]!.estimate, want["exponent"], 1e-9);
      near(fit.parameters["exponent"]!.standardError, want["se_exponent"], 1e-8);
      near(fit.parameters["lnConstant"]!.estimate, want["lnConstant"], 1e-9);
      near(fit.parameters["lnConstant"]!.standardError, want["se_lnConstant"], 1e-8);
      const { shape, sigma } = fit.parameters;
      near(sigma?.estimate ?? 1 / shape!.estimate, want["sigma"], 1e-9);
      near((sigma ?? shape)!.standardError / (sigma ?? shape)!.estimate, want["se_lnSigma"], 1e-8);
      near(fit.atUse.B10.estimate, want["B10_at_80"], 1e-9);
    });
  }

  it("has likelihood bounds around every estimate", () => {
    const fit = fitSteps(forty, { ...asked, bounds: "likelihood" });
    for (const b of [...Object.values(fit.parameters), ...Object.values(fit.atUse)]) {
      expect(b.lower).toBeLessThan(b.estimate);
      expect(b.upper).toBeGreaterThan(b.estimate);
    }
  });
});

it("a bound is not held up by a lower top that a far climb ended at", () => {
  const three = [
    history("exact", [
      [10, 2],
      [15, 4],
    ]),
    ...[22, 25].map((end) =>
      history("exact", [
        [10, 2],
        [20, 4],
        [end, 8],
      ]),
    ),
  ];
  const { atUse } = fitSteps(three, { ...asked, use: { load: 1 }, bounds: "likelihood" });
  // The profile written out elsewhere and climbed by a simplex from 35 starts.
  near(atUse.B10.lower, 3.227383712, 1e-8);
  near(atUse.B50.lower, 3.514516734, 1e-8);
});

const endings = fc.record({
  time: fc.integer({ min: 20, max: 900 }),
  load: fc.constantFrom(80, 110, 150),
  kind: fc.constantFrom<LifeRow["kind"]>("exact", "exact", "right", "interval", "left"),
});

/** A spread of failures at three loads, and whatever else came up. */
const constant = fc
  .array(endings, { maxLength: 6 })
  .map((others) => [
    ...[200, 500, 900].map((t) => history("exact", [[t, 80]])),
    ...[70, 150, 260].map((t) => history("exact", [[t, 110]])),
    ...[20, 44, 90].map((t) => history("exact", [[t, 150]])),
    ...others.map(({ kind, time, load }) =>
      history(kind, [[time, load]], kind === "interval" ? time * 1.4 : undefined),
    ),
  ]);

describe("step stress", () => {
  it("with one step each is an accelerated test at constant stress, Eyring too", () => {
    const laws = fc.constantFrom(
      power,
      lawOf("eyring", ["temp_K"]),
      lawOf("arrhenius", ["temp_K"]),
    );
    const distributions = fc.constantFrom<AltOptions["distribution"]>(
      "weibull",
      "lognormal",
      "exponential",
    );
    fc.assert(
      fc.property(constant, laws, distributions, (histories, law, distribution) => {
        const options = { ...asked, law, distribution, use: { load: 60, temp_K: 310 } };
        const alt = fitAlt(
          histories.flatMap((h) => h.steps),
          options,
        );
        const steps = fitSteps(histories, options);
        near(steps.logLikelihood, alt.logLikelihood, 1e-10);
        near(steps.atUse.B10.estimate, alt.atUse.B10.estimate, 1e-7);
        near(steps.atUse.mean.upper, alt.atUse.mean.upper, 1e-6);
        near(
          steps.parameters["lnConstant"]!.standardError,
          alt.parameters["lnConstant"]!.standardError,
          1e-6,
        );
      }),
      { numRuns: 25 },
    );
  });

  it("does not see a step written as two, the order of specimens, or the unit of time", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 14 }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        (cut, k) => {
          const fit = fitSteps(forty, asked);
          const split = forty
            .map(({ steps: [first, ...rest], specimen }): StepHistory => {
              const parts =
                first!.time > cut ? [{ ...first!, kind: "right" as const, time: cut }] : [];
              const steps = [...parts, first!, ...rest].map((s) => ({ ...s, time: s.time * k }));
              return { specimen, steps };
            })
            .reverse();
          const again = fitSteps(split, asked);
          near(again.parameters["exponent"]!.estimate, fit.parameters["exponent"]!.estimate, 1e-8);
          near(again.atUse.B10.lower / k, fit.atUse.B10.lower, 1e-7);
        },
      ),
      { numRuns: 10 },
    );
  });

  it("has the gradient and Hessian of its value, for every kind of ending", () => {
    const parts = [
      { duration: 100, x: [1, -0.3] },
      { duration: 30, x: [1, 0.4] },
    ];
    const kinds = ["exact", "right", "left", "interval"] as const;
    const found = { ...parts[1]!, duration: 0 };
    const sample = kinds.map(
      (kind): Exposed => ({ kind, parts, more: 25, count: 1.5, lnKnown: 0.2 }),
    );
    // Found failed after a step of which nothing is known but its end.
    sample.push({ kind: "interval", parts: [parts[0]!, found], more: 25, count: 2, lnKnown: 0 });
    for (const standard of [smallestExtremeValue, standardNormal]) {
      const f = exposureLikelihood(sample, 2, standard);
      const theta = Float64Array.of(4.7, 2.1, -0.4);
      const { gradient, hessian } = structuredClone({ ...f(theta), value: f(theta).value });
      const h = 1e-5;
      for (let i = 0; i < 3; i++) {
        const side = (sign: number) => {
          const e = f(theta.map((v, j) => v + (i === j ? sign * h : 0)));
          return { value: e.value, gradient: Float64Array.from(e.gradient) };
        };
        const [up, down] = [side(1), side(-1)];
        near((up.value - down.value) / (2 * h), gradient[i], 1e-7);
        for (let j = 0; j < 3; j++) {
          const slope = (up.gradient[j]! - down.gradient[j]!) / (2 * h);
          expect(Math.abs(slope - hessian[3 * i + j]!)).toBeLessThan(1e-6);
        }
      }
    }
  });

  it("finds a truth that was simulated: 400 specimens in three steps, inside 99.9 % bounds", () => {
    const random = randomStream(5, "steps");
    const truth = { shape: 2, exponent: 6, lnConstant: 33 };
    const rate = (load: number) => Math.exp(-truth.lnConstant) * load ** truth.exponent;
    const histories = Array.from({ length: 400 }, () => {
      let left = (-Math.log1p(-random())) ** (1 / truth.shape);
      const steps: [number, number][] = [];
      for (const [i, load] of [100, 130, 170].entries()) {
        const lasts = Math.min(left / rate(load), 100);
        steps.push([100 * i + lasts, load]);
        left -= lasts * rate(load);
        if (lasts < 100) return history("exact", steps);
      }
      return history("right", steps);
    });
    const fit = fitSteps(histories, { ...asked, confidence: 0.999 });
    for (const [name, value] of Object.entries(truth)) {
      expect(fit.parameters[name]!.lower).toBeLessThan(value);
      expect(fit.parameters[name]!.upper).toBeGreaterThan(value);
    }
    expect(fit.parameters["exponent"]!.lower).toBeGreaterThan(3);
  });

  it("is refused with one stress or no failure, warned of with failures at one stress", () => {
    const one = [
      history("exact", [
        [10, 5],
        [20, 5],
      ]),
      history("exact", [[30, 5]]),
    ];
    expect(() => fitSteps(one, asked)).toThrow(/ONE_LEVEL/);
    expect(() =>
      fitSteps(
        [
          history("right", [
            [10, 5],
            [20, 6],
          ]),
        ],
        asked,
      ),
    ).toThrow(/NO_FAILURE/);
    const hard = [101, 102, 104, 107].map((t) =>
      history("exact", [
        [100, 5],
        [t, 9],
      ]),
    );
    expect(() => fitSteps(hard, asked)).toThrow(/ONE_LEVEL.*all failures at load 9/);
    // Quantiles of a Weibull of shape 3, life 50 at 100 and 10 at 150: with 20 h and 2 h of the first step.
    const spent = Array.from({ length: 9 }, (_, i) => (-Math.log1p(-(i + 1) / 10)) ** (1 / 3));
    const both = [20, 2].flatMap((first) =>
      spent.map((e) =>
        history("exact", [
          [first, 100],
          [first + 10 * (e - first / 50), 150],
        ]),
      ),
    );
    const fit = fitSteps(both, asked);
    expect(fit.warnings).toContain("FAILURES_AT_ONE_STRESS");
    expect(fit.parameters["exponent"]!.estimate).toBeCloseTo(Math.log(5) / Math.log(1.5), 0);
  });
});
