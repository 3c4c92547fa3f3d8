import { afterAll, describe, expect, it } from "vitest";
import { exitCodeOf } from "../../src/run/exit-code.js";
import { removeFolders, simulate } from "./harness.js";
import { checkInvariants } from "./invariant.js";
import { at, changedRig, ofKind, path, short, shortProfile, steps } from "./short.js";

afterAll(removeFolders);

describe("a trip of the rig", () => {
  it("by overspeed drives the safe values and ends in Aborted", async () => {
    const rig = changedRig("bearing-four", { "above: 6300 rpm": "above: 900 rpm" });
    const run = await simulate({ ...short, rig });
    checkInvariants(run);
    expect(path(run).slice(-3)).toEqual(["Execute", "Aborting", "Aborted"]);
    expect(ofKind(run, "trip").map((e) => e.text)).toEqual([
      expect.stringMatching(/^overspeed: speed is (9\d\d|1\d{3}) rpm$/),
    ]);
    expect(exitCodeOf(run.test.state)).toBe(7);
    expect(run.summary).toMatchObject({ outcome: "interrupted", state: "Aborted" });
  });

  it("by vibration that lasts comes before the specimen's own failure limit where wear is wild", async () => {
    const run = await simulate({
      ...short,
      profile: "bearing-constant-load",
      plant: { wear: 20_000 },
    });
    checkInvariants(run);
    const [trip] = ofKind(run, "trip");
    expect(trip?.text).toMatch(/^vibration-high: s\d\.vibration is /);
    expect(trip?.data).toMatchObject({ input: { limit: "vibration-high" } });
    expect(run.summary!.outcome).toBe("interrupted");
  });
});

const watching = (reaction: string) => `limits:
  - { name: fast, role: speed, above: 1000 rpm, for: 5 s, reaction: ${reaction} }
`;

describe("a limit of the profile", () => {
  it.each([
    ["stop", "Stopped", "stopped"],
    ["trip", "Aborted", "interrupted"],
  ])("with %s ends in %s", async (reaction, state, outcome) => {
    const run = await simulate({ ...short, profile: shortProfile(watching(reaction)) });
    checkInvariants(run);
    expect(run.summary).toMatchObject({ state, outcome });
    expect(run.summary!.alarms).toMatchObject([{ limit: "fast", reaction, count: 1 }]);
  });

  it("with hold waits for a person, and holds again when nothing was done about it", async () => {
    const profile = shortProfile(watching("hold"));
    const script = [at(40_000, "resume"), at(70_000, "stop")];
    const run = await simulate({ ...short, profile, script });
    checkInvariants(run);
    expect(path(run).filter((s) => s === "Held")).toHaveLength(2);
    expect(run.summary!.alarms).toMatchObject([{ limit: "fast", count: 2 }]);
  });

  it("with warn is told and does nothing", async () => {
    const run = await simulate({ ...short, profile: shortProfile(watching("warn")) });
    checkInvariants(run);
    expect(run.summary).toMatchObject({ outcome: "completed" });
    expect(run.summary!.alarms).toMatchObject([{ limit: "fast", count: 1 }]);
  });

  it("with fail on a role of the whole rig fails every specimen", async () => {
    const run = await simulate({ ...short, profile: shortProfile(watching("fail")) });
    checkInvariants(run);
    expect(run.summary!.stations.map((s) => [s.outcome, s.mode])).toEqual(
      Array(3).fill(["failed", "fast"]),
    );
    expect(run.summary!.reason).toBe("every specimen failed");
  });
});

/** Waits for a speed that is reached, or never is. */
const until = (speed: string, otherwise: string) => `steps:
  - name: up
    set: { speed: 1200 rpm, load: 2 kN }
  - name: wait
    until: { role: speed, above: ${speed}, for: 10 s, timeout: 30 s, otherwise: ${otherwise} }
  - name: after
    dwell: { time: 20 s }
`;

describe("until", () => {
  it("goes on when the condition has held for long enough", async () => {
    const run = await simulate({ ...short, profile: shortProfile("", until("1100 rpm", "stop")) });
    checkInvariants(run);
    const [, wait, after] = ofKind(run, "step");
    expect(after!.at - wait!.at).toBeGreaterThanOrEqual(10_000);
    expect(after!.at - wait!.at).toBeLessThan(16_000);
    expect(run.summary).toMatchObject({ outcome: "completed" });
    expect(ofKind(run, "fault")).toEqual([]);
  });

  it.each([
    ["continue", "Complete", "completed"],
    ["stop", "Stopped", "stopped"],
    ["trip", "Aborted", "interrupted"],
    ["hold", "Stopped", "stopped"],
  ])("not met in time: %s leads to %s", async (otherwise, state, outcome) => {
    const profile = shortProfile("", until("1900 rpm", otherwise));
    const run = await simulate({ ...short, profile, script: [at(90_000, "stop")] });
    checkInvariants(run);
    expect(path(run).includes("Held")).toBe(otherwise === "hold");
    expect(run.summary).toMatchObject({ state, outcome });
    expect(ofKind(run, "fault")[0]?.text).toMatch(/"wait": the condition was not met in time/);
    const [, wait, after] = ofKind(run, "step");
    if (otherwise === "continue") expect(after!.at - wait!.at).toBeCloseTo(30_000, 6);
    else expect(after).toBeUndefined();
  });
});

describe("the planned end", () => {
  it("by time comes at that time, by turns at those turns", async () => {
    const time = await simulate({ ...short, profile: shortProfile("end: { time: 30 s }\n") });
    checkInvariants(time);
    const [onTest] = time.test.state.book;
    expect(onTest).toBeGreaterThanOrEqual(30_000);
    expect(onTest).toBeLessThan(31_000);
    const turns = await simulate({
      ...short,
      profile: shortProfile("end: { turns: 500 turns }\n"),
    });
    checkInvariants(turns);
    const completing = ofKind(turns, "state").find((e) => e.data.to === "Completing")!;
    const then = turns.cycles.find(({ after }) => after.cycle === completing.cycle)!.after;
    expect(then.book[2]).toBeGreaterThanOrEqual(500);
    expect(then.book[2]).toBeLessThan(521);
  });

  it("by number of failures lets the others go on until then", async () => {
    const rig = changedRig("bearing-four", { "above: 25 mm/s": "above: 250 mm/s" });
    const failing = `limits:
  - { name: spalled, role: vibration, above: 7.1 mm/s, for: 10 s, reaction: fail }
end: { failures: 2 }
`;
    const long = steps.replace(
      "dwell: { time: 40 s }\n  - name: higher",
      "dwell: { time: 1 h }\n  - name: higher",
    );
    const profile = shortProfile(failing, long.replace("load: 2 kN", "load: 6 kN"));
    const specimens = ["a", "b", "c", "d"];
    const run = await simulate({ rig, profile, specimens, seed: 3, plant: { wear: 3000 } });
    checkInvariants(run);
    const failed = ofKind(run, "failure");
    expect(failed).toHaveLength(2);
    expect(failed[1]!.at).toBeGreaterThan(failed[0]!.at);
    expect(run.summary).toMatchObject({ outcome: "failed", reason: "2 of 2 planned failures" });
    expect(run.summary!.stations.filter((s) => s.outcome === "censored")).toHaveLength(2);
  });

  it("by sudden death censors the group of the one that failed, and only that", async () => {
    const rig = changedRig("bearing-four", {
      "above: 25 mm/s": "above: 250 mm/s",
      "position: drive end": "group: one\n    position: drive end",
      "position: second": "group: one\n    position: second",
      "position: third": "group: two\n    position: third",
      "position: free": "group: two\n    position: free",
    });
    const specimens = ["a", "b", "c", "d"];
    const profile = "bearing-constant-load";
    const run = await simulate({ rig, profile, specimens, seed: 3, plant: { wear: 1000 } });
    checkInvariants(run);
    const outcomes = run.summary!.stations.map((s) => s.outcome);
    expect(outcomes.slice(0, 2).sort()).toEqual(["censored", "failed"]);
    expect(outcomes.slice(2).sort()).toEqual(["censored", "failed"]);
    const ends = run.test.state.stations.map((s) => s.endedAt);
    expect(ends[0]).toBe(ends[1]);
    expect(ends[2]).toBe(ends[3]);
    expect(ends[0]).not.toBe(ends[2]);
    expect(run.summary!.reason).toBe("every group has its first failure");
  });
});
