import { expect, it } from "vitest";
import { isStart, isStop } from "../../plant/scene.js";
import { workingRig } from "./exhaustive-rig.js";

const ofSpindle = ({ name, values }: { name: string; values: number[] }) =>
  name === "spindle" && values.length > 0;

it("writes to a drive in LOCAL in the first pass only, however often it is called for, and stops it when it obeys", async () => {
  const { clock, plant, rig } = await workingRig({ drive: "acs580" });
  plant.unit("spindle").setMode({ local: true });
  const firstAtMs = clock.elapsed();
  void rig.safe("a test");
  await clock.sleep(3000);
  const first = plant.stamps.filter((s) => ofSpindle(s) && s.atMs >= firstAtMs);
  expect(first.some((stamp) => isStop(stamp, "acs580"))).toBe(true);
  const againAtMs = clock.elapsed();
  for (let i = 0; i < 5; i++) {
    void rig.safe("again");
    void rig.verify();
    await clock.sleep(4000);
  }
  expect(plant.stamps.filter((s) => ofSpindle(s) && s.atMs >= againAtMs)).toEqual([]);
  expect(rig.safety().find(({ role }) => role === "speed")).toMatchObject({
    acted: false,
    next: "switch it off at its panel, or give it back to remote",
  });
  plant.unit("spindle").setMode({});
  const backAtMs = clock.elapsed();
  await clock.sleep(10_000 + 2500);
  const after = plant.stamps.filter((s) => ofSpindle(s) && s.atMs >= backAtMs);
  expect(after.some((stamp) => isStop(stamp, "acs580"))).toBe(true);
  expect(after.filter((stamp) => isStart(stamp, "acs580"))).toEqual([]);
  expect(plant.state().units["spindle"]!.energised).toBe(false);
  await rig.close();
});
