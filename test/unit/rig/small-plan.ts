import type { PlanActuator, PlanDevice, RigPlan } from "../../../src/rig/safe-plan.js";

const none = { trip: [], isolate: [] };

/** A plan of actuators on one drive that has nothing to do and can be walked over. */
export function smallPlan(...roles: string[]): RigPlan {
  const drive = { line: "drives", timing: { turnaroundMs: 50 }, identity: [], fingerprint: [] };
  const actuators = roles.map((role) => ({
    ...{ role, device: "drive", energised: false, needs: [], obeys: [], acted: [] },
    ...{ steps: none, held: none, effect: none },
  }));
  return {
    devices: { drive: drive as unknown as PlanDevice },
    actuators: actuators as unknown as PlanActuator[],
  };
}
