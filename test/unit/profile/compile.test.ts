import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { problemsOf, programOf, rig } from "./profile.js";

const f64 = (values: readonly number[]) => Float64Array.from(values);

describe("compileProfile, without a rig", () => {
  it("orders setpoints as the steps first name them and keeps what a step leaves", () => {
    const program = programOf(`
steps:
  - set: { speed: 1000 rpm }
  - name: load up
    ramp: { to: { load: 50 % of C }, over: 10 min }
  - dwell: { time: 1 h }
  - dwell: { turns: 2 Mturns }
`);
    expect(program.setpointRoles).toEqual(["speed", "load"]);
    expect(program.start).toEqual(f64([0, 0]));
    expect(program.segments.map((s) => [s.index, s.path, s.name, s.kind])).toEqual([
      [0, "steps[0]", "set", "set"],
      [1, "steps[1]", "load up", "ramp"],
      [2, "steps[2]", "dwell", "dwell"],
      [3, "steps[3]", "dwell", "dwell"],
    ]);
    const [set, ramp, time, turns] = program.segments;
    expect(set?.targets).toEqual(f64([1000, 0]));
    expect(ramp?.targets).toEqual(f64([1000, 10_000]));
    expect(ramp?.rampMs).toBe(600_000);
    expect([time?.dwellMs, time?.dwellTurns]).toEqual([3_600_000, undefined]);
    expect([turns?.dwellMs, turns?.dwellTurns]).toEqual([undefined, 2e6]);
    expect(turns?.targets).toEqual(f64([1000, 10_000]));
  });

  it("gives every setpoint its own arrival when rates are written", () => {
    const program = programOf(`
steps:
  - ramp:
      to: { speed: 3000 rpm, load: 5 kN }
      rate: { speed: 100 rpm/s, load: 1 kN/min }
`);
    const [ramp] = program.segments;
    const [speed, load] = [...ramp!.arriveMs];
    expect(speed).toBeCloseTo(30_000, 6);
    expect(load).toBeCloseTo(300_000, 6);
    expect(ramp?.rampMs).toBeCloseTo(300_000, 6);
  });

  it("writes repeats out, with the round in the path", () => {
    const program = programOf(`
steps:
  - repeat: 2
    steps:
      - set: { speed: 1000 rpm }
      - repeat: 2
        steps: [{ dwell: { time: 1 s } }]
`);
    expect(program.segments.map((s) => s.path)).toEqual([
      "steps[0].repeat[0].steps[0]",
      "steps[0].repeat[0].steps[1].repeat[0].steps[0]",
      "steps[0].repeat[0].steps[1].repeat[1].steps[0]",
      "steps[0].repeat[1].steps[0]",
      "steps[0].repeat[1].steps[1].repeat[0].steps[0]",
      "steps[0].repeat[1].steps[1].repeat[1].steps[0]",
    ]);
  });

  it("visits every block of a spectrum for its share of each period", () => {
    const program = programOf(`
steps:
  - spectrum:
      period: 10 min
      periods: 2
      blocks:
        - { name: low, share: 75 %, set: { speed: 500 rpm } }
        - { share: 25 %, set: { speed: 1000 rpm } }
`);
    const rows = program.segments.map((s) => [s.name, s.kind, [...s.targets][0], s.dwellMs]);
    const period = [
      ["low", "set", 500, undefined],
      ["low", "dwell", 500, 450_000],
      ["block 2", "set", 1000, undefined],
      ["block 2", "dwell", 1000, 150_000],
    ];
    expect(rows).toEqual([...period, ...period]);
    expect(program.segments[7]?.path).toBe("steps[0].spectrum[1].blocks[1].dwell");
  });

  it("puts limits in force for their step and everything inside it", () => {
    const program = programOf(`
limits: [{ name: hot, role: temperature, above: 90 degC, reaction: fail }]
steps:
  - set: { speed: 100 rpm }
  - repeat: 1
    limits: [{ name: warm, role: temperature, above: 60 degC, reaction: warn }]
    steps:
      - dwell: { time: 1 s }
        limits: [{ name: cold, role: temperature, below: 5 degC, reaction: warn }]
      - dwell: { time: 1 s }
`);
    const names = program.limits.map((l) => l.name);
    expect(names).toEqual(["hot", "warm", "cold"]);
    expect(program.limits[0]?.mode).toBe("hot");
    const inForce = program.segments.map((s) => s.limits.map((i) => names[i]));
    expect(inForce).toEqual([["hot"], ["hot", "warm", "cold"], ["hot", "warm"]]);
  });

  it("takes parameters as given, and their defaults otherwise", () => {
    const body = `
steps:
  - set: { load: { parameter: load } }
  - dwell: { time: { parameter: length } }
`;
    expect([...programOf(body).segments[0]!.targets][0]).toBe(7000);
    const given = programOf(body, { parameters: { load: "20 % of C", length: "2 h" } });
    expect([...given.segments[0]!.targets][0]).toBe(4000);
    expect(given.segments[1]?.dwellMs).toBe(7_200_000);
  });

  it("reads until, its end and what an interruption does, with their defaults", () => {
    const program = programOf(`
steps:
  - until: { role: temperature, above: 40 degC, for: 2 min, timeout: 1 h, otherwise: stop }
  - until: { role: temperature, below: 30 degC, timeout: 1 h }
end: { time: 100 h, turns: 5 Mturns, failures: 2, suddenDeath: true }
interruption: resume
`);
    const condition = { role: "temperature", timeoutMs: 3_600_000 };
    expect(program.segments.map((s) => s.until)).toEqual([
      { ...condition, above: 40, forMs: 120_000, otherwise: "stop" },
      { ...condition, below: 30, forMs: 0, otherwise: "hold" },
    ]);
    const end = { timeMs: 360_000_000, turns: 5e6, failures: 2, suddenDeath: true };
    expect(program.end).toEqual(end);
    expect(program.interruption).toBe("resume");
    const plain = programOf("steps: [{ dwell: { time: 1 s } }]");
    expect([plain.end, plain.interruption]).toEqual([{ suddenDeath: false }, "hold"]);
  });
});

describe("compileProfile, on a rig", () => {
  it("orders setpoints as the rig's actuators and starts at their floors", () => {
    const program = programOf("steps: [{ set: { speed: 1000 rpm } }]", { rig });
    expect(program.setpointRoles).toEqual(["load", "speed", "coolant"]);
    expect(program.start).toEqual(f64([0, 0, 10]));
    expect(program.segments[0]?.targets).toEqual(f64([0, 1000, 10]));
  });

  it("says how long the rig's ramps need for a set", () => {
    const program = programOf("steps: [{ set: { speed: 3000 rpm, load: 1 kN } }]", { rig });
    expect(program.segments[0]?.rampMs).toBe(10_000);
  });
});

describe("compileProfile, with a temperature to set", () => {
  const head = `
profile: test
title: A profile that sets a temperature
for: [ball-bearing]
product: ball-bearing/6206
roles: { coolant: degC }
`;
  const ramp = (rate: string) =>
    `steps: [{ ramp: { to: { coolant: 40 degC }, rate: { coolant: ${rate} } } }]`;

  it.each(["30 K/min", "30 degC/min"])("takes a rate of %s", (rate) => {
    const { segments } = programOf(ramp(rate), { head, rig });
    expect(segments[0]?.rampMs).toBeCloseTo(60_000, 6);
  });

  it("keeps kelvins for temperatures, and to the rig's floor and ramp limit", () => {
    const speed = "steps: [{ ramp: { to: { speed: 9 rpm }, rate: { speed: 1 K/s } } }]";
    expect(problemsOf(speed)[0]).toContain('"1 K/s" | a speed per time');
    expect(problemsOf(ramp("2 K/s"), { head, rig })[0]).toContain(
      "at most 1 degC/s, the ramp limit",
    );
    const cold = "steps: [{ set: { coolant: 5 degC } }]";
    expect(problemsOf(cold, { head, rig })[0]).toContain("at least 10 degC, the floor of the rig");
  });
});

describe("compileProfile, on any nesting", () => {
  it("writes out as many segments as the repeats multiply to, numbered in order", () => {
    const counts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(counts, (rounds) => {
        const inner = "dwell: { time: 1 s }";
        const nested = rounds.reduce((step, n) => `repeat: ${n}, steps: [{ ${step} }]`, inner);
        const { segments } = programOf(`steps: [{ ${nested} }]`);
        expect(segments).toHaveLength(rounds.reduce((a, b) => a * b, 1));
        expect(segments.map((s) => s.index)).toEqual(segments.map((_, i) => i));
        expect(new Set(segments.map((s) => s.path)).size).toBe(segments.length);
      }),
      { numRuns: 30 },
    );
  });
});
