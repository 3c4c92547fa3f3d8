/** A rig of shipped types over a plant of another hand in virtual time, working, and then made safe. */
import { expect } from "vitest";
import { openSite } from "../../../src/cli/site.js";
import { type KeptRig, keepRig, type PlanKeeper } from "../../../src/keeper/kept-rig.js";
import { type LoadedRig, loadRig } from "../../../src/rig/load.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";
import { makeSite, plantOf, type Wishes } from "../../plant/site.js";
import { VirtualPlant } from "../../plant/virtual.js";

export type Bench = { clock: VirtualClock; plant: VirtualPlant; rig: KeptRig };

/** Everything an actuator may be asked for: speed, load, and what more the wishes bring. */
const setpoints: Record<string, number> = { speed: 500, load: 3000, oil: 60, pump: 1 };

const loadedRigs = new Map<string, LoadedRig>();

/** Each rig file is read once: hundreds of trials begin with it. */
function loadedRig(wishes: Wishes): LoadedRig {
  const key = JSON.stringify(wishes);
  const known = loadedRigs.get(key);
  if (known !== undefined) return known;
  const places = Object.keys(plantOf(wishes).lines).map((name) => [name, "nowhere:1"]);
  const site = makeSite(wishes, Object.fromEntries(places));
  const loaded = loadRig(site.rigFile, openSite(site.folder));
  site.remove();
  loadedRigs.set(key, loaded);
  return loaded;
}

/** A rig that was started and follows its setpoints. */
export async function workingRig(wishes: Wishes, keeper?: PlanKeeper): Promise<Bench> {
  const clock = new VirtualClock(0);
  const plant = new VirtualPlant(plantOf(wishes), clock);
  const rig = keepRig(loadedRig(wishes), await plant.lines(), clock, true, keeper);
  expect(await rig.start()).toEqual([]);
  const asked = rig.actuators.map(({ role }) => setpoints[role]!);
  expect(await rig.write(asked)).toEqual([]);
  // Somebody switches communications writing off again: making safe must not depend on it.
  if (wishes.heater === "e5cc") plant.unit("heater").set(0, 0x0000);
  await clock.sleep(1000);
  for (const { role } of rig.actuators) {
    const unit = unitOf(role);
    expect(plant.state().units[unit], role).toMatchObject({ energised: true });
  }
  return { clock, plant, rig };
}

const unitsOfRoles: Record<string, string> = {
  speed: "spindle",
  load: "hydraulics",
  oil: "heater",
  pump: "outputs",
};

export function unitOf(role: string): string {
  return unitsOfRoles[role]!;
}
