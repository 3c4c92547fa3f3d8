import { expect, it } from "vitest";
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
