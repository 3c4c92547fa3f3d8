/** A run takes as long as its plan says, whatever its steps are and however they fall into cycles. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planProgram, planTotal } from "../../../src/profile/timeline.js";
import { Bench, type Setup } from "./bench.js";

type Parts = NonNullable<Setup["parts"]>;

const set = (load: number, speed: number) => ({ kind: "set" as const, targets: [load, speed] });
const dwell = (ms: number) => ({ kind: "dwell" as const, dwellMs: ms });
const turns = (dwellTurns: number) => ({ kind: "dwell" as const, dwellTurns });

/** How long it is in Execute when everything follows its setpoint, and what the plan says. */
function times(parts: Parts): { runMs: number; planMs: number; bench: Bench } {
  const bench = Bench.started({ parts });
  const planMs = planTotal(planProgram(bench.context.program, { speedRole: "speed" })).lengthMs;
  while (bench.state.packml === "Execute") {
    const [load, speed] = bench.state.setpoints;
    bench.sample(1000, [load!, speed!, 100, 1, 1, 1]);
  }
  return { runMs: bench.state.book[0]!, planMs, bench };
}

const cycleMs = 1000;

describe("a run and its plan", () => {
  it("take the same time, to a cycle, with any steps", () => {
    const part = fc.oneof(
      fc
        .tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 1500 }))
        .map(([load, speed]) => [set(load, speed)]),
      fc.integer({ min: 0, max: 7000 }).map((ms) => [dwell(ms)]),
      fc.integer({ min: 1, max: 9 }).map((n) => Array.from({ length: n }, () => dwell(130))),
      fc.integer({ min: 5000, max: 9000 }).map((ms) => {
        const arriveMs = Float64Array.of(ms, ms);
        return [{ kind: "ramp" as const, targets: [3000, 900], rampMs: ms, arriveMs }];
      }),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 12 }), (parts) => {
        const { runMs, planMs } = times(parts.flat());
        expect(runMs).toBeGreaterThanOrEqual(planMs - 0.001);
        expect(runMs).toBeLessThan(planMs + cycleMs);
      }),
    );
  });

  it("take the same time with a thousand steps shorter than a cycle", () => {
    const parts = Array.from({ length: 1000 }, (_, i) => dwell(7 + (i % 31)));
    const { runMs, planMs } = times(parts);
    expect(runMs - planMs).toBeGreaterThanOrEqual(-0.001);
    expect(runMs - planMs).toBeLessThan(cycleMs);
  });

  it("take the same time where a dwell by turns is repeated", () => {
    const round = [turns(100.5), turns(3), turns(0)];
    const parts = [set(0, 1000), ...Array.from({ length: 20 }, () => round).flat()];
    const { runMs, planMs } = times(parts);
    // On the way up the mean of two readings is half a cycle behind a staircase at most.
    expect(Math.abs(runMs - planMs)).toBeLessThan(1.5 * cycleMs);
  });

  it("give each block of a spectrum its share, however short it is", () => {
    // A period that is no whole number of cycles, so that it begins everywhere in them.
    const period = [set(2000, 600), dwell(57_873), set(3000, 600), dwell(2100)];
    const parts = [set(2000, 600), ...Array.from({ length: 40 }, () => period).flat()];
    const { runMs, planMs, bench } = times(parts);
    expect(runMs - planMs).toBeLessThan(cycleMs);
    const steps = bench.kinds("step");
    const begins = steps.map((e) => e.at);
    const peaks = steps.flatMap((e, i) => {
      const isPeak = e.data.segment % 4 === 0 && e.data.segment > 0;
      return isPeak ? [(begins[i + 1] ?? bench.state.at) - begins[i]!] : [];
    });
    const mean = peaks.reduce((a, b) => a + b, 0) / peaks.length;
    expect(peaks).toHaveLength(40);
    expect(mean).toBeGreaterThan(2100 - cycleMs / 20);
    expect(mean).toBeLessThan(2100 + cycleMs / 20);
  });

  it("goes on in time after an until that was met or not", () => {
    const until = { role: "vibration", above: 5, forMs: 2500, timeoutMs: 9500 };
    const waiting = { kind: "until" as const, until: { ...until, otherwise: "continue" as const } };
    const bench = Bench.started({ parts: [waiting, dwell(4000)] });
    while (bench.state.packml === "Execute") bench.sample();
    expect(bench.state.book[0]).toBe(14_000);
  });
});

describe("cycles that are missed", () => {
  it("are counted, told once and again when they have doubled", () => {
    const bench = Bench.started({ parts: [dwell(600_000)] });
    for (let i = 0; i < 60; i++) bench.sample(3000);
    const told = bench.kinds("fault").map((e) => e.data);
    expect(told.map(({ planned, done, missed }) => [planned, done, missed])).toEqual([
      [16, 6, 10],
      [31, 11, 20],
      [61, 21, 40],
      [121, 41, 80],
    ]);
    expect(bench.kinds("fault")[0]!.text).toBe(
      "the cycle of 1 s is not held: 10 of 16 cycles were missed, the last one took 3 s",
    );
    expect(bench.state).toMatchObject({ cycle: 60, missedCycles: 118 });
  });

  it("now and then are not told", () => {
    const bench = Bench.started({ parts: [dwell(36_000_000)] });
    for (let i = 0; i < 3000; i++) bench.sample(i % 100 === 50 ? 2000 : 1000);
    expect(bench.kinds("fault")).toEqual([]);
    expect(bench.state.missedCycles).toBe(30);
  });

  it("are none while the devices are made safe, which goes first, and are some after it", () => {
    const bench = Bench.started({ parts: [dwell(600_000)] });
    bench.samples(10);
    bench.command("stop");
    while (bench.state.packml === "Stopping" && !bench.state.isSafe) {
      const at = bench.state.at + 1000 + 1500;
      bench.refused = { kind: "confirmed", at, act: "safe", ok: true, text: "safe values: acted" };
      bench.sample();
    }
    expect(bench.kinds("safe")).toHaveLength(1);
    bench.sample(500);
    expect(bench.state).toMatchObject({ sliceMs: 2000, missedCycles: 0 });
    bench.sample(3000);
    expect(bench.state.missedCycles).toBe(2);
  });

  it("slow no ramp down: it goes by the time that went by", () => {
    const bench = Bench.started({ parts: [set(0, 3000), dwell(60_000)] });
    for (let i = 0; i < 4; i++) bench.sample(2500);
    expect([...bench.state.setpoints]).toEqual([0, 2250]);
  });
});
