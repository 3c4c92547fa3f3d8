import { describe, expect, it } from "vitest";
import { quiet, raised, standing } from "../../../src/limit/check.js";
import { emptyLimitMemory } from "../../../src/limit/memory.js";
import { watchLimits } from "../../../src/limit/watch.js";
import { compiled, lookAt } from "./limit.js";

const limits = [
  compiled({ name: "a", hi: 10 }),
  compiled({ name: "b", hi: 10, forMs: 1000 }),
  compiled({ name: "c", hi: 100 }),
];

describe("the one loop over limits", () => {
  it("tells what was found of each limit in force, in the order of the list", () => {
    const memory = emptyLimitMemory(limits);
    const found = (at: number) => {
      const told: unknown[] = [];
      const look = lookAt({ at, value: 50 });
      watchLimits(
        limits,
        memory,
        look,
        () => true,
        (v, { name }, i) => told.push([name, i, v]),
      );
      return told;
    };
    expect(found(0)).toEqual([
      ["a", 0, raised],
      ["b", 1, quiet],
      ["c", 2, quiet],
    ]);
    expect(found(1000)).toEqual([
      ["a", 0, standing],
      ["b", 1, raised],
      ["c", 2, quiet],
    ]);
  });

  it("forgets what was pending where it does not look, and keeps what stands", () => {
    const memory = emptyLimitMemory(limits);
    const found = (at: number, isInForce: boolean) => {
      const told: number[] = [];
      const look = lookAt({ at, value: 50 });
      watchLimits(
        limits,
        memory,
        look,
        () => isInForce,
        (verdict) => told.push(verdict),
      );
      return told;
    };
    expect(found(0, true)).toEqual([raised, quiet, quiet]);
    expect(found(1000, false)).toEqual([]);
    expect(found(2000, true)).toEqual([standing, quiet, quiet]);
    expect(found(3000, true)).toEqual([standing, raised, quiet]);
  });
});
