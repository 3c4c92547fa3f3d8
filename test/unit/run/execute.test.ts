import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leastTurns } from "../../../src/profile/exposure.js";
import { Bench } from "./bench.js";

const dwell = (seconds: number) => ({ kind: "dwell" as const, dwellMs: seconds * 1000 });
const set = (load: number, speed: number) => ({ kind: "set" as const, targets: [load, speed] });
const segments = (bench: Bench) => bench.kinds("step").map((e) => [e.at, e.data.segment]);

describe("setpoints", () => {
  it("slew at the rig's ramps and arrive each in its own time", () => {
    const bench = Bench.started({ parts: [set(2500, 1000), dwell(60)] });
    bench.samples(5);
    expect(bench.writes).toEqual([
      [1000, 300],
      [2000, 600],
      [2500, 900],
      [2500, 1000],
    ]);
  });

  it("follow a slower ramp of the profile", () => {
    const ramp = { kind: "ramp" as const, targets: [1000, 0], rampMs: 4000 };
    const arriveMs = Float64Array.of(4000, 4000);
    const bench = Bench.started({ parts: [{ ...ramp, arriveMs }, dwell(60)] });
    bench.samples(6);
    expect(bench.writes.map(([load]) => load)).toEqual([250, 500, 750, 1000]);
  });

  it("never move farther than the rig allows in the time that went by, a gap aside, whatever the steps", () => {
    const part = fc.oneof(
      fc
        .tuple(fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 0, max: 6000 }))
        .map((t) => set(...t)),
      fc.integer({ min: 0, max: 3 }).map(dwell),
      fc
        .tuple(fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 1, max: 9 }))
        .map(([load, s]) => {
          const arriveMs = Float64Array.of(s * 1000, s * 1000);
          return { kind: "ramp" as const, targets: [load, 0], rampMs: s * 1000, arriveMs };
        }),
    );
    const gaps = fc.array(fc.integer({ min: 1000, max: 5000 }), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), gaps, (parts, cycles) => {
        const bench = Bench.started({ parts });
        for (const ms of cycles) {
          const [oldLoad, oldSpeed] = bench.state.setpoints;
          bench.sample(ms);
          const [load, speed] = bench.state.setpoints;
          const seconds = Math.min(ms, bench.context.gapMs) / 1000;
          expect(Math.abs(load! - oldLoad!)).toBeLessThanOrEqual(1000 * seconds + 1e-9);
          expect(Math.abs(speed! - oldSpeed!)).toBeLessThanOrEqual(300 * seconds + 1e-9);
        }
      }),
    );
  });

  it("come back to where they were after a hold, even between two steps", () => {
    const ramp = { kind: "ramp" as const, targets: [3000, 0], rampMs: 3000 };
    const arriveMs = Float64Array.of(3000, 3000);
    const bench = Bench.started({ parts: [{ ...ramp, arriveMs }, dwell(60)] });
    bench.samples(2);
    bench.command("hold", true);
    bench.samples(10);
    expect(bench.state.packml).toBe("Held");
    bench.command("resume");
    bench.samples(10);
    expect(bench.state.packml).toBe("Execute");
    expect([...bench.state.setpoints]).toEqual([3000, 0]);
  });
});

describe("a dwell", () => {
  it("by time hands what is left over to the next step, so that nothing drifts", () => {
    const bench = Bench.started({ parts: [dwell(2.5), dwell(2.5), dwell(2.5), dwell(2.5)] });
    bench.samples(12);
    expect(segments(bench)).toEqual([
      [0, 0],
      [3000, 1],
      [5000, 2],
      [8000, 3],
    ]);
    expect(bench.state.packml).toBe("Complete");
    expect(bench.state.book[0]).toBe(10_000);
  });

  it("keeps what was left over through a hold at the next step", () => {
    const bench = Bench.started({ parts: [dwell(2.5), dwell(60)] });
    bench.sample();
    bench.command("hold", true);
    bench.samples(7);
    expect(bench.state).toMatchObject({ packml: "Held", segment: 1, spent: 0, unspentMs: 500 });
    bench.command("resume");
    bench.samples(3);
    expect(bench.state).toMatchObject({ packml: "Execute", segment: 1 });
    expect(2500 + bench.state.spent).toBe(bench.state.book[0]);
  });

  it("is not credited with time in which a ramp that a gap made late was still on its way", () => {
    const arriveMs = Float64Array.of(0, 4000);
    const ramp = { kind: "ramp" as const, targets: [0, 1200], rampMs: 4000, arriveMs };
    const bench = Bench.started({ parts: [ramp, dwell(60)] });
    bench.sample();
    bench.sample(5000);
    bench.samples(2);
    expect(bench.writes.map(([, speed]) => speed)).toEqual([900, 1200]);
    expect(bench.state).toMatchObject({ segment: 1, spent: 2000 });
  });

  it("by turns spends what was booked at least, so that what was not read is nothing", () => {
    const parts = [{ kind: "dwell" as const, dwellTurns: 25 }, dwell(60)];
    const bench = Bench.started({ parts });
    const turning = [0, 600, 100, 1, 1, 1];
    const spent = () => [bench.state.spent, leastTurns(bench.state.book)];
    bench.samples(3, turning);
    expect(spent()).toEqual([10, 10]);
    bench.samples(3, [0, Number.NaN, 100, 1, 1, 1]);
    expect(spent()).toEqual([10, 10]);
    bench.sample(1000, turning);
    expect(spent()).toEqual([20, 20]);
    bench.sample(1000, turning);
    expect(bench.state).toMatchObject({ segment: 1, spent: 500, cycle: 8 });
  });

  it("by turns ends with the book, however many follow each other", () => {
    const parts = new Array<number>(5)
      .fill(0)
      .map(() => ({ kind: "dwell" as const, dwellTurns: 7 }));
    const bench = Bench.started({ parts: [...parts, dwell(60)] });
    const rpms = [600, 480, 540, 360, 600, 600, 420, 600];
    while (bench.state.segment < 5) {
      bench.sample(1000, [0, rpms[bench.state.cycle % rpms.length]!, 100, 1, 1, 1]);
      const { segment, spent, book } = bench.state;
      if (segment < 5) expect(7 * segment + spent).toBeCloseTo(leastTurns(book), 9);
      else expect(leastTurns(book)).toBeGreaterThanOrEqual(35);
    }
  });

  it("by turns spends what was booked in Execute before a hold in the middle of a cycle", () => {
    const bench = Bench.started({ parts: [{ kind: "dwell", dwellTurns: 1000 }] });
    bench.readings = [0, 600, 100, 1, 1, 1];
    bench.samples(4);
    bench.command("hold", false, bench.state.at + 600);
    bench.sample(400);
    bench.readings = [0, 0, 100, 1, 1, 1];
    bench.samples(3);
    expect(bench.state).toMatchObject({ packml: "Held", spent: 20, unspentTurns: 6 });
    expect(leastTurns(bench.state.book)).toBe(30);
    bench.command("resume");
    bench.samples(2);
    expect(bench.state).toMatchObject({ packml: "Execute", spent: 26, unspentTurns: 0 });
  });

  it("loses no time to a hold in the middle of a cycle", () => {
    const bench = Bench.started({ parts: [dwell(10)] });
    bench.samples(3);
    bench.command("hold", false, bench.state.at + 600);
    bench.sample(400);
    bench.samples(3);
    bench.command("resume");
    bench.samples(2);
    const { packml, spent, book, unspentMs } = bench.state;
    expect(packml).toBe("Execute");
    expect(spent + unspentMs).toBe(book[0]);
    expect(spent + unspentMs).toBeGreaterThan(2600);
  });
});

describe("the planned end", () => {
  it.each([
    ["time", { timeMs: 5000 }, 5, "the planned time on test is reached"],
    ["turns, of what it was at least", { turns: 45 }, 6, "the planned turns are reached"],
  ])("by %s", (_, end, seconds, reason) => {
    const bench = Bench.started({ end });
    bench.readings = [0, 600, 100, 1, 1, 1];
    bench.samples(1 + seconds);
    expect(bench.kinds("state").at(-1)?.data).toMatchObject({ to: "Completing", reason });
    bench.sample();
    bench.sample(1000, [0, 0, 100, 1, 1, 1]);
    expect(bench.state).toMatchObject({ packml: "Complete", outcome: "completed" });
  });
});

describe("until", () => {
  const until = { role: "vibration", above: 5, forMs: 2000, timeoutMs: 10_000 };
  const waiting = { kind: "until" as const, until: { ...until, otherwise: "stop" as const } };

  it("waits for every station that still runs, and starts anew when one falls back", () => {
    const bench = Bench.started({ parts: [waiting, dwell(60)] });
    // The third place is empty: what stands still there is not waited for.
    bench.samples(2, [0, 0, 100, 6, 6, 0]);
    bench.sample(1000, [0, 0, 100, 6, 4, 0]);
    bench.samples(2, [0, 0, 100, 6, 6, 0]);
    expect(bench.state.segment).toBe(0);
    bench.sample(1000, [0, 0, 100, 6, 6, 0]);
    expect(bench.state.segment).toBe(1);
  });

  it("takes a reading that is not good for not met", () => {
    const bench = Bench.started({ parts: [waiting, dwell(60)] });
    bench.samples(12, [0, 0, 100, 6, Number.NaN, 6]);
    expect(bench.state).toMatchObject({ packml: "Stopped", segment: 0 });
    expect(bench.kinds("fault")[0]?.at).toBe(10_000);
  });
});
