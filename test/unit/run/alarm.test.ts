import { describe, expect, it } from "vitest";
import { expandLimit } from "../../../src/limit/compile.js";
import { Bench, columns, limit, type Setup } from "./bench.js";

const fail = limit("spalled", { hysteresis: 1 });
const calm = [0, 0, 100, 1, 1, 1];
const loud = [0, 0, 100, 12, 1, 1];
const bothLoud = [0, 0, 100, 12, 12, 1];

function outcomes(bench: Bench): string[] {
  return bench.state.stations.map((s) => s.outcome);
}

function running(setup: Setup): Bench {
  const bench = Bench.started(setup);
  bench.samples(3, calm);
  return bench;
}

/** A limit of the rig on the vibration of every station. */
const ofRig = (more: Parameters<typeof limit>[1]) => {
  return expandLimit(limit("rig-vibration", more), 0, columns, []);
};

describe("a failure", () => {
  it("says which specimen, how, after how much, and by what", () => {
    const bench = running({ limits: [fail] });
    bench.samples(2, loud);
    const [event] = bench.kinds("failure");
    expect(event).toMatchObject({ station: "s1", at: 3000 });
    expect(event?.text).toBe(
      "s1: specimen s1-specimen failed, spalled, after 3 s, 0 turns (s1 spalled: vibration 12 mm/s above 10 mm/s)",
    );
    expect(bench.state.stations[0]).toMatchObject({ mode: "spalled", endedAt: 3000 });
    expect(bench.state.packml).toBe("Execute");
  });

  it("ends the run with the last specimen, or with as many as planned", () => {
    const all = running({ limits: [fail] });
    all.sample(1000, bothLoud);
    expect(all.state).toMatchObject({ packml: "Completing", reason: "every specimen failed" });
    const one = running({ limits: [fail], end: { failures: 1 } });
    one.sample(1000, loud);
    expect(one.state).toMatchObject({ packml: "Completing", reason: "1 of 1 planned failures" });
    expect(outcomes(one)).toEqual(["failed", "running"]);
    one.samples(2);
    expect(outcomes(one)).toEqual(["failed", "censored"]);
  });

  it.each([
    ["count-on", "Execute"],
    ["hold", "Held"],
    ["trip", "Aborted"],
  ] as const)("with fail: %s leads to %s, and in any case counts", (how, packml) => {
    const bench = running({ limits: [limit("spalled", { fail: how })] });
    bench.sample(1000, loud);
    expect(outcomes(bench)).toEqual(["failed", "running"]);
    expect(bench.state.packml).toBe(packml);
    expect(bench.state.suspects).toEqual([]);
  });

  it.each(["hold", "trip"] as const)("that ends the run ends it, whatever fail: %s says", (how) => {
    const bench = running({ limits: [limit("spalled", { fail: how })], end: { failures: 1 } });
    bench.sample(1000, loud);
    expect(bench.state).toMatchObject({ packml: "Completing", reason: "1 of 1 planned failures" });
  });

  it("that holds does so once: who has looked goes on with the others", () => {
    const bench = running({ rigLimits: ofRig({ reaction: "fail", fail: "hold" }) });
    bench.sample(1000, loud);
    for (let i = 0; i < 5; i++) bench.sample(1000, [0, 0, 100, 12, 1, 1]);
    bench.command("resume");
    bench.samples(3, loud);
    expect(bench.state.packml).toBe("Execute");
  });

  it("at a place without a specimen is nobody's", () => {
    const bench = running({ limits: [fail] });
    bench.samples(3, [0, 0, 100, 1, 1, 99]);
    expect(bench.kinds("alarm")).toEqual([]);
    expect(outcomes(bench)).toEqual(["running", "running"]);
  });

  it.each(["trip", "stop", "hold"] as const)(
    "counts also in the sample that brings a %s",
    (reaction) => {
      for (const limits of [
        [limit("other", { reaction }), fail],
        [fail, limit("other", { reaction })],
      ]) {
        const bench = running({ limits });
        bench.sample(1000, loud);
        expect(outcomes(bench)[0]).toBe("failed");
      }
    },
  );

  it("seen while the rig comes back up ends the run as soon as it may", () => {
    const parts = [{ kind: "set" as const, targets: [5000, 0] }];
    const bench = running({ limits: [fail], parts: [...parts, { kind: "dwell", dwellMs: 1e6 }] });
    bench.samples(5, calm);
    bench.command("hold");
    bench.samples(10, calm);
    bench.command("resume");
    bench.sample(1000, bothLoud);
    expect(bench.state.packml).toBe("Unholding");
    expect(outcomes(bench)).toEqual(["failed", "failed"]);
    bench.samples(15, calm);
    expect(bench.state).toMatchObject({ packml: "Complete", outcome: "failed" });
  });

  it("is not taken from the way down", () => {
    const bench = running({ limits: [fail] });
    bench.command("stop");
    bench.sample(1000, loud);
    expect(bench.kinds("alarm")).toHaveLength(1);
    expect(bench.state.stations[0]!.outcome).toBe("censored");
  });
});

describe("a trip", () => {
  it("comes though the sensor answers only once in four samples", () => {
    const bench = running({ limits: [limit("hot", { reaction: "trip", forMs: 2000 })] });
    const blind = [0, 0, 100, Number.NaN, 1, 1];
    for (const readings of [loud, blind, blind, blind, loud]) bench.sample(1000, readings);
    expect(bench.kinds("trip")).toMatchObject([{ station: "s1" }]);
    expect(bench.state.reason).toBe("s1 hot: vibration 12 mm/s above 10 mm/s for 2 s");
  });
});

describe("an alarm", () => {
  const warn = limit("loud", { reaction: "warn", hysteresis: 1 });

  it("stands until it returns, and is counted when it comes again", () => {
    const bench = running({ limits: [warn] });
    bench.samples(2, loud);
    expect(bench.state.alarms).toMatchObject([
      { station: "s1", state: "unacknowledged", count: 1 },
    ]);
    bench.sample(1000, calm);
    expect(bench.state.alarms).toMatchObject([
      { state: "returned-unacknowledged", raisedAt: 3000, returnedAt: 5000 },
    ]);
    bench.sample(1000, loud);
    expect(bench.state.alarms).toMatchObject([{ count: 2, raisedAt: 3000, returnedAt: null }]);
    expect(bench.kinds("alarm").map((e) => e.data.change)).toEqual([
      "raised",
      "returned",
      "raised",
    ]);
  });

  it("that only logs is not kept", () => {
    const bench = running({ limits: [limit("noted", { reaction: "log" })] });
    bench.sample(1000, loud);
    expect(bench.state.alarms).toEqual([]);
    expect(bench.kinds("alarm")).toHaveLength(1);
  });

  it("of the profile ends with its specimen, of the rig goes on for the rig's sake", () => {
    const bench = running({
      limits: [fail, limit("louder", { hi: 20, reaction: "warn" })],
      rigLimits: ofRig({ hi: 30, reaction: "stop" }),
    });
    bench.sample(1000, loud);
    bench.sample(1000, [0, 0, 100, 25, 1, 1]);
    expect(bench.state.alarms.map((a) => a.limit)).toEqual(["spalled"]);
    bench.sample(1000, [0, 0, 100, 35, 1, 1]);
    expect(bench.state).toMatchObject({
      outcome: "failed",
      reason: "s1 rig-vibration: vibration 35 mm/s above 30 mm/s",
    });
  });

  it("of the rig watches an empty place too", () => {
    const bench = running({ rigLimits: ofRig({ reaction: "stop" }) });
    bench.sample(1000, [0, 0, 100, 1, 1, 99]);
    expect(bench.state).toMatchObject({
      outcome: "stopped",
      reason: "s3 rig-vibration: vibration 99 mm/s above 10 mm/s",
    });
  });

  it("does not count a hold as time in which it persisted", () => {
    const bench = running({ limits: [limit("long", { forMs: 5000, reaction: "warn" })] });
    bench.samples(3, loud);
    bench.command("hold");
    bench.samples(10, loud);
    bench.command("resume");
    bench.samples(3, loud);
    expect(bench.kinds("alarm")).toEqual([]);
    bench.samples(3, loud);
    expect(bench.kinds("alarm")).toHaveLength(1);
  });

  it("that holds does so again when the run is resumed and nothing got better", () => {
    const bench = running({ limits: [limit("hot", { reaction: "hold", forMs: 2000 })] });
    bench.samples(3, loud);
    bench.samples(3, loud);
    expect(bench.state.packml).toBe("Held");
    bench.command("resume");
    bench.samples(3, loud);
    expect(bench.state).toMatchObject({ packml: "Held", interruptions: 2 });
    expect(bench.state.reason).toBe("still s1 hot: vibration 12 mm/s above 10 mm/s for 2 s");
    bench.command("resume");
    bench.samples(9, calm);
    expect(bench.state).toMatchObject({ packml: "Execute", interruptions: 2 });
    expect(bench.state.alarms).toMatchObject([{ count: 1, state: "returned-unacknowledged" }]);
  });

  it("that holds and comes on the way up holds at once", () => {
    const hold = limit("hot", { reaction: "hold" });
    const parts = [{ kind: "set" as const, targets: [3000, 0] }];
    const bench = running({ limits: [hold], parts: [...parts, { kind: "dwell", dwellMs: 1e6 }] });
    bench.samples(5, calm);
    bench.command("hold");
    bench.samples(6, calm);
    bench.command("resume");
    bench.sample(1000, loud);
    expect(bench.state.packml).toBe("Held");
    expect(bench.kinds("interruption").at(-1)?.text).toMatch(/^interruption 2: s1 hot: /);
  });

  it("of a reading that stays away counts from the start of the test, not of the controller", () => {
    const bench = new Bench({ limits: [limit("lost", { staleMs: 5000, reaction: "stop" })] });
    bench.command("reset", false, 60_000);
    bench.command("start");
    const blind = [0, 0, 100, Number.NaN, 1, 1];
    bench.samples(6, blind);
    expect(bench.state.packml).toBe("Execute");
    bench.sample(1000, blind);
    expect(bench.state.packml).toBe("Stopped");
    expect(bench.state.reason).toBe("s1 lost: vibration not read for 5 s");
  });
});
