import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bitsPerCharOf } from "../../src/device/wire-time.js";
import { startGuard, type TripCause } from "../../src/keeper/guard.js";
import { keepRig } from "../../src/keeper/kept-rig.js";
import { LineQueue } from "../../src/line/queue.js";
import { ratingsOf, readProduct } from "../../src/profile/load-product.js";
import { loadRig } from "../../src/rig/load.js";
import { simulationWiring } from "../../src/rig/wiring.js";
import { createSimBench } from "../../src/sim/bench.js";
import { simTransport } from "../../src/sim/sim-line.js";
import { VirtualClock } from "../../src/sim/virtual-clock.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folders = { rigs: [`${root}rigs`], devices: [`${root}devices`] };

/** A shipped rig over its simulated wires, with its plant behind the registers. */
function simulated(name: string, product: string) {
  const clock = new VirtualClock(0);
  const loaded = loadRig(name, folders);
  const says = readProduct(`${root}products/${product}.yaml`).value;
  if (says === undefined) throw new Error(`${product} is invalid`);
  const ratings = Object.entries(ratingsOf(says)).map(([rating, { value }]) => [rating, value]);
  const place = { specimen: "x", kind: says.kind, ratings: Object.fromEntries(ratings) };
  const bench = createSimBench({
    clock,
    seed: 7,
    plant: loaded.rig.simulation?.plant ?? "bearing",
    parameters: { noise: 0 },
    stations: Object.keys(loaded.rig.stations).map((station) => ({ station, ...place })),
    devices: [...loaded.devices.values()],
    wiring: simulationWiring(loaded),
  });
  const lines = new Map(
    Object.entries(loaded.rig.lines).map(([line, { tcp, baud = 9600, format = "8N1" }]) => {
      const wire = tcp === undefined ? { baud, bitsPerChar: bitsPerCharOf(format) } : "tcp";
      return [line, new LineQueue(line, simTransport(bench.units(line), clock, wire), clock)];
    }),
  );
  const rig = keepRig(loaded, lines, clock, true);
  const at = (column: string) => rig.columns.findIndex((c) => c.name === column);
  return { clock, loaded, bench, rig, at };
}

type Simulated = ReturnType<typeof simulated>;

/** Holds the setpoints for so many seconds; the last sample. */
async function hold({ rig, clock }: Simulated, setpoints: number[], seconds: number) {
  let sample = await rig.sample(0);
  for (let cycle = 1; cycle <= seconds; cycle++) {
    expect(await rig.write(setpoints)).toEqual([]);
    await clock.sleep(Math.max(0, sample.at + 1000 - clock.elapsed()));
    sample = await rig.sample(cycle);
  }
  return sample;
}

describe("a shipped rig over its plant", () => {
  it("bearing-four turns and loads its bearings, and everything is read back", async () => {
    const s = simulated("bearing-four", "ball-bearing/6206");
    expect(await s.rig.start()).toEqual([]);
    const sample = await hold(s, [4000, 3000], 60);
    expect([...sample.quality].every((q) => q === 0)).toBe(true);
    expect(sample.values[s.at("speed")]).toBeCloseTo(3000, -1);
    // One step of the 12-bit output is 2.9 N.
    expect(Math.abs((sample.values[s.at("load")] ?? 0) - 4000)).toBeLessThan(3);
    expect(sample.values[s.at("power")]).toBeGreaterThan(60);
    expect(sample.values[s.at("s4.housing-temperature")]).toBeGreaterThan(15);
  });

  it("harmonic-one turns its reducer, and the derived efficiency is that of the plant", async () => {
    const s = simulated("harmonic-one", "harmonic-reducer/csf-20-100");
    expect(await s.rig.start()).toEqual([]);
    const sample = await hold(s, [40, 2000], 60);
    expect([...sample.quality].every((q) => q === 0)).toBe(true);
    expect(sample.values[s.at("input-speed")]).toBeCloseTo(2000, -1);
    expect(sample.values[s.at("output-torque")]).toBeCloseTo(40, 0);
    const efficiency = sample.values[s.at("efficiency")] ?? Number.NaN;
    expect(efficiency).toBeGreaterThan(0.5);
    expect(efficiency).toBeLessThan(0.9);
    const inputW = ((sample.values[s.at("input-torque")] ?? 0) * 2000 * Math.PI) / 30;
    expect(sample.values[s.at("power")]).toBeGreaterThan(inputW);
  });

  it("a trip takes load and speed away, in that order, and the plant comes to rest", async () => {
    const s = simulated("bearing-four", "ball-bearing/6206");
    await s.rig.start();
    const causes: TripCause[] = [];
    const guard = startGuard(s.rig, s.loaded.limits, s.clock, (cause) => causes.push(cause));
    await hold(s, [4000, 3000], 30);
    s.bench.device("thermometer-2").silent = true;
    for (let cycle = 31; cycle < 40; cycle++) {
      await s.rig.sample(cycle);
      await s.clock.sleep(1000);
    }
    expect(causes[0]).toMatchObject({ kind: "stale", station: "s2" });
    await s.clock.sleep(30_000);
    const rest = await s.rig.sample(40);
    guard.stop();
    expect(rest.values[s.at("load")]).toBe(0);
    expect(rest.values[s.at("speed")]).toBe(0);
  });
});
