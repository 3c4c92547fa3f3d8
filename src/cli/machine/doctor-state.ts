import type { EpochMs } from "../../base/clock.js";
import type { Machine } from "../../line/machine.js";
import type { Finding } from "./doctor-check.js";
import { longestUnsetMs, timeServices, timesync } from "./time-sync.js";

/**
 * Only timesyncd leaves a file that says when it last set the clock (systemd-timesyncd.service(8));
 * of the others only the presence can be seen, and that is not taken for a set clock.
 */
export function checkClock(machine: Machine, wall: EpochMs): Finding {
  const subject = "clock";
  const last = machine.stat(`${timesync}/synchronized`)?.modified;
  if (last !== undefined && wall - last < longestUnsetMs) {
    const evidence = `timesyncd last set it ${new Date(last).toISOString()}`;
    return { subject, status: "ok", evidence };
  }
  const service = timeServices.find(([, file]) => machine.stat(file) !== undefined);
  if (service !== undefined) {
    const evidence = `${service[0]} runs; whether it has set the clock cannot be read`;
    return { subject, status: "unknown", evidence, fix: `look: ${service[2]}` };
  }
  if (last !== undefined || machine.list(timesync) !== undefined) {
    const evidence =
      last === undefined
        ? "timesyncd has not set it since the machine started"
        : `timesyncd set it last ${new Date(last).toISOString()}, over a day ago`;
    const fix =
      "timedatectl timesync-status; name a server that is reached: /etc/systemd/timesyncd.conf";
    return { subject, status: "fix", evidence, fix };
  }
  const evidence = "no sign of a time service; a container's clock is its host's";
  return {
    subject,
    status: "unknown",
    evidence,
    fix: "look: timedatectl; sudo apt install chrony",
  };
}

const targets = ["sleep.target", "suspend.target", "hibernate.target", "hybrid-sleep.target"];
const unitFolders = ["/etc/systemd/system", "/run/systemd/system"];

/** A machine that falls asleep leaves a rig turning. Every way to sleep goes through sleep.target. */
export function checkSleep(machine: Machine): Finding {
  const subject = "sleep";
  if (machine.text("/sys/power/state") === "") {
    return { subject, status: "ok", evidence: "this kernel cannot sleep (/sys/power/state)" };
  }
  const mask = `sudo systemctl mask ${targets.join(" ")}`;
  if (machine.list("/run/systemd/system") === undefined) {
    const evidence = "no systemd here; what may send this machine to sleep cannot be read";
    return { subject, status: "unknown", evidence, fix: `on a machine with systemd: ${mask}` };
  }
  const masked = unitFolders.some((f) => machine.link(`${f}/sleep.target`) === "/dev/null");
  if (masked) return { subject, status: "ok", evidence: "sleep.target is masked" };
  const evidence =
    "sleep.target is not masked: an idle desktop or a closed lid may stop the controller";
  return { subject, status: "fix", evidence, fix: mask };
}
