import { describe, expect, it } from "vitest";
import type { Sample } from "../../../src/base/sample.js";
import { ofKind, type RecordEvent } from "../../../src/record/document/event.js";
import type { RecordWriter } from "../../../src/record/writer-port.js";
import type { Rig, RigFault } from "../../../src/rig/rig.js";
import { Pilot } from "../../../src/run/pilot.js";
import type { RunState } from "../../../src/run/state.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";
import { Bench, limit, type Setup, sampleOf } from "./bench.js";
import { fly } from "./keep.js";

/** A pilot with a rig whose identification takes 0.5 s and whose start takes 1 s. */
function setUp(
  { turnsOn = false, ...setup }: Setup & { turnsOn?: boolean } = {},
  actedAfterMs = 0,
) {
  const clock = new VirtualClock(0);
  const { context, state } = new Bench(setup);
  const events: RecordEvent[] = [];
  const told: RecordEvent[] = [];
  const seen: string[] = [];
  const early: string[] = [];
  let safeAt = Number.NaN;
  let speed = 0;
  const started: number[] = [];
  const rig = {
    sample: async (n: number): Promise<Sample> => {
      const rpm = turnsOn && clock.elapsed() > 2000 ? 600 : speed;
      return { ...sampleOf(n, 0, [0, rpm, 100, 1, 1, 1]), at: clock.elapsed() };
    },
    write: async (setpoints: Float64Array) => {
      speed = Number.isNaN(safeAt) ? (setpoints[1] ?? 0) : 0;
      return [];
    },
    identify: async (): Promise<RigFault[]> => clock.sleep(500).then(() => []),
    start: async (): Promise<RigFault[]> => {
      started.push(clock.elapsed());
      const before = safeAt;
      await clock.sleep(1000);
      const detail = "the rig was made safe while it started";
      return Object.is(before, safeAt) ? [] : [{ code: "write-failed", device: "rig", detail }];
    },
    safe: async () => {
      safeAt = clock.elapsed();
      speed = 0;
      return [];
    },
    whenActed: async () => clock.sleep(Math.max(0, safeAt + actedAfterMs - clock.elapsed())),
    reset: async () => [],
  } as unknown as Rig;
  const record = {
    sample: () => {},
    pressure: () => undefined,
    append: (more: RecordEvent[]) => void events.push(...more),
    commit: async (more: RecordEvent[]) => {
      await clock.sleep(5);
      events.push(...more);
    },
    failing: undefined,
    short: undefined,
    lostSamples: 0,
  } as unknown as RecordWriter;
  const observe = (after: RunState, _sample: unknown, more: readonly RecordEvent[]) => {
    seen.push(after.packml);
    told.push(...more);
    early.push(...more.filter((e) => !events.includes(e)).map((e) => e.text));
  };
  const made = new Pilot({ rig, record, clock, context, initial: state, observe });
  const at = (ms: number, act: () => void) => void clock.sleep(ms).then(act);
  const run = () => fly(made, rig, clock);
  return { made, run, clock, events, told, early, started, at, seen, rig };
}

const states = (events: readonly RecordEvent[]) => {
  return events.filter((e) => e.kind === "state").map((e) => e.data["to"]);
};
const faults = (events: readonly RecordEvent[]) => {
  return events.filter((e) => e.kind === "fault").map((e) => e.text);
};

describe("who wants the rig safe or down", () => {
  it.each([
    ["abort", 300, "Aborted"],
    ["stop", 300, "Stopped"],
    ["leave", 300, "Stopped"],
  ] as const)("%s at %d ms starts nothing: %s", async (verb, ms, end) => {
    const { made, run, events, started, at } = setUp();
    at(ms, () => made.command(verb, "anna"));
    const state = await run();
    expect(state.packml).toBe(end);
    expect(started).toEqual([]);
    expect(faults(events)).toEqual([]);
    expect(state.reason).toBe(`${verb} by anna`);
  });

  it.each([
    ["abort", "Aborted"],
    ["stop", "Stopped"],
  ] as const)("%s while it starts is told as that: %s", async (verb, end) => {
    const { made, run, events, at } = setUp();
    at(1000, () => made.command(verb, "anna"));
    const state = await run();
    expect(state.packml).toBe(end);
    expect(states(events)).not.toContain("Execute");
    expect(faults(events)).toEqual([]);
    expect(state.reason).toBe(`${verb} by anna`);
  });

  it("comes before what was asked for earlier, an abort before a stop", async () => {
    const { made, run, events, at } = setUp();
    at(5000, () => {
      made.command("suspend", "anna");
      made.command("stop", "anna");
      made.command("abort", "anna");
    });
    await run();
    const asked = events.filter((e) => e.kind === "input" && "input" in e.data).map((e) => e.text);
    const order = asked.filter((text) => text.endsWith(" by anna"));
    expect(order).toEqual(["abort by anna", "stop by anna", "suspend by anna"]);
    expect(states(events)).not.toContain("Suspending");
    expect(states(events)).not.toContain("Stopping");
  });

  it("is a trip in the same way", async () => {
    const { made, run, events, at } = setUp();
    at(1000, () => made.trip("hot", null, "hot: 140 degC"));
    const state = await run();
    expect(state).toMatchObject({ packml: "Aborted", reason: "hot: 140 degC" });
    expect(faults(events)).toEqual([]);
  });
});

describe("an aborted run", () => {
  it("samples on until every actuator has acted, writes a checkpoint last and stays open", async () => {
    const { made, run, events, at, clock } = setUp({}, 60_000);
    at(5000, () => made.command("abort", "anna"));
    const state = await run();
    expect(clock.elapsed()).toBeGreaterThanOrEqual(65_000);
    expect(state).toMatchObject({ packml: "Aborted", outcome: null, isLeft: true });
    expect(state.cycle).toBeGreaterThan(60);
    expect(events.at(-1)?.kind).toBe("checkpoint");
  });

  it("is left before that only by somebody's word", async () => {
    const { made, run, events, at } = setUp({}, 1e9);
    at(5000, () => made.command("abort", "anna"));
    at(90_000, () => made.abandon("anna", "the isolator is locked"));
    const state = await run();
    expect(state.isLeft).toBe(true);
    expect(faults(events)).toEqual(["left by anna: the isolator is locked"]);
  });
});

describe("a person's word on what has not acted", () => {
  it("lets go of a run that still waits for a standstill", async () => {
    const { made, run, events, at, clock } = setUp({ turnsOn: true }, 1e9);
    at(5000, () => made.command("abort", "anna"));
    at(8000, () => made.abandon("anna", "isolated at Q1"));
    const state = await run();
    expect(clock.elapsed()).toBeLessThan(10_000);
    expect(state).toMatchObject({ packml: "Aborted", outcome: null, isLeft: true });
    expect(state.reason).toBe("abort by anna; left by anna: isolated at Q1");
    expect(states(events).slice(-2)).toEqual(["Aborting", "Aborted"]);
  });

  it("is the last one on a run that was being held", async () => {
    const { made, run, at } = setUp({ turnsOn: true }, 1e9);
    at(5000, () => made.command("hold", "anna"));
    at(10_000, () => made.abandon("anna", "isolated at Q1"));
    const state = await run();
    expect(state).toMatchObject({ packml: "Aborted", outcome: null, isLeft: true });
  });
});

describe("reset, typed while held", () => {
  it.each([
    [["spindle"], "reset: done by spindle, nothing moved; type resume"],
    [[], "reset: no device of this rig has one, nothing was done; type resume"],
  ])("is answered with what was done, by %j", async (resets, answer) => {
    const { made, run, told, at, rig } = setUp();
    Object.assign(rig, { resets });
    at(5000, () => made.command("hold", "anna"));
    at(20_000, () => made.command("reset", "anna"));
    at(30_000, () => made.command("leave", "anna"));
    await run();
    const answers = told.filter((e) => "answers" in e.data && e.data.answers === "reset");
    expect(answers.map((e) => e.text)).toEqual([answer]);
  });
});

describe("a run that cannot go on", () => {
  it("has the defect as the cause of its interruption", async () => {
    const { run, events, at, rig } = setUp();
    at(5000, () => {
      rig.sample = async () => {
        throw new Error("boom");
      };
    });
    await expect(run()).rejects.toThrow("boom");
    const aborting = ofKind(events, "state").find((e) => e.data.to === "Aborting");
    expect(aborting?.data.reason).toBe("a defect of Wearout: boom");
  });
});

describe("what is told", () => {
  it("was written down before", async () => {
    const warn = limit("loud", { reaction: "warn", hi: 0.5 });
    const { made, run, told, early, at } = setUp({ limits: [warn] });
    at(5000, () => made.command("hold", "anna"));
    at(20_000, () => made.command("leave", "anna"));
    await run();
    expect(told.length).toBeGreaterThan(10);
    expect(early).toEqual([]);
  });
});
