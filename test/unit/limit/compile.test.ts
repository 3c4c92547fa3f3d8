import { describe, expect, it } from "vitest";
import type { Column } from "../../../src/base/sample.js";
import {
  compileLimits,
  expandLimits,
  highestOf,
  repeatedNames,
  resolveLimit,
  type WatchedRole,
} from "../../../src/limit/compile.js";
import type { Limit } from "../../../src/limit/limit.js";
import { resolveWritten } from "../../../src/limit/written.js";

const temperature = { dimension: "temperature", unit: "degC", hasSetpoint: false } as const;
const speed = { dimension: "speed", unit: "rpm", hasSetpoint: true, ceiling: 6000 } as const;
const base: Limit = { name: "hot", role: "housing-temperature", reaction: "warn" };

function resolve(limit: Partial<Limit>, role: Parameters<typeof resolveLimit>[1] = temperature) {
  return resolveLimit({ ...base, ...limit }, role, (w, d) => resolveWritten(w, d, {}, {}));
}

describe("resolveLimit", () => {
  it("turns every part into numbers, and leaves what was not written without effect", () => {
    const { limit, complaints } = resolve({
      above: "90 degC",
      for: "2 min",
      hysteresis: "5 K",
      mask: { afterStart: "1 min", afterStep: "30 s", whileRamping: true },
      reaction: "fail",
    });
    expect(complaints).toEqual([]);
    expect(limit).toEqual({
      name: "hot",
      role: "housing-temperature",
      condition: { kind: "above", hi: 90, hysteresis: 5 },
      forMs: 120_000,
      vote: 1,
      voters: [],
      fail: "count-on",
      maskAfterStartMs: 60_000,
      maskAfterStepMs: 30_000,
      maskWhileRamping: true,
      reaction: "fail",
      mode: "hot",
      protects: "equipment",
      priority: "high",
    });
  });

  it("keeps mode, protected thing, priority, message and guidance as written", () => {
    const words = { message: "look", guidance: { en: "oil it", zh: "加油" } };
    const written = {
      mode: "overheating",
      protects: "test",
      priority: "urgent",
      ...words,
    } as const;
    expect(resolve({ above: "90 degC", ...written }).limit).toMatchObject(written);
  });

  it("takes the priority from the reaction where none is written, from isolate before it", () => {
    const priority = (parts: Partial<Limit>) =>
      resolve({ above: "90 degC", ...parts }).limit?.priority;
    expect(priority({ reaction: "warn" })).toBe("low");
    expect(priority({ reaction: "trip" })).toBe("high");
    expect(priority({ reaction: "trip", isolate: true })).toBe("urgent");
    expect(priority({ reaction: "trip", isolate: true, priority: "low" })).toBe("low");
  });

  it("reads outside, differsFromSetpoint and stale", () => {
    const condition = (parts: Partial<Limit>, role = temperature as WatchedRole) =>
      resolve(parts, role).limit?.condition;
    const outside = { kind: "outside", lo: 10, hi: 90, hysteresis: 0 };
    expect(condition({ outside: ["10 degC", "90 degC"] })).toEqual(outside);
    const differs = { kind: "differsFromSetpoint", by: 100 };
    expect(condition({ differsFromSetpoint: "100 rpm" }, speed)).toMatchObject(differs);
    const stale = { stale: "10 s", mask: { afterStart: "5 s" } };
    expect(condition(stale)).toEqual({ kind: "stale", staleMs: 10_000, fromStartMs: 5000 });
  });

  it("takes suspend for what the rig does not move itself, and for silence of anything", () => {
    const suspend = { reaction: "suspend" } as const;
    expect(resolve({ above: "35 degC", ...suspend }).complaints).toEqual([]);
    expect(resolve({ stale: "5 s", ...suspend }, speed).complaints).toEqual([]);
    expect(resolve({ below: "100 rpm", ...suspend }, speed).complaints).toMatchObject([
      { path: ["reaction"], expected: "hold, or a stale limit" },
    ]);
  });

  it.each<[string, Partial<Limit>, string, string]>([
    ["no condition", {}, "name", "no condition"],
    ["two", { above: "9 degC", stale: "1 s" }, "name", "the conditions above and stale"],
    ["a wrong dimension", { above: "90 Nm" }, "above", '"90 Nm" (a torque)'],
    [
      "a temperature as hysteresis",
      { above: "9 degC", hysteresis: "5 degC" },
      "hysteresis",
      "5 deg",
    ],
    ["a negative hysteresis", { above: "9 degC", hysteresis: "-5 K" }, "hysteresis", '"-5 K"'],
    ["a band upside down", { outside: ["90 degC", "10 degC"] }, "outside", "lowest not below"],
    ["a band of nothing", { outside: ["9 degC", "9 degC"] }, "outside", "lowest not below"],
    ["no setpoint", { differsFromSetpoint: "5 K" }, "differsFromSetpoint", "has no setpoint"],
  ])("complains of %s", (_, limit, field, found) => {
    const { complaints } = resolve(limit);
    expect(complaints).toHaveLength(1);
    expect(complaints[0]?.path[0]).toBe(field);
    expect(complaints[0]?.found).toContain(found);
  });

  it("complains of a hysteresis in which the limit could never return", () => {
    const wide = resolve({ outside: ["10 degC", "20 degC"], hysteresis: "5 K" }).complaints;
    expect(wide[0]?.found).toContain("could never return");
    const tolerance = resolve({ differsFromSetpoint: "10 rpm", hysteresis: "10 rpm" }, speed);
    expect(tolerance.complaints[0]?.expected).toContain("above its hysteresis");
  });

  it("complains of a limit above the ceiling, naming both", () => {
    const [complaint] = resolve({ above: "6500 rpm", role: "speed" }, speed).complaints;
    expect(complaint?.found).toBe("6500 rpm, where the limit can never act");
    expect(complaint?.expected).toBe('at most the ceiling of "speed", 6000 rpm');
    expect(resolve({ above: "6000 rpm", role: "speed" }, speed).complaints).toEqual([]);
  });
});

describe("expandLimits", () => {
  const column = (name: string, role: string, station?: string): Column => {
    const plain: Column = { name, role, dimension: "temperature", unit: "degC" };
    return station === undefined ? plain : { ...plain, station };
  };
  const columns = [
    column("speed", "speed"),
    column("s1.housing-temperature", "housing-temperature", "s1"),
    column("s2.housing-temperature", "housing-temperature", "s2"),
  ];

  it("makes one limit per station of the role, in the order of the list", () => {
    const list = [
      resolve({ name: "off", role: "speed", differsFromSetpoint: "10 rpm" }, speed).limit!,
      resolve({ above: "90 degC" }).limit!,
    ];
    const compiled = expandLimits(list, columns, ["speed"]);
    expect(compiled.map((l) => [l.name, l.limitIndex, l.station, l.column])).toEqual([
      ["off", 0, undefined, 0],
      ["hot", 1, "s1", 1],
      ["hot", 1, "s2", 2],
    ]);
    expect(compiled.map((l) => l.condition)).toMatchObject([{ place: 0 }, { hi: 90 }, { hi: 90 }]);
  });
});

describe("compileLimits", () => {
  const columns: Column[] = [
    { name: "speed", role: "speed", dimension: "speed", unit: "rpm" },
    { name: "s1.load", role: "load", station: "s1", dimension: "force", unit: "kN" },
  ];
  const compile = (limits: Limit[]) =>
    compileLimits(limits, columns, ["speed"], (w, d) => resolveWritten(w, d, {}, {}));

  it("compiles a rig's limits on its columns", () => {
    const { limits, complaints } = compile([
      { name: "overspeed", role: "speed", above: "6300 rpm", reaction: "trip" },
      { name: "overload", role: "load", above: "13 kN", reaction: "trip" },
    ]);
    expect(complaints).toEqual([]);
    expect(limits.map((l) => [l.name, highestOf(l), l.station])).toEqual([
      ["overspeed", 6300, undefined],
      ["overload", 13_000, "s1"],
    ]);
  });

  it("finds everything that is wrong, with its place in the list", () => {
    const { complaints } = compile([
      { name: "a", role: "sped", above: "1 rpm", reaction: "trip" },
      { name: "a", role: "load", above: "1 rpm", reaction: "trip" },
    ]);
    expect(complaints.map((c) => c.path)).toEqual([
      [1, "name"],
      [0, "role"],
      [1, "above"],
    ]);
    expect(complaints[1]?.found).toContain("never read");
    expect(complaints[1]?.expected).toContain('"speed" (did you mean that?)');
  });
});

describe("repeatedNames", () => {
  it("finds the second use of a name", () => {
    const list = [base, { ...base, name: "other" }, base];
    expect(repeatedNames(list)).toEqual([
      {
        path: [2, "name"],
        found: 'the limit name "hot" a second time',
        expected: "a name of its own for every limit",
      },
    ]);
  });
});
