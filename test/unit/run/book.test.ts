import { describe, expect, it } from "vitest";
import { exposureOf } from "../../../src/profile/exposure.js";
import { decide } from "../../../src/run/decide.js";
import { initialState, type RunState } from "../../../src/run/state.js";
import { contextOf, sampleOf } from "./bench.js";
import { commanded, context, second, seenAs, turning } from "./second.js";

describe("a second of exposure", () => {
  it("off its setpoint counts as time on test, not at stress", () => {
    const slow = [1000, 560, 60, 1, 1, 1];
    const x = second("Execute", slow, { seen: seenAs(slow) });
    expect(x.timeAtStressMs).toEqual([0, 0]);
    expect(x.timeOnTestMs).toEqual([1000, 1000]);
    expect(x.turns[0]).toBeCloseTo(560 / 60, 9);
  });

  it("in which it left its setpoint may have been at stress, and turned as fast as before or after", () => {
    const x = second("Execute", [1000, 300, 60, 1, 1, 1]);
    expect(x.timeAtStressMs).toEqual([0, 1000]);
    expect(x.turns).toEqual([5, 10]);
    expect(x.damage[0]).toBeCloseTo(300 * 1000 * 1e-12 * 1000, 15);
    expect(x.damage[1]).toBeCloseTo(600 * 1000 * 1e-12 * 1000, 15);
  });

  it("holds what was before its reading at the beginning, which may have come a cycle later", () => {
    const seen = seenAs(turning, [1000, 540, 60, 1, 1, 1]);
    expect(second("Execute", turning, { seen }).turns).toEqual([9, 10]);
  });

  it("holds what one step of the register hides", () => {
    const coarse = contextOf({ resolutions: [0, 6, 0, 0, 0, 0] });
    const state = { ...initialState(coarse), packml: "Execute" as const, at: 5000, cycle: 4 };
    const at = { ...state, ...commanded, segmentSince: 0, executeSince: 0, seen: seenAs(turning) };
    const next = decide(coarse, at, { kind: "sample", sample: sampleOf(5, 6000, turning) });
    const { turns } = exposureOf(next.state.stations[0]!.book);
    expect(turns[0]).toBeCloseTo(9.9, 12);
    expect(turns[1]).toBeCloseTo(10.1, 12);
  });

  it("in which it turned round holds a standstill", () => {
    const x = second("Execute", [1000, -600, 60, 1, 1, 1]);
    expect(x.turns).toEqual([0, 10]);
  });

  it("in which a setpoint was overtaken by an abort may have come as far as that", () => {
    const standing = [1000, 0, 60, 1, 1, 1];
    const before = { ...initialState(context), packml: "Execute" as const, at: 5000, cycle: 4 };
    const rising = { ...before, ...commanded, segmentSince: 0, executeSince: 0 };
    const state = { ...rising, seen: seenAs(standing), sampledAt: 5000 };
    const abort = { verb: "abort" as const, by: "test", reason: "", atCheckpoint: false };
    const aborting = decide(context, state, { kind: "command", at: 5400, ...abort }).state;
    const sample = sampleOf(5, 6000, standing);
    const { book } = decide(context, aborting, { kind: "sample", sample }).state;
    expect(exposureOf(book).turns[0]).toBe(0);
    expect(exposureOf(book).turns[1]).toBeCloseTo(10, 12);
  });

  it("without a reading of the load may have been at stress, and may have damaged", () => {
    const x = second("Execute", [Number.NaN, 600, 60, 1, 1, 1]);
    expect(x.timeAtStressMs).toEqual([0, 1000]);
    expect(x.turns).toEqual([10, 10]);
    expect(x.damage[0]).toBe(0);
    expect(x.damage[1]).toBeCloseTo(600 * 10_000 * 1e-9, 15);
  });

  it("without a reading of the load is not at stress when the speed says so", () => {
    const slow = [Number.NaN, 500, 60, 1, 1, 1];
    const x = second("Execute", slow, { seen: seenAs([1000, 500, 60, 1, 1, 1]) });
    expect(x.timeAtStressMs).toEqual([0, 0]);
  });

  it("without a reading of the speed may be anything up to the ceiling", () => {
    const x = second("Execute", [1000, Number.NaN, 60, 1, 1, 1]);
    expect(x.turns).toEqual([0, 100]);
    expect(x.loadCycles).toEqual([0, 200]);
    expect(x.timeAtStressMs).toEqual([0, 1000]);
  });

  it("at rest and unread may be no more than what was last seen", () => {
    const x = second("Held", [1000, Number.NaN, 60, 1, 1, 1], {
      seen: seenAs([1000, 0, 60, 1, 1, 1]),
      isAtRest: true,
    });
    expect(x.turns).toEqual([0, 0]);
  });

  it("without a reading of the power has no bound on its energy", () => {
    const x = second("Execute", [1000, 600, Number.NaN, 1, 1, 1]);
    expect(x.energyJ).toEqual([0, Number.POSITIVE_INFINITY]);
  });

  it("in a gap of samples is only time on test; what else it was nobody knows", () => {
    const x = second("Execute", turning, { executedMs: 2500 });
    expect(x.timeOnTestMs).toEqual([3500, 3500]);
    expect(x.timeAtStressMs).toEqual([0, 3500]);
    expect(x.turns).toEqual([0, 350]);
  });

  it("is booked for nobody whose specimen has failed, and still for the rig", () => {
    const before = initialState(context);
    const stations = before.stations.map((s, i) => {
      return i === 0 ? { ...s, outcome: "failed" as const } : s;
    });
    expect(second("Execute", turning, { stations }).turns).toEqual([0, 0]);
  });
});

describe("time between a sample and a command", () => {
  const at = (ms: number) => 5000 + ms;
  const state = (): RunState => ({
    ...initialState(context),
    packml: "Execute",
    at: at(0),
    cycle: 4,
    segmentSince: 0,
    executeSince: 0,
    ...commanded,
    seen: seenAs(turning),
    sampledAt: at(0),
  });
  const command = (verb: "start" | "hold" | "abort", ms: number) => {
    const by = { by: "test", reason: "", atCheckpoint: false };
    return { kind: "command" as const, verb, at: at(ms), ...by };
  };

  it("is not lost when the command is refused", () => {
    const refused = decide(context, state(), command("start", 400)).state;
    const sample = sampleOf(5, at(1000), turning);
    const x = exposureOf(decide(context, refused, { kind: "sample", sample }).state.book);
    expect(x.timeOnTestMs).toEqual([1000, 1000]);
    expect(x.turns).toEqual([10, 10]);
  });

  it("belongs to the state that was left", () => {
    const held = decide(context, state(), command("hold", 400)).state;
    const sample = sampleOf(5, at(1000), turning);
    const x = exposureOf(decide(context, held, { kind: "sample", sample }).state.book);
    expect(x.timeOnTestMs).toEqual([400, 400]);
    expect(x.turns[0]).toBeCloseTo(10, 12);
    expect(x.turns[1]).toBeCloseTo(10, 12);
  });

  it("is booked as not known when no sample follows", () => {
    const standing = { ...state(), seen: seenAs([1000, 0, 60, 1, 1, 1]) };
    const aborting = decide(context, standing, command("abort", 400)).state;
    const done = { kind: "confirmed" as const, act: "safe" as const, ok: true, text: "safe" };
    const { state: end } = decide(context, aborting, { ...done, at: at(700) });
    expect(end.packml).toBe("Aborted");
    const acted = { kind: "acted" as const, at: at(700), text: "all acted", by: null };
    const x = exposureOf(decide(context, end, acted).state.book);
    expect(x.timeOnTestMs).toEqual([400, 400]);
    expect(x.timeAtStressMs).toEqual([0, 400]);
    expect(x.turns[0]).toBe(0);
    expect(x.turns[1]).toBeCloseTo(70, 9);
  });
});

describe("a speed that may go both ways", () => {
  it("is bounded by the larger of its ceiling and its floor", () => {
    const both = contextOf({ floorRpm: -8000 });
    expect(both.speedCeilingRpm).toBe(8000);
    expect(contextOf({ floorRpm: -10 }).speedCeilingRpm).toBe(6000);
  });
});
