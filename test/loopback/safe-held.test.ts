/** Case S3: a rig that is held is watched as one that works. */
import { describe, expect, it } from "vitest";
import { monotonicMs, type Stamp } from "../plant/config.js";
import { eventsOf } from "../plant/controller.js";
import { isDead, isUnload, longestTestMs, patienceMs, Scene } from "../plant/scene.js";

/** `undone`: what a safe value can put an end to; a shaft that is turned by hand has none. */
const hands: {
  what: string;
  limit: string;
  act(scene: Scene): Promise<unknown>;
  undone?: (stamp: Stamp) => boolean;
}[] = [
  {
    what: "the shaft at 6200 rpm",
    limit: "overspeed",
    act: ({ plant }) => plant.order({ do: "turn", shaft: "shaft", rpm: 6200 }),
  },
  {
    what: "a load of 9 kN",
    limit: "overload",
    act: ({ plant }) => plant.order({ do: "set", unit: "hydraulics", address: 0, value: 3071 }),
    undone: isUnload,
  },
  {
    what: "a housing at 140 degC",
    limit: "housing-hot",
    act: ({ plant }) => plant.order({ do: "pv", unit: "thermometer-2", degC: 140 }),
  },
];

/** Read beside the run, which goes on. */
async function eventsOfKind({ site }: Scene, kind: string): Promise<unknown[]> {
  const events = await eventsOf(site, `${site.rig}-1`);
  return events.filter((event) => event["kind"] === kind);
}

describe("a rig that is held", () => {
  for (const { what, limit, act, undone } of hands) {
    it.concurrent(
      `trips at ${what}`,
      async ({ onTestFinished: atEnd }) => {
        const scene = await Scene.make({}, atEnd);
        const run = await scene.running();
        await scene.plant.order({ do: "pv", unit: "thermometer-1", degC: 70 });
        await run.heard(/\bHeld\b/, patienceMs);
        await scene.plant.until("nothing has energy", isDead, patienceMs);
        const at = monotonicMs();
        await act(scene);
        if (undone !== undefined) {
          const write = await scene.plant.write("safe values", undone, at, 5000);
          expect(write.atMs - at, "time").toBeLessThan(2000);
        }
        await run.heard(new RegExp(`trip.*${limit}`), 5000);
        expect(await eventsOfKind(scene, "trip")).toHaveLength(1);
      },
      longestTestMs,
    );
  }
});
