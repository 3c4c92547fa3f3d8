import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Mapping, usesLinear } from "../../../src/rig/mapping.js";
import type { RoleFile } from "../../../src/rig/rig-file.js";

const load: RoleFile = {
  unit: "kN",
  linear: [
    ["4 mA", "0 kN"],
    ["12 mA", "2 kN"],
    ["20 mA", "12 kN"],
  ],
};

describe("mapping between point and role", () => {
  it("converts units where no linear is given", () => {
    const mapping = new Mapping({ unit: "W" }, "kW");
    expect(mapping.toRole(1.5)).toBe(1500);
    expect(mapping.toPoint(1500)).toBe(1.5);
  });

  it("goes along straight lines between the pairs, and on beyond the ends", () => {
    const mapping = new Mapping(load, "mA");
    expect(mapping.toRole(8)).toBeCloseTo(1000, 9);
    expect(mapping.toRole(16)).toBeCloseTo(7000, 9);
    expect(mapping.toRole(3.9)).toBeCloseTo(-25, 9);
    expect(mapping.toPoint(7000)).toBeCloseTo(16, 9);
  });

  it("linear speaks only for points in the unit of its left side", () => {
    expect(usesLinear(load, "mA")).toBe(true);
    expect(usesLinear(load, "A")).toBe(true);
    expect(usesLinear(load, "kN")).toBe(false);
    expect(new Mapping(load, "kN").toRole(3)).toBe(3000);
  });

  it("what goes out comes back", () => {
    const mapping = new Mapping(load, "mA");
    fc.assert(
      fc.property(fc.double({ min: -2000, max: 15_000, noNaN: true }), (newton) => {
        expect(mapping.toRole(mapping.toPoint(newton))).toBeCloseTo(newton, 6);
      }),
    );
  });
});
