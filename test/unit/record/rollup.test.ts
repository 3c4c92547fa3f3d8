import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  mergeRollup,
  packRollups,
  rollUp,
  rollupLevels,
  unpackRollups,
} from "../../../src/record/rollup.js";

const nan = Number.NaN;

describe("rollups", () => {
  it("tell least, mean, most, count and worst quality of each interval", () => {
    const at = Float64Array.of(500, 999.9, 1000, 2500, 2600);
    const values = Float64Array.of(3, 1, nan, 7, 9);
    const quality = Uint8Array.of(0, 1, 3, 0, 0);
    expect(rollUp(at, values, quality, 1000)).toEqual([
      { fromMs: 0, min: 1, mean: 2, max: 3, count: 2, worst: 1 },
      { fromMs: 1000, min: nan, mean: nan, max: nan, count: 0, worst: 3 },
      { fromMs: 2000, min: 7, mean: 8, max: 9, count: 2, worst: 0 },
    ]);
  });

  it("come back from their bytes", () => {
    const some = rollUp(
      Float64Array.of(0, 60_000),
      Float64Array.of(1, nan),
      new Uint8Array(2),
      60_000,
    );
    expect(unpackRollups(packRollups(some))).toEqual(some);
  });

  it("of two parts, merged, are those of the whole", () => {
    const values = fc.array(fc.oneof(fc.integer({ min: -99, max: 99 }), fc.constant(nan)), {
      minLength: 2,
      maxLength: 30,
    });
    fc.assert(
      fc.property(values, fc.nat(29), (list, cut) => {
        const of = (part: number[]) =>
          rollUp(
            new Float64Array(part.length),
            Float64Array.from(part),
            new Uint8Array(part.length),
            1000,
          )[0];
        const at = 1 + (cut % (list.length - 1));
        const [whole, a, b] = [of(list)!, of(list.slice(0, at))!, of(list.slice(at))!];
        mergeRollup(a, b);
        expect({ ...a, mean: 0 }).toEqual({ ...whole, mean: 0 });
        if (whole.count > 0) expect(a.mean).toBeCloseTo(whole.mean, 9);
      }),
    );
  });

  it("are kept where an interval holds sixty samples", () => {
    expect(rollupLevels(10)).toEqual([1000, 60_000, 3_600_000]);
    expect(rollupLevels(100)).toEqual([60_000, 3_600_000]);
    expect(rollupLevels(1000)).toEqual([60_000, 3_600_000]);
    expect(rollupLevels(10_000)).toEqual([3_600_000]);
    expect(rollupLevels(120_000)).toEqual([]);
  });
});
