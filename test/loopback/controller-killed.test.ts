/** The controller is a real process. It is killed, its terminal goes, it fails: what moves must stop. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { type ElapsedMs, RealClock } from "../../src/base/clock.js";
import { benchOf } from "../../src/cli/run/simulate.js";
import { packageRoot } from "../../src/cli/site.js";
import type { SimBench } from "../../src/sim/bench.js";
import { startWatchdog } from "../../src/sim/sim-watchdog.js";
import { serveTcp } from "../../src/sim/tcp-server.js";
import { shortSite } from "./short-site.js";

const clock = new RealClock();
const watchdogMs = 2000;
const closers: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

const program = join(packageRoot, "bin", "wearout.js");

/** The bearing rig with a drive that has a watchdog, each line served over TCP. */
async function setUp(): Promise<{ bench: SimBench; words: string[] }> {
  const { root, rigFile, rigText, profileFile, rig, placed, remove } = shortSite("1 h", {
    "type: inovance/md-dialect": "type: abb/acs580",
    "write: spindle.setpoint": "write: spindle.reference",
    "read: spindle.running-speed": "read: spindle.actual",
  });
  closers.push(remove);
  const bench = benchOf(rig, placed, clock, 1);
  let text = rigText;
  const wires = {
    drive: /serial: .*rig-drive.*/,
    sensors: /serial: .*rig-sensors.*/,
    io: /tcp: .*/,
  };
  for (const [line, wire] of Object.entries(wires)) {
    const server = await serveTcp(bench.units(line), { host: "127.0.0.1", port: 0 }, clock);
    closers.push(() => server.close());
    // By a mark first: the address of the one must not be taken for the other's.
    text = text.replace(wire, `${line}-at: 127.0.0.1:${server.port}`);
  }
  writeFileSync(rigFile, text.replace(/(drive|sensors|io)-at:/g, "tcp:"));
  const where = ["--rig", rigFile, "--records", join(root, "records")];
  return { bench, words: ["run", "start", profileFile, ...where, "--specimen", "a,b,c"] };
}

it("a drive with a watchdog stops by itself when its controller is killed with kill -9", async () => {
  const { bench, words } = await setUp();
  const drive = bench.device("spindle");
  drive.set("comm-loss-action", "fault-always");
  drive.set("comm-loss-mode", "control-word-or-reference");
  drive.set("comm-loss-time", watchdogMs / 1000);
  const acted = new Promise<void>((resolve) => {
    const watchdog = startWatchdog(drive, clock, watchdogMs, resolve);
    closers.push(() => watchdog?.stop());
  });
  let fedAt: ElapsedMs = Number.NaN;
  const runs = new Promise<void>((resolve) =>
    drive.onWrite((points) => {
      if (drive.get("tripped") === 0 && points.includes("control-word")) fedAt = clock.elapsed();
      if ((drive.activeSetpoint(0) ?? 0) > 5) resolve();
    }),
  );
  const controller = spawn(process.execPath, [program, ...words], { stdio: "ignore" });
  const ended = once(controller, "exit");
  await Promise.race([runs, ended]);
  expect(controller.exitCode).toBeNull();
  controller.kill("SIGKILL");
  expect(await ended).toEqual([null, "SIGKILL"]);
  await acted;
  expect(clock.elapsed() - fedAt).toBeGreaterThanOrEqual(watchdogMs);
  expect([drive.get("tripped"), drive.activeSetpoint(0)]).toEqual([1, undefined]);
});

it("a run whose output nobody reads goes on, and takes the rig down when its terminal is gone", async () => {
  const { bench, words } = await setUp();
  const drive = bench.device("spindle");
  const follows = (share: number) =>
    new Promise<void>((resolve) =>
      drive.onWrite(() => {
        if ((drive.activeSetpoint(0) ?? 0) >= share) resolve();
      }),
    );
  const [turns, isUp] = [follows(1), follows(9.9)];
  const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
  const controller = spawn(process.execPath, [program, ...words], { stdio });
  const ended = once(controller, "exit");
  await Promise.race([turns, ended]);
  controller.stdout.destroy();
  controller.stderr.destroy();
  await Promise.race([isUp, ended]);
  expect(controller.exitCode).toBeNull();
  controller.kill("SIGHUP");
  expect(await ended).toEqual([0, null]);
  expect(drive.activeSetpoint(0) ?? 0).toBe(0);
});

it.each(["SIGINT", "SIGQUIT"] as const)(
  "at %s a run is taken down, stays open and says how to go on; other signals change nothing",
  async (signal) => {
    const { bench, words } = await setUp();
    const drive = bench.device("spindle");
    const turns = new Promise<void>((resolve) =>
      drive.onWrite(() => {
        if ((drive.activeSetpoint(0) ?? 0) >= 1) resolve();
      }),
    );
    const stdio: ["ignore", "ignore", "pipe"] = ["ignore", "ignore", "pipe"];
    const controller = spawn(process.execPath, [program, ...words], { stdio });
    let talk = "";
    controller.stderr.setEncoding("utf8").on("data", (text: string) => {
      talk += text;
    });
    const ended = once(controller, "close");
    await Promise.race([turns, ended]);
    for (const other of ["SIGUSR1", "SIGUSR2", "SIGALRM"] as const) controller.kill(other);
    controller.kill(signal);
    expect(await ended).toEqual([0, null]);
    expect(talk).toMatch(/Holding -> Held/);
    expect(talk).not.toMatch(/Debugger|run-ended/);
    expect(talk).toMatch(
      /stays open: .*run resume .*?(\S+) goes on with it, .*run stop .*\1 ends it\n$/,
    );
    expect(drive.activeSetpoint(0) ?? 0).toBe(0);
  },
);

it("a defect that nobody caught ends the controller with 1 when the rig is safe", async () => {
  const { bench, words } = await setUp();
  const drive = bench.device("spindle");
  const turns = new Promise<void>((resolve) =>
    drive.onWrite(() => {
      if ((drive.activeSetpoint(0) ?? 0) >= 1) resolve();
    }),
  );
  const defect = "process.on('SIGUSR2',()=>{throw new Error('made up')})";
  const flags = ["--import", `data:text/javascript,${defect}`];
  const stdio: ["ignore", "ignore", "pipe"] = ["ignore", "ignore", "pipe"];
  const controller = spawn(process.execPath, [...flags, program, ...words], { stdio });
  let talk = "";
  controller.stderr.setEncoding("utf8").on("data", (text: string) => {
    talk += text;
  });
  const ended = once(controller, "close");
  await Promise.race([turns, ended]);
  controller.kill("SIGUSR2");
  expect(await ended).toEqual([1, null]);
  expect(talk).toMatch(
    /wearout: defect: Error: made up[\s\S]*\nrig \S+: load (held|acted), speed (held|acted)\n/,
  );
  expect(drive.activeSetpoint(0) ?? 0).toBe(0);
});
