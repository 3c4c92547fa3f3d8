import { describe, expect, it } from "vitest";
import { goOn, type Returned, refuseSuspects, setClock } from "../../../src/lab/comeback.js";
import { stakeOf } from "../../../src/lab/end-run.js";
import type { StoredEvent, TimeSync } from "../../../src/record/document/event.js";
import { parseDisposition } from "../../../src/run/disposition.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";
import { header } from "../record/run.js";
import { Bench } from "../run/bench.js";

const noon = Date.UTC(2026, 0, 1, 12);

/** Ten seconds in Execute; the last sample was taken at noon. */
function found(change: Partial<Returned> = {}): Returned & { context: Bench["context"] } {
  const bench = Bench.started();
  bench.samples(10);
  const state = { ...bench.state, wallOffsetMs: noon - bench.state.at };
  const usual = { atRest: true, takenOver: undefined, wall: noon, unset: false };
  const head = { ...header, id: "bench-1" };
  return { header: head, state, events: [], ...usual, ...change, context: bench.context };
}

/** The same at a machine whose clock nobody had set. */
function leftIn1970() {
  const { state } = found();
  return { ...state, wallOffsetMs: 60_000 };
}

const there = { confirmed: false, isThere: true };

describe("how long a controller was away", () => {
  it("is told by the wall clock, and the run's own clock goes on by as much", () => {
    const back = found({ wall: noon + 90_000 });
    expect(goOn(back, back.context, there)).toMatchObject({
      lengthMs: 90_000,
      at: back.state.at + 90_000,
      next: "hold",
      text: "the controller was away for 1 min 30 s",
    });
  });

  it.each<[string, Partial<Returned>]>([
    ["went back, as to 1970 after an empty battery", { wall: 0 }],
    ["stood at 1970 when the run was left", { wall: noon + 90_000, state: leftIn1970() }],
    ["was not set by anybody yet", { wall: noon + 90_000, unset: true }],
  ])("is not known when the clock %s", (_what, change) => {
    const back = found(change);
    const { lengthMs, at, text } = goOn(back, back.context, there);
    expect({ lengthMs, at }).toEqual({ lengthMs: null, at: back.state.at });
    expect(text).toMatch(/away for a time nobody knows/);
  });

  it("counts from the last event before there was a sample, else from the start", () => {
    const { state } = found();
    const never = { ...state, at: 5000, wallOffsetMs: Number.NaN };
    const event = { at: 4000, wall: noon + 4000 } as StoredEvent;
    const back = found({ state: never, events: [event], wall: noon + 7000 });
    expect(goOn(back, back.context, there).lengthMs).toBe(2000);
    const { startedWall } = header;
    const none = found({ state: { ...never, at: 0 }, wall: startedWall + 7000 });
    expect(goOn(none, none.context, there).lengthMs).toBe(7000);
  });

  it("names who died, and that the rig was not at rest", () => {
    const back = found({ takenOver: { pid: 7, host: "edge" }, atRest: false });
    expect(goOn(back, back.context, there).text).toMatch(
      /\(process 7 on edge died\); the rig was not seen at rest$/,
    );
  });
});

describe("a clock that nobody has set yet", () => {
  it("is waited for, two minutes at most", async () => {
    const clock = new VirtualClock(noon);
    const set: TimeSync = { state: "synchronised", source: "timesyncd" };
    const not: TimeSync = { state: "not synchronised", source: "timesyncd" };
    const late = () => (clock.elapsed() < 30_000 ? not : set);
    expect(await setClock(clock, late)).toEqual({ wall: noon + 30_000, unset: false });
    expect(await setClock(clock, () => not)).toEqual({ wall: noon + 150_000, unset: true });
    expect(await setClock(clock, undefined)).toMatchObject({ unset: false });
  });
});

describe("suspect stations of a run that is to go on", () => {
  const run = { id: "bench-1", simulated: false };
  const { state } = found();
  const book = state.stations[0]!.book;
  const tripped = ["s1", "s2"].map((station) => {
    return {
      station,
      limit: "vibration",
      text: `${station}.vibration above 7 mm/s`,
      at: 5000,
      book,
    };
  });
  const word = (station: string) => {
    return parseDisposition(`${station}=sensor continue: cable was loose`, "mei@edge");
  };
  const refuse = (...said: string[]) => {
    return () => refuseSuspects(run, { ...state, suspects: tripped }, said.map(word));
  };

  it("each need a word: who lacks one is named, with what to type", () => {
    expect(refuse()).toThrow(
      /s1 is suspect \(s1.vibration above 7 mm\/s\), s2 is suspect .*, as: wearout run resume bench-1 --disposition "s1=sensor continue: .*" --disposition "s2=sensor continue: /,
    );
    expect(refuse("s1")).toThrow(/run bench-1: s2 is suspect .* --disposition "s2=/);
    expect(refuse("s2", "s1")).not.toThrow();
  });

  it("are the only ones that take a word", () => {
    expect(refuse("s1", "s2", "s3")).toThrow(
      /found s3, which is not suspect in run bench-1 \(s1, s2\)/,
    );
  });

  it("are named in what the end of the run would cost", () => {
    expect(stakeOf(state)).toMatch(/ of 2 specimens as censored$/);
    expect(stakeOf({ ...state, suspects: tripped })).toMatch(
      / as censored, and withdraws what is suspect: s1 \(s1.vibration above 7 mm\/s\), s2 \(/,
    );
  });

  it("are none where no trip was on a station", () => {
    expect(() => refuseSuspects(run, { ...state, suspects: [] }, [])).not.toThrow();
  });
});
