import { describe, expect, it } from "vitest";
import type { StationSpec } from "../../src/sim/plant.js";
import { harmonicPlant } from "../../src/sim/plant-harmonic.js";

const hour = 3.6e6;
const rated = 40;
const ratio = 100;
const spec: StationSpec = {
  station: "s1",
  specimen: "h-1",
  kind: "harmonic-reducer",
  ratings: { ratio, "rated-torque": rated, "rated-speed": 2000, "rated-life": 35_000 * hour },
};
const quiet = { noise: 0, "ambient-swing": 0 };
const commands = (speed: number, torque: number) => Float64Array.of(speed, torque);

type HarmonicPlant = ReturnType<typeof harmonicPlant>;

function outputs(plant: HarmonicPlant): Record<string, number> {
  const out = new Float64Array(plant.outputs.length);
  for (let i = 0; i < out.length; i++) out[i] = plant.output(i);
  return Object.fromEntries(plant.outputs.map((name, i) => [name, out[i]!]));
}

function efficiency(plant: HarmonicPlant): number {
  const o = outputs(plant);
  return (o["output-torque"]! * o["output-speed"]!) / (o["input-torque"]! * o["input-speed"]!);
}

/** The two drawn lives (fracture, degradation) in input turns at rated torque. */
function lives(seed: number): [number, number] {
  const [fracture, degradation] = harmonicPlant([spec], seed).truth().stations[0]!.clocks;
  return [fracture!.lifeTurns, degradation!.lifeTurns];
}

/** Runs at a stress until something fails; the mode that came first. */
function firstMode(seed: number, stress: number): string {
  const plant = harmonicPlant([spec], seed);
  for (let i = 0; i < 1000; i++) {
    plant.advance(2000 * hour, commands(2000, stress * rated));
    const { failed, mode } = plant.truth().stations[0]!;
    if (failed) return mode;
  }
  return "none";
}

describe("lives of simulated strain-wave reducers", () => {
  const count = 2000;
  const drawn = Array.from({ length: count }, (_, seed) => lives(seed));
  const l10 = 7000 * 60 * 2000;

  it("fracture as the maker rates: 10 % before Ln/5, half before Ln, at rated torque", () => {
    const share = (life: number) => drawn.filter(([f]) => f < life).length / count;
    expect(Math.abs(share(l10) - 0.1)).toBeLessThan(3.3 * Math.sqrt((0.1 * 0.9) / count));
    expect(Math.abs(share(5 * l10) - 0.5)).toBeLessThan((3.3 * 0.5) / Math.sqrt(count));
  });

  it("degrade at a median that meets the fractures' median at 1.5 times rated torque", () => {
    const median = (5 * l10) / 1.5 ** 2;
    const share = drawn.filter(([, d]) => d < median).length / count;
    expect(Math.abs(share - 0.5)).toBeLessThan((3.3 * 0.5) / Math.sqrt(count));
  });

  it("hang together: weak in one way is weak in the other (Kendall's tau 0.3)", () => {
    const some = drawn.slice(0, 600);
    let score = 0;
    some.forEach(([f, d], i) => {
      for (const [g, e] of some.slice(0, i)) score += Math.sign((f - g) * (d - e));
    });
    const tau = score / ((some.length * (some.length - 1)) / 2);
    expect(Math.abs(tau - 0.3)).toBeLessThan(3.3 * Math.sqrt((2 * (1 - 0.3 ** 2)) / some.length));
  });

  it("end in fracture at high stress and in degradation at low stress", () => {
    const seeds = 200;
    const fractures = (stress: number) =>
      Array.from({ length: seeds }, (_, seed) => firstMode(seed, stress)).filter(
        (mode) => mode === "flexspline-fracture",
      ).length;
    const [low, high] = [fractures(0.5), fractures(3)];
    // One-sided test at 0.05 %: more (fewer) than half of 200 by 3.3 standard deviations.
    const margin = 3.3 * Math.sqrt(seeds / 4);
    expect(high).toBeGreaterThan(seeds / 2 + margin);
    expect(low).toBeLessThan(seeds / 2 - margin);
  });
});

describe("a simulated strain-wave reducer", () => {
  it("passes speed over the ratio, torque with losses, and warms by what is lost", () => {
    const plant = harmonicPlant([spec], 1, quiet);
    plant.advance(20 * hour, commands(2000, rated));
    const o = outputs(plant);
    expect(o["output-speed"]).toBe(20);
    expect(o["output-torque"]).toBe(rated);
    expect(efficiency(plant)).toBeGreaterThan(0.65);
    expect(efficiency(plant)).toBeLessThan(0.8);
    const turn = Math.PI / 30;
    const lost = (o["input-torque"]! * 2000 - rated * 20) * turn;
    // Efficiency still falls a little, so the housing is behind by less than a thousandth.
    expect((o["s1.housing-temperature"]! - 23) / (0.7 * lost)).toBeCloseTo(1, 3);
  });

  it("wears: lost motion crosses 2 arcmin exactly when degradation has spent its life", () => {
    const plant = harmonicPlant([spec], 2, { ...quiet, wear: 1000 });
    const seen = [];
    let before = plant.truth().stations[0]!.values;
    for (let i = 0; i < 20_000 && seen.length === 0; i++) {
      plant.advance(60_000, commands(2000, 0.5 * rated));
      const { clocks, values } = plant.truth().stations[0]!;
      expect(values["lostMotionArcmin"]).toBeGreaterThanOrEqual(before["lostMotionArcmin"]!);
      expect(values["stiffnessNmPerArcmin"]).toBeLessThanOrEqual(before["stiffnessNmPerArcmin"]!);
      if (clocks[1]!.turnsAtFailure !== undefined) seen.push(before, values);
      before = values;
    }
    expect(seen[0]!["lostMotionArcmin"]).toBeLessThan(2);
    expect(seen[1]!["lostMotionArcmin"]).toBeGreaterThanOrEqual(2);
  });

  it("loses efficiency slowly while it degrades, and shakes more", () => {
    const plant = harmonicPlant([spec], 2, { ...quiet, wear: 1000 });
    plant.advance(60_000, commands(2000, 0.5 * rated));
    const [young, sound] = [efficiency(plant), outputs(plant)["s1.vibration"]!];
    for (let i = 0; i < 100_000; i++) {
      if (plant.truth().stations[0]!.clocks[1]!.spentFraction > 0.95) break;
      plant.advance(60_000, commands(2000, 0.5 * rated));
    }
    expect(plant.truth().stations[0]!.failed).toBe(false);
    expect(efficiency(plant)).toBeLessThan(young - 0.02);
    expect(efficiency(plant)).toBeGreaterThan(young - 0.08);
    expect(outputs(plant)["s1.vibration"]! / sound).toBeGreaterThan(1.5);
  });

  it("after a fracture carries little torque at under 20 % efficiency and shakes", () => {
    const plant = harmonicPlant([spec], 3, { ...quiet, wear: 1000 });
    const advance = () => plant.advance(60_000, commands(2000, 3 * rated));
    advance();
    const sound = outputs(plant);
    for (let i = 0; i < 10_000; i++) {
      if (plant.truth().stations[0]!.clocks[0]!.turnsAtFailure !== undefined) break;
      advance();
    }
    const broken = outputs(plant);
    expect(broken["output-torque"]).toBeLessThan(0.2 * sound["output-torque"]!);
    expect(broken["s1.vibration"]).toBeGreaterThan(3 * sound["s1.vibration"]!);
    expect(efficiency(plant)).toBeLessThan(0.2);
    expect(efficiency(plant)).toBeGreaterThan(0);
  });

  it("does not depend on how the time is cut, fracture included", () => {
    const run = (stepMs: number) => {
      const plant = harmonicPlant([spec], 4, { ...quiet, wear: 1000 });
      const phases: [number, number][] = [
        [2000, 20],
        [1000, 80],
        [0, 0],
        [2000, 120],
      ];
      for (const [speed, torque] of phases)
        for (let t = 0; t < 10 * hour; t += stepMs) plant.advance(stepMs, commands(speed, torque));
      return plant;
    };
    const [whole, cut] = [run(10 * hour), run(20_000)];
    const [a, b] = [whole.truth().stations[0]!, cut.truth().stations[0]!];
    expect(a.clocks.map((k) => k.turnsAtFailure !== undefined)).toEqual([true, true]);
    const pairs = [
      ...a.clocks.map((k, i) => [k.turnsAtFailure!, b.clocks[i]!.turnsAtFailure!] as const),
      ...a.clocks.map((k, i) => [k.spentFraction, b.clocks[i]!.spentFraction] as const),
      ...Object.keys(a.values).map((name) => [a.values[name]!, b.values[name]!] as const),
      [a.turns, b.turns] as const,
    ];
    for (const [x, y] of pairs) expect(Math.abs(y / x - 1)).toBeLessThan(1e-9);
  });

  it("gives the same bytes for the same seed, and others for another", () => {
    const trace = (seed: number) => {
      const plant = harmonicPlant([spec], seed, { wear: 3000 });
      const all: number[] = [];
      for (let i = 0; i < 500; i++) {
        plant.advance(10_000, commands(2000, i < 400 ? 80 : 0));
        all.push(...Object.values(outputs(plant)));
      }
      return Buffer.from(Float64Array.from(all).buffer).toString("base64");
    };
    expect(trace(7)).toBe(trace(7));
    expect(trace(7)).not.toBe(trace(8));
  });
});
