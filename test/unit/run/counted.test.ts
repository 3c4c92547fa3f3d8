import { describe, expect, it } from "vitest";
import { exposureOf, leastTurns } from "../../../src/profile/exposure.js";
import { stateFromJson, stateToJson } from "../../../src/run/checkpoint.js";
import { Bench, type Setup } from "./bench.js";

/** A shaft that counts its turns and is read once a second; the speed knows steps of 6 rpm. */
class Counting extends Bench {
  way: number;

  constructor(from: number, setup: Setup = {}) {
    super({ counterTo: 65_536, resolutions: [0, 6, 0, 0, 0, 0, 1], ...setup });
    this.way = from;
    this.command("reset");
    this.command("start");
  }

  /** So many samples at a speed; `saysRpm` is what is read of it, `ms` the time between two. */
  turn(count: number, rpm: number, more: { saysRpm?: number; counts?: boolean; ms?: number } = {}) {
    const { saysRpm = rpm, counts = true, ms = 1000 } = more;
    for (let i = 0; i < count; i++) {
      this.way += this.state.cycle === 0 ? 0 : (rpm / 60_000) * ms;
      const shown = Math.floor(this.way) % 65_536;
      this.sample(ms, [1000, saysRpm, 60, 1, 1, 1, counts ? shown : Number.NaN]);
    }
  }

  get turns(): [number, number] {
    return exposureOf(this.state.book).turns;
  }
}

describe("turns from a counter and from the speed", () => {
  it("are as uncertain after a long time as after a short one", () => {
    const bench = new Counting(30_000);
    bench.turn(10, 600);
    const early = bench.turns[1] - bench.turns[0];
    bench.turn(500, 600);
    const [least, most] = bench.turns;
    const truth = bench.way - 30_000;
    expect(least).toBeLessThanOrEqual(truth);
    expect(most).toBeGreaterThanOrEqual(truth);
    expect(most - least).toBeLessThanOrEqual(early + 22);
    const alone = new Counting(30_000);
    alone.turn(510, 600, { counts: false });
    expect(alone.turns[1] - alone.turns[0]).toBeGreaterThan(100);
  });

  it("are the counted ones through a gap of samples and through the counter's end", () => {
    const bench = new Counting(64_000);
    bench.turn(10, 600);
    bench.turn(1, 600, { ms: 30_000 });
    bench.turn(20, 600);
    const truth = bench.way - 64_000;
    expect(bench.turns[0]).toBeGreaterThan(truth - 30);
    expect(bench.turns[1]).toBeLessThan(truth + 30);
    bench.turn(200, 600);
    expect(bench.way).toBeGreaterThan(65_536);
    const wide = bench.turns[1] - bench.turns[0];
    expect(wide).toBeLessThan(120);
    expect(bench.turns[0]).toBeLessThanOrEqual(bench.way - 64_000);
    expect(bench.turns[1]).toBeGreaterThanOrEqual(bench.way - 64_000);
    expect(bench.kinds("fault").filter(({ text }) => text.includes("turn"))).toEqual([]);
  });

  it("bring what was at most down again when a counter is read again that nobody could read", () => {
    const bench = new Counting(30_000);
    bench.turn(10, 600);
    bench.turn(10, 600, { counts: false, saysRpm: Number.NaN });
    expect(bench.turns[1]).toBeGreaterThan(1000);
    bench.turn(2, 600);
    expect(bench.turns[0]).toBeGreaterThan(180);
    expect(bench.turns[1]).toBeLessThan(250);
  });

  it("are the same for the rig and its specimens, with the load cycles that go with them", () => {
    const bench = new Counting(30_000);
    bench.turn(30, 600);
    const { turns, loadCycles } = exposureOf(bench.state.stations[0]!.book);
    expect(turns).toEqual(bench.turns);
    expect(loadCycles).toEqual(turns.map((value) => 2 * value));
  });

  it("are told by the speed alone where the counter was reset, and that is told", () => {
    const bench = new Counting(30_000);
    bench.turn(10, 600);
    const before = bench.turns;
    bench.way = -10;
    bench.turn(1, 600);
    expect(bench.turns[0] - before[0]).toBeCloseTo(9.9, 9);
    expect(bench.turns[1] - before[1]).toBeGreaterThan(10);
    const [fault, ...others] = bench.kinds("fault");
    expect(fault?.text).toBe(
      "turns: the counter went from 30090 to 0 turns in 1 s: it was reset, or jumped; what was turned meanwhile is told by the speed alone",
    );
    bench.turn(20, 600);
    expect(others).toEqual([]);
    expect(bench.kinds("fault")).toHaveLength(1);
  });

  it("are not told lost again each time, but when it has happened as often again", () => {
    const bench = new Counting(30_000);
    for (let i = 0; i < 9; i++) {
      bench.turn(3, 600);
      bench.way = 20_000 + 1000 * i;
    }
    const told = bench.kinds("fault").map(({ text }) => /\((\d+) times\)$/.exec(text)?.[1]);
    expect(told).toEqual([undefined, "2", "4", "8"]);
  });

  it("that contradict each other are told once, and all that either says is booked", () => {
    const bench = new Counting(30_000);
    bench.turn(60, 660, { saysRpm: 600 });
    const faults = bench.kinds("fault");
    expect(faults.map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /^counted \d+ turns, speed says [\d.]+ to [\d.]+: one of them is wrong$/,
      ),
    ]);
    const [low, high] = faults[0]!.data.bySpeed as [number, number];
    expect(faults[0]!.data.counted).toBeGreaterThan(high);
    expect(low).toBeLessThan(high);
    expect(bench.turns[0]).toBeLessThanOrEqual(58 * 9.9);
    expect(bench.turns[1]).toBeGreaterThanOrEqual(58 * 11);
  });

  it("of a counter that stands still are found out, and not believed", () => {
    const bench = new Counting(30_000);
    bench.turn(10, 600);
    const stuck = Math.floor(bench.way);
    for (let i = 0; i < 20; i++) {
      bench.way = stuck - 10;
      bench.turn(1, 600);
    }
    expect(bench.kinds("fault").at(-1)?.text).toContain("one of them is wrong");
    expect(bench.turns[1]).toBeGreaterThanOrEqual(290);
  });

  it("begin anew after a time in which nothing counts, as one without a controller", () => {
    const bench = new Counting(30_000);
    bench.turn(10, 600);
    const at = bench.state.at + 60_000;
    const text = "the controller was away";
    bench.input({ kind: "interrupted", at, lengthMs: 60_000, text, next: "hold", why: "test" });
    expect(bench.turns[1]).toBeGreaterThan(6000);
    const least = bench.turns[0];
    bench.way += 500;
    bench.turn(3, 0);
    expect(bench.turns[0]).toBe(least);
    expect(bench.kinds("fault")).toEqual([]);
  });

  it("are not what was counted where nothing counts, as while the drive is started", () => {
    const bench = new Counting(30_000);
    bench.state = { ...bench.state, packml: "Starting", waiting: true };
    bench.turn(6, 600, { saysRpm: 0 });
    bench.state = { ...bench.state, packml: "Execute", waiting: false };
    bench.turn(5, 0);
    expect(bench.turns[0]).toBe(0);
    expect(bench.turns[1]).toBeLessThan(1);
    expect(bench.kinds("fault")).toEqual([]);
  });

  it("come back from a checkpoint as they were", () => {
    const bench = new Counting(30_000);
    bench.turn(40, 600);
    expect(stateFromJson(stateToJson(bench.state))).toEqual(bench.state);
  });
});

describe("a dwell by turns with a counter", () => {
  it("ends when the book has its turns at least, also through gaps and lost readings", () => {
    const parts = [
      { kind: "dwell" as const, dwellTurns: 400 },
      { kind: "dwell" as const, dwellMs: 3_600_000 },
    ];
    const bench = new Counting(30_000, { parts });
    bench.turn(10, 600);
    bench.turn(1, 600, { ms: 10_000 });
    bench.turn(10, 600, { saysRpm: Number.NaN });
    bench.turn(5, 600, { counts: false });
    while (bench.state.segment === 0) {
      expect(bench.state.spent).toBeCloseTo(leastTurns(bench.state.book), 6);
      expect(leastTurns(bench.state.book)).toBeLessThan(400);
      bench.turn(1, 600);
    }
    expect(leastTurns(bench.state.book)).toBeGreaterThanOrEqual(400 - 1e-6);
    expect(bench.way - 30_000).toBeLessThan(440);
  });
});
