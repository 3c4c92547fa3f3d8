import { describe, expect, it } from "vitest";
import { parseQuantity } from "../../../src/base/quantity.js";
import { bitsPerCharOf } from "../../../src/device/wire-time.js";
import { startGuard } from "../../../src/keeper/guard.js";
import { keepRig } from "../../../src/keeper/kept-rig.js";
import { LineQueue } from "../../../src/line/queue.js";
import { loadRig } from "../../../src/rig/load.js";
import { type Faults, noFaults } from "../../../src/sim/fault.js";
import { simTransport } from "../../../src/sim/sim-line.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";
import { folders, simulate } from "./bench.js";

/** The rig over real queues and simulated wires, with the wire's own times. */
function wired(name: string, faults: Faults = noFaults) {
  const clock = new VirtualClock(0);
  const loaded = loadRig(name, folders);
  const { devices, units } = simulate(loaded);
  const lines = new Map(
    Object.entries(loaded.rig.lines).map(([line, { baud = 9600, format = "8N1", tcp }]) => {
      const wire = tcp === undefined ? { baud, bitsPerChar: bitsPerCharOf(format) } : "tcp";
      const transport = simTransport(units.get(line) ?? new Map(), clock, wire, faults);
      return [line, new LineQueue(line, transport, clock)];
    }),
  );
  const rig = keepRig(loaded, lines, clock, true);
  const budgetMs = parseQuantity(loaded.rig.tripBudget ?? "")?.value ?? Number.NaN;
  return { clock, loaded, devices, lines, rig, budgetMs };
}

describe("a rig over line queues", () => {
  it("starts, samples, writes and goes safe", async () => {
    const { rig, devices } = wired("bearing-four");
    expect(await rig.identify()).toEqual([]);
    expect(await rig.start()).toEqual([]);
    expect(await rig.write([6000, 3000])).toEqual([]);
    devices.get("spindle")?.set("running-speed", 2998);
    const sample = await rig.sample(0);
    expect(sample.values[0]).toBe(2998);
    expect([...sample.quality].every((q) => q === 0)).toBe(true);
    const steps = await rig.safe("test");
    expect(steps.every((s) => s.acted)).toBe(true);
    expect(devices.get("spindle")?.activeSetpoint(0)).toBeUndefined();
  });

  it("a whole cycle of all devices fits the rig's cycle time at the stated baud", async () => {
    for (const name of ["bearing-four", "harmonic-one"]) {
      const { rig, clock } = wired(name);
      await rig.sample(0);
      expect(clock.elapsed()).toBeLessThan(rig.cycleMs);
      expect(clock.elapsed()).toBeGreaterThan(0);
    }
  });

  it("a stop in the middle of a cycle is confirmed within the trip budget", async () => {
    for (let afterMs = 0; afterMs < 800; afterMs += 37) {
      const { rig, clock, budgetMs } = wired("bearing-four");
      await rig.start();
      await rig.write([6000, 3000]);
      const sampling = rig.sample(0);
      await clock.sleep(afterMs);
      const called = clock.elapsed();
      const steps = await rig.safe("test");
      expect(steps.every((s) => s.acted)).toBe(true);
      expect(clock.elapsed() - called).toBeLessThanOrEqual(budgetMs);
      await sampling;
    }
  });

  it("a write still queued when the stop overtakes it cannot undo the stop", async () => {
    const { rig, clock, devices, lines } = wired("bearing-four");
    await rig.start();
    // The line is busy with reads, so the write has to wait its turn.
    const sampling = rig.sample(0);
    await clock.sleep(1);
    const write = rig.write([12_000, 6000]);
    await clock.sleep(1);
    const steps = await rig.safe("test");
    await Promise.all([write, sampling]);
    expect(steps.every((s) => s.acted)).toBe(true);
    expect(devices.get("hydraulics")?.get("output-0")).toBe(4);
    expect(devices.get("spindle")?.get("setpoint")).toBe(0);
    expect(devices.get("spindle")?.activeSetpoint(0)).toBeUndefined();
    expect(lines.get("drive")?.statistics.exchanges).toBeGreaterThan(0);
  });

  it("a lost sensor line trips the guard and the actuators' lines go safe", async () => {
    const { rig, clock, loaded, lines, devices } = wired("bearing-four");
    await rig.start();
    await rig.write([6000, 3000]);
    const limits: string[] = [];
    const guard = startGuard(rig, loaded.limits, clock, (cause) => limits.push(cause.limit));
    for (let cycle = 0; cycle < 3; cycle++) {
      await rig.sample(cycle);
      await clock.sleep(500);
    }
    await lines.get("sensors")?.close();
    for (let cycle = 3; cycle < 10; cycle++) {
      await rig.sample(cycle);
      await clock.sleep(1000);
    }
    guard.stop();
    expect(limits).toHaveLength(1);
    expect(devices.get("spindle")?.activeSetpoint(0)).toBeUndefined();
  });
});
