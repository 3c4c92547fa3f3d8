import { expect, it } from "vitest";
import type { Watchdog } from "../../plant/config.js";
import type { Wishes } from "../../plant/site.js";
import { unitOf, workingRig } from "./exhaustive-rig.js";

it("sends the stop again after a silence, as soon as a drive that ignored it listens", async () => {
  const { clock, plant, rig } = await workingRig({ drive: "asda" });
  let brokenAtMs = Number.NaN;
  const modeAt = (_n: number, nowMs: number) => {
    if (Number.isNaN(brokenAtMs)) brokenAtMs = nowMs;
    return nowMs - brokenAtMs > 4000 ? {} : { ignores: true };
  };
  plant.arm({ unit: "spindle", modeAt });
  const beganAtMs = clock.elapsed();
  void rig.safe("a test");
  await clock.sleep(4000 + 2900 + 4500);
  const stops = plant.stamps.filter((s) => s.address === 0x040e && s.atMs > beganAtMs + 4000);
  expect(stops.length).toBeGreaterThan(0);
  expect(plant.state().units["spindle"]!.energised).toBe(false);
  await rig.close();
});

it("switches communications writing on again where the stop is refused after all", async () => {
  const { clock, plant, rig } = await workingRig({ heater: "e5cc" });
  const unit = unitOf("oil");
  // It acknowledged the switching on and did not do it; everything after is right.
  plant.arm({ unit, modeAt: (n) => (n === 0 ? { ignores: true } : {}) });
  void rig.safe("a test");
  await clock.sleep(5000);
  expect(plant.state().units[unit]!.energised).toBe(false);
  await rig.close();
});

const cases = [
  { wishes: { drive: "acs580" }, role: "speed", fedBy: "words", timeMs: 2000 },
  { wishes: { drive: "asda" }, role: "speed", fedBy: "requests", timeMs: 2000 },
  { wishes: { drive: "asda-b3" }, role: "speed", fedBy: "requests", timeMs: 2000 },
  // Its start command arms it, so it can only be read as armed afterwards.
  { wishes: { heater: "drr245" }, role: "oil", fedBy: "requests", timeMs: 5000 },
] satisfies { wishes: Wishes; role: string; timeMs: number; fedBy: Watchdog["fedBy"] }[];

for (const { wishes, role, fedBy, timeMs } of cases) {
  it(`lets the watchdog of the ${unitOf(role)} act (${Object.values(wishes)}) that acknowledges the stop and ignores it`, async () => {
    const { clock, plant, rig } = await workingRig(wishes);
    const unit = unitOf(role);
    plant.unit(unit).setMode({ ignores: true, watchdog: { timeMs, fedBy } });
    const beganAtMs = clock.elapsed();
    let deadAtMs = Number.NaN;
    plant.onStep = (nowMs) => {
      if (Number.isNaN(deadAtMs) && !plant.unit(unit).state().energised) deadAtMs = nowMs;
    };
    void rig.safe("a test");
    await clock.sleep(20_000);
    const safeWithinMs = 1000;
    expect(deadAtMs - beganAtMs).toBeLessThan(safeWithinMs + 1.2 * timeMs + 1000);
    expect(plant.unit(unit).state().expired).toBeGreaterThan(0);
    await rig.close();
  });
}
