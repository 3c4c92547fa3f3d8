import { afterAll, describe, expect, it } from "vitest";
import { removeFolders, type SimRun, simulate } from "./harness.js";
import { checkInvariants } from "./invariant.js";
import { changedRig, ofKind } from "./short.js";

afterAll(removeFolders);

describe("a harmonic reducer", () => {
  it.each([1, 2])("at constant torque runs until the flexspline breaks (seed %i)", async (seed) => {
    const run = await simulate({
      rig: "harmonic-one",
      profile: "harmonic-constant-torque",
      specimens: ["h"],
      seed,
      plant: { wear: 2000 },
    });
    checkInvariants(run);
    const { clocks } = run.truths[0]!.truth.stations[0]!;
    const [station] = run.summary!.stations;
    expect(run.summary).toMatchObject({ state: "Complete", outcome: "failed" });
    const worst = clocks.reduce((a, b) => (b.spentFraction > a.spentFraction ? b : a));
    expect(station?.mode).toBe(worst.mode);
  });

  it("that broke on the way down to a hold has failed as soon as it comes back up", async () => {
    const verb = (atMs: number, word: "hold" | "resume") => ({
      atMs,
      act: ({ test }: SimRun) => test.pilot.command(word, "person"),
    });
    const run = await simulate({
      rig: "harmonic-one",
      profile: "harmonic-constant-torque",
      specimens: ["x"],
      seed: 2,
      parameters: { length: "2 h" },
      plant: { wear: 20_000 },
      script: [verb(2_548_300, "hold"), verb(2_609_300, "resume")],
    });
    checkInvariants(run);
    const raised = ofKind(run, "alarm").find(({ data }) => data.reaction === "fail")!;
    const up = ofKind(run, "state").find(({ data }) => data.to === "Unholding")!;
    expect(raised.at).toBeLessThan(up.at);
    const [failure] = ofKind(run, "failure");
    expect(failure!.at - up.at).toBeLessThan(60_000);
    expect(run.summary).toMatchObject({ state: "Complete", outcome: "failed" });
  });

  it("under a spectrum repeats its blocks and its rest, round after round", async () => {
    const profile = `profile: short-spectrum
title: A short spectrum
for: [harmonic-reducer]
product: harmonic-reducer/csf-20-100
roles: { input-speed: rpm, output-torque: Nm }
steps:
  - name: round
    repeat: 3
    steps:
      - name: joint
        spectrum:
          period: 2 min
          periods: 2
          blocks:
            - { name: easy, share: 75 %, set: { input-speed: 500 rpm, output-torque: 10 Nm } }
            - { name: hard, share: 25 %, set: { input-speed: 1000 rpm, output-torque: 40 Nm } }
      - name: rest
        set: { input-speed: 0 rpm, output-torque: 0 Nm }
      - name: rest
        dwell: { time: 1 min }
`;
    const run = await simulate({ rig: "harmonic-one", profile, specimens: ["h"] });
    checkInvariants(run);
    expect(run.summary).toMatchObject({ state: "Complete", outcome: "completed" });
    const names = ofKind(run, "step").map((e) => e.data.name);
    const period = ["easy", "easy", "hard", "hard"];
    const round = [...period, ...period, "rest", "rest"];
    expect(names).toEqual([...round, ...round, ...round]);
  });

  it("does not fail by an efficiency that is not defined at rest", async () => {
    const rig = changedRig("harmonic-one", { "cycle: 1 s": "cycle: 2 s" });
    const run = await simulate({
      rig,
      profile: "harmonic-spectrum",
      specimens: ["h"],
      plant: { wear: 20 },
      script: [{ atMs: 4 * 3_600_000, act: ({ test }) => test.pilot.command("stop", "person") }],
    });
    checkInvariants(run);
    expect(run.summary!.stations[0]).toMatchObject({ outcome: "censored", mode: null });
    expect(run.test.state.outcome).toBe("stopped");
  });
});
