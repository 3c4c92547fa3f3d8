import { describe, expect, it } from "vitest";
import { startKeepalive } from "../../../src/keeper/keepalive.js";
import { Keeper } from "../../../src/keeper/keeper.js";
import { bench } from "../rig/bench.js";

/** bearing-four with a load module that wants its output repeated every 500 ms. */
function fed() {
  const b = bench();
  const device = b.loaded.devices.get("hydraulics");
  if (device !== undefined) device.type.keepalive = { write: ["output-0"], every: "500 ms" };
  return b;
}

describe("the keepalive", () => {
  it("repeats what the device holds, in a loop of its own", async () => {
    const b = fed();
    await b.rig.start();
    await b.rig.write([6000, 3000]);
    const before = b.line("io").writes().length;
    const keepalive = startKeepalive(b.rig, b.clock, () => true);
    await b.clock.sleep(2100);
    keepalive.stop();
    await keepalive.ended;
    const writes = b.line("io").writes().slice(before);
    expect(writes.length).toBe(5);
    expect(new Set(writes.map((w) => JSON.stringify(w.request))).size).toBe(1);
    expect(b.device("hydraulics").get("output-0")).toBeCloseTo(12, 2);
  });

  it("brings nothing about: before the first confirmed write it sends nothing", async () => {
    const b = fed();
    const keepalive = startKeepalive(b.rig, b.clock, () => true);
    await b.clock.sleep(2100);
    keepalive.stop();
    await keepalive.ended;
    expect(b.line("io").writes()).toEqual([]);
  });

  it("repeats the safe value after a stop, never the old setpoint", async () => {
    const b = fed();
    await b.rig.start();
    await b.rig.write([6000, 3000]);
    const keepalive = startKeepalive(b.rig, b.clock, () => true);
    await b.clock.sleep(600);
    await b.rig.safe("test");
    await b.clock.sleep(2000);
    keepalive.stop();
    await keepalive.ended;
    expect(b.device("hydraulics").get("output-0")).toBe(4);
  });

  it("is silent within three cycles once the sampler's promise hangs, though every loop lives", async () => {
    const b = fed();
    const keeper = new Keeper({ rig: b.rig, limits: [], clock: b.clock });
    await b.rig.start();
    await b.rig.write([6000, 3000]);
    keeper.open();
    await b.clock.sleep(5000);
    const written = (fromMs: number) =>
      b
        .line("io")
        .writes()
        .filter(({ at }) => at > fromMs);
    expect(written(b.clock.elapsed() - 1200).length).toBeGreaterThanOrEqual(2);
    b.rig.sample = () => new Promise(() => {});
    await b.clock.sleep(3 * b.rig.cycleMs);
    const fromMs = b.clock.elapsed();
    await b.clock.sleep(20_000);
    const keepalives = written(fromMs).filter(({ lane }) => lane !== "stop");
    expect(keepalives).toEqual([]);
    await keeper.close();
  });

  it("is silent while the safety chain is open, and feeds what is safe when it is closed", async () => {
    const b = fed();
    const overspeed = b.loaded.limits.find(({ name }) => name === "overspeed")!;
    const column = b.column("power");
    const condition = { kind: "below", lo: 0.5, hysteresis: 0 } as const;
    const opened = { ...overspeed, name: "chain-opened", column, columns: [column], condition };
    const keeper = new Keeper({ rig: b.rig, limits: [opened], clock: b.clock });
    b.device("meter").set("total-power", 1);
    await b.rig.start();
    keeper.open();
    await b.clock.sleep(5000);
    const fedWithin = async (ms: number) => {
      const fromMs = b.clock.elapsed();
      await b.clock.sleep(ms);
      return b
        .line("io")
        .writes()
        .filter(({ at, lane }) => at > fromMs && lane !== "stop").length;
    };
    expect(await fedWithin(5000)).toBeGreaterThan(5);
    b.device("meter").set("total-power", 0);
    await b.clock.sleep(8000);
    expect(b.rig.isSafe).toBe(true);
    expect(await fedWithin(20_000)).toBe(0);
    b.device("meter").set("total-power", 1);
    await b.clock.sleep(3000);
    expect(await fedWithin(5000)).toBeGreaterThan(5);
    await keeper.close();
  });

  it("stays away from a device that has not acted, so that its watchdog can act", async () => {
    const b = fed();
    await b.rig.start();
    await b.rig.write([6000, 3000]);
    const keepalive = startKeepalive(b.rig, b.clock, () => true);
    b.line("io").dead.add(31);
    await b.rig.safe("test");
    const before = b.line("io").sent.length;
    await b.clock.sleep(3000);
    keepalive.stop();
    await keepalive.ended;
    const after = b.line("io").sent.slice(before);
    expect(after.filter(({ lane }) => lane !== "stop")).toEqual([]);
  });
});
