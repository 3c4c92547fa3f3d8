import { type Slow, slowInWords } from "../../device/slow.js";
import type { PortFacts } from "../../line/ports.js";

/** `unknown` is never taken for `ok`; its `fix` says how to find out. */
export type Finding = {
  subject: string;
  status: "ok" | "fix" | "unknown";
  evidence: string;
  fix?: string;
};

function ok(subject: string, evidence: string): Finding {
  return { subject, status: "ok", evidence };
}

function toFix(subject: string, evidence: string, fix: string): Finding {
  return { subject, status: "fix", evidence, fix };
}

function unknown(subject: string, evidence: string, fix: string): Finding {
  return { subject, status: "unknown", evidence, fix };
}

/** As `engines` in package.json. */
const oldestNode = [20, 19] as const;

/** `version` as `v20.19.0`. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const recent = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  if (recent) return ok("Node", version);
  const needed = `${oldestNode.join(".")} or newer`;
  return toFix(
    "Node",
    `${version}, needs ${needed}`,
    `install Node ${needed}: nodejs.org/download`,
  );
}

/** `found` is a version that may be trusted, or why there is none. */
export function checkSqlite(found: { version: string } | { problem: string }): Finding {
  if ("version" in found) return ok("SQLite", found.version);
  return toFix("SQLite", found.problem, "npm ci --ignore-scripts, in the folder of Wearout");
}

/** libuv's own number; `bin/wearout.js` asks for more. */
const libuvThreads = 4;

/** A serial line blocks up to two threads; disk, names and compression need the four that are usual. */
export function checkThreads(setting: string | undefined, portCount: number): Finding {
  const threads = setting === undefined ? libuvThreads : Number.parseInt(setting, 10) || 1;
  const needed = libuvThreads + 2 * portCount;
  const evidence = `UV_THREADPOOL_SIZE is ${setting ?? "not set"}: ${threads} threads`;
  const why = `${needed} needed (serial ports: ${portCount})`;
  if (threads >= needed) return ok("thread pool", `${evidence}, ${why}`);
  const fix = `export UV_THREADPOOL_SIZE=${Math.max(16, needed)}, before wearout starts`;
  return toFix("thread pool", `${evidence}, ${why}`, fix);
}

/** Of what a line in use has heard; `slow` by unit. */
export type Heard = {
  otherMaster: number;
  localEcho: number;
  slow: Readonly<Record<number, Slow>>;
};

/** What a line in use has heard that does not belong there; nothing where it has heard nothing. */
export function checkHeard(address: string, holder: string, heard: Heard): Finding[] {
  const subject = `line on ${address}`;
  const findings: Finding[] = [];
  if (heard.otherMaster > 0) {
    const evidence = `another master asks on it: ${heard.otherMaster} of its requests were heard by ${holder}`;
    const fix =
      "find what else is wired to this line and asks (panel, PLC, logger), and take it off";
    findings.push(toFix(subject, evidence, fix));
  }
  if (heard.localEcho > 0) {
    const evidence = `its adapter gives back what is sent: localEcho: true in the rig file says so`;
    findings.push(ok(subject, evidence));
  }
  for (const text of slowInWords(heard.slow)) {
    const at = text.indexOf(": ");
    const fix = `write ${text.slice(at + 2)} for this device in the rig file`;
    findings.push(toFix(subject, text.slice(0, at), fix));
  }
  return findings;
}

/** Nothing to fix: a site may have lines over TCP only. */
export function noPort(): Finding {
  return ok("serial ports", "none found, only lines over TCP can be used (see wearout line list)");
}

/** Who asks: `name` is undefined where `/etc/passwd` does not know the user. */
export type Person = { name: string | undefined; gids: readonly number[] };

/** `members` are those the group's file names, whether or not they have logged in since. */
export function checkAccess(port: PortFacts, person: Person, members: readonly string[]): Finding {
  const { device, access } = port;
  const subject = `access to ${device}`;
  if (port.isConsole) return ok(subject, "the kernel's console, left alone: not for a line");
  if (access === undefined) {
    const fix = `give it to the container: --device ${device}; else look whether udev runs`;
    return toFix(subject, "the kernel has the port, /dev has no node for it", fix);
  }
  const owned = `group ${access.group}, mode ${access.mode}`;
  if (access.usable) return ok(subject, `readable and writable; ${owned}`);
  const evidence = `not readable and writable by this user; ${owned}`;
  if (!access.groupMayUse || access.gid === 0 || person.gids.includes(access.gid)) {
    return toFix(subject, evidence, nodeRule(device));
  }
  const again = "log out and in again (a service: restart it)";
  if (person.name !== undefined && members.includes(person.name)) {
    return toFix(subject, `${evidence}; ${person.name} is in the group, not yet this login`, again);
  }
  const join = `sudo usermod -aG ${access.group} ${person.name ?? '"$USER"'}`;
  return toFix(subject, evidence, `${join}\n${again}`);
}

/** Being in a group does not help where the node's mode or group forbids it: udev must set both. */
function nodeRule(device: string): string {
  const kernel = device.replace("/dev/", "").replace(/\d+$/, "[0-9]*");
  const rule = `SUBSYSTEM=="tty", KERNEL=="${kernel}", GROUP="dialout", MODE="0660"`;
  return `${writeRule(rule, "99-wearout-serial")}\nsudo udevadm trigger -s tty\nrun wearout doctor again`;
}

function writeRule(rule: string, name: string): string {
  const file = `/etc/udev/rules.d/${name}.rules`;
  return `echo '${rule}' | sudo tee ${file}\nsudo udevadm control --reload`;
}

/**
 * Undefined for adapters that have no such timer. While a program has the port open the driver says 1
 * here as long as the port's low-latency flag is set, which a line asks for at every opening: more then
 * means that the flag was refused or is lost (Linux, ftdi_sio.c, latency_timer_show).
 */
export function checkLatency(port: PortFacts): Finding | undefined {
  const { device, latencyTimerMs, holders } = port;
  if (latencyTimerMs === undefined) return undefined;
  const subject = `latency of ${device}`;
  if (latencyTimerMs <= 1) return ok(subject, `${latencyTimerMs} ms`);
  const costs = `${latencyTimerMs} ms: each answer waits that long, most of a fast line is lost`;
  const rule =
    'ACTION=="add", SUBSYSTEM=="usb-serial", DRIVER=="ftdi_sio", ATTR{latency_timer}="1"';
  const forGood = writeRule(rule, "99-wearout-latency");
  const [holder] = holders;
  if (holder === undefined) {
    return toFix(subject, costs, `${forGood}\nunplug the adapter and plug it in again`);
  }
  const flag = `open by ${holder.command} (process ${holder.pid}), and without its low-latency flag`;
  const timer = `/sys/class/tty/${device.replace("/dev/", "")}/device/latency_timer`;
  return toFix(subject, `${costs}; ${flag}`, `echo 1 | sudo tee ${timer}\n${forGood}`);
}

/** Nothing that can be read tells whether an adapter turns the direction round by itself. */
export function checkDirection(ports: readonly PortFacts[]): Finding | undefined {
  const wires = ports.filter((port) => !port.isConsole);
  if (wires.length === 0) return undefined;
  const onBoard = wires.filter(({ usb }) => usb === undefined).map(({ device }) => device);
  const built =
    onBoard.length === 0 ? "" : `; for ${onBoard.join(", ")} see the board's manual or device tree`;
  return unknown(
    "RS-485 direction",
    "cannot be read without opening the port",
    "adapters with automatic direction (most USB ones) need nothing; a transceiver switched by RTS " +
      `needs the kernel's RS-485 mode (TIOCSRS485), set before wearout opens the port${built}`,
  );
}

/** What a sample of 24 columns takes in the record, measured (docs/performance.md). */
const bytesPerSample = 241;
/** A rig that runs alone for two weeks must not fill the disk. */
const leastHours = 14 * 24;

/** Hours at one sample a second, the cycle of the shipped rigs. */
export function checkDisk(folder: string, freeBytes: number | undefined): Finding {
  if (freeBytes === undefined)
    return unknown("disk", `${folder} cannot be asked`, `df -h ${folder}`);
  const hours = Math.floor(freeBytes / (bytesPerSample * 3600));
  const rate = `${bytesPerSample} bytes a sample (24 columns), one sample a second`;
  const evidence = `${(freeBytes / 1e9).toFixed(1)} GB free at ${folder}: about ${hours} h of one rig at ${rate}`;
  if (hours >= leastHours) return ok("disk", evidence);
  const fix = `make room, or put the records on another disk: WEAROUT_HOME=DIR; ${leastHours} h needed`;
  return toFix("disk", evidence, fix);
}

/** `existing` is the folder itself or the nearest one above that exists. */
export function checkRecords(folder: string, existing: string, writable: boolean): Finding {
  const where = existing === folder ? folder : `${folder} (to be made in ${existing})`;
  if (writable) return ok("records", `${where} is writable`);
  const fix = `sudo install -d -o "$USER" '${folder}', or name another: WEAROUT_HOME=DIR`;
  return toFix("records", `${where} is not writable by this user`, fix);
}
