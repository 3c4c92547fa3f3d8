import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bad, good } from "../../../src/base/sample.js";
import { checkLimit, quiet, raised } from "../../../src/limit/check.js";
import { resolveLimit } from "../../../src/limit/compile.js";
import { describeLimit } from "../../../src/limit/describe.js";
import type { Limit } from "../../../src/limit/limit.js";
import { emptyLimitMemory } from "../../../src/limit/memory.js";
import { limitText } from "../../../src/limit/text.js";
import { resolveWritten } from "../../../src/limit/written.js";
import { columns, compiledFrom } from "./kinds.js";
import { compiled, lookAt } from "./limit.js";

const curve = {
  over: "speed",
  points: [
    ["1000 rpm", "60 degC"],
    ["3000 rpm", "80 degC"],
  ],
} satisfies Limit["above"];

function verdict(written: Partial<Limit>, temperature: number, speed: number) {
  const limit = compiledFrom(written);
  const values = [temperature, 50, 50, 50, speed, 0];
  const quality = values.map((v) => (Number.isNaN(v) ? bad : good));
  const look = { ...lookAt({ at: 0, value: 0 }), values, quality };
  return checkLimit(limit, emptyLimitMemory([limit]), 0, look);
}

describe("a value by a curve over another role", () => {
  it("is straight between its points and level beyond them", () => {
    const above = { above: curve };
    const bounds: [number, number][] = [
      [0, 60],
      [1000, 60],
      [2000, 70],
      [3000, 80],
      [6000, 80],
    ];
    for (const [speed, bound] of bounds) {
      expect([verdict(above, bound, speed), verdict(above, bound + 0.1, speed)]).toEqual([
        quiet,
        raised,
      ]);
    }
    expect(verdict({ below: curve }, 69.9, 2000)).toBe(raised);
    expect(verdict({ outside: [curve, "75 degC"] }, 69.9, 2000)).toBe(raised);
  });

  it("is no evidence while that role is not read well", () => {
    expect(verdict({ above: curve }, 999, Number.NaN)).toBe(quiet);
  });

  it("never leaves the values of its points", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e5, max: 1e5 }), (speed) => {
        expect(verdict({ above: curve }, 80.1, speed)).toBe(raised);
        expect(verdict({ above: curve }, 60, speed)).toBe(quiet);
      }),
    );
  });

  it("is refused where its points go back, or are of something else", () => {
    const resolve = (above: NonNullable<Limit["above"]>) => {
      const limit: Limit = { name: "hot", role: "temperature", reaction: "warn", above };
      const temperature = { dimension: "temperature", unit: "degC", hasSetpoint: false } as const;
      const speed = { dimension: "speed", unit: "rpm", hasSetpoint: true } as const;
      const written = (
        w: Parameters<typeof resolveWritten>[0],
        d: Parameters<typeof resolveWritten>[1],
      ) => resolveWritten(w, d, {}, {});
      return resolveLimit(limit, temperature, written, () => speed).complaints;
    };
    const back = resolve({
      over: "speed",
      points: [
        ["2 rpm", "60 degC"],
        ["2 rpm", "80 degC"],
      ],
    });
    expect(back.map(({ path }) => path)).toEqual([["above", "points", 1, 0]]);
    const odd = resolve({
      over: "speed",
      points: [
        ["2 rpm", "60 Nm"],
        ["3 Nm", "80 degC"],
      ],
    });
    expect(odd.map(({ path }) => path)).toEqual([
      ["above", "points", 1, 0],
      ["above", "points", 0, 1],
    ]);
  });
});

describe("a value by a baseline", () => {
  const tripled = compiled({
    condition: {
      kind: "above",
      hi: { baseline: "quiet", times: 3, plus: 0 },
      hysteresis: 0,
    },
  });
  const look = (value: number, learnt: number) => {
    const baseline = (name: string) => (name === "quiet" ? learnt : 0);
    return { ...lookAt({ at: 0, value }), baseline };
  };

  it("is so many times what was learnt, and no evidence before", () => {
    const on = (value: number, learnt: number) =>
      checkLimit(tripled, emptyLimitMemory([tripled]), 0, look(value, learnt));
    expect([on(6, 2), on(6.1, 2), on(99, Number.NaN)]).toEqual([quiet, raised, quiet]);
  });

  it("says where it comes from, in words and in a table", () => {
    const column = { ...columns[0]!, role: "vibration", unit: "mm/s" };
    expect(describeLimit(tripled, column, 6.5, look(6.5, 2)).en).toBe(
      "hot: vibration 6.5 mm/s above 6 mm/s (3 x baseline quiet)",
    );
    expect(limitText(tripled, "mm/s")).toBe("warn > 3 x quiet");
  });
});
