import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunSample } from "../../../src/base/sample.js";
import type { StoredEvent } from "../../../src/record/document/event.js";
import type { Verb } from "../../../src/record/document/input.js";
import { stateFromJson, stateToJson } from "../../../src/run/checkpoint.js";
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
