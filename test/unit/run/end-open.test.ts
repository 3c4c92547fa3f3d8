import { describe, expect, it } from "vitest";
import { exposureOf } from "../../../src/profile/exposure.js";
import { decide } from "../../../src/run/decide.js";
import { initialState, type RunState } from "../../../src/run/state.js";
import { type PackmlState, packmlStates } from "../../../src/run/states.js";
import { Bench } from "./bench.js";

const dwell = {
  parts: [
    { kind: "set", targets: [2000, 900] },
    { kind: "dwell", dwellMs: 1e9 },
  ],
} as Parameters<typeof Bench.started>[0];

/** Ten seconds at 900 rpm. */
function running(): Bench {
  const bench = Bench.started(dwell);
  bench.samples(10, [2000, 900, 100, 1, 1, 1]);
  return bench;
}

function ended(bench: Bench, state: RunState, lengthMs: number | null = 60_000) {
  const at = state.at + (lengthMs ?? 0);
  const said = { by: "mei@edge", reason: "to repair", text: "ended by mei@edge: to repair" };
  return decide(bench.context, state, { kind: "ended", at, lengthMs, ...said });
}

describe("an open run that a person ends without its rig", () => {
  it.each(packmlStates)(
    "left in %s ends in Stopped, once, and asks nothing of the rig",
    (packml) => {
      const bench = running();
      const { state, effects } = ended(bench, { ...bench.state, packml });
      const final: PackmlState = packml === "Complete" ? "Complete" : "Stopped";
      expect(state).toMatchObject({ packml: final, waiting: false });
      expect(state.outcome).not.toBeNull();
      expect([effects.act, effects.write]).toEqual([undefined, undefined]);
      expect(effects.events.filter((e) => e.kind === "run-ended")).toHaveLength(1);
      expect(state.stations.map((s) => s.outcome)).toEqual(["censored", "censored"]);
    },
  );

  it("has the time nobody kept it booked as at least nothing", () => {
    const bench = running();
    const { state } = ended(bench, bench.state);
    const [before, after] = [exposureOf(bench.state.book), exposureOf(state.book)];
    expect(after.timeOnTestMs[0]).toBe(before.timeOnTestMs[0]);
    expect(after.timeOnTestMs[1]).toBe(before.timeOnTestMs[1] + 60_000);
    const unknown = ended(bench, bench.state, null).state;
    expect(exposureOf(unknown.book).timeOnTestMs[1]).toBe(Number.POSITIVE_INFINITY);
  });

  it("withdraws what is suspect at its trip, and marks that as informative", () => {
    const bench = running();
    const { book } = bench.state.stations[1]!;
    const found = { station: "s2", limit: "vibration", text: "s2 above 7 mm/s", at: 5000, book };
    const { state, effects } = ended(bench, { ...bench.state, suspects: [found] });
    expect(state.suspects).toEqual([]);
    expect(state.stations[1]).toMatchObject({
      outcome: "censored",
      informative: true,
      endedAt: 5000,
      book,
    });
    expect(state.stations[0]).not.toHaveProperty("informative");
    const [word] = effects.events.filter((e) => e.kind === "disposition");
    expect(word).toMatchObject({ station: "s2", data: { decision: "withdrawn", by: "mei@edge" } });
  });

  it("stays as it ended when only its summary was missing", () => {
    const bench = running();
    bench.command("stop");
    const { state, effects } = ended(bench, { ...bench.state, outcome: "completed" });
    expect(state.outcome).toBe("completed");
    expect(effects.events.map((e) => e.kind)).toEqual(["input"]);
  });

  it("has no exposure when it had not begun", () => {
    const bench = running();
    const { state } = ended(bench, initialState(bench.context));
    expect(state).toMatchObject({ packml: "Stopped", outcome: "stopped", reason: "to repair" });
    expect(exposureOf(state.book)).toEqual(exposureOf(initialState(bench.context).book));
  });
});
