import { describe, expect, it } from "vitest";
import { Bench, limit, type Setup } from "./bench.js";

const none = Number.NaN;
const well = [0, 0, 100, 1, 1, 1];
const lost = [0, 0, none, 1, 1, 1];
const powerLost = limit("power-lost", {
  ...{ role: "power", hi: Number.POSITIVE_INFINITY, staleMs: 3000, reaction: "suspend" },
});
const goesOn: Setup = { limits: [powerLost], interruption: "resume" };

function suspended(setup: Setup = goesOn): Bench {
  const bench = Bench.started(setup);
  bench.samples(3, well);
  bench.samples(7, lost);
  expect(bench.state).toMatchObject({
    packml: "Suspended",
    reason: "power-lost: power not read for 3 s",
    interruptions: 1,
  });
  return bench;
}

function visited(bench: Bench): unknown[] {
  return bench.kinds("state").map((e) => e.data.to);
}

describe("a run suspended by a limit", () => {
  it("goes on by itself after ten good samples in a row, where it was left", () => {
    const bench = suspended();
    const { segment, spent } = bench.state;
    bench.samples(9, well);
    expect(bench.state.packml).toBe("Suspended");
    bench.sample(1000, well);
    expect(bench.state).toMatchObject({ packml: "Unsuspending", segment, spent });
    bench.samples(2, well);
    expect(bench.state).toMatchObject({ packml: "Execute", interruptions: 1 });
  });

  it("counts again from the start whenever a sample is bad: a loose contact comes and goes", () => {
    const bench = suspended();
    for (let i = 0; i < 20; i++) {
      bench.samples(9, well);
      bench.sample(1000, lost);
    }
    expect(bench.state.packml).toBe("Suspended");
    bench.samples(10, well);
    expect(bench.state.packml).toBe("Unsuspending");
  });

  it("waits for a person when the profile does not say resume, and says so once", () => {
    const bench = suspended({ limits: [powerLost] });
    bench.samples(100, well);
    expect(bench.state.packml).toBe("Suspended");
    const told = bench.kinds("input").filter((e) => e.data.waits !== undefined);
    expect(told.map((e) => e.text)).toEqual([
      "what suspended the run is over; it waits for resume: the profile does not say to go on by itself",
    ]);
    bench.command("resume");
    bench.samples(2, well);
    expect(bench.state.packml).toBe("Execute");
  });

  it("resumed although nothing got better, is suspended again", () => {
    const bench = suspended();
    bench.command("resume");
    bench.samples(5, lost);
    expect(bench.state).toMatchObject({ packml: "Suspended", interruptions: 2 });
    expect(bench.state.reason).toBe("still power-lost: power not read for 3 s");
  });

  it("goes on by itself three times within an hour, then a person has to look why", () => {
    const bench = suspended();
    for (let i = 0; i < 5; i++) {
      bench.samples(15, well);
      bench.samples(7, lost);
    }
    const ways = visited(bench);
    expect(ways.filter((to) => to === "Unsuspending")).toHaveLength(3);
    bench.samples(20, well);
    expect(bench.state.packml).toBe("Suspended");
    expect(bench.kinds("input").at(-1)?.text).toMatch(/it went on 3 times within 1 h already/);
  });

  it("is stopped and aborted like any other", () => {
    for (const verb of ["stop", "abort"] as const) {
      const bench = suspended();
      bench.command(verb);
      bench.samples(3, lost);
      expect(bench.state.packml).toBe(verb === "stop" ? "Stopped" : "Aborted");
    }
  });

  it("on a value that is not the rig's own goes on when that is back inside its hysteresis", () => {
    const brownOut = limit("supply-low", {
      ...{ role: "power", lo: 50, hi: Number.POSITIVE_INFINITY, hysteresis: 10 },
      reaction: "suspend",
    });
    const bench = Bench.started({ limits: [brownOut], interruption: "resume" });
    bench.samples(3, well);
    bench.samples(5, [0, 0, 40, 1, 1, 1]);
    expect(bench.state.packml).toBe("Suspended");
    bench.samples(50, [0, 0, 55, 1, 1, 1]);
    expect(bench.state.packml).toBe("Suspended");
    bench.samples(10, [0, 0, 61, 1, 1, 1]);
    expect(bench.state.packml).toBe("Unsuspending");
  });

  it("is not what a limit finds in a run that somebody else suspended", () => {
    const bench = Bench.started(goesOn);
    bench.samples(3, well);
    bench.command("suspend");
    bench.samples(3, well);
    bench.samples(7, lost);
    bench.samples(50, well);
    expect(bench.state.packml).toBe("Suspended");
  });
});
