import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Dimension } from "../../../src/base/quantity.js";
import type { Written } from "../../../src/limit/limit.js";
import { differenceOf, resolveWritten } from "../../../src/limit/written.js";

const ratings = {
  C: { value: 20_300, dimension: "force" },
  "rated-torque": { value: 40, dimension: "torque" },
} as const;
const parameters = { load: { value: 7105, dimension: "force" } } as const;
const resolve = (written: Written, dimension: Dimension) =>
  resolveWritten(written, dimension, ratings, parameters);

describe("resolveWritten", () => {
  it.each<[Written, Dimension, number]>([
    ["3000 rpm", "speed", 3000],
    ["12 kN", "force", 12_000],
    ["35 % of C", "force", 7105],
    ["0.35 of C", "force", 7105],
    ["250 % of rated-torque", "torque", 100],
    [{ parameter: "load" }, "force", 7105],
    ["40 %", "ratio", 0.4],
  ])("reads %j as a %s", (written, dimension, value) => {
    const resolved = resolve(written, dimension);
    expect(resolved.ok && resolved.value).toBeCloseTo(value, 9);
  });

  it.each<[Written, Dimension, string, string]>([
    ["3000 rmp", "speed", '"3000 rmp"', 'a speed, in rpm or the like; did you mean "3000 rpm"?'],
    ["12 Nm", "speed", '"12 Nm" (a torque)', "a speed, in rpm or the like"],
    ["5 kN/min", "force", '"5 kN/min"', "a force, in N or the like"],
    ["35 % of D", "force", 'a share of the unknown rating "D"', '"C" (did you mean that?)'],
    ["35 kN of C", "force", '"35 kN of C"', 'a share, as "35 % of C"'],
    ["35 % of C", "torque", '"35 % of C" (a share of a force)', "a torque, in Nm or the like"],
    [{ parameter: "lod" }, "force", 'the unknown parameter "lod"', '"load" (did you mean that?)'],
    [{ parameter: "load" }, "speed", 'the parameter "load" (a force)', "a speed, in rpm"],
  ])("says what is wrong with %j as a %s", (written, dimension, found, expected) => {
    const resolved = resolve(written, dimension);
    expect(resolved).toMatchObject({ ok: false, found });
    expect(!resolved.ok && resolved.expected).toContain(expected);
  });

  it("says that there are no ratings where there are none", () => {
    const resolved = resolveWritten("35 % of C", "force", {}, {});
    expect(!resolved.ok && resolved.expected).toContain("no ratings here");
  });

  it("takes any share of a rating in proportion", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), (percent) => {
        const resolved = resolve(`${percent} % of C`, "force");
        expect(resolved.ok && resolved.value).toBeCloseTo(203 * percent, 6);
      }),
    );
  });

  it("measures differences of temperature in kelvins, of the rest in itself", () => {
    expect(differenceOf("temperature")).toBe("temperature difference");
    expect(differenceOf("speed")).toBe("speed");
  });
});
