import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blockProgramme } from "../../../src/life/block-programme.js";
import { type Cycle, RainflowCounter } from "../../../src/life/rainflow.js";
import { RainflowTally } from "../../../src/life/rainflow-tally.js";

function cyclesOf(loads: readonly number[]): { cycles: Cycle[]; reversals: number } {
  const cycles: Cycle[] = [];
  const counter = new RainflowCounter((c) => cycles.push(c));
  for (const load of loads) counter.add(load);
  counter.end();
  return { cycles, reversals: counter.reversals };
}

function tallied(loads: readonly number[], bins = 8, slope = 3): RainflowTally {
  const extent = { minimum: Math.min(...loads), maximum: Math.max(...loads) };
  const tally = new RainflowTally(extent, bins, slope);
  for (const cycle of cyclesOf(loads).cycles) tally.add(cycle);
  return tally;
}

/** Ranges with their counts, in order. */
function rangesOf(loads: readonly number[]): [number, number][] {
  return tallied(loads)
    .ranges()!
    .map((r) => [r.range, r.count]);
}

const example = [-2, 1, -3, 5, -1, 3, -4, 4, -2];

describe("the example of ASTM E1049-85, 5.4.4", () => {
  it("has these cycles, in the order in which they close", () => {
    expect(cyclesOf(example)).toEqual({
      reversals: 9,
      cycles: [
        { range: 3, mean: -0.5, count: 0.5 },
        { range: 4, mean: -1, count: 0.5 },
        { range: 4, mean: 1, count: 1 },
        { range: 8, mean: 1, count: 0.5 },
        { range: 9, mean: 0.5, count: 0.5 },
        { range: 8, mean: 0, count: 0.5 },
        { range: 6, mean: 1, count: 0.5 },
      ],
    });
    expect(rangesOf(example)).toEqual([
      [3, 0.5],
      [4, 1.5],
      [6, 0.5],
      [8, 1],
      [9, 0.5],
    ]);
  });

  it("puts each range into its bin and each mean into its", () => {
    const tally = tallied(example, 3);
    expect(tally.counts.map((line) => line.reduce((s, c) => s + c, 0))).toEqual([0.5, 2, 1.5]);
    expect(tally.counts[0]).toEqual([0, 0.5, 0]);
  });

  it("does the damage of its cycles, and so do as many equal ones", () => {
    const damage = tallied(example).damage();
    expect(damage.sum).toBeCloseTo(0.5 * 27 + 1.5 * 64 + 0.5 * 216 + 512 + 0.5 * 729, 9);
    expect(4 * damage.equivalentRange ** 3).toBeCloseTo(damage.sum, 9);
    expect(damage.cyclesAtLargest * 9 ** 3).toBeCloseTo(damage.sum, 9);
    expect(damage.equivalentAmplitude).toBe(damage.equivalentRange / 2);
  });
});

describe("odd histories", () => {
  it("none, one value and a constant have no cycle", () => {
    for (const loads of [[], [3], [3, 3, 3]]) {
      expect(cyclesOf(loads)).toEqual({ cycles: [], reversals: 0 });
    }
  });

  it("a ramp is half a cycle", () => {
    expect(cyclesOf([0, 1, 2, 2, 5]).cycles).toEqual([{ range: 5, mean: 2.5, count: 0.5 }]);
  });

  it("too many different ranges are no longer listed, and still counted", () => {
    const loads = Array.from({ length: 5000 }, (_, i) => (i % 2 === 0 ? 0 : 1 + i));
    const tally = tallied(loads);
    expect(tally.ranges()).toBeUndefined();
    expect(tally.cycles).toBe(2499.5);
  });
});

const loads = fc
  .array(fc.integer({ min: -50, max: 50 }), { minLength: 3, maxLength: 80 })
  .filter((l) => new Set(l).size > 1);

describe("whatever the history", () => {
  it("there are as many half cycles as steps between turning points, up and down alike", () => {
    fc.assert(
      fc.property(loads, (l) => {
        const { cycles, reversals } = cyclesOf(l);
        const halves = cycles.reduce((s, c) => s + 2 * c.count, 0);
        expect(halves).toBe(reversals - 1);
      }),
    );
  });

  it("upside down, or with values between and repeated, it has the same ranges", () => {
    fc.assert(
      fc.property(loads, (l) => {
        expect(rangesOf(l.map((v) => -v))).toEqual(rangesOf(l));
        const slow = l.flatMap((v, i) => (i === 0 ? [v] : [(l[i - 1]! + v) / 2, v, v]));
        expect(rangesOf(slow)).toEqual(rangesOf(l));
      }),
    );
  });

  it("the largest range is that from the least to the greatest load", () => {
    fc.assert(
      fc.property(loads, (l) => {
        expect(tallied(l).largest).toBe(Math.max(...l) - Math.min(...l));
      }),
    );
  });

  it("scaled loads do scale^slope of the damage; a shift does nothing", () => {
    fc.assert(
      fc.property(
        loads,
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.double({ min: 1, max: 12, noNaN: true }),
        (l, scale, slope) => {
          const sum = (of: readonly number[]) => tallied(of, 8, slope).damage().sum;
          const scaled = sum(l.map((v) => v * scale));
          expect(scaled / (sum(l) * scale ** slope)).toBeCloseTo(1, 9);
          expect(sum(l.map((v) => v + 1000)) / sum(l)).toBeCloseTo(1, 9);
        },
      ),
    );
  });

  it("its block programme has whole cycles, the same damage and no load outside", () => {
    fc.assert(
      fc.property(loads, fc.integer({ min: 1, max: 12 }), (l, bins) => {
        const tally = tallied(l, bins, 3.3);
        const { blocks, histories, cycles } = blockProgramme(tally);
        const damage = blocks.reduce((s, b) => s + b.cycles * b.range ** 3.3, 0);
        expect(damage / (histories * tally.damage().sum)).toBeCloseTo(1, 9);
        expect(cycles).toBe(histories * tally.cycles);
        expect(blocks.reduce((s, b) => s + b.cycles, 0)).toBe(cycles);
        for (const b of blocks) {
          expect(Number.isInteger(b.cycles) && b.cycles > 0).toBe(true);
          expect(b.minimum).toBeGreaterThan(tally.extent.minimum - 1e-9);
          expect(b.maximum).toBeLessThan(tally.extent.maximum + 1e-9);
        }
        const levels = blocks.map((b) => b.range);
        const top = levels.indexOf(Math.max(...levels));
        const ascending = (a: number[]) => a.every((v, i) => i === 0 || v >= a[i - 1]!);
        expect(ascending(levels.slice(0, top + 1))).toBe(true);
        expect(ascending(levels.slice(top).reverse())).toBe(true);
      }),
    );
  });
});
