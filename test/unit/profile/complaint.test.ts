import { describe, expect, it } from "vitest";
import { bearing, placeOf, problemsOf, rig } from "./profile.js";

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
      "a ramp with a rate that is none",
      step("ramp: { to: { speed: 1 rpm }, rate: { speed: 10 rpm } }"),
      'rate.speed: "10 rpm" | a speed per time',
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
      "a block of negative share",
      step(
        "spectrum: { period: 1 h, periods: 1, blocks: [{ share: -10 %, set: {} }, { share: 110 %, set: {} }] }",
      ),
      'spectrum.blocks[0].share: "-10 %" | zero or more',
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
      "a limit with the name of one of the rig's",
      limit("above: 9 degC"),
      'limits[0].name: the limit name "x" a second time, after the rig "bench"',
      { rig: { ...rig, limitNames: ["x"] } },
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

  it.each([
    ["a parameter at either end of its range", { load: "5 % of C" }],
    ["a parameter at either end of its range", { load: "50 % of C" }],
  ])("nothing: %s", (_, parameters) => {
    expect(problemsOf(step("set: { load: { parameter: load } }"), { parameters })).toEqual([]);
  });

  it.each([
    ["setpoints at the ceilings of rig and product", "set: { speed: 6000 rpm, load: 11 kN }"],
    ["a rate at the rig's limit", "ramp: { to: { speed: 1 rpm }, rate: { speed: 500 rpm/s } }"],
    ["a ramp as fast as the rig", "ramp: { to: { speed: 3000 rpm }, over: 6 s }"],
    ["a dwell of nothing", "dwell: { time: 0 s }"],
    ["no turns at rest", "dwell: { turns: 0 turns }"],
  ])("nothing: %s", (_, text) => {
    expect(problemsOf(step(text), on)).toEqual([]);
  });

  it("a role the rig lacks once, where it is declared, and not at every use", () => {
    const body = "steps: [{ until: { role: temperature, above: 9 degC, timeout: 1 h } }]";
    const bare = { ...rig, readable: [] };
    const about = problemsOf(body, { rig: bare }).filter((p) => p.includes('"temperature"'));
    expect(about).toHaveLength(1);
    expect(about[0]).toContain("roles.temperature");
  });

  it("something, at its line and column", () => {
    expect(placeOf("steps:\n  - dwell: { time: 1 s }\n  - set: { sped: 1 rpm }\n")).toEqual([
      3, 12,
    ]);
  });
});
