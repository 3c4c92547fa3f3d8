import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Sleeper, Sleepers } from "../../../src/base/sleepers.js";

const sleeper = (due: number): Sleeper => ({ due, wake: () => {}, at: -1 });
const dues = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 60 });

/** Takes them off one by one as a clock does. */
function inOrder(sleepers: Sleepers): number[] {
  const order: number[] = [];
  for (let { first } = sleepers; first !== undefined; { first } = sleepers) {
    order.push(first.due);
    sleepers.remove(first);
  }
  return order;
}

describe("sleepers", () => {
  it("wake by their time, whoever is taken away before", () => {
    const gone = fc.array(fc.nat(59), { maxLength: 30 });
    fc.assert(
      fc.property(dues, gone, (all, out) => {
        const sleepers = new Sleepers();
        const asleep = all.map(sleeper);
        for (const one of asleep) sleepers.add(one);
        const left = new Set(asleep);
        for (const one of out.flatMap((i) => asleep[i] ?? [])) {
          expect(sleepers.remove(one)).toBe(left.delete(one));
        }
        expect(sleepers.count).toBe(left.size);
        const expected = [...left].map(({ due }) => due).sort((a, b) => a - b);
        expect(inOrder(sleepers)).toEqual(expected);
      }),
    );
  });

  it("that come while others go wake in their place too", () => {
    fc.assert(
      fc.property(dues, dues, (before, after) => {
        const sleepers = new Sleepers();
        for (const due of before) sleepers.add(sleeper(due));
        const { first } = sleepers;
        if (first !== undefined) sleepers.remove(first);
        for (const due of after) sleepers.add(sleeper(due));
        const [, ...rest] = [...before].sort((a, b) => a - b);
        expect(inOrder(sleepers)).toEqual([...rest, ...after].sort((a, b) => a - b));
      }),
    );
  });
});
