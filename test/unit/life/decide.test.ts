import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/random.js";
import type { LifeRow } from "../../../src/life/data.js";
import { type DecideQuestion, decide } from "../../../src/life/decide.js";
import { timeFor } from "../../../src/life/demonstration.js";
import { chanceAtLeast, posteriorOf, shapeQuantiles } from "../../../src/life/posterior.js";
import { weibayes } from "../../../src/life/weibayes.js";
import { relativeError } from "./oracle.js";

const target = { reliability: 0.9, life: 2000 };
const known: DecideQuestion = { target, confidence: 0.9, shape: { known: 1.5 }, more: 200 };
const unknown: DecideQuestion = { ...known, shape: { lower: 0.75, upper: 3 } };

function lives(times: readonly number[], kind: "exact" | "right"): LifeRow[] {
  return times.map((time) => ({ kind, time, count: 1, stress: {} }));
}

const data = [...lives([3100], "exact"), ...lives([4000, 4000, 3500, 3500, 800], "right")];

const times = fc.array(fc.double({ min: 10, max: 1e4, noNaN: true }), {
  minLength: 1,
  maxLength: 6,
});
const tests = fc
  .tuple(times, fc.array(fc.double({ min: 10, max: 1e4, noNaN: true }), { maxLength: 3 }))
  .map(([on, failed]) => [...lives(on, "right"), ...lives(failed, "exact")]);

describe("what a running test has shown", () => {
  it("has Weibayes' lower bound when the shape is known", () => {
    fc.assert(
      fc.property(tests, fc.double({ min: 0.6, max: 0.99, noNaN: true }), (rows, confidence) => {
        const { lower } = decide(rows, { ...known, confidence }).now;
        const failed = rows.some((r) => r.kind === "exact");
        const want = weibayes(rows, 1.5, failed ? 2 * confidence - 1 : confidence);
        expect(relativeError(lower, want.life.B10.lower)).toBeLessThan(1e-9);
      }),
    );
  });

  it("agrees in bound, chance and time still needed", () => {
    for (const q of [known, unknown]) {
      const { now } = decide(data, q);
      expect(now.lower).toBeLessThan(target.life);
      expect(now.chance).toBeLessThan(0.9);
      const more = now.timeNeeded!;
      const after = decide(data, { ...q, more }).next.survive!;
      expect(relativeError(after.lower, target.life)).toBeLessThan(1e-6);
      expect(after.chance).toBeCloseTo(0.9, 6);
    }
  });

  it("gets better while units survive and worse with a failure, whatever the shape", () => {
    fc.assert(
      fc.property(tests, (rows) => {
        const { now, next } = decide(rows, known);
        expect(next.survive!.chance).toBeGreaterThanOrEqual(now.chance);
        expect(next.failure!.chance).toBeLessThanOrEqual(now.chance);
        expect(next.takenOff!.chance).toBeCloseTo(now.chance, 12);
      }),
    );
  });

  it("does not depend on the unit of time, with an unknown shape neither", () => {
    const inDays = data.map((r) => ({ ...r, time: r.time / 24 }));
    const q = { ...unknown, target: { reliability: 0.9, life: 2000 / 24 }, more: 200 / 24 };
    const [a, b] = [decide(data, unknown).now, decide(inDays, q).now];
    expect(relativeError(b.lower * 24, a.lower)).toBeLessThan(1e-9);
    expect(relativeError(b.timeNeeded! * 24, a.timeNeeded!)).toBeLessThan(1e-6);
  });

  it("with a prior that leaves no doubt about the shape is that of the known shape", () => {
    const narrow = decide(data, { ...known, shape: { lower: 1.49999, upper: 1.50001 } }).now;
    expect(relativeError(narrow.lower, decide(data, known).now.lower)).toBeLessThan(1e-5);
  });

  it("learns the shape from failures", () => {
    const random = randomStream(3, "shape");
    const many = lives(
      Array.from({ length: 300 }, () => 5000 * (-Math.log1p(-random())) ** (1 / 2.4)),
      "exact",
    );
    const { lower, estimate, upper } = shapeQuantiles(
      posteriorOf(many, target, { lower: 0.75, upper: 3 }),
    );
    expect(lower).toBeLessThan(2.4);
    expect(upper).toBeGreaterThan(2.4);
    expect(upper - lower).toBeLessThan(0.5);
    expect(estimate).toBeCloseTo(2.4, 0);
  });

  it("takes an earlier test as if its failures and exposure were in the data", () => {
    const q = { ...known, earlier: { failures: 3, life: 4000 } };
    // Exposure (in units of the required life) at which 3 failures estimate a B10 of 4000.
    const exposure = 3 / (-Math.log(0.9) * (2000 / 4000) ** 1.5);
    const unit = { kind: "right" as const, time: 2000, count: 1, stress: {} };
    const posterior = posteriorOf(data, target, known.shape);
    const [c] = posterior.components;
    const together = {
      target,
      components: [{ ...c!, failures: c!.failures + 3, exposure: c!.exposure + exposure }],
    };
    expect(decide(data, q).now.chance).toBeCloseTo(chanceAtLeast(together), 12);
    expect(decide([unit], q).now.chance).toBeGreaterThan(decide([unit], known).now.chance);
  });

  it("is refused without any time on test, and where a shape is sought with status L", () => {
    const none: LifeRow[] = [{ kind: "right", time: 0, count: 3, stress: {} }];
    expect(() => decide(none, known)).toThrow(/NO_EXPOSURE/);
    const left: LifeRow[] = [...data, { kind: "left", time: 5, count: 1, stress: {} }];
    expect(() => decide(left, unknown)).toThrow(/METHOD_RANGE/);
    expect(decide(left, known).warnings).toContain("INTERVALS_AT_LOWER_END");
  });
});

describe("the chance that a plan passes", () => {
  const zero = { kind: "time" as const, time: 6000, failures: 0 };

  it("without allowed failures is (S / (S + rest))^(r + 1)", () => {
    const clean = lives([3000, 3000, 2000], "right");
    const sum = (t: number[]) => t.reduce((s, x) => s + x ** 1.5, 0);
    const want = sum([3000, 3000, 2000]) / sum([6000, 6000, 6000]);
    expect(decide(clean, { ...known, rule: zero }).now.planPasses).toBeCloseTo(want, 8);
  });

  it("is what drawing from the posterior gives, shape known and allowed failures", () => {
    const rule = { ...zero, failures: 2 };
    const got = decide(data, { ...known, rule }).now.planPasses!;
    const random = randomStream(5, "plan");
    const at = (t: number) => (t / 2000) ** 1.5;
    const exposure = data.reduce((s, r) => s + at(r.time), 0);
    const draws = 20_000;
    let passed = 0;
    for (let i = 0; i < draws; i++) {
      const h = -(Math.log1p(-random()) + Math.log1p(-random())) / exposure;
      const more = [4000, 4000, 3500, 3500, 800].filter(
        (t) => random() < -Math.expm1(-h * (at(6000) - at(t))),
      ).length;
      if (1 + more <= 2) passed++;
    }
    expect(Math.abs(got - passed / draws)).toBeLessThan(4 * Math.sqrt(0.25 / draws));
  });

  it("is the mean of what it will be once the next stretch is known", () => {
    const one = lives([3000], "right");
    const q = { ...known, rule: zero };
    const { now, next } = decide(one, { ...q, more: 700 });
    // It survives the stretch with this chance, and only then can pass.
    const survives = (3000 / 3700) ** 1.5;
    expect(now.planPasses!).toBeCloseTo(survives * next.survive!.planPasses!, 8);
  });

  it("is 1 when all have run their time, 0 when too many failed or a unit was taken off early", () => {
    const rule = { ...zero, time: 700 };
    expect(decide(data, { ...known, rule }).now.planPasses).toBe(1);
    const { now, next } = decide(data, { ...known, rule: zero });
    expect(now.planPasses).toBe(0);
    expect(next.failure!.planPasses).toBe(0);
    const off = decide(data, { ...known, rule: { ...zero, failures: 3 } });
    expect(off.now.planPasses).toBeGreaterThan(0.1);
    expect(off.next.takenOff!.planPasses).toBe(0);
  });

  it("counts what was found failed only after the plan's time as a failure within it", () => {
    const found: LifeRow = { kind: "left", time: 2500, count: 1, stress: {} };
    const rows = [found, ...lives([1000], "right")];
    const rule = { kind: "time", time: 2000, failures: 0 } as const;
    expect(decide(rows, { ...known, rule }).now.planPasses).toBe(0);
  });

  it("of an exposure plan is certain once the exposure is there", () => {
    const rule = (exposure: number) => ({ kind: "exposure" as const, exposure, failures: 1 });
    const passes = (e: number) => decide(data, { ...known, rule: rule(e) }).now.planPasses!;
    expect(passes(0.5)).toBe(1);
    expect(passes(3)).toBeLessThan(passes(2));
  });

  it("ends with a demonstration plan just when the bound reaches the requirement", () => {
    const time = timeFor({ ...target, shape: 1.5 }, 0.9, 4, 0);
    const half = lives(
      [time, time, time, time].map((t) => t / 2),
      "right",
    );
    const { now } = decide(half, { ...known, rule: { ...zero, time } });
    expect(now.timeNeeded).toBeCloseTo(time / 2, 4);
  });

  it("is what drawing from the posterior gives, shape unknown", () => {
    const rule = { ...zero, failures: 2 };
    const got = decide(data, { ...unknown, rule }).now.planPasses!;
    const { components } = posteriorOf(data, target, unknown.shape);
    const random = randomStream(9, "mixture");
    let sum = 0;
    for (const c of components) {
      let inner = 0;
      for (let i = 0; i < 400; i++) {
        const h = -(Math.log1p(-random()) + Math.log1p(-random())) / c.exposure;
        const at = (t: number) => (t / 2000) ** c.shape;
        const fails = [4000, 4000, 3500, 3500, 800].map(
          (t) => -Math.expm1(-h * (at(6000) - at(t))),
        );
        const none = fails.reduce((p, f) => p * (1 - f), 1);
        inner += none * (1 + fails.reduce((s, f) => s + (f < 1 ? f / (1 - f) : 0), 0));
      }
      sum += (c.weight * inner) / 400;
    }
    expect(Math.abs(got - sum)).toBeLessThan(0.02);
  });
});
