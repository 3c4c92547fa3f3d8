import { describe, expect, it } from "vitest";
import {
  mapSetpoints,
  noPlace,
  placeOf,
  placesOf,
  setpointAt,
} from "../../../src/base/setpoint.js";

const order = ["load", "speed"];
const setpoints = Float64Array.of(4000, 1500);

describe("setpoints", () => {
  it("are read by the place that their order gives a role", () => {
    expect(setpointAt(setpoints, placeOf(order, "speed"))).toBe(1500);
    expect(placesOf(order).map((place) => setpointAt(setpoints, place))).toEqual([4000, 1500]);
  });

  it("are no number for a role that is not written", () => {
    expect(placeOf(order, "torque")).toBe(noPlace);
    expect(setpointAt(setpoints, noPlace)).toBeNaN();
    expect(setpointAt([], placeOf(order, "load"))).toBeNaN();
  });

  it("are made anew place by place, and the old ones stay", () => {
    const half = mapSetpoints(setpoints, (place) => setpointAt(setpoints, place) / 2);
    expect([...half]).toEqual([2000, 750]);
    expect([...setpoints]).toEqual([4000, 1500]);
  });
});
