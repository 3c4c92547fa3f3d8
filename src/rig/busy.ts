/** Devices that answer "not now": what they are asked again, and for how long. */
import type { Point } from "../device/device-type.js";
import type { Reply } from "../line/line.js";
import { repeatOf } from "./repeat.js";

/** Before anything moves there is time; while setpoints are followed every cycle counts. */
export const wayUpBusyMs = 2000;
export const underWayBusyMs = 100;
/** Between two questions to a busy device. */
export const busyPauseMs = 50;

/** Taken, and not done yet; refused, and nothing was done (Modbus Application Protocol V1.1b3, 7). */
const acknowledge = 5;
const busy = 6;

/** May what got this reply be asked again? `write` says it of a write that the device has taken already. */
export function isBusy(reply: Reply, write?: Point["write"]): boolean {
  if (reply.ok) return false;
  return (
    reply.exception === busy || (reply.exception === acknowledge && repeatOf(write) === "freely")
  );
}
