import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Follower } from "../../../src/sim/part-follower.js";
import { Shaft } from "../../../src/sim/part-shaft.js";

function sums(shaft: Shaft, seconds: number): { turns: number; damage: number; work: number } {
  let left = seconds;
  const sum = { turns: 0, damage: 0, work: 0 };
  while (left > 0) {
    const piece = shaft.next(left);
    sum.turns += piece.turns;
    sum.damage += piece.loadTurns[0]!;
    sum.work += (piece.lengthS * (piece.workStart + piece.workEnd)) / 2;
    left -= piece.lengthS;
  }
  return sum;
}

const newShaft = (exponent: number) =>
  new Shaft(new Follower(500, 0.3), new Follower(2000, 1), [exponent]);

describe("a shaft's integrals", () => {
  it("count the turns of a run-up as the integral of the textbook response", () => {
    const shaft = newShaft(3);
    shaft.aim(1000, 0);
    const { turns } = sums(shaft, 10);
    // Ramp of 2 s; a lag that ends at rest loses tau times the final speed.
    const exact = (1000 * 2) / 2 + 1000 * 8 - 0.3 * 1000;
    expect(turns).toBeCloseTo(exact / 60, 8);
  });

  it("agree with a fine midpoint sum in a transient of both, ball and roller", () => {
    for (const exponent of [3, 10 / 3]) {
      const coarse = newShaft(exponent);
      const fine = newShaft(exponent);
      coarse.aim(3000, 5000);
      fine.aim(3000, 5000);
      const got = sums(coarse, 9);
      let turns = 0;
      let damage = 0;
      let work = 0;
      const h = 1e-4;
      for (let i = 0; i < 90_000; i++) {
        const n = fine.speed.at(h / 2);
        const p = fine.load.at(h / 2);
        turns += (n / 60) * h;
        damage += (n / 60) * h * p ** exponent;
        work += n * p * h;
        sums(fine, h);
      }
      expect(got.turns / turns).toBeCloseTo(1, 7);
      expect(got.damage / damage).toBeCloseTo(1, 7);
      expect(got.work / work).toBeCloseTo(1, 7);
    }
  });

  it("do not depend on how the time is cut", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 100, max: 6000, noNaN: true }),
        fc.double({ min: 100, max: 9000, noNaN: true }),
        fc.integer({ min: 2, max: 40 }),
        (speed, load, cuts) => {
          const one = newShaft(10 / 3);
          const many = newShaft(10 / 3);
          one.aim(speed, load);
          many.aim(speed, load);
          const whole = sums(one, 20);
          const cut = { turns: 0, damage: 0, work: 0 };
          for (let i = 0; i < cuts; i++) {
            const part = sums(many, 20 / cuts);
            cut.turns += part.turns;
            cut.damage += part.damage;
            cut.work += part.work;
          }
          expect(Math.abs(cut.turns / whole.turns - 1)).toBeLessThan(1e-9);
          expect(Math.abs(cut.damage / whole.damage - 1)).toBeLessThan(1e-9);
          expect(Math.abs(cut.work / whole.work - 1)).toBeLessThan(1e-9);
        },
      ),
    );
  });
});
