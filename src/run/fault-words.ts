/** What the pilot's acts came to, in words. */
import type { Act } from "../record/document/input.js";
import type { Rig, RigFault } from "../rig/rig.js";

/** Of an act without a fault. */
export function doneText(act: Exclude<Act, "safe">, { resets }: Pick<Rig, "resets">): string {
  if (act === "identify") return "every device is what the rig file says";
  if (act === "start") return "actuators started";
  if (resets.length === 0)
    return "reset: no device of this rig has one, nothing was done; type resume";
  return `reset: done by ${resets.join(", ")}, nothing moved; type resume`;
}

export function faultsText(faults: readonly RigFault[]): string {
  return faults.map((f) => `${f.device}: ${f.detail} (${f.code})`).join("; ");
}
