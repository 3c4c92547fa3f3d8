import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bearing, placeOf, problemsOf, programOf, rig } from "./profile.js";

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
    expect(ramp?.arriveMs[0]).toBeCloseTo(30_000, 6);
    expect(ramp?.arriveMs[1]).toBeCloseTo(300_000, 6);
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
    const rows = program.segments.map((s) => [s.name, s.kind, s.targets[0], s.dwellMs]);
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
    expect(programOf(body).segments[0]?.targets[0]).toBe(7000);
    const given = programOf(body, { parameters: { load: "20 % of C", length: "2 h" } });
    expect(given.segments[0]?.targets[0]).toBe(4000);
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

describe("compileProfile says what is wrong with", () => {
  const step = (text: string) => `steps:\n  - ${text}\n`;
  const limit = (text: string) =>
    `limits: [{ name: x, role: temperature, reaction: warn, ${text} }]\nsteps: [{ dwell: { time: 1 s } }]`;
  const on = { rig };
  it.each<[string, string, string, object?]>([
    [
      "a step that does nothing",
      step("name: idle"),
      "steps[0]: a step that does nothing | exactly",
    ],
    [
      "a step that does two things",
      step("{ set: { speed: 1 rpm }, dwell: { time: 1 s } }"),
      "steps[0]: set and dwell | exactly one of",
    ],
    [
      "an unknown role",
      step("set: { sped: 1 rpm }"),
      'steps[0].set.sped: the unknown role "sped" | "speed" (did',
    ],
    [
      "a wrong dimension",
      step("set: { speed: 3 kN }"),
      'steps[0].set.speed: "3 kN" (a force) | a speed',
    ],
    [
      "an unknown rating",
      step("set: { load: 3 % of D }"),
      'a share of the unknown rating "D" | "C" (did',
    ],
    ["an unknown parameter", step("set: { load: { parameter: lod } }"), '"lod" | "load" (did'],
    [
      "a ramp without an end",
      step("ramp: { to: { speed: 1 rpm } }"),
      "neither over nor rate | one of them",
    ],
    [
      "a ramp with two ends",
      step("ramp: { to: { speed: 1 rpm }, over: 1 s, rate: { speed: 1 rpm/s } }"),
      "both over and rate | one of them",
    ],
    [
      "a ramp that never ends",
      step("ramp: { to: { speed: 1 rpm }, rate: { speed: 0 rpm/s } }"),
      'steps[0].ramp.rate.speed: "0 rpm/s": a ramp that never ends | a rate above zero',
    ],
    [
      "a ramp in no time",
      step("ramp: { to: { speed: 1 rpm }, over: 0 s }"),
      'ramp.over: "0 s" | a time above',
    ],
    [
      "a ramp with a rate of something else",
      step("ramp: { to: { speed: 1 rpm }, rate: { speed: 1 kN/s } }"),
      'rate.speed: "1 kN/s" | a speed per time, as "10 rpm/s"',
    ],
    [
      "a ramp with a rate missing",
      step("ramp: { to: { speed: 1 rpm, load: 1 kN }, rate: { speed: 1 rpm/s } }"),
      'ramp.rate: no rate for "load"',
    ],
    [
      "a ramp with a rate too many",
      step("ramp: { to: { speed: 1 rpm }, rate: { speed: 1 rpm/s, load: 1 kN/s } }"),
      'ramp.rate.load: a rate for "load", which is not in to',
    ],
    ["an empty dwell", step("dwell: {}"), "dwell: a dwell with neither time nor turns | one of"],
    ["a double dwell", step("dwell: { time: 1 s, turns: 1 turns }"), "both time and turns"],
    [
      "a dwell in the wrong unit",
      step("dwell: { time: 5 turns }"),
      'dwell.time: "5 turns" (a turns) | a time',
    ],
    ["a negative dwell", step("dwell: { time: -5 s }"), 'dwell.time: "-5 s" | zero or more'],
    [
      "a dwell by turns at rest",
      "steps: [{ set: { speed: 0 rpm } }, { dwell: { turns: 5 turns } }]",
      "steps[1].dwell.turns: a dwell by turns while no speed is set: it never ends",
    ],
    [
      "until without timeout",
      step("until: { role: temperature, above: 4 degC }"),
      "steps[0].until: until without timeout | timeout: a time",
    ],
    [
      "until without a condition",
      step("until: { role: temperature, timeout: 1 h }"),
      "neither above nor below | one of above, below",
    ],
    [
      "until on an unknown role",
      step("until: { role: temprature, above: 4 degC, timeout: 1 h }"),
      'until.role: the unknown role "temprature" | "temperature" (did',
    ],
    [
      "a spectrum that does not fill its period",
      step("spectrum: { period: 1 h, periods: 1, blocks: [{ share: 99 %, set: {} }] }"),
      "spectrum.blocks: shares of 99 % together | 100 % (within 0.1 %)",
    ],
    [
      "a spectrum of no length",
      step("spectrum: { period: 0 s, periods: 1, blocks: [{ share: 100 %, set: {} }] }"),
      'spectrum.period: "0 s" | a time above zero',
    ],
    ["repeat without steps", step("repeat: 3"), "steps[0].repeat: repeat without steps | steps:"],
    [
      "steps without repeat",
      step("{ dwell: { time: 1 s }, steps: [{ dwell: { time: 1 s } }] }"),
      "steps[0].steps: steps inside a step | them only beside repeat",
    ],
    [
      "too many segments",
      step("{ repeat: 100000, steps: [{ repeat: 3, steps: [{ dwell: { time: 1 s } }] }] }"),
      "steps: 300000 segments once every repeat is written out | at most 200000",
    ],
    [
      "a limit without a condition",
      limit("for: 1 s"),
      "limits[0].name: no condition | exactly one",
    ],
    [
      "a limit on an unknown role",
      "limits: [{ name: x, role: tempratur, above: 1 degC, reaction: warn }]\nsteps: [{ dwell: { time: 1 s } }]",
      'limits[0].role: the unknown role "tempratur" | "temperature" (did',
    ],
    [
      "a limit that compares a role without setpoint",
      limit("differsFromSetpoint: 5 K"),
      'limits[0].differsFromSetpoint: the role "temperature", which has no setpoint',
    ],
    [
      "two limits of one name",
      `${limit("above: 9 degC")}\n`.replace(
        "[{ dw",
        "[{ limits: [{ name: x, role: speed, above: 1 rpm, reaction: log }], dw",
      ),
      'steps[0].limits[0].name: the limit name "x" a second time',
    ],
    [
      "a setpoint above the product's ceiling",
      step("set: { load: 11.5 kN }"),
      'steps[0].set.load: "11.5 kN" (11.5 kN) | at most 11 kN, the ceiling of the product ball-bearing/6206',
    ],
    [
      "a setpoint above the rig's ceiling",
      step("set: { speed: 7000 rpm }"),
      '"7000 rpm" (7000 rpm) | at most 6000 rpm, the ceiling of the rig "bench"',
      on,
    ],
    [
      "a setpoint below the rig's floor",
      step("set: { speed: -1 rpm }"),
      '"-1 rpm" (-1 rpm) | at least 0 rpm, the floor of the rig "bench"',
      on,
    ],
    [
      "a setpoint on a role that is only read",
      step("set: { temperature: 50 degC }"),
      'the role "temperature", which the rig "bench" only reads',
      on,
    ],
    [
      "a rate beyond the rig's ramp limit",
      step("ramp: { to: { speed: 1 rpm }, rate: { speed: 501 rpm/s } }"),
      '"501 rpm/s" | at most 500 rpm/s, the ramp limit of the rig "bench"',
      on,
    ],
    [
      "a ramp faster than the rig follows",
      step("ramp: { to: { speed: 3000 rpm }, over: 3 s }"),
      'steps[0].ramp.over: a ramp of "speed" at 1000 rpm/s | at most 500 rpm/s',
      on,
    ],
    [
      "a trip on a role that is never read",
      "limits: [{ name: x, role: load, above: 9 kN, reaction: trip }]\nsteps: [{ dwell: { time: 1 s } }]",
      'limits[0].role: a trip on the role "load", which is never read | a role that the rig "bench" reads',
      on,
    ],
    [
      "a limit above the rig's ceiling",
      "limits: [{ name: x, role: speed, above: 6500 rpm, reaction: trip }]\nsteps: [{ dwell: { time: 1 s } }]",
      'limits[0].above: 6500 rpm, where the limit can never act | at most the ceiling of "speed", 6000 rpm',
      on,
    ],
    [
      "another kind of specimen",
      step("dwell: { time: 1 s }"),
      "for: a profile for ball-bearing | one for the specimen roller-bearing/n-208, a roller-bearing",
      { products: [{ ...bearing, product: "roller-bearing/n-208", kind: "roller-bearing" }] },
    ],
    [
      "a specimen the rig does not hold",
      step("dwell: { time: 1 s }"),
      'for: the specimen ball-bearing/6206, a ball-bearing | one the rig "bench" holds: harmonic',
      { rig: { ...rig, kinds: ["harmonic-reducer"] } },
    ],
    [
      "a role that the rig does not bind",
      step("dwell: { time: 1 s }"),
      'roles.temperature: the role "temperature", which the rig "bench" does not bind | one of speed',
      { rig: { ...rig, readable: [{ role: "speed", dimension: "speed", perStation: false }] } },
    ],
    [
      "a role that is another quantity on the rig",
      step("dwell: { time: 1 s }"),
      'roles.load: "kN" (a force) | a unit of torque, as on the rig "bench"',
      { rig: { ...rig, setpoints: rig.setpoints.map((s) => ({ ...s, dimension: "torque" })) } },
    ],
    [
      "a parameter nobody declared",
      step("dwell: { time: 1 s }"),
      'parameters: a value for the unknown parameter "lengt" | "length" (did you mean that?)',
      { parameters: { lengt: "1 h" } },
    ],
    [
      "a parameter out of its range",
      step("dwell: { time: 1 s }"),
      'parameters.load: "60 % of C" (12 kN) | 5 % of C to 50 % of C (1 kN to 10 kN)',
      { parameters: { load: "60 % of C" } },
    ],
    [
      "a parameter of another dimension",
      step("dwell: { time: 1 s }"),
      'parameters.length: "60 rpm" (a speed) | a time',
      { parameters: { length: "60 rpm" } },
    ],
    [
      "a share of a rating in which the specimens differ",
      step("set: { load: 10 % of C }"),
      'steps[0].set.load: a share of the unknown rating "C"',
      {
        products: [
          bearing,
          { ...bearing, ratings: { ...bearing.ratings, C: { value: "21 kN", source: "x" } } },
        ],
      },
    ],
  ])("%s", (_, body, expected, parts = {}) => {
    const problems = problemsOf(body, parts);
    expect(
      problems.some((p) => p.includes(expected)),
      problems.join("\n"),
    ).toBe(true);
  });

  it("everything at once, once per place however often it is repeated", () => {
    const problems = problemsOf(
      `
limits: [{ name: x, role: temperature, above: 9 kN, reaction: warn }]
steps:
  - repeat: 5
    steps:
      - ramp: { to: { speed: 3000 rpm }, over: 3 s }
      - ramp: { to: { speed: 0 rpm }, over: 3 s }
  - set: { load: 99 kN }
`,
      { rig },
    );
    expect(problems.map((p) => p.split(":")[0])).toEqual([
      "limits[0].above",
      "steps[1].set.load",
      "steps[1].set.load",
      "steps[0].steps[0].ramp.over",
      "steps[0].steps[1].ramp.over",
    ]);
  });

  it("something, at its line and column", () => {
    expect(placeOf("steps:\n  - dwell: { time: 1 s }\n  - set: { sped: 1 rpm }\n")).toEqual([
      3, 12,
    ]);
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
