import { describe, expect, it } from "vitest";
import { Summary } from "../../../src/lab/summary.js";
import type { RunHeader } from "../../../src/record/document/run.js";
import { Bench, limit } from "../run/bench.js";

const header: RunHeader = {
  id: "bench-1",
  rig: "bench",
  profile: "test",
  simulated: true,
  seed: 7,
  software: "test",
  startedWall: 1000,
  cycleMs: 1000,
  columns: [],
  specimens: [
    { station: "s1", specimen: "s1-specimen", product: "ball-bearing/6206" },
    { station: "s2", specimen: "s2-specimen", product: "ball-bearing/6208" },
  ],
  parameters: {},
  files: [],
};

describe("the summary of a run", () => {
  const bench = Bench.started({ limits: [limit("spalled")], end: { failures: 1 } });
  bench.samples(3);
  bench.sample(1000, [0, 0, 100, 12, 1, 1]);
  bench.samples(2);
  const collected = new Summary({ header, context: bench.context, pilot: bench });
  collected.note(bench.events);
  const summary = collected.now({ endedWall: 9000, lines: { io: { ok: 3 } } });

  it("says how it came out, per station too", () => {
    expect(summary).toMatchObject({
      id: "bench-1",
      simulated: true,
      seed: 7,
      state: "Complete",
      outcome: "failed",
      reason: "1 of 1 planned failures",
      startedWall: 1000,
      endedWall: 9000,
      lines: { io: { ok: 3 } },
    });
    const [one, two] = summary.stations;
    expect(one).toMatchObject({ outcome: "failed", mode: "spalled", product: "ball-bearing/6206" });
    expect(two).toMatchObject({ outcome: "censored", mode: null, product: "ball-bearing/6208" });
    expect(one?.exposure).toMatchObject({ timeOnTestMs: [3000, 3000] });
  });

  it("tells events in order, without inputs and steps, and the alarms that stand", () => {
    const kinds = summary.events.map((e) => (e as { kind: string }).kind);
    expect(new Set(kinds)).toEqual(new Set(["state", "alarm", "failure", "safe", "run-ended"]));
    expect(kinds.at(-1)).toBe("run-ended");
    expect(summary.alarms).toMatchObject([{ limit: "spalled", station: "s1", count: 1 }]);
  });

  it("of a run that is still on says so", () => {
    const { context, state } = Bench.started();
    const early = new Summary({ header, context, pilot: { state } }).now({
      endedWall: 2000,
      lines: {},
    });
    expect(early).toMatchObject({ outcome: "running", state: "Execute", events: [] });
  });
});
