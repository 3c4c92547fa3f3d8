/** A rig whose drive stops by itself when nobody feeds it: fed while the run hangs, safe when the controller dies. */
import { afterAll, describe, expect, it } from "vitest";
import { type SimWatchdog, startWatchdog } from "../../src/sim/sim-watchdog.js";
import { removeFolders, type SimRun, simulate } from "./harness.js";
import { changedRig, ofKind, short } from "./short.js";

afterAll(removeFolders);

const watchdogMs = 3000;
const keepaliveMs = 1000;

/** The bearing rig with a drive of another make: its percent is of the same 6000 rpm. */
const rig = changedRig("bearing-four", {
  "type: inovance/md-dialect": "type: abb/acs580",
  "write: spindle.setpoint": "write: spindle.reference",
  "read: spindle.running-speed": "read: spindle.actual",
});

/** Arms the drive's watchdog as its type requires, and notes when the drive was written to. */
function armed(also: (run: SimRun) => void = () => {}) {
  const seen: { watchdog: SimWatchdog | undefined; fed: number[] } = {
    watchdog: undefined,
    fed: [],
  };
  const before = (run: SimRun) => {
    const drive = run.bench.device("spindle");
    drive.set("comm-loss-action", "fault-always");
    drive.set("comm-loss-mode", "control-word-or-reference");
    drive.set("comm-loss-time", watchdogMs / 1000);
    seen.watchdog = startWatchdog(drive, run.clock, watchdogMs);
    drive.onWrite((points) => {
      if (points.includes("control-word")) seen.fed.push(run.clock.elapsed());
    });
    also(run);
  };
  return { seen, before };
}

function longestGap(times: readonly number[], from: number, to: number): number {
  const within = [from, ...times.filter((at) => at > from && at < to), to];
  return Math.max(...within.slice(1).map((at, i) => at - within[i]!));
}

describe("a drive with a watchdog of its own", () => {
  it("is fed through a whole run, and never acts", async () => {
    const { seen, before } = armed();
    const run = await simulate({ ...short, rig, before });
    expect(run.summary, run.summary?.reason).toMatchObject({ outcome: "completed" });
    expect(seen.watchdog?.actedAt).toEqual([]);
    expect(longestGap(seen.fed, seen.fed[0]!, run.test.state.at)).toBeLessThan(keepaliveMs + 500);
  });

  it("is fed on while its run hangs for seconds, and never acts", async () => {
    const hangMs = 20_000;
    let hungAt = 0;
    const { seen, before } = armed((run) => {
      const cycle = run.test.pilot.cycle.bind(run.test.pilot);
      run.test.pilot.cycle = async (sample) => {
        if (hungAt === 0 && sample.at > 30_000) {
          hungAt = run.clock.elapsed();
          await run.clock.sleep(hangMs);
        }
        return cycle(sample);
      };
    });
    const run = await simulate({ ...short, rig, before });
    expect(hungAt).toBeGreaterThan(0);
    expect(seen.watchdog?.actedAt).toEqual([]);
    expect(longestGap(seen.fed, hungAt, hungAt + hangMs)).toBeLessThan(keepaliveMs + 500);
    expect(run.summary, run.summary?.reason).toMatchObject({ outcome: "completed" });
  });

  it("is fed no longer than three cycles once nobody samples any more: the guard stops it, and its watchdog is left to act", async () => {
    const hangMs = 20_000;
    let sampledAt = 0;
    const { seen, before } = armed((run) => {
      const sample = run.rig.sample.bind(run.rig);
      run.rig.sample = async (cycle) => {
        if (cycle === 30) await run.clock.sleep(hangMs);
        const read = await sample(cycle);
        if (cycle < 30) sampledAt = run.clock.elapsed();
        return read;
      };
    });
    const run = await simulate({ ...short, rig, before });
    expect(ofKind(run, "trip")).toHaveLength(1);
    const { cycleMs } = run.rig;
    const tripAt = ofKind(run, "trip")[0]!.at;
    const fed = (from: number, to: number) => seen.fed.filter((at) => at > from && at < to);
    expect(fed(sampledAt, sampledAt + 2 * cycleMs).length).toBeGreaterThan(0);
    expect(tripAt).toBeGreaterThan(sampledAt + 2 * cycleMs);
    expect(fed(sampledAt + 2 * cycleMs + 100, tripAt - 10)).toEqual([]);
    expect(seen.watchdog?.actedAt.length).toBe(1);
    expect(run.bench.device("spindle").activeSetpoint(0)).toBeUndefined();
  });

  it("stops by itself within its time when the controller dies", async () => {
    const diesAt = 30_300;
    const { seen, before } = armed();
    const script = [{ atMs: diesAt, act: (run: SimRun) => void run.rig.close() }];
    const run = await simulate({ ...short, rig, before, script });
    const [actedAt = Number.NaN] = seen.watchdog?.actedAt ?? [];
    expect(actedAt).toBeGreaterThan(diesAt + watchdogMs - keepaliveMs - 500);
    expect(actedAt).toBeLessThanOrEqual(diesAt + watchdogMs);
    const drive = run.bench.device("spindle");
    expect([drive.get("tripped"), drive.activeSetpoint(0)]).toEqual([1, undefined]);
    await run.clock.sleep(30_000);
    run.bench.refresh();
    const speed = run.bench.plant.outputs.indexOf("speed");
    expect(Math.abs(run.bench.plant.output(speed))).toBeLessThan(5);
  });
});
