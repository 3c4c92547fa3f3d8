import { describe, expect, it } from "vitest";
import { loadRig } from "../../../src/rig/load.js";
import { simulationWiring } from "../../../src/rig/wiring.js";
import { folders } from "./bench.js";

const wires = (name: string) => simulationWiring(loadRig(name, folders));
const brief = (name: string) => wires(name).map((w) => `${w.signal} ${w.direction} ${w.device}`);

describe("wiring of a simulated plant", () => {
  it("written roles go in, read roles come out, a role that only reads itself back is in alone", () => {
    expect(brief("bearing-four").slice(0, 6)).toEqual([
      ...["speed in spindle", "speed out spindle", "load in hydraulics", "power out meter"],
      ...["s1.housing-temperature out thermometer-1", "s1.vibration out vibration-1"],
    ]);
  });

  it("derived roles are wired to nothing", () => {
    expect(brief("harmonic-one").some((w) => w.startsWith("efficiency"))).toBe(false);
    expect(brief("harmonic-one")).toContain("output-torque out torque-out");
  });

  it("values are converted both ways: percent of the drive, milliampere of the load", () => {
    const [speed, , load] = wires("bearing-four");
    expect(speed?.point).toBe("setpoint");
    expect(speed?.fromPoint(25)).toBeCloseTo(1500, 9);
    expect(speed?.toPoint(1500)).toBeCloseTo(25, 9);
    expect(load?.fromPoint(12)).toBeCloseTo(6000, 9);
    expect(load?.toPoint(6000)).toBeCloseTo(12, 9);
  });
});
