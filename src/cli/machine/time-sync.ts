import type { EpochMs } from "../../base/clock.js";
import type { Machine } from "../../line/machine.js";
import type { TimeSync } from "../../record/document/event.js";

/** A service that has not set the clock for so long does not keep it. */
export const longestUnsetMs = 24 * 3600 * 1000;

/** What timesyncd leaves in /run; `synchronized` is touched whenever it has set the clock. */
export const timesync = "/run/systemd/timesync";
/** What the other time services leave in /run as long as they run. */
export const timeServices: readonly [string, string, string][] = [
  ["chrony", "/run/chrony", "chronyc tracking"],
  ["ntpd", "/run/ntpd.pid", "ntpq -p"],
];

/**
 * Only timesyncd leaves a file that says when it last set the clock (systemd-timesyncd.service(8)); of
 * the others only the presence can be seen. Nothing is started for this: it is asked while a rig runs.
 */
export function timeSyncOf(machine: Machine, wall: EpochMs): TimeSync {
  const last = machine.stat(`${timesync}/synchronized`)?.modified;
  if (last !== undefined && wall - last < longestUnsetMs) {
    return { state: "synchronised", source: "timesyncd" };
  }
  const service = timeServices.find(([, file]) => machine.stat(file) !== undefined);
  if (service !== undefined) return { state: "unknown", source: `${service[0]} runs` };
  const there = last !== undefined || machine.list(timesync) !== undefined;
  if (there) return { state: "not synchronised", source: "timesyncd" };
  return { state: "unknown", source: "no sign of a time service" };
}
