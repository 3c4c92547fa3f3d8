/** Case S3: a rig that is held is watched as one that works. */
import { afterAll, describe, expect, it } from "vitest";
import { monotonicMs, type Stamp } from "../plant/config.js";
import { isDead, isStop, isUnload, patienceMs, Scene } from "../plant/scene.js";

const scenes: Scene[] = [];
afterAll(async () => {
  for (const scene of scenes) await scene.close();
});

const isSafeWrite = (stamp: Stamp) => isStop(stamp) || isUnload(stamp);

const hands: { what: string; limit: string; act(scene: Scene): Promise<unknown> }[] = [
  {
    what: "the shaft at 6200 rpm",
    limit: "overspeed",
    act: ({ plant }) => plant.order({ do: "turn", shaft: "shaft", rpm: 6200 }),
  },
  {
    what: "a load of 9 kN",
    limit: "overload",
    act: ({ plant }) => plant.order({ do: "set", unit: "hydraulics", address: 0, value: 3071 }),
  },
  {
    what: "a housing at 140 degC",
    limit: "housing-hot",
    act: ({ plant }) => plant.order({ do: "pv", unit: "thermometer-2", degC: 140 }),
  },
];

describe("a rig that is held", () => {
  for (const { what, limit, act } of hands) {
    it(`trips at ${what}`, async () => {
      const scene = await Scene.make();
      scenes.push(scene);
      const run = await scene.running();
      await scene.plant.order({ do: "pv", unit: "thermometer-1", degC: 70 });
      await run.heard(/\bHeld\b/, patienceMs);
      await scene.plant.until("nothing has energy", isDead, patienceMs);
      const at = monotonicMs();
      await act(scene);
      const write = await scene.plant.write("safe values", isSafeWrite, at, 5000);
      expect(write.atMs - at).toBeLessThan(2000);
      await run.heard(new RegExp(limit), patienceMs);
    }, 60_000);
  }
});
