import { expect, it } from "vitest";
import { openSite } from "../../../src/cli/site.js";
import { keepRig } from "../../../src/keeper/kept-rig.js";
import { loadRig } from "../../../src/rig/load.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";
import { makeSite, plantOf } from "../../plant/site.js";
import { VirtualPlant } from "../../plant/virtual.js";

it("starts an E5CC as delivered, which refuses every write while communications writing is off", async () => {
  const wishes = { heater: "e5cc" } as const;
  const clock = new VirtualClock(0);
  const plant = new VirtualPlant(plantOf(wishes), clock);
  const places = Object.keys(plantOf(wishes).lines).map((name) => [name, "nowhere:1"]);
  const site = makeSite(wishes, Object.fromEntries(places));
  const loaded = loadRig(site.rigFile, openSite(site.folder));
  site.remove();
  const rig = keepRig(loaded, await plant.lines(), clock, true);
  expect(await rig.start()).toEqual([]);
  await rig.close();
});
