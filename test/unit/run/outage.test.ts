import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunSample } from "../../../src/base/sample.js";
import { exposureOf } from "../../../src/profile/exposure.js";
import type { StoredEvent } from "../../../src/record/document/event.js";
import type { Afterwards } from "../../../src/record/document/input.js";
import { restore } from "../../../src/run/fold.js";
import { afterwards, type Restart } from "../../../src/run/outage.js";
import { initialState, type RunState } from "../../../src/run/state.js";
import { next, type PackmlState, packmlCommands } from "../../../src/run/states.js";
import { Bench, limit, sampleOf } from "./bench.js";

const dwell = {
  parts: [
    { kind: "set", targets: [2000, 900] },
    { kind: "dwell", dwellMs: 1e9 },
  ],
};
const steady = [2000, 900, 100, 1, 1, 1];
const still = [0, 0, 100, 1, 1, 1];

/** Ten seconds at 900 rpm. */
function running(): Bench {
  const bench = Bench.started(dwell as Parameters<typeof Bench.started>[0]);
  bench.samples(10, steady);
  return bench;
}

function back(bench: Bench, lengthMs: number | null, then: Afterwards = "hold"): void {
  const at = bench.state.at + (lengthMs ?? 0);
  bench.input({ kind: "interrupted", at, lengthMs, text: "away", next: then, why: "asked" });
}

const spread = (before: RunState, after: RunState, counter: "turns" | "timeOnTestMs") => {
  const [a, b] = [exposureOf(before.book), exposureOf(after.book)];
  return [b[counter][0] - a[counter][0], b[counter][1] - a[counter][1]];
};

describe("a controller that comes back", () => {
  it("books at least nothing and at most what the rig could have done, and says both", () => {
    const bench = running();
    const before = bench.state;
    back(bench, 60_000);
    expect(spread(before, bench.state, "timeOnTestMs")).toEqual([0, 60_000]);
    // One minute at the ceiling of 6000 rpm.
    expect(spread(before, bench.state, "turns")).toEqual([0, 6000]);
    const [told] = bench.kinds("interruption");
    expect(told?.data).toMatchObject({
      number: 1,
      fromMs: before.at,
      toMs: before.at + 60_000,
      lengthMs: 60_000,
      state: "Execute",
      exposure: { timeOnTestMs: [0, 60_000], turns: [0, 6000] },
    });
    expect(bench.state.at).toBe(before.at + 60_000);
  });

  it("books no more than was seen of a rig that was kept meanwhile", () => {
    const bench = running();
    const before = bench.state;
    const at = before.at + 60_000;
    const said = { kind: "interrupted", at, lengthMs: 60_000, speedAtMostRpm: 0.5 } as const;
    bench.input({ ...said, text: "the rig was kept", next: "hold", why: "asked" });
    expect(spread(before, bench.state, "turns")).toEqual([0, 0.5]);
  });

  it("has no bound for a time that nobody knows, and time goes on where it was", () => {
    const bench = running();
    const before = bench.state;
    back(bench, null);
    expect(bench.state.at).toBe(before.at);
    expect(spread(before, bench.state, "turns")).toEqual([0, Number.POSITIVE_INFINITY]);
    expect(exposureOf(bench.state.stations[0]!.book).damage[1]).toBe(Number.POSITIVE_INFINITY);
  });

  it("finds a held rig as it left it: no time on test, nothing faster than it was seen", () => {
    const bench = running();
    bench.command("hold");
    bench.samples(20, still);
    expect(bench.state.packml).toBe("Held");
    const before = bench.state;
    back(bench, 3_600_000);
    expect(bench.state.packml).toBe("Held");
    expect(spread(before, bench.state, "timeOnTestMs")).toEqual([0, 0]);
    expect(spread(before, bench.state, "turns")).toEqual([0, 0]);
    expect(bench.state.interruptions).toBe(2);
    expect([...bench.state.resumeSetpoints]).toEqual([...before.resumeSetpoints]);
  });

  it("makes the rig safe at once and waits for a person; position stays where it was", () => {
    const bench = running();
    const { segment, spent, setpoints } = bench.state;
    back(bench, 60_000);
    expect([...bench.state.setpoints]).toEqual([0, 0]);
    expect(bench.state.packml).toBe("Holding");
    bench.sample(1000, [0, 500, 100, 1, 1, 1]);
    expect(bench.state.packml).toBe("Holding");
    bench.samples(600, still);
    expect(bench.state).toMatchObject({ packml: "Held", segment, spent });
    bench.command("resume");
    bench.samples(10, steady);
    expect(bench.state).toMatchObject({ packml: "Execute", segment });
    expect([...bench.state.setpoints]).toEqual([...setpoints]);
  });

  it("goes on by itself when that was decided, once it is held", () => {
    const bench = running();
    back(bench, 1000, "resume");
    bench.samples(10, still);
    expect(bench.state.packml).toBe("Execute");
    expect(bench.kinds("state").map((e) => e.data.to)).toEqual(
      expect.arrayContaining(["Holding", "Held", "Unholding", "Execute"]),
    );
    bench.command("hold");
    bench.samples(100, still);
    expect(bench.state.packml).toBe("Held");
  });

  it("does not take readings that nobody could make for stale ones", () => {
    const stale = { limits: [limit("lost", { staleMs: 5000, reaction: "trip" })] };
    const bench = Bench.started({ ...stale, parts: [{ kind: "dwell", dwellMs: 1e9 }] });
    bench.samples(10, steady);
    back(bench, 60_000, "resume");
    bench.sample(1000, [0, 0, 100, Number.NaN, 1, 1]);
    expect(bench.kinds("trip")).toEqual([]);
  });

  it("ends a run that had not begun, and one whose profile ends it", () => {
    const fresh = new Bench();
    fresh.state = { ...fresh.state, packml: "Starting", waiting: true };
    back(fresh, 1000);
    fresh.samples(5, still);
    expect(fresh.state).toMatchObject({ packml: "Stopped", outcome: "stopped" });
    const ending = running();
    back(ending, 1000, "end");
    ending.samples(5, still);
    expect(ending.state).toMatchObject({ packml: "Stopped", outcome: "stopped" });
    expect(ending.state.stations.map((s) => s.outcome)).toEqual(["censored", "censored"]);
  });

  it("leaves an end that was reached as it is", () => {
    const bench = running();
    bench.command("stop");
    bench.samples(40, still);
    const before = bench.state;
    expect(before).toMatchObject({ packml: "Stopped", outcome: "stopped" });
    back(bench, 1000);
    expect(bench.state).toEqual(before);
  });

  it("leads an aborted run to Held by the ways of PackML, safe all the way, where it was", () => {
    const bench = running();
    const { segment, spent, setpoints } = bench.state;
    bench.command("abort");
    bench.samples(3, still);
    bench.acted();
    expect(bench.state).toMatchObject({ packml: "Aborted", outcome: null, isLeft: true });
    bench.events.length = 0;
    bench.writes.length = 0;
    back(bench, 60_000);
    bench.samples(3, still);
    expect(bench.state).toMatchObject({ packml: "Held", segment, spent, isLeft: false });
    expect(bench.writes).toEqual([]);
    const ways = bench.kinds("state").map((e) => e.data.to);
    const way = ["Clearing", "Stopped", "Resetting", "Idle", "Starting", "Holding", "Held"];
    expect(ways).toEqual(way);
    expect(bench.kinds("run-ended")).toEqual([]);
    bench.command("resume");
    bench.samples(20, steady);
    expect([...bench.state.setpoints]).toEqual([...setpoints]);
  });

  it("ends a run whose record was made and no more as never begun", () => {
    const bench = new Bench();
    back(bench, 1000);
    expect(bench.state).toMatchObject({ packml: "Stopped", outcome: "stopped" });
    expect(bench.kinds("run-ended")[0]?.text).toMatch(/^run ended: stopped before it began/);
  });

  it("does not forget a stop that was accepted", () => {
    const bench = running();
    bench.command("stop");
    back(bench, 1000, "resume");
    bench.samples(3, still);
    expect(bench.state).toMatchObject({ packml: "Stopped", outcome: "stopped" });
  });

  it("gets out of every state by the ways of PackML alone", () => {
    const states = ["Resetting", "Idle", "Starting", "Execute", "Completing", "Holding", "Held"];
    const more = ["Unholding", "Suspending", "Suspended", "Unsuspending", "Stopping", "Aborting"];
    const where: Record<string, string> = { Completing: "Complete" };
    for (const packml of [...states, ...more, "Clearing"] as PackmlState[]) {
      const bench = running();
      bench.state = { ...bench.state, packml, resumeSetpoints: bench.state.setpoints };
      bench.events.length = 0;
      back(bench, 1000);
      bench.samples(5, still);
      const begun = !["Resetting", "Idle", "Starting", "Stopping", "Clearing"].includes(packml);
      expect(bench.state.packml, packml).toBe(where[packml] ?? (begun ? "Held" : "Stopped"));
      for (const { data } of bench.kinds("state")) {
        const ways = packmlCommands.map((c) => next(data.from as PackmlState, c));
        expect(ways, `${packml}: ${data.from}`).toContain(data.to);
      }
    }
  });
});

describe("the fold of a run that was interrupted", () => {
  it("gives the same state, wherever it was interrupted and however it went on", () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant("samples"), n: fc.integer({ min: 1, max: 40 }) }),
        fc.record({ kind: fc.constantFrom("hold", "resume"), n: fc.constant(0) }),
        fc.record({ kind: fc.constantFrom("away", "unknown"), n: fc.nat({ max: 100_000 }) }),
      ),
      { minLength: 2, maxLength: 12 },
    );
    fc.assert(
      fc.property(steps, (script) => {
        const bench = running();
        const samples: RunSample[] = [];
        for (let cycle = 1; cycle <= 10; cycle++)
          samples.push(sampleOf(cycle, (cycle - 1) * 1000, steady));
        for (const { kind, n } of script) {
          if (kind === "samples") for (let i = 0; i < n; i++) samples.push(one(bench));
          else if (kind === "away") back(bench, n, n % 2 === 0 ? "resume" : "hold");
          else if (kind === "unknown") back(bench, null, "resume");
          else bench.command(kind as "hold");
        }
        const stored = bench.events.map(
          (e, i): StoredEvent => ({ ...e, seq: i + 1, wall: 0, hash: "" }),
        );
        const record = {
          events: () => JSON.parse(JSON.stringify(stored)) as StoredEvent[],
          samples: (from: number) => samples.filter((s) => s.at >= from),
        };
        const { context, state } = bench;
        expect(restore(context, initialState(context), record)).toEqual(state);
      }),
      { numRuns: 50 },
    );
  });

  function one(bench: Bench): RunSample {
    const { cycle, at, setpoints } = bench.state;
    const sample = sampleOf(cycle + 1, at + 1000, [...setpoints, 100, 1, 1, 1]);
    bench.input({ kind: "sample", sample });
    return sample;
  }
});

describe("what follows a restart", () => {
  const usual: Restart = { policy: "resume", confirmed: false, foundAtRest: true };

  it.each<[string, Partial<Restart>, Afterwards]>([
    ["the profile goes on, but nobody has looked", {}, "hold"],
    ["the profile holds", { policy: "hold" }, "hold"],
    ["the profile ends, whoever looked", { policy: "end", confirmed: true }, "end"],
    ["somebody looked", { policy: "hold", confirmed: true, foundAtRest: false }, "resume"],
    ["it ran without a controller", { foundAtRest: false }, "hold"],
  ])("%s", (_what, change, expected) => {
    expect(afterwards({ ...usual, ...change }).next).toBe(expected);
  });

  it("says why a profile that resumes waits for a person", () => {
    expect(afterwards(usual).why).toBe("until there is a night gate a person says resume");
  });
});
