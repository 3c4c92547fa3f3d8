/** A safe plan executed without the rig that it was made of, against a plant of another hand in virtual time. */
import { expect, it } from "vitest";
import { makeSafeFromPlan } from "../../../src/keeper/from-plan.js";
import type { PlanKeeper } from "../../../src/keeper/kept-rig.js";
import { type RigPlan, type SafePlan, safePlanVersion } from "../../../src/rig/safe-plan.js";
import { machineId } from "../../../src/rig/safe-plan-file.js";
import type { SafeCause } from "../../../src/rig/safety.js";
import { type Bench, workingRig } from "./exhaustive-rig.js";

const nothing = () => {};

/** A rig that was made safe and closed, and the plan that it left. */
async function left(): Promise<Bench & { plan: RigPlan }> {
  let plan: RigPlan | undefined;
  const keeper: PlanKeeper = {
    ...{ isCleared: false, acted: nothing, open: nothing, guest: nothing, takenOut: nothing },
    energise: (made) => {
      plan = made;
    },
  };
  const bench = await workingRig({ drive: "asda" }, keeper);
  await bench.rig.safe("a test");
  await bench.rig.whenActed();
  await bench.rig.close();
  return { ...bench, plan: plan! };
}

async function execute({ plant, clock, plan }: Bench & { plan: RigPlan }, cause: SafeCause) {
  const lines = ["drive", "io", "sensors"];
  const line = { spec: { tcp: "nowhere:1" }, wire: { real: "", mac: "", boot: "" } };
  const whole: SafePlan = {
    ...{ plan: "safe", version: safePlanVersion, software: "0", machine: machineId() },
    ...{ site: "/srv/lab", rig: "plant-rig", writtenWall: 0, run: null, abandoned: null },
    ...{ lines: Object.fromEntries(lines.map((name) => [name, line])) },
    ...plan,
  };
  const open = (name: string) => plant.line(name);
  const beside = { onActed: nothing, onStill: nothing, isAbandoned: () => false };
  const before = plant.stamps.length;
  const result = await makeSafeFromPlan({ plan: whole, cause, open, clock, ...beside });
  return { ...result, stamps: plant.stamps.slice(before) };
}

it.each<SafeCause>(["trip", "isolate"])(
  "sends not one frame to a device that is out of service (%s), and looks at the others",
  async (cause) => {
    const bench = await left();
    const spindle = bench.plan.devices["spindle"]!;
    const devices = { ...bench.plan.devices, spindle: { ...spindle, isOut: true as const } };
    const actuators = bench.plan.actuators.map((a) => ({ ...a, energised: false }));
    const told = await execute({ ...bench, plan: { devices, actuators } }, cause);
    expect(told.stamps.filter(({ name }) => name === "spindle")).toEqual([]);
    expect(told.stamps.filter(({ name }) => name === "hydraulics").length).toBeGreaterThan(0);
    expect(told.end).toBe("acted");
    expect(told.safety.find(({ role }) => role === "speed")).toMatchObject({
      ...{ acted: true, detail: "out of service" },
    });
  },
);
