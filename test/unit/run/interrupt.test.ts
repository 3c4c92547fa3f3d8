import { describe, expect, it } from "vitest";
import { expandLimit } from "../../../src/limit/compile.js";
import { exposureOf } from "../../../src/profile/exposure.js";
import type { Disposition } from "../../../src/record/document/input.js";
import { exitCodeOf } from "../../../src/run/exit-code.js";
import type { RunState } from "../../../src/run/state.js";
import { Bench, columns, limit, type Setup } from "./bench.js";

const dwell: NonNullable<Setup["parts"]> = [
  { kind: "set", targets: [2000, 900] },
  { kind: "dwell", dwellMs: 1e9 },
];
const steady = [2000, 900, 100, 1, 1, 1];
const still = [0, 0, 60, 1, 1, 1];
const loud = [2000, 900, 100, 12, 1, 1];

function running(setup: Setup = {}): Bench {
  const bench = Bench.started({ parts: dwell, ...setup });
  bench.samples(10, steady);
  return bench;
}

function trip(bench: Bench, station: string | null = null): void {
  const { at } = bench.state;
  bench.input({ kind: "trip", at, limit: "vibration-high", station, text: "vibration 30 mm/s" });
}

function held(bench: Bench): void {
  bench.command("hold");
  for (const rpm of [600, 300, 0, 0, 0, 0]) bench.sample(1000, [0, rpm, 60, 1, 1, 1]);
  expect(bench.state.packml).toBe("Held");
}

function back(bench: Bench, next: "hold" | "resume" = "hold"): void {
  const at = bench.state.at + 1000;
  bench.input({ kind: "interrupted", at, lengthMs: 1000, text: "away", next, why: "looked at" });
  bench.samples(3, still);
}

function found(bench: Bench, decision: Disposition["decision"], station = "s1"): void {
  const said = { station, kind: "sensor", decision, text: "looked", by: "anna" } as const;
  bench.input({ kind: "disposition", at: bench.state.at, disposition: said });
}

describe("a trip", () => {
  it("interrupts a run and does not end it", () => {
    const bench = running();
    const { segment, spent } = bench.state;
    trip(bench);
    bench.samples(5, still);
    expect(bench.state).toMatchObject({ packml: "Aborted", outcome: null, isLeft: false });
    bench.acted();
    expect(bench.state).toMatchObject({ outcome: null, isLeft: true, segment, spent });
    expect(bench.kinds("run-ended")).toEqual([]);
    expect(bench.kinds("interruption").at(-1)?.text).toMatch(/vibration 30 mm\/s/);
    expect(bench.state.stations.map((s) => s.outcome)).toEqual(["running", "running"]);
    expect(bench.events.at(-1)?.kind).toBe("checkpoint");
    expect(exitCodeOf(bench.state)).toBe(7);
  });

  it("books what turns until every actuator has acted", () => {
    const bench = running();
    trip(bench);
    bench.samples(3, still);
    const before = exposureOf(bench.state.book).turns[0];
    bench.samples(11, [0, 600, 60, 1, 1, 1]);
    expect(exposureOf(bench.state.book).turns[0] - before).toBeGreaterThan(80);
  });

  it("ends a run that never reached Execute, and says so", () => {
    const bench = new Bench();
    bench.command("reset");
    trip(bench);
    bench.sample(1000, still);
    bench.acted();
    expect(bench.state).toMatchObject({ packml: "Aborted", outcome: "aborted" });
    expect(bench.kinds("run-ended")[0]?.text).toMatch(/aborted before it began/);
    expect(exitCodeOf(bench.state)).toBe(7);
  });

  it("on the way to an end that was decided does not take the end back", () => {
    const bench = running();
    bench.command("stop");
    bench.sample(1000, [0, 600, 60, 1, 1, 1]);
    trip(bench, "s1");
    bench.samples(3, still);
    bench.acted();
    expect(bench.state).toMatchObject({ packml: "Aborted", outcome: "stopped" });
    expect(bench.state.stations).toMatchObject([
      { outcome: "censored", informative: true },
      { outcome: "censored" },
    ]);
    expect(bench.state.stations[1]!.informative).toBeUndefined();
    expect(exitCodeOf(bench.state)).toBe(7);
  });

  it("of the profile or the rig trips also while held, suspended and aborted", () => {
    const tripping = limit("broken", { reaction: "trip", hi: 20 });
    const stale = limit("lost", { reaction: "trip", staleMs: 5000 });
    const bench = running({ limits: [tripping, stale] });
    held(bench);
    bench.samples(20, [0, 0, 60, Number.NaN, 1, 1]);
    expect(bench.state.packml).toBe("Held");
    bench.sample(1000, [0, 0, 60, 25, 1, 1]);
    expect(bench.state.packml).toBe("Aborted");
    expect(bench.kinds("trip")).toHaveLength(1);
    bench.sample(1000, [0, 0, 60, 25, 25, 1]);
    expect(bench.kinds("trip")).toHaveLength(2);
    bench.sample(1000, [0, 0, 60, 25, 25, 1]);
    expect(bench.kinds("trip")).toHaveLength(2);
  });
});

describe("a suspect station", () => {
  function suspect(): Bench {
    const bench = running();
    trip(bench, "s1");
    bench.samples(3, [0, 300, 60, 1, 1, 1]);
    bench.samples(3, still);
    bench.acted();
    return bench;
  }

  it("keeps the run from being resumed, by name, whoever has looked at the rig", () => {
    const bench = suspect();
    back(bench, "resume");
    expect(bench.state.packml).toBe("Held");
    bench.command("resume");
    expect(bench.state.packml).toBe("Held");
    expect(bench.kinds("fault").at(-1)?.text).toMatch(/resume refused: suspect: s1 \(vibration/);
  });

  it("that continues lets the run go on", () => {
    const bench = suspect();
    back(bench, "resume");
    found(bench, "continue");
    expect(bench.state.suspects).toEqual([]);
    bench.samples(10, steady);
    expect(bench.state.packml).toBe("Execute");
    const [event] = bench.kinds("disposition");
    expect(event).toMatchObject({ station: "s1", data: { kind: "sensor", by: "anna" } });
    expect(bench.state.stations[0]!.outcome).toBe("running");
  });

  it("that has failed did so with the exposure of the trip", () => {
    const bench = suspect();
    const { at, book } = bench.state.suspects[0]!;
    back(bench);
    found(bench, "failed");
    const [station] = bench.state.stations;
    expect(station).toMatchObject({ outcome: "failed", mode: "vibration-high", endedAt: at });
    expect(station!.book).toEqual(book);
    expect(bench.kinds("failure")[0]?.data).toMatchObject({ limit: "vibration-high" });
  });

  it("that is withdrawn is censored, and that says something of its life", () => {
    const bench = suspect();
    back(bench);
    found(bench, "withdrawn");
    expect(bench.state.stations[0]).toMatchObject({ outcome: "censored", informative: true });
    bench.command("resume");
    bench.samples(10, steady);
    expect(bench.state.packml).toBe("Execute");
  });

  it("ends the test where it was the last one", () => {
    const bench = suspect();
    trip(bench, "s2");
    back(bench, "resume");
    found(bench, "failed");
    found(bench, "failed", "s2");
    bench.samples(3, still);
    expect(bench.state).toMatchObject({ packml: "Stopped", outcome: "failed" });
  });

  it("is the only one that a disposition is about", () => {
    const bench = suspect();
    back(bench);
    found(bench, "failed", "s2");
    expect(bench.kinds("fault").at(-1)?.text).toBe("disposition refused: s2 is not suspect");
    expect(bench.state.suspects).toHaveLength(1);
  });

  it("is not one that no specimen is on test at, nor one of a trip of the whole rig", () => {
    const bench = running();
    trip(bench, "s3");
    expect(bench.state.suspects).toEqual([]);
    const whole = running();
    trip(whole);
    expect(whole.state.suspects).toEqual([]);
  });
});

describe("a fault on the way up", () => {
  it.each(["start", "resume"] as const)("at %s leads to safe and Held", (verb) => {
    const bench = verb === "start" ? new Bench() : running();
    if (verb === "start") bench.command("reset");
    else held(bench);
    const refuse = { kind: "confirmed", act: "start", ok: false, text: "drive: in fault" } as const;
    bench.refused = { ...refuse, at: bench.state.at };
    bench.command(verb);
    bench.refused = undefined;
    bench.samples(3, still);
    expect(bench.state.packml).toBe("Held");
    expect(bench.state.reason).toMatch(/drive: in fault; .*reset.*, then resume/);
    bench.command("resume");
    bench.samples(10, steady);
    expect(bench.state.packml).toBe("Execute");
  });

  it("may be writes that do not arrive", () => {
    const bench = running();
    held(bench);
    bench.command("resume");
    const { at } = bench.state;
    bench.input({ kind: "fault", at, text: "drive: no answer", abort: true });
    bench.samples(2, still);
    expect(bench.state.packml).toBe("Held");
  });

  it("is no trip: that aborts there too", () => {
    const bench = running();
    held(bench);
    bench.command("resume");
    trip(bench);
    bench.samples(3, still);
    expect(bench.state.packml).toBe("Aborted");
  });

  it("is reset by a person's word while held, and nowhere else", () => {
    const bench = running();
    bench.command("reset");
    expect(bench.kinds("fault").at(-1)?.text).toMatch(/^reset refused/);
    held(bench);
    const { act } = bench.command("reset");
    expect(act).toBe("reset");
    expect(bench.state).toMatchObject({ packml: "Held", waiting: false });
    expect(bench.events.at(-1)?.text).toBe("reset done");
  });
});

describe("leaving", () => {
  it("holds at the ramps, makes safe and lets go of an open run", () => {
    const bench = running();
    bench.command("leave");
    expect(bench.state.packml).toBe("Holding");
    for (const rpm of [600, 300, 0, 0]) bench.sample(1000, [0, rpm, 60, 1, 1, 1]);
    expect(bench.state).toMatchObject({ packml: "Held", isLeft: false });
    bench.command("resume");
    expect(bench.state.packml).toBe("Held");
    bench.acted();
    expect(bench.state).toMatchObject({ packml: "Held", isLeft: true, outcome: null });
    expect(exitCodeOf(bench.state)).toBe(0);
    back(bench, "resume");
    bench.samples(10, steady);
    expect(bench.state).toMatchObject({ packml: "Execute", isLeft: false, leaving: null });
  });

  it.each(["Held", "Suspended", "Unholding"])("from %s needs nothing more", (packml) => {
    const bench = running();
    if (packml === "Suspended") {
      bench.command("suspend");
      for (const rpm of [600, 300, 0, 0]) bench.sample(1000, [0, rpm, 60, 1, 1, 1]);
    } else held(bench);
    if (packml === "Unholding") bench.command("resume");
    expect(bench.state.packml).toBe(packml);
    const { resumeSetpoints } = bench.state;
    bench.command("leave");
    bench.samples(3, still);
    bench.acted();
    expect(bench.state).toMatchObject({ packml: "Held", isLeft: true, resumeSetpoints });
  });

  it("ends a run that never began", () => {
    const bench = new Bench();
    bench.command("reset");
    bench.command("leave");
    bench.samples(3, still);
    expect(bench.state).toMatchObject({ packml: "Stopped", outcome: "stopped" });
    expect(exitCodeOf(bench.state)).toBe(0);
  });
});

describe("the way down", () => {
  it.each(["hold", "stop"] as const)("aborts a %s whose speed does not fall", (verb) => {
    const bench = running();
    bench.command(verb);
    bench.samples(3, steady);
    expect(bench.state.packml).not.toBe("Aborting");
    bench.sample(1000, steady);
    expect(bench.state.packml).toBe("Aborting");
    expect(bench.state.reason).toMatch(/the speed is 900 rpm and does not fall/);
  });

  it("aborts a hold that creeps down, past its ramps times 1.25 and 5 s", () => {
    const bench = running();
    bench.command("hold");
    const creep = (s: number) => bench.sample(1000, [0, 900 - 30 * s, 60, 1, 1, 1]);
    for (let s = 1; s <= 8; s++) creep(s);
    expect(bench.state.packml).toBe("Holding");
    for (let s = 9; s <= 10; s++) creep(s);
    expect(bench.state.packml).toBe("Aborting");
    expect(bench.state.reason).toMatch(/when it should stand/);
  });
});

describe("what was pending in Execute", () => {
  const until = { role: "power", below: 60.5, forMs: 10_000, timeoutMs: 1e9, otherwise: "stop" };

  it.each(["hold", "suspend"] as const)("is forgotten at a %s: an until begins anew", (verb) => {
    const parts = [{ kind: "until", until } as never, { kind: "dwell" as const, dwellMs: 1e9 }];
    const bench = Bench.started({ parts });
    bench.samples(9, still);
    bench.command(verb);
    bench.samples(3, still);
    bench.command("resume");
    bench.samples(9, still);
    expect(bench.state).toMatchObject({ packml: "Execute", segment: 0 });
    bench.samples(4, still);
    expect(bench.state.segment).toBe(1);
  });
});

describe("a failure that was raised where it could not count", () => {
  it.each([
    ["hold", false],
    ["suspend", false],
    ["hold", true],
  ] as const)("in a %s fails the specimen when it still stands (of the rig: %s)", (verb, ofRig) => {
    const fail = limit("spalled", { hysteresis: 1 });
    const rigLimits = expandLimit(fail, 0, columns, []);
    const bench = running(ofRig ? { rigLimits } : { limits: [fail] });
    bench.command(verb);
    bench.sample(1000, [0, 600, 100, 12, 1, 1]);
    for (const rpm of [300, 0, 0]) bench.sample(1000, [0, rpm, 60, 12, 1, 1]);
    expect(bench.state.stations[0]!.outcome).toBe("running");
    bench.command("resume");
    bench.sample(1000, loud);
    expect(bench.state.stations[0]!.outcome).toBe("failed");
  });

  it("does not when it is over, nor while a value is too low only because the rig is not up", () => {
    const fail = limit("slow", { role: "speed", lo: 800, hi: Number.POSITIVE_INFINITY });
    const bench = Bench.started({ parts: dwell, limits: [{ ...fail, maskAfterStartMs: 5000 }] });
    bench.samples(10, steady);
    held(bench);
    bench.command("resume");
    for (const rpm of [0, 300, 600, 900]) bench.sample(1000, [2000, rpm, 100, 1, 1, 1]);
    bench.samples(5, steady);
    expect(bench.state.stations.map((s) => s.outcome)).toEqual(["running", "running"]);
  });
});

describe("the end of a run that rested", () => {
  it("books nothing at least, and at most what rest allows", () => {
    const bench = running();
    held(bench);
    bench.samples(5, still);
    const before = exposureOf(bench.state.stations[0]!.book);
    const { energyJ } = exposureOf(bench.state.book);
    bench.command("stop", false, bench.state.at + 500);
    bench.sample(500, still);
    const { at } = bench.state;
    expect(bench.state.packml).toBe("Stopped");
    const after = exposureOf(bench.state.stations[0]!.book);
    expect(after.damage).toEqual(before.damage);
    expect(after.turns).toEqual(before.turns);
    expect(exposureOf(bench.state.book).energyJ[1] - energyJ[1]).toBeLessThanOrEqual(60.001);
    expect(at).toBeGreaterThan(0);
  });
});

describe("the exit status of a run", () => {
  it("says that a specimen failed also where the way down tripped: the run has ended", () => {
    const state = { packml: "Aborted", isLeft: false } as const;
    const exit = (outcome: RunState["outcome"]) =>
      exitCodeOf({ ...state, outcome } as unknown as RunState);
    expect([exit("failed"), exit(null)]).toEqual([6, 7]);
  });
});
