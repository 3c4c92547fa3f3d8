/** What is said of an actuator that is being made safe, and what a person should do. */
import type { ElapsedMs } from "../../base/clock.js";
import type { ActuatorSafety } from "../../rig/safety.js";
import type { ActuatorMachine } from "./machine.js";

export function safetyOf(machine: ActuatorMachine, now: ElapsedMs): ActuatorSafety {
  const { level, isRunningOn, begunAt, isContested } = machine;
  const { role, device, best } = machine.actuator;
  // So it is meant: nobody has to do anything about it.
  const acted = machine.acted || isRunningOn;
  const tookMs = Math.max(0, (machine.acted ? machine.since : now) - begunAt) || 0;
  const open = machine.forbidden ?? (machine.problem || "no answer yet");
  const detail = isRunningOn ? runsOn : acted ? proof[level] : open;
  const next = acted ? "" : nextOf(machine);
  return { role, device, level, best, acted, tookMs, isContested, detail, next };
}

const runsOn = "an auxiliary that runs on for a while; it goes off by itself";

const proof: Record<ActuatorSafety["level"], string> = {
  "not asked": "",
  asked: "the device took it; nothing can be read of it",
  held: "read back; what it does cannot be seen from here",
  acted: "the device itself shows it",
  effect: "an independent reading shows it",
};

function nextOf({ forbidden, isSilent, local, isContested }: ActuatorMachine): string {
  if (forbidden !== undefined) return "nothing is written to it: go there, look, switch it off";
  if (isSilent) return "its own watchdog is given time to act; go there and switch it off";
  if (local) return "switch it off at its panel, or give it back to remote";
  if (isContested) return "find who commands it, and switch it off";
  return "go there and switch it off";
}
