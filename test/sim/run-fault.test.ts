import { afterAll, describe, expect, it } from "vitest";
import { WearoutError } from "../../src/base/error.js";
import { exposureOf } from "../../src/profile/exposure.js";
import { removeFolders, type SimRun, simulate } from "./harness.js";
import { checkInvariants } from "./invariant.js";
import { at, changedRig, ofKind, path, short, shortProfile } from "./short.js";

afterAll(removeFolders);

/** The plug of a device is pulled at a time of the run. */
const unplug = (atMs: number, name: string) => ({
  atMs,
  act: ({ bench }: SimRun) => {
    bench.device(name).silent = true;
    bench.refresh();
  },
});

describe("devices that do not answer", () => {
  it("from the start: nothing is written, and the run says which one", async () => {
    const run = await simulate({ ...short, faults: { io: { deadUnits: [31] } } });
    checkInvariants(run, ["load"]);
    expect(path(run).slice(0, 3)).toEqual(["Resetting", "Aborting", "Aborted"]);
    expect(ofKind(run, "fault")[0]?.text).toMatch(/^hydraulics: /);
    expect(run.test.state.cycle).toBe(0);
    expect(run.driven.every((d) => d.active === 0)).toBe(true);
  });

  it("another master on a line, or an adapter that echoes, is told as a fault and ends nothing", async () => {
    const hear = ({ rig }: SimRun) => {
      rig.statistics()["drive"]!.otherMaster += 2;
      rig.statistics()["io"]!.localEcho++;
    };
    const run = await simulate({ ...short, script: [{ atMs: 30_300, act: hear }] });
    checkInvariants(run);
    expect(run.summary).toMatchObject({ outcome: "completed" });
    expect(ofKind(run, "fault").map(({ text }) => text)).toEqual([
      "another master asks on line drive (2 requests heard): two masters disturb each other, take it off",
      "the adapter of line io gives back what is sent: write localEcho: true for it in the rig file",
    ]);
  });

  it("a sensor that a trip needs: the guard trips within its time, the loop goes on", async () => {
    const run = await simulate({ ...short, script: [unplug(30_300, "thermometer-2")] });
    checkInvariants(run);
    const [trip] = ofKind(run, "trip");
    expect(trip?.text).toMatch(/^no good reading of s2.housing-temperature for /);
    // The last good reading is up to a cycle old; then three cycles, and one until the guard looks.
    expect(trip!.at).toBeGreaterThan(32_300);
    expect(trip!.at).toBeLessThan(34_300);
    expect(run.summary).toMatchObject({ state: "Aborted", outcome: "interrupted" });
    expect(run.test.state.cycle).toBeGreaterThan(30);
  });

  it("a sensor that a trip needs, while the rig comes back from a hold: the black box shows it", async () => {
    const script = [at(20_300, "hold"), unplug(38_300, "thermometer-2"), at(40_300, "resume")];
    const run = await simulate({ ...short, script });
    checkInvariants(run);
    const [trip] = ofKind(run, "trip");
    const states = ofKind(run, "state").filter((e) => e.at <= trip!.at);
    expect(states.at(-1)?.data).toMatchObject({ from: "Unholding", to: "Aborting" });
    const boxes = [...run.reader.events()].filter(({ kind }) => kind === "attachment");
    expect(boxes.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^black box 1: .* after no good reading of s2\./),
    ]);
    expect(run.summary).toMatchObject({ state: "Aborted", outcome: "interrupted" });
  });

  it("a sensor that only the profile needs: its stale limit stops the run", async () => {
    const roles = short.profile.replace("vibration: mm/s }", "vibration: mm/s, power: W }");
    const profile = `${roles}limits:
  - { name: power-lost, role: power, stale: 10 s, reaction: stop }
`;
    const run = await simulate({ ...short, profile, script: [unplug(30_300, "meter")] });
    checkInvariants(run);
    expect(run.summary).toMatchObject({ state: "Stopped", outcome: "stopped" });
    expect(run.summary!.alarms).toMatchObject([{ limit: "power-lost", count: 1 }]);
    const [alarm] = ofKind(run, "alarm");
    expect(alarm!.at).toBeGreaterThan(39_300);
    expect(alarm!.at).toBeLessThan(41_400);
  });

  it("a sensor that nobody needs: the energy of that time is bounded, not made up", async () => {
    const run = await simulate({ ...short, script: [unplug(30_300, "meter")] });
    checkInvariants(run);
    expect(run.summary).toMatchObject({ outcome: "completed" });
    const { energyJ, turns, timeOnTestMs } = exposureOf(run.test.state.book);
    expect(energyJ[0]).toBeGreaterThan(0);
    // The drive cannot have taken more than its ceiling since the meter was unplugged.
    const blindS = (run.test.state.at - 30_300) / 1000;
    expect(energyJ[1]).toBeGreaterThan(energyJ[0] + 5500 * (blindS - 10));
    expect(energyJ[1]).toBeLessThan(energyJ[0] + 5500 * (blindS + 2));
    expect(timeOnTestMs[1]).toBe(timeOnTestMs[0]);
    expect(turns[1]).toBeLessThan(turns[0] + 200);
  });

  it("an actuator: the run aborts, and that its safe value was not confirmed is said", async () => {
    const run = await simulate({ ...short, script: [unplug(30_300, "hydraulics")] });
    checkInvariants(run, ["load"]);
    expect(run.summary!.outcome).toBe("interrupted");
    const said = ofKind(run, "fault").map((e) => e.text);
    const wanted = /load NOT SAFE: asked for .+ \(.+\), speed acted/;
    expect(said).toContainEqual(expect.stringMatching(wanted));
    expect(run.summary!.reason).toMatch(/NOT SAFE.*it may still move: go there and switch it off/);
  });

  it("an actuator at rest: a stop that cannot be confirmed gives its reason once", async () => {
    const held = { atMs: 20_300, act: ({ test }: SimRun) => test.pilot.command("hold", "person") };
    const stop = { atMs: 70_300, act: ({ test }: SimRun) => test.pilot.command("stop", "person") };
    const script = [held, unplug(70_200, "hydraulics"), stop];
    const run = await simulate({ ...short, script });
    checkInvariants(run, ["load"]);
    expect(path(run)).toContain("Aborting");
    expect(run.summary!.reason.match(/NOT SAFE/g)).toHaveLength(1);
  });
});

describe("a bad line", () => {
  it("with lost and damaged answers widens what is not known and hides nothing", async () => {
    const bad = { timeoutShare: 0.05, crcShare: 0.05 };
    const faults = { sensors: { crcShare: 0.05 }, io: bad, drive: { crcShare: 0.05 } };
    for (const seed of [4, 5, 6]) {
      const run = await simulate({ ...short, seed, faults, faultsFromMs: 3000 });
      checkInvariants(run);
      expect(run.summary, run.summary!.reason).toMatchObject({ outcome: "completed" });
      const { timeAtStressMs, energyJ } = exposureOf(run.test.state.book);
      expect(timeAtStressMs[1]).toBeGreaterThan(timeAtStressMs[0]);
      expect(energyJ[1]).toBeGreaterThan(energyJ[0] + 5500);
      expect(energyJ[1]).toBeLessThan(Number.POSITIVE_INFINITY);
    }
  });

  it("under the drive: the interval is wider than on a good one and holds the truth", async () => {
    const faults = { drive: { timeoutShare: 0.05 } };
    const widths: number[] = [];
    for (const seed of [1, 2, 3, 4]) {
      const run = await simulate({ ...short, seed, faults, faultsFromMs: 3000 });
      checkInvariants(run);
      const [least, most] = exposureOf(run.test.state.book).turns;
      widths.push(most - least);
    }
    expect(Math.max(...widths)).toBeGreaterThan(100);
  });
});

describe("a line that is gone for a time and comes back", () => {
  const gone = (unplugMs: number) => ({
    faults: { drive: { unplugShare: 1, unplugMs } },
    faultsFromMs: 29_500,
    faultsUntilMs: 30_900,
  });

  it("for a moment: the run goes on, the counters show it, turns are an interval", async () => {
    const run = await simulate({ ...short, ...gone(1200) });
    checkInvariants(run);
    expect(run.summary).toMatchObject({ outcome: "completed" });
    expect(run.summary!.lines?.["drive"]).toMatchObject({ reconnects: 1 });
    const [least, most] = exposureOf(run.test.state.book).turns;
    expect(most).toBeGreaterThan(least);
  });

  it("while a limit says hold: it is held, the interruption is written down, a person resumes", async () => {
    const profile = shortProfile(`limits:
  - { name: speed-lost, role: speed, stale: 1500 ms, reaction: hold }
`);
    const script = [at(60_000, "resume")];
    const run = await simulate({ ...short, ...gone(1800), profile, script });
    checkInvariants(run);
    expect(path(run)).toEqual(expect.arrayContaining(["Holding", "Held", "Unholding", "Complete"]));
    expect(ofKind(run, "interruption")[0]?.text).toMatch(/speed-lost/);
    expect(run.summary!.lines?.["drive"]).toMatchObject({ reconnects: 1 });
  });

  it("for too long: the guard trips, and the stop is confirmed once it is back", async () => {
    const run = await simulate({ ...short, ...gone(6000) });
    checkInvariants(run);
    expect(run.summary).toMatchObject({ state: "Aborted", outcome: "interrupted" });
    expect(ofKind(run, "trip")).toHaveLength(1);
    expect(run.rig.isSafe).toBe(true);
    expect(run.driven.at(-1)?.active).toBe(0);
  });
});

describe("a line with nothing but a sensor that is gone and comes back", () => {
  const ownLine = {
    "  io:\n    tcp: 127.0.0.1:1502": `  power:
    tcp: 127.0.0.1:1503
    baud: 19200
    format: "8N1"
  io:
    tcp: 127.0.0.1:1502`,
    "meter: { type: eastron/sdm630, line: io": "meter: { type: eastron/sdm630, line: power",
  };
  const limit = (reaction: string) =>
    `limits:\n  - { name: power-lost, role: power, stale: 5 s, reaction: ${reaction} }\n`;
  const rig = changedRig("bearing-four", { ...ownLine, "limits:\n": limit("suspend") });
  const plug = (atMs: number, isIn: boolean) => ({
    atMs,
    act: ({ bench }: SimRun) => {
      bench.device("meter").silent = !isIn;
      bench.refresh();
    },
  });
  const script = [plug(30_300, false), plug(60_300, true)];

  it("suspends the run as the rig's limit says; it goes on by itself where the profile allows it", async () => {
    const profile = shortProfile("interruption: resume\n");
    const run = await simulate({ ...short, rig, profile, script });
    checkInvariants(run);
    const around = ["Suspending", "Suspended", "Unsuspending", "Execute", "Completing", "Complete"];
    expect(path(run).slice(-6)).toEqual(around);
    expect(ofKind(run, "trip")).toEqual([]);
    expect(ofKind(run, "interruption").map((e) => e.text)).toEqual([
      "interruption 1: power-lost: power not read for 5 s",
    ]);
    const back = ofKind(run, "state").find((e) => e.data.to === "Unsuspending");
    expect(back!.at).toBeGreaterThan(69_000);
    expect(run.summary).toMatchObject({ outcome: "completed" });
    expect(exposureOf(run.test.state.book).timeOnTestMs[0]).toBeGreaterThan(80_000);
  });

  it("waits for a person where it does not", async () => {
    const resume = at(200_000, "resume");
    const run = await simulate({ ...short, rig, script: [...script, resume] });
    checkInvariants(run);
    const back = ofKind(run, "state").find((e) => e.data.to === "Unsuspending");
    expect(back!.at).toBeGreaterThanOrEqual(200_000);
    expect(run.summary).toMatchObject({ outcome: "completed" });
  });

  it("trips without such a limit: silence of a whole line is no matter of the profile", async () => {
    const plain = changedRig("bearing-four", ownLine);
    const roles = shortProfile(limit("suspend"));
    const profile = roles.replace("vibration: mm/s }", "vibration: mm/s, power: W }");
    const run = await simulate({ ...short, rig: plain, profile, script });
    checkInvariants(run);
    expect(ofKind(run, "trip")[0]?.text).toMatch(/^no answer on line power for /);
    expect(run.summary).toMatchObject({ outcome: "interrupted" });
  });
});

describe("a record that cannot be kept", () => {
  it("makes the rig safe and says so", async () => {
    let commits = 0;
    const before = (run: SimRun) => {
      const { clock } = run;
      const outside = clock.outside.bind(clock);
      clock.outside = <T>(work: Promise<T>): Promise<T> => {
        commits++;
        if (commits !== 8) return outside(work);
        return outside(work.then(() => Promise.reject(new WearoutError("RECORD_FAILED", "full"))));
      };
    };
    const run = await simulate({ ...short, before });
    expect(run.error).toMatchObject({ code: "RECORD_FAILED" });
    expect(run.summary).toBeUndefined();
    expect(run.rig.isSafe).toBe(true);
    for (const role of ["load", "speed"]) {
      expect(run.driven.filter((d) => d.role === role).at(-1)?.active, role).toBe(0);
    }
    expect(run.reader.condition).toBe("interrupted");
  });
});

describe("a run that hangs", () => {
  it("in reading is tripped by the guard, which needs no sample", async () => {
    const before = (run: SimRun) => {
      const sample = run.rig.sample.bind(run.rig);
      run.rig.sample = async (cycle) => {
        if (cycle === 30) await run.clock.sleep(60_000);
        return sample(cycle);
      };
    };
    const run = await simulate({ ...short, before });
    checkInvariants(run);
    const [trip] = ofKind(run, "trip");
    expect(trip!.at).toBeLessThan(36_000);
    const safe = run.driven.filter((d) => d.active === 0 && d.at > 30_000);
    expect(safe[0]!.at).toBeLessThan(36_000);
    expect(run.summary!.outcome).toBe("interrupted");
  });
});
