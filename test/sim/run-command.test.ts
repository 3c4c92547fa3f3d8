import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { exposureOf } from "../../src/profile/exposure.js";
import { verbs } from "../../src/record/document/input.js";
import { exitCodeOf } from "../../src/run/exit-code.js";
import { removeFolders, type SimRun, simulate } from "./harness.js";
import { checkInvariants } from "./invariant.js";
import { at, ofKind, path, short } from "./short.js";

afterAll(removeFolders);

const whole = ["Resetting", "Idle", "Starting", "Execute", "Completing", "Complete"];
const held = ["Holding", "Held", "Unholding", "Execute"];

/** Place in the programme after every sample: step, and how far in it. */
function places(run: SimRun): [number, number][] {
  return run.cycles.map(({ after }) => [after.segment, after.spent]);
}

function neverGoesBack(run: SimRun): boolean {
  return places(run).every(([segment, spent], i, all) => {
    const [before, spentBefore] = all[i - 1] ?? [0, 0];
    return segment > before || (segment === before && spent >= spentBefore);
  });
}

describe("a run without trouble", () => {
  it("goes through the profile to Complete, and nobody has failed", async () => {
    const run = await simulate(short);
    checkInvariants(run);
    expect(path(run)).toEqual(whole);
    expect(run.summary).toMatchObject({ outcome: "completed", alarms: [] });
    expect(run.summary!.stations.map((s) => s.outcome)).toEqual(Array(3).fill("censored"));
    expect(exitCodeOf(run.test.state)).toBe(0);
    // As planned: 10 s ramp, 40 s, 2 kN at 1 kN/s, 40 s.
    const [least] = exposureOf(run.test.state.book).timeOnTestMs;
    expect(least / 1000).toBeCloseTo(92, 1);
  });
});

describe("stop", () => {
  it("takes the setpoints down at the rig's ramps, then makes safe", async () => {
    const run = await simulate({ ...short, script: [at(30_553, "stop")] });
    checkInvariants(run);
    expect(path(run)).toEqual([...whole.slice(0, 4), "Stopping", "Stopped"]);
    expect(run.summary).toMatchObject({ outcome: "stopped", state: "Stopped" });
    expect(exitCodeOf(run.test.state)).toBe(0);
    // The stop comes 1.2 ms after a cycle has begun: from there on it is 300 rpm/s.
    const down = run.driven.filter((d) => d.role === "speed" && d.at > 30_553).map((d) => d.active);
    expect(down.slice(0, 3).map(Math.round)).toEqual([901, 601, 301]);
  });
});

describe("a stop in the first seconds", () => {
  it("does not hide that the shaft was still on its way up", async () => {
    for (const ms of [1800, 2000, 2400, 2711, 3200]) {
      checkInvariants(await simulate({ ...short, script: [at(ms, "stop")] }));
    }
  });
});

describe("hold and resume", () => {
  it("goes on where it was left, and books the extra ramps as turns but not as time on test", async () => {
    const script = [at(30_300, "hold"), at(90_700, "resume")];
    const [run, plain] = [await simulate({ ...short, script }), await simulate(short)];
    checkInvariants(run);
    expect(path(run)).toEqual([...whole.slice(0, 4), ...held, ...whole.slice(4)]);
    expect(neverGoesBack(run)).toBe(true);
    const [with_, without] = [run, plain].map((r) => exposureOf(r.test.state.book));
    // Steps end with a sample, so that a hold between two may cost one cycle more.
    expect(with_!.timeOnTestMs[0]).toBeGreaterThanOrEqual(without!.timeOnTestMs[0]);
    expect(with_!.timeOnTestMs[0]).toBeLessThanOrEqual(without!.timeOnTestMs[0] + 1500);
    // Down from 1200 rpm at 300 rpm/s and up again, 4 s each: 40 turns both.
    const extra = with_!.turns.map((turns, i) => turns - without!.turns[i]!);
    expect(extra[0]).toBeLessThan(80);
    expect(extra[1]).toBeGreaterThan(80);
    expect(extra[0]).toBeGreaterThan(40);
    expect(extra[1]).toBeLessThan(160);
    expect(ofKind(run, "interruption")).toHaveLength(1);
  });

  it("holds at the next step when asked to, and comes back to that step's setpoints", async () => {
    const script = [at(5000, "hold", true), at(60_000, "resume")];
    const run = await simulate({ ...short, script });
    checkInvariants(run);
    const [interruption] = ofKind(run, "interruption");
    expect(interruption?.data).toMatchObject({ segment: 1, spent: 0 });
    expect(run.cycles.some(({ after }) => after.holdAtCheckpoint)).toBe(true);
    const back = run.cycles.find(({ before, after }) => {
      return before.packml === "Unholding" && after.packml === "Execute";
    });
    expect([...back!.after.setpoints]).toEqual([2000, 1200]);
  });

  it("may be held again and again, also while it comes back up", async () => {
    const script = [20, 40, 41, 60, 62, 64].map((s, i) => {
      return at(s * 1000 + 137, i % 2 === 0 ? "hold" : "resume");
    });
    const run = await simulate({ ...short, script: [...script, at(100_000, "resume")] });
    checkInvariants(run);
    expect(neverGoesBack(run)).toBe(true);
    expect(run.test.state.packml).toBe("Complete");
  });
});

describe("abort", () => {
  it("drives the safe values at once and ends in Aborted", async () => {
    const run = await simulate({ ...short, script: [at(30_300, "abort")] });
    checkInvariants(run);
    expect(path(run).slice(-2)).toEqual(["Aborting", "Aborted"]);
    expect(exitCodeOf(run.test.state)).toBe(7);
    const first = run.driven.find((d) => d.at >= 30_300 && d.role === "load");
    expect(first?.active).toBe(0);
  });

  it("is not kept waiting by a disk that does not answer", async () => {
    const before = (run: SimRun) => {
      run.rig.watch((sample) => {
        // The disk hangs: from now on nothing comes back from outside for a minute.
        if (sample.cycle === 30) run.clock.outside = () => run.clock.sleep(60_000) as never;
      });
    };
    const script = [at(32_000, "hold"), at(33_000, "abort")];
    const run = await simulate({ ...short, before, script });
    const safe = run.driven.filter((d) => d.at >= 33_000 && d.at < 35_000);
    expect(safe.map((d) => d.role)).toEqual(expect.arrayContaining(["load", "speed"]));
    for (const role of ["load", "speed"]) {
      expect(safe.filter((d) => d.role === role).at(-1)?.active, role).toBe(0);
    }
  });
});

describe("a command that is refused", () => {
  const refused: [number, (typeof verbs)[number], string][] = [
    [30_300, "start", "Execute"],
    [30_300, "clear", "Execute"],
    [30_300, "resume", "Execute"],
    [42_500, "hold", "Holding"],
    [42_500, "resume", "Holding"],
    [60_300, "hold", "Held"],
    [131_600, "hold", "Completing"],
    [131_600, "resume", "Completing"],
  ];
  it("is written down with what is allowed, and changes nothing else", async () => {
    const frame = [at(40_000, "hold"), at(70_000, "resume")];
    const script = [...refused.map(([ms, verb]) => at(ms, verb)), ...frame];
    const [run, plain] = [
      await simulate({ ...short, script }),
      await simulate({ ...short, script: frame }),
    ];
    checkInvariants(run);
    const faults = ofKind(run, "fault").map((e) => [e.data.verb, e.data.state]);
    expect(faults).toEqual(refused.map(([, verb, state]) => [verb, state]));
    expect(run.test.state).toEqual(plain.test.state);
  });
});

describe("any commands at any time", () => {
  it("never break what must be true, and stop or abort always ends the run", async () => {
    const command = fc.tuple(
      fc.integer({ min: 0, max: 150_000 }),
      fc.constantFrom(...verbs),
      fc.boolean(),
    );
    const property = fc.asyncProperty(
      fc.array(command, { maxLength: 12 }),
      fc.constantFrom("stop" as const, "abort" as const),
      async (commands, last) => {
        const script = [...commands.map((c) => at(...c)), at(160_000, last)];
        const run = await simulate({ ...short, script });
        checkInvariants(run);
        expect(neverGoesBack(run)).toBe(true);
      },
    );
    await fc.assert(property, { numRuns: 15, seed: 1, endOnFailure: true });
  });
});
