import { utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { RealClock } from "../../src/base/clock.js";
import { WearoutError } from "../../src/base/error.js";
import { examine, heardOnLines } from "../../src/cli/machine/doctor.js";
import { checkHeard, type Finding } from "../../src/cli/machine/doctor-check.js";
import type { Host } from "../../src/cli/machine/host.js";
import { noteSlow } from "../../src/device/slow.js";
import { claimLine, reportOf } from "../../src/line/claim.js";
import { newStatistics } from "../../src/line/line.js";
import { openMachine } from "../../src/line/machine.js";
import { ftdi, MadeUpMachine } from "../unit/line/made-up-machine.js";
import { wearout } from "./command.js";
import { hostOf, noon, wearoutOn } from "./made-up-host.js";

const records = "/srv/records";
const noWire = { exchange: () => new Promise<never>(() => {}), close: async () => {} };

/** A machine that has nothing to fix and nothing unknown but what cannot be read. */
function fitMachine(): MadeUpMachine {
  const machine = new MadeUpMachine();
  machine.file(`${records}/rig-1/run.db`, "");
  machine.link("/etc/systemd/system/sleep.target", "/dev/null");
  machine.file("/run/systemd/system/x", "");
  synchronized(machine, noon - 3600_000);
  return machine;
}

function synchronized(machine: MadeUpMachine, at: number): void {
  const file = "/run/systemd/timesync/synchronized";
  machine.file(file, "");
  utimesSync(join(machine.root, file), at / 1000, at / 1000);
}

type Changes = { host?: Partial<Host>; threads?: string; records?: string };

function findings(machine: MadeUpMachine, changes: Changes = {}): Finding[] {
  const host = hostOf(machine, changes.host);
  return examine(host, changes.records ?? records, changes.threads ?? "16");
}

function finding(subject: string, machine: MadeUpMachine, changes: Changes = {}): Finding {
  const found = findings(machine, changes).find((f) => f.subject === subject);
  expect(found, subject).toBeDefined();
  return found as Finding;
}

describe("a machine that is fit", () => {
  it("has nothing to fix, and says so for each thing looked at", () => {
    expect(findings(fitMachine()).map(({ subject, status }) => [subject, status])).toEqual([
      ["Node", "ok"],
      ["SQLite", "ok"],
      ["thread pool", "ok"],
      ["serial ports", "ok"],
      ["clock", "ok"],
      ["sleep", "ok"],
      ["records", "ok"],
      ["disk", "ok"],
    ]);
  });

  it("with a good port too; how its direction is switched stays unknown", () => {
    const machine = fitMachine();
    machine.usb("ttyUSB0", "1-1", ftdi, "1");
    const odd = findings(machine).filter(({ status }) => status !== "ok");
    expect(odd.map(({ subject, status }) => [subject, status])).toEqual([
      ["RS-485 direction", "unknown"],
    ]);
    expect(odd[0]?.fix).toContain("set before wearout opens the port");
  });
});

describe("what is to be fixed comes with the exact fix", () => {
  it("another master on a line that a run has; an adapter that echoes is only said", () => {
    const nothing = { otherMaster: 0, localEcho: 0, slow: {} };
    const heard = { ...nothing, otherMaster: 3 };
    expect(checkHeard("/dev/ttyUSB0", "rig one, process 7", heard)).toEqual([
      {
        subject: "line on /dev/ttyUSB0",
        status: "fix",
        evidence: "another master asks on it: 3 of its requests were heard by rig one, process 7",
        fix: "find what else is wired to this line and asks (panel, PLC, logger), and take it off",
      },
    ]);
    const [echo] = checkHeard("/dev/ttyUSB0", "rig one", { ...nothing, localEcho: 9 });
    expect(echo).toMatchObject({ status: "ok" });
    expect(echo?.evidence).toContain("localEcho: true");
    expect(checkHeard("/dev/ttyUSB0", "rig one", nothing)).toEqual([]);
  });

  it("a device that is slower than its turnaround, on any line that is held, with the figure to write", async () => {
    const clock = new RealClock();
    const statistics = newStatistics();
    for (let i = 0; i < 3; i++) noteSlow(statistics.slow, 5, 310, 100);
    const line = { ...{ name: "io", statistics, recent: [] }, ...noWire };
    const spec = { tcp: "gateway-of-the-doctor:502" };
    const claim = await claimLine(spec, clock, (n) => reportOf(line, spec.tcp, "rig one", 5, n));
    const found = (await heardOnLines(openMachine())).filter((f) => f.subject.includes(spec.tcp));
    await claim.release();
    expect(found).toEqual([
      {
        subject: "line on gateway-of-the-doctor:502",
        status: "fix",
        evidence: "unit 5 answers after up to 310 ms, its turnaround says 100 ms",
        fix: "write turnaround: 380 ms for this device in the rig file",
      },
    ]);
  });

  it("an old Node; 20.19 itself is recent enough", () => {
    for (const version of ["v20.18.3", "v18.20.0"]) {
      const old = finding("Node", fitMachine(), { host: { nodeVersion: version } });
      expect(old).toMatchObject({ status: "fix", evidence: `${version}, needs 20.19 or newer` });
    }
    for (const version of ["v20.19.0", "v22.1.0", "v26.0.0"]) {
      const recent = finding("Node", fitMachine(), { host: { nodeVersion: version } });
      expect(recent).toEqual({ subject: "Node", status: "ok", evidence: version });
    }
  });

  it("no SQLite that can be trusted", () => {
    const sqliteVersion = () => {
      throw new WearoutError("RECORD_FAILED", "needs SQLite 3.51.3 or newer (SQLite 3.46.0)");
    };
    const found = finding("SQLite", fitMachine(), { host: { sqliteVersion } });
    expect(found).toMatchObject({ status: "fix", fix: expect.stringContaining("npm ci") });
    expect(found.evidence).toContain("3.46.0");
  });

  it("too few threads for the ports there are", () => {
    const machine = fitMachine();
    machine.usb("ttyUSB0", "1-1", ftdi, "1");
    expect(finding("thread pool", machine, { threads: "6" }).status).toBe("ok");
    const found = finding("thread pool", machine, { threads: "5" });
    expect(found.status).toBe("fix");
    expect(found.fix).toMatch(/^export UV_THREADPOOL_SIZE=16/);
  });

  it("an adapter that waits 16 ms", () => {
    const machine = fitMachine();
    machine.usb("ttyUSB0", "1-1", ftdi, "16");
    const found = finding("latency of /dev/ttyUSB0", machine);
    expect(found.status).toBe("fix");
    expect(found.fix?.split("\n")[0]).toBe(
      `echo 'ACTION=="add", SUBSYSTEM=="usb-serial", DRIVER=="ftdi_sio", ATTR{latency_timer}="1"'` +
        " | sudo tee /etc/udev/rules.d/99-wearout-latency.rules",
    );
  });

  it("of an adapter that is open and lost its low-latency flag is set back under the line", () => {
    const machine = new MadeUpMachine();
    machine.usb("ttyUSB0", "1-1", ftdi, "16");
    machine.process(7, "node", ["/dev/ttyUSB0"]);
    const found = finding("latency of /dev/ttyUSB0", machine);
    expect(found?.status).toBe("fix");
    expect(found?.evidence).toMatch(/^16 ms: .*; open by node \(process 7\), and without its low-/);
    const [now, forGood] = found?.fix?.split("\n") ?? [];
    expect(now).toBe("echo 1 | sudo tee /sys/class/tty/ttyUSB0/device/latency_timer");
    expect(forGood).toMatch(/99-wearout-latency/);
  });

  it("a disk that is full before two weeks are over, with the estimate it rests on", () => {
    const twoWeeks = 241 * 3600 * 336;
    const at = (freeBytes: number) =>
      finding("disk", fitMachine(), { host: { freeBytes: () => freeBytes } });
    expect(at(twoWeeks).status).toBe("ok");
    const found = at(twoWeeks - 1);
    expect(found.status).toBe("fix");
    expect(found.evidence).toContain("about 335 h of one rig at 241 bytes a sample (24 columns)");
  });

  it("records that cannot be written, also where their folder is still to be made", () => {
    const machine = fitMachine();
    machine.forbidden.add("/srv");
    const found = finding("records", machine, { records: "/srv/later/records" });
    expect(found.status).toBe("fix");
    expect(found.evidence).toBe(
      "/srv/later/records (to be made in /srv) is not writable by this user",
    );
    expect(finding("records", machine).status).toBe("ok");
  });

  it("a machine that may fall asleep", () => {
    const machine = new MadeUpMachine();
    machine.file("/run/systemd/system/x", "");
    machine.file("/sys/power/state", "freeze mem disk\n");
    const found = finding("sleep", machine);
    expect(found.status).toBe("fix");
    expect(found.fix).toMatch(/^sudo systemctl mask sleep\.target suspend\.target /);
  });

  it("a clock that timesyncd has not set for over a day, or not at all", () => {
    const machine = fitMachine();
    synchronized(machine, noon - 25 * 3600_000);
    expect(finding("clock", machine)).toMatchObject({
      status: "fix",
      evidence: "timesyncd set it last 2026-11-22T11:00:00.000Z, over a day ago",
    });
    const never = new MadeUpMachine();
    never.file("/run/systemd/timesync/clock", "");
    expect(finding("clock", never).status).toBe("fix");
  });
});

describe("access to a port", () => {
  const subject = "access to /dev/ttyUSB0";

  function forbidden(gid = 20, mode = 0o660): MadeUpMachine {
    const machine = fitMachine();
    machine.usb("ttyUSB0", "1-1", ftdi, "1");
    machine.node("/dev/ttyUSB0", gid, mode);
    machine.forbidden.add("/dev/ttyUSB0");
    return machine;
  }

  it("is had by joining the group that owns it, and by a new login", () => {
    const found = finding(subject, forbidden());
    expect(found.status).toBe("fix");
    expect(found.fix).toBe(
      "sudo usermod -aG dialout jo\nlog out and in again (a service: restart it)",
    );
  });

  it("needs only a new login where the user has joined already", () => {
    const machine = forbidden();
    machine.file("/etc/group", "dialout:x:20:ann,jo\n");
    expect(finding(subject, machine).fix).toBe("log out and in again (a service: restart it)");
  });

  it("never sends anybody into the group of root: udev is to give the port away", () => {
    const rule = `SUBSYSTEM=="tty", KERNEL=="ttyUSB[0-9]*", GROUP="dialout", MODE="0660"`;
    const fix = finding(subject, forbidden(0)).fix ?? "";
    expect(fix).toContain(rule);
    expect(fix).not.toContain("usermod");
    expect(finding(subject, forbidden(20, 0o600)).fix).toContain(rule);
  });

  it("names the user as the shell does where the machine does not know the name", () => {
    const machine = forbidden();
    machine.file("/etc/passwd", "");
    expect(finding(subject, machine).fix).toMatch(/^sudo usermod -aG dialout "\$USER"\n/);
  });

  it("is given to a container that has no node for the port", () => {
    const machine = fitMachine();
    machine.uart("ttyS0", "4");
    expect(finding("access to /dev/ttyS0", machine).fix).toContain("--device /dev/ttyS0");
  });

  it("is left alone where the kernel has its console", () => {
    const machine = fitMachine();
    machine.uart("ttyS0", "4");
    machine.node("/dev/ttyS0", 0, 0o600);
    machine.forbidden.add("/dev/ttyS0");
    machine.file("/sys/class/tty/ttyS0/console", "Y\n");
    expect(finding("access to /dev/ttyS0", machine).status).toBe("ok");
  });
});

describe("what cannot be read is unknown, never ok", () => {
  it("whether a clock is set where nothing says so, or only that a service runs", () => {
    const machine = new MadeUpMachine();
    expect(finding("clock", machine)).toMatchObject({ status: "unknown" });
    machine.file("/run/chrony/chronyd.pid", "300");
    expect(finding("clock", machine)).toMatchObject({
      status: "unknown",
      fix: "look: chronyc tracking",
    });
  });

  it("what sends a machine without systemd to sleep, unless its kernel cannot", () => {
    const machine = new MadeUpMachine();
    expect(finding("sleep", machine).status).toBe("unknown");
    machine.file("/sys/power/state", "\n");
    expect(finding("sleep", machine).status).toBe("ok");
  });

  it("how much a disk still takes that cannot be asked", () => {
    const found = finding("disk", fitMachine(), { host: { freeBytes: () => undefined } });
    expect(found).toMatchObject({ status: "unknown", fix: `df -h ${records}` });
  });
});

describe("wearout doctor", () => {
  it("ends with 5 when something is to be fixed, each fix beneath its finding", async () => {
    const machine = fitMachine();
    machine.usb("ttyUSB0", "1-1", ftdi, "1");
    machine.forbidden.add("/dev/ttyUSB0");
    const { status, out, talk } = await wearoutOn(machine, "doctor", "--records", records);
    expect(status).toBe(5);
    expect(out).toMatch(
      /^fix +access to \/dev\/ttyUSB0: .*\n +> sudo usermod -aG dialout jo\n +> log out/m,
    );
    expect(talk).toMatch(/^\d+ ok, [12] to fix, 1 unknown\n$/);
  });

  it("as JSON says whether the machine is fit, in agreement with the status", async () => {
    const machine = new MadeUpMachine();
    machine.file(`${records}/x`, "");
    const { status, out, talk } = await wearoutOn(
      machine,
      ...["doctor", "--records", records, "--json"],
    );
    expect({ status, talk }).toEqual({ status: 0, talk: "" });
    const { fit, findings: found } = JSON.parse(out) as { fit: boolean; findings: Finding[] };
    expect(fit).toBe(true);
    expect(found.filter((f) => f.status === "unknown").map((f) => f.subject)).toEqual([
      "clock",
      "sleep",
    ]);
  });

  it("looks at this machine too, and finds the Node and SQLite the tests run on fit", async () => {
    const { status, out } = await wearout("doctor", "--json");
    const { fit, findings: found } = JSON.parse(out) as { fit: boolean; findings: Finding[] };
    expect(status).toBe(fit ? 0 : 5);
    const software = found.filter((f) => ["Node", "SQLite"].includes(f.subject));
    expect(software.map((f) => f.status)).toEqual(["ok", "ok"]);
  });
});
