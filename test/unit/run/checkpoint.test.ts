import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/base/json.js";
import type { RunSample } from "../../../src/base/sample.js";
import type { ResolvedLimit } from "../../../src/limit/compile.js";
import { type NamedMemory, pending, stands } from "../../../src/limit/memory.js";
import type { StoredEvent } from "../../../src/record/document/event.js";
import type { Verb } from "../../../src/record/document/input.js";
import { stateFrom, stateFromJson, stateToJson } from "../../../src/run/checkpoint.js";
import { inputsOf, restore } from "../../../src/run/fold.js";
import { initialState } from "../../../src/run/state.js";
import { Bench, limit, sampleOf } from "./bench.js";

/** What a file does to it. */
function kept(bench: Bench) {
  return stateFromJson(JSON.parse(JSON.stringify(stateToJson(bench.state))));
}

describe("a checkpoint", () => {
  it("brings the whole state back: NaN, infinities and arrays included", () => {
    const bench = Bench.started({ limits: [limit("lost", { staleMs: 1000, reaction: "warn" })] });
    expect(kept(bench)).toEqual(bench.state);
    expect(kept(bench).segmentSince).toBeNaN();
    bench.samples(4, [0, Number.NaN, Number.NaN, Number.NaN, 1, 1]);
    expect(bench.state.book[11]).toBe(Number.POSITIVE_INFINITY);
    expect(bench.state.alarms[0]?.value).toBeNaN();
    expect(kept(bench)).toEqual(bench.state);
    expect(kept(bench).setpoints).toBeInstanceOf(Float64Array);
  });

  it("keeps words that look like numbers as words", () => {
    const bench = Bench.started();
    bench.input({
      kind: "command",
      verb: "hold",
      at: 100,
      by: "test",
      reason: "NaN",
      atCheckpoint: false,
    });
    expect(bench.state.reason).toBe("NaN");
    expect(kept(bench)).toEqual(bench.state);
  });

  it("comes once an hour", () => {
    const bench = Bench.started({ parts: [{ kind: "dwell", dwellMs: 1e9 }] });
    for (let i = 0; i < 150; i++) bench.sample(60_000);
    expect(bench.kinds("checkpoint").map((e) => e.at)).toEqual([3_600_000, 7_200_000]);
  });
});

describe("what limits remember in a checkpoint", () => {
  const late = limit("late", { hi: 10, forMs: 60_000, reaction: "warn" });
  const first = limit("first", { hi: 5, reaction: "warn" });
  const loud = [0, 0, 100, 12, 1, 1];
  const parts = [{ kind: "dwell" as const, dwellMs: 1e9 }];
  /** Goes on from `state`, as a checkpoint has it, with these limits. */
  function wentOn(kept: Json, limits: readonly ResolvedLimit[]): Bench {
    const bench = Bench.started({ limits, parts });
    bench.state = stateFrom(bench.context, initialState(bench.context), kept);
    return bench;
  }
  function written(bench: Bench): Json {
    for (let i = 0; i < 61; i++) bench.sample(60_000, loud);
    return bench.kinds("checkpoint")[0]!.data.state;
  }

  it("has the names of limit, station and number, and is found where limits came and went", () => {
    const kept = written(Bench.started({ limits: [first, late], parts }));
    const memory = (kept as { limitMemory: NamedMemory }).limitMemory;
    expect(Object.keys(memory)).toEqual(["s1.first", "s2.first", "s1.late", "s2.late"]);
    expect(memory["s1.late"]).toMatchObject({ state: stands });
    const bench = wentOn(kept, [late]);
    bench.sample(1000, loud);
    expect(bench.kinds("alarm")).toEqual([]);
    bench.sample(1000, [0, 0, 100, 1, 1, 1]);
    expect(bench.kinds("alarm").map(({ text }) => text)).toEqual(["returned: s1 late"]);
  });

  it("of an older version is three numbers for each limit, by their place", () => {
    const bench = Bench.started({ limits: [first, late] });
    bench.sample(1000, loud);
    const { at } = bench.state;
    const kept = stateToJson({
      ...bench.state,
      limitMemory: [stands, at, at, 0, 0, 0, 0, 0, 0, pending, at, at, 0, 0, 0, 0, 0, 0],
    });
    const again = wentOn(kept, [first, late]);
    again.sample(59_000, loud);
    expect(again.kinds("alarm")).toEqual([]);
    again.sample(1000, loud);
    expect(again.kinds("alarm").map(({ text }) => text)).toEqual([
      "warn: s1 late: vibration 12 mm/s above 10 mm/s for 1 min",
    ]);
  });
});

describe("what was written", () => {
  const stored = (seq: number, cycle: number, verb: Verb): StoredEvent => {
    const kind = "command" as const;
    const data = {
      input: { kind, verb, at: cycle * 1000, by: "", reason: "", atCheckpoint: false },
    };
    return { seq, kind: "input", at: 0, cycle, text: "", data, wall: 0, hash: "" };
  };

  it("goes back into step in the order it came: an input after the sample it followed", () => {
    const samples = [1, 2, 3].map((cycle) => sampleOf(cycle, cycle * 1000, []));
    const events = [
      stored(1, 0, "reset"),
      stored(2, 2, "hold"),
      stored(3, 2, "stop"),
      stored(4, 3, "abort"),
    ];
    const order = [...inputsOf({ events, samples })].map((input) => {
      return input.kind === "sample" ? input.sample.cycle : input.kind === "command" && input.verb;
    });
    expect(order).toEqual(["reset", 1, 2, "hold", "stop", 3, "abort"]);
  });

  it("folds to the same state from any checkpoint", () => {
    const minutes = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(minutes, minutes, (before, after) => {
        const bench = Bench.started({ parts: [{ kind: "dwell", dwellMs: 1e9 }] });
        const samples: RunSample[] = [];
        for (let i = 0; i < before + after; i++) {
          if (i === before) bench.command("hold");
          const { cycle, at } = bench.state;
          const sample = sampleOf(cycle + 1, cycle === 0 ? at : at + 60_000, bench.readings);
          samples.push(sample);
          bench.input({ kind: "sample", sample });
        }
        const events = bench.events.map(
          (e, i): StoredEvent => ({ ...e, seq: i + 1, wall: 0, hash: "" }),
        );
        const record = {
          events: () => JSON.parse(JSON.stringify(events)) as StoredEvent[],
          samples: (from: number) => samples.filter((s) => s.at >= from),
        };
        const { context, state } = bench;
        expect(restore(context, initialState(context), record)).toEqual(state);
      }),
      { numRuns: 20 },
    );
  });
});
