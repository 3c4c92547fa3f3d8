import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bad, good, held, sentinel } from "../../../src/base/sample.js";
import { type DerivationName, derivations, deriveAll } from "../../../src/rig/derive.js";

function derive(by: DerivationName, inputs: number[], factor = 1, qualities?: number[]) {
  const values = Float64Array.from([...inputs, 0]);
  const quality = Uint8Array.from([...(qualities ?? inputs.map(() => good)), good]);
  const at = inputs.map((_, i) => i);
  deriveAll([{ column: inputs.length, by: derivations[by], at, factor }], values, quality);
  return { value: values[inputs.length]!, quality: quality[inputs.length]! };
}

describe("derivations", () => {
  it("power is torque times angular speed: 9.5493 Nm at 1000 rpm is 1 kW", () => {
    expect(derive("power", [9.549296585513721, 1000]).value).toBeCloseTo(1000, 9);
  });

  it("efficiency of a 1:100 harmonic drive: 0.5 Nm at 2000 rpm in, 40 Nm at 20 rpm out is 80 %", () => {
    expect(derive("efficiency", [0.5, 2000, 40, 20]).value).toBeCloseTo(0.8, 12);
  });

  it("efficiency counts magnitudes, so a reversing reducer keeps its efficiency", () => {
    expect(derive("efficiency", [-0.5, 2000, 40, -20]).value).toBeCloseTo(0.8, 12);
  });

  it("efficiency below 1 W of input is not defined, and never 0", () => {
    const still = derive("efficiency", [0.5, 0, 40, 0]);
    expect(still).toEqual({ value: Number.NaN, quality: bad });
    expect(derive("efficiency", [0.1, 95, 0.1, 90]).quality).toBe(bad);
    expect(derive("efficiency", [0.1, 96, 0.1, 90]).quality).toBe(good);
  });

  it("a ratio over zero is not defined", () => {
    expect(derive("ratio", [1, 0])).toEqual({ value: Number.NaN, quality: bad });
    expect(derive("ratio", [3, 4]).value).toBe(0.75);
  });

  it("multiple, difference, mean and maximum do what their names say", () => {
    expect(derive("multiple", [12], 0.25).value).toBe(3);
    expect(derive("difference", [80, 25]).value).toBe(55);
    expect(derive("mean", [1, 2, 6]).value).toBe(3);
    expect(derive("maximum", [-3, -1, -2]).value).toBe(-1);
  });

  it("the difference of two temperatures is a temperature difference, not a temperature", () => {
    expect(derivations.difference.result(["temperature", "temperature"])).toBe(
      "temperature difference",
    );
    expect(derivations.difference.result(["speed", "speed"])).toBe("speed");
    expect(derivations.difference.result(["speed", "torque"])).toBeUndefined();
  });

  it("wrong inputs have no result dimension", () => {
    expect(derivations.power.result(["speed", "torque"])).toBeUndefined();
    expect(derivations.efficiency.result(["torque", "speed", "torque", "speed"])).toBe("ratio");
    expect(derivations.ratio.result(["speed", "force"])).toBeUndefined();
    expect(derivations.mean.result(["temperature", "speed"])).toBeUndefined();
  });

  it("quality is the worst input's: held stays held, worse becomes bad with no value", () => {
    expect(derive("mean", [1, 3], 1, [good, held])).toEqual({ value: 2, quality: held });
    expect(derive("mean", [1, 3], 1, [sentinel, held])).toEqual({
      value: Number.NaN,
      quality: bad,
    });
  });

  it("no derivation ever calls a NaN good", () => {
    const names = Object.keys(derivations) as DerivationName[];
    const anything = fc.oneof(
      fc.double(),
      fc.constantFrom(0, Number.NaN, Number.POSITIVE_INFINITY),
    );
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.array(anything, { minLength: 4 }), (by, v) => {
        const inputs = v.slice(0, derivations[by].least);
        const result = derive(by, inputs);
        expect(Number.isNaN(result.value)).toBe(result.quality === bad);
      }),
    );
  });
});
