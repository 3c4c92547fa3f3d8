import { describe, expect, it } from "vitest";
import { exposureOf } from "../../../src/profile/exposure.js";
import type { Disposition } from "../../../src/record/document/input.js";
import { decide } from "../../../src/run/decide.js";
import { isParked, parkObjection } from "../../../src/run/park.js";
import { initialState, type RunState } from "../../../src/run/state.js";
import { Bench } from "./bench.js";

const setup = {
  parts: [
    { kind: "set", targets: [2000, 900] },
    { kind: "dwell", dwellMs: 1e9 },
  ],
} as Parameters<typeof Bench.started>[0];

/** Ten seconds at 900 rpm. */
function running(more: typeof setup = {}): Bench {
  const bench = Bench.started({ ...setup, ...more });
  bench.samples(10, [2000, 900, 100, 1, 1, 1]);
  return bench;
}

const word = { by: "mei@edge", reason: "lot B8 is urgent" };

function park(bench: Bench, mounted: string[] = []): void {
  bench.input({ kind: "parked", at: bench.state.at, ...word, mounted });
}

/** Down at the ramps, everything acted. */
function parked(bench = running(), mounted: string[] = []): Bench {
  park(bench, mounted);
  bench.samples(20, [0, 0, 0, 1, 1, 1]);
  bench.acted();
  return bench;
}

function back(bench: Bench, lengthMs = 86_400_000): void {
  const at = bench.state.at + lengthMs;
  const said = { text: "the run was parked", next: "resume", why: "looked at" } as const;
  bench.input({ kind: "interrupted", at, lengthMs, ...said });
}

function dispose(bench: Bench, station: string, decision: Disposition["decision"]): void {
  const disposition: Disposition = {
    ...{ station, kind: "outside", decision, text: "mounted again", by: "mei" },
  };
  bench.input({ kind: "disposition", at: bench.state.at, disposition });
}

describe("a run that a person parks on its rig", () => {
  it("goes down at the ramps, and is parked once every actuator has acted", () => {
    const bench = running();
    park(bench, ["s1"]);
    expect(bench.state.packml).toBe("Holding");
    expect(isParked(bench.state)).toBe(false);
    bench.samples(20, [0, 0, 0, 1, 1, 1]);
    expect(bench.kinds("park")).toEqual([]);
    bench.acted();
    expect(isParked(bench.state)).toBe(true);
    expect(bench.state.outcome).toBeNull();
    expect(bench.kinds("park")).toMatchObject([
      {
        text: "parked by mei@edge: lot B8 is urgent; s2 taken off",
        data: { ...word, mounted: ["s1"], takenOff: ["s2"] },
      },
    ]);
  });

  it("is not resumed on its way down", () => {
    const bench = running();
    park(bench);
    bench.samples(5, [0, 0, 0, 1, 1, 1]);
    bench.command("resume");
    expect(bench.kinds("fault").at(-1)?.text).toContain("resume refused: it is being parked");
  });

  it("is parked where it aborts on its way down", () => {
    const bench = running();
    park(bench);
    bench.command("abort");
    bench.samples(3, [0, 0, 0, 1, 1, 1]);
    bench.acted();
    expect(bench.state.packml).toBe("Aborted");
    expect(isParked(bench.state)).toBe(true);
  });

  it("is not parked where its process dies on its way down: the time away is booked", () => {
    const bench = running();
    park(bench);
    const before = exposureOf(bench.state.book).turns[1];
    back(bench, 3_600_000);
    expect(bench.state).toMatchObject({ parked: null, suspects: [] });
    expect(exposureOf(bench.state.book).turns[1]).toBeGreaterThan(before + 1000);
  });

  it.each<[string, Partial<RunState>, string]>([
    ["before its first step", { executeSince: Number.NaN }, "it has not begun"],
    ["when it has ended", { outcome: "stopped" }, "it has ended (stopped)"],
    ["on its way to its end", { ending: "stopped" }, "it ends: stopped"],
    ["a second time", { parked: { ...word, mounted: [] } }, "it is parked already, by mei@edge"],
  ])("is refused %s", (_when, change, why) => {
    const { context, state } = running();
    expect(parkObjection(context, { ...state, ...change }, [])).toBe(why);
  });

  it("is refused with a station that it has not, and where the profile ends an interrupted run", () => {
    const { context, state } = running();
    expect(parkObjection(context, state, ["s9"])).toBe("s9 is no station of this run");
    const bench = running({ interruption: "end" });
    park(bench);
    expect(bench.state.packml).toBe("Execute");
    expect(bench.kinds("fault").at(-1)?.text).toBe(
      "park refused: the profile ends an interrupted run",
    );
  });
});

describe("a parked run that is resumed", () => {
  it("has lived nothing meanwhile, however long that was", () => {
    const bench = parked();
    const before = exposureOf(bench.state.book);
    back(bench);
    expect(exposureOf(bench.state.book)).toEqual(before);
  });

  it("waits for a word on each station, and counts who was taken off as remounted", () => {
    const bench = parked(running(), ["s1"]);
    back(bench);
    expect(bench.state.suspects.map((s) => s.station)).toEqual(["s1", "s2"]);
    bench.command("resume");
    expect(bench.state.packml).toBe("Held");
    dispose(bench, "s1", "continue");
    expect(bench.state.packml).toBe("Held");
    dispose(bench, "s2", "continue");
    expect(bench.state.suspects).toEqual([]);
    const words = bench.kinds("disposition").map(({ station, data }) => [station, data.remounted]);
    expect(words).toEqual([
      ["s1", undefined],
      ["s2", true],
    ]);
    expect(bench.state.packml).not.toBe("Held");
  });

  it("keeps the word on a station that a trip was on before", () => {
    const bench = running();
    bench.input({
      ...{ kind: "trip", at: bench.state.at, limit: "vibration", station: "s2" },
      text: "s2 above 7 mm/s",
    });
    const { at } = bench.state;
    park(bench);
    bench.samples(3, [0, 0, 0, 1, 1, 1]);
    bench.acted();
    expect(bench.state.suspects.find((s) => s.station === "s2")).toMatchObject({
      ...{ limit: "vibration", text: "s2 above 7 mm/s", at, takenOff: true },
    });
  });

  it("a specimen that is found failed failed on the shelf, with what it had lived", () => {
    const bench = parked();
    const lived = exposureOf(bench.state.stations[1]!.book).turns;
    back(bench);
    dispose(bench, "s2", "failed");
    const [failure] = bench.kinds("failure");
    expect(failure).toMatchObject({ station: "s2", data: { mode: "inspection" } });
    expect(failure?.data.exposure.turns).toEqual(lived);
  });
});

describe("an open run that nobody keeps", () => {
  function parkOpen(bench: Bench, state: RunState, lengthMs: number | null) {
    const at = state.at + (lengthMs ?? 0);
    return decide(bench.context, state, { kind: "parked", at, lengthMs, ...word, mounted: [] });
  }

  it("is parked from its record alone: the time until then is booked, the rig is asked nothing", () => {
    const bench = running();
    const { state, effects } = parkOpen(bench, bench.state, 60_000);
    expect(isParked(state)).toBe(true);
    expect([effects.act, effects.write]).toEqual([undefined, undefined]);
    expect(effects.events.map((e) => e.kind)).toEqual(["input", "park", "checkpoint"]);
    const [before, after] = [exposureOf(bench.state.book), exposureOf(state.book)];
    expect(after.timeOnTestMs[1]).toBe(before.timeOnTestMs[1] + 60_000);
  });

  it("is censored plainly where it is ended while parked: nothing speaks against its specimens", () => {
    const bench = running();
    const { state } = parkOpen(bench, bench.state, 60_000);
    const end = { by: "mei", reason: "no time", text: "ended by mei" };
    const input = { kind: "ended", at: state.at + 1e9, lengthMs: 1e9, ...end } as const;
    const ended = decide(bench.context, state, input);
    expect(ended.effects.events.filter((e) => e.kind === "disposition")).toEqual([]);
    for (const station of ended.state.stations) {
      expect(station.outcome).toBe("censored");
      expect(station).not.toHaveProperty("informative");
    }
    const [before, after] = [exposureOf(state.book), exposureOf(ended.state.book)];
    expect(after.timeOnTestMs).toEqual(before.timeOnTestMs);
    // The shaft ran out, once.
    expect(after.turns[1] - before.turns[1]).toBeLessThan(500);
  });

  it("an older record knows of no parking", () => {
    const { context } = running();
    expect(initialState(context).parked).toBeNull();
  });
});
