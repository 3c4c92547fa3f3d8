import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Setpoints } from "../../../src/base/setpoint.js";
import { planProgram, planTotal, setpointsAt } from "../../../src/profile/timeline.js";
import { programOf, rig } from "./profile.js";

const at = (body: string, spentMs: number, start = [0, 0]) => {
  const [segment] = programOf(body).segments;
  if (segment === undefined) throw new Error("no segment");
  return Array.from(setpointsAt(segment, start, spentMs));
};

describe("setpointsAt", () => {
  const over = "steps: [{ ramp: { to: { speed: 1000 rpm, load: 4 kN }, over: 10 s } }]";
  const rates = `steps:
  - ramp: { to: { speed: 1000 rpm, load: 4 kN }, rate: { speed: 100 rpm/s, load: 1 kN/s } }`;

  it.each([
    ["a ramp over a time at its start", over, 0, [0, 0]],
    ["a ramp over a time, half way", over, 5000, [500, 2000]],
    ["a ramp over a time at its end", over, 10_000, [1000, 4000]],
    ["a ramp over a time, later", over, 60_000, [1000, 4000]],
    ["a ramp by rates while both move", rates, 2000, [200, 2000]],
    ["a ramp by rates when the faster has arrived", rates, 8000, [800, 4000]],
    ["a set, at once", "steps: [{ set: { speed: 5 rpm, load: 1 N } }]", 0, [5, 1]],
  ])("gives %s", (_, body, spentMs, expected) => {
    expect(at(body, spentMs)).toEqual(expected);
  });

  it("ramps down as it ramps up", () => {
    expect(at(over, 5000, [3000, 0])).toEqual([2000, 2000]);
  });

  it("stays between start and target, and never turns back", () => {
    const [segment] = programOf(over).segments;
    const time = fc.integer({ min: 0, max: 12_000 });
    fc.assert(
      fc.property(fc.integer({ min: -5000, max: 5000 }), time, time, (from, a, b) => {
        if (segment === undefined) throw new Error("no segment");
        const way = (ms: number) => {
          const [speed = Number.NaN] = setpointsAt(segment, [from, 0], ms);
          return Math.abs(speed - from);
        };
        expect(way(Math.min(a, b))).toBeLessThanOrEqual(way(Math.max(a, b)));
        expect(way(a)).toBeLessThanOrEqual(Math.abs(1000 - from) + 1e-9);
      }),
    );
  });
});

describe("planProgram", () => {
  const facts = { speedRole: "speed", loadRole: "load", damageRate: () => 1e-6 };

  it("says when each segment starts, how long it is, and what it does to the specimen", () => {
    const program = programOf(`
limits: [{ name: hot, role: temperature, above: 90 degC, reaction: fail }]
steps:
  - ramp: { to: { speed: 1000 rpm }, over: 1 min }
  - dwell: { time: 10 min }
  - until: { role: temperature, above: 40 degC, timeout: 30 min }
  - dwell: { turns: 50000 turns }
`);
    const rows = planProgram(program, facts);
    const minutes = (ms: number) => ms / 60_000;
    expect(rows.map((r) => minutes(r.startMs))).toEqual([0, 1, 11, 41]);
    expect(rows.map((r) => minutes(r.lengthMs))).toEqual([1, 10, 30, 50]);
    expect(rows.map((r) => r.atMost)).toEqual([false, false, true, false]);
    expect(rows.map((r) => Math.round(r.turns))).toEqual([500, 10_000, 30_000, 50_000]);
    expect(rows.every((r) => r.limits.join() === "hot")).toBe(true);
    const total = planTotal(rows);
    expect(minutes(total.lengthMs)).toBe(91);
    expect(total.damage).toBeCloseTo(91 * 60_000 * 1e-6, 9);
  });

  it("counts the time the rig's ramps need for a set", () => {
    const program = programOf("steps: [{ set: { speed: 3000 rpm } }, { dwell: { time: 1 s } }]", {
      rig,
    });
    const rows = planProgram(program, facts);
    expect(rows.map((r) => r.startMs)).toEqual([0, 6000]);
    expect(rows[0]?.turns).toBeCloseTo((1500 * 6) / 60, 6);
  });

  it("counts the turns of running down as well", () => {
    const body = "steps: [{ set: { speed: 3000 rpm } }, { set: { speed: 1000 rpm } }]";
    const [, down] = planProgram(programOf(body, { rig }), facts);
    expect(down?.lengthMs).toBe(4000);
    expect(down?.turns).toBeCloseTo((2000 * 4) / 60, 6);
  });

  it("ends where the profile's end by time cuts it off", () => {
    const program = programOf(`
steps:
  - set: { speed: 600 rpm }
  - dwell: { time: 1 h }
  - dwell: { time: 1 h }
end: { time: 90 min }
`);
    const rows = planProgram(program, facts);
    expect(rows.map((r) => r.lengthMs / 60_000)).toEqual([0, 60, 30]);
    expect(planTotal(rows).turns).toBeCloseTo(54_000, 6);
  });

  it("ends where the profile's end by turns cuts it off, on a ramp too", () => {
    const program = programOf(`
steps:
  - ramp: { to: { speed: 1200 rpm }, over: 2 min }
  - dwell: { time: 1 h }
end: { turns: 300 turns }
`);
    const rows = planProgram(program, facts);
    // 300 turns of a ramp that gains 10 rpm each second: 300 = t^2 / 12.
    expect(rows).toHaveLength(1);
    expect((rows[0]?.lengthMs ?? 0) / 1000).toBeCloseTo(60, 3);
    expect([...rows[0]!.setpoints][0]).toBeCloseTo(600, 2);
  });

  it("agrees with damage added up along the setpoints", () => {
    const program = programOf(`
steps:
  - ramp: { to: { speed: 1000 rpm, load: 8 kN }, over: 10 s }
  - dwell: { time: 20 s }
  - ramp: { to: { load: 0 N }, rate: { load: 1 kN/s } }
`);
    const damageRate = (rpm: number, load: number) => (rpm * load ** 3) / 1e18;
    const planned = planTotal(planProgram(program, { ...facts, damageRate })).damage;
    let summed = 0;
    let start: Setpoints = program.start;
    for (const segment of program.segments) {
      const lengthMs = segment.dwellMs ?? segment.rampMs;
      for (let ms = 0.5; ms < lengthMs; ms++) {
        const [rpm = 0, load = 0] = setpointsAt(segment, start, ms);
        summed += damageRate(rpm, load);
      }
      start = segment.targets;
    }
    expect(planned / summed).toBeCloseTo(1, 3);
  });
});
