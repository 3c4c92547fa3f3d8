import { afterEach, describe, expect, it } from "vitest";
import type { Clock } from "../../../src/base/clock.js";
import { bad } from "../../../src/base/sample.js";
import { type Guard, startGuard, type TripCause } from "../../../src/keeper/guard.js";
import { compileLimits } from "../../../src/limit/compile.js";
import type { Limit } from "../../../src/limit/limit.js";
import { resolveWritten } from "../../../src/limit/written.js";
import type { LoadedRig } from "../../../src/rig/load.js";
import { bench } from "../rig/bench.js";

const guards: Guard[] = [];
afterEach(() => {
  for (const guard of guards.splice(0)) guard.stop();
});

async function guarded(
  change: (b: ReturnType<typeof bench>) => void = () => {},
  adjust?: Parameters<typeof bench>[1],
) {
  const b = bench("bearing-four", adjust);
  await b.rig.start();
  await b.rig.write([6000, 3000]);
  change(b);
  const causes: TripCause[] = [];
  const guard = startGuard(b.rig, b.loaded.limits, b.clock, (cause) => {
    // Whoever is told finds the rig already on its way.
    expect(b.rig.isSafe).toBe(true);
    causes.push(cause);
  });
  guards.push(guard);
  return { ...b, guard, causes };
}

/** Samples once per second, as a run would. */
async function cycle(b: ReturnType<typeof bench>, from: number, count: number) {
  const start = b.clock.elapsed();
  for (let i = 0; i < count; i++) {
    await b.clock.sleep(Math.max(0, start + i * 1000 - b.clock.elapsed()));
    await b.rig.sample(from + i);
  }
}

describe("the guard of a process that its machine did not run for a while", () => {
  /** Watched for a while, then away for three seconds; tells what tripped in the second after. */
  async function away(isSafe: boolean): Promise<TripCause[]> {
    const b = bench("bearing-four");
    await b.rig.start();
    let awayMs = 0;
    const clock: Clock = {
      wall: () => b.clock.wall(),
      elapsed: () => b.clock.elapsed() + awayMs,
      sleep: (ms, cancel) => b.clock.sleep(ms, cancel),
      outside: (work) => b.clock.outside(work),
    };
    const causes: TripCause[] = [];
    guards.push(startGuard(b.rig, b.loaded.limits, clock, (cause) => causes.push(cause)));
    if (isSafe) await b.rig.safe("by hand");
    await cycle(b, 0, 5);
    awayMs = 3000;
    await cycle(b, 5, 2);
    return causes;
  }

  it("takes no reading for lost where the rig is safe, and trips where it runs", async () => {
    expect(await away(true)).toEqual([]);
    expect(await away(false)).toMatchObject([{ kind: "stale" }]);
  });
});

describe("the guard", () => {
  it("trips on a rig limit before the sample reaches the run", async () => {
    const b = await guarded();
    b.device("spindle").set("running-speed", 6400);
    await b.rig.sample(0);
    expect(b.causes).toMatchObject([
      {
        kind: "limit",
        limit: "overspeed",
        column: "speed",
        value: 6400,
        text: "overspeed: speed is 6400 rpm",
      },
    ]);
    expect(b.rig.isSafe).toBe(true);
    await b.clock.sleep(1000);
    expect(b.device("spindle").get("setpoint")).toBe(0);
    expect(b.device("hydraulics").get("output-0")).toBe(4);
  });

  it("names the station of a station's role", async () => {
    const b = await guarded();
    b.device("thermometer-3").set("pv", 131);
    await b.rig.sample(0);
    expect(b.causes).toMatchObject([{ limit: "housing-hot", station: "s3" }]);
  });

  it("lets `for` pass before it trips", async () => {
    const b = await guarded();
    b.device("vibration-2").set("velocity-x", 30);
    await cycle(b, 0, 2);
    expect(b.causes).toEqual([]);
    await b.clock.sleep(1000);
    await cycle(b, 2, 1);
    expect(b.causes).toMatchObject([{ limit: "vibration-high", station: "s2", value: 30 }]);
  });

  it("sees that the line of a drive is gone whose speed is written and never read", async () => {
    const onlyWritten = (loaded: LoadedRig) => {
      const speed = loaded.columns.find(({ name }) => name === "speed")!;
      delete speed.says.read;
      const limits = loaded.limits.filter(({ column }) => column !== speed.column);
      Object.assign(loaded, { limits });
    };
    const b = await guarded(() => {}, onlyWritten);
    await cycle(b, 0, 3);
    expect(b.causes).toEqual([]);
    b.line("drive").closed = true;
    await cycle(b, 3, 5);
    expect(b.causes).toMatchObject([{ limit: "line-lost", column: "drive" }]);
  });

  it("leaves alone what only warns", async () => {
    const b = await guarded();
    b.device("hydraulics").set("output-0", 20);
    await cycle(b, 0, 20);
    expect(b.causes).toEqual([]);
  });

  it("trips on readings that stay away, while the neighbours go on", async () => {
    const b = await guarded();
    await cycle(b, 0, 3);
    const lost = b.clock.elapsed();
    b.line("sensors").dead.add(12);
    await cycle(b, 3, 8);
    expect(b.causes).toMatchObject([{ kind: "stale", column: "s2.housing-temperature" }]);
    expect(b.causes[0]?.at).toBeLessThanOrEqual(lost + 5000);
    expect(b.causes[0]?.text).toMatch(/^no good reading of s2.housing-temperature for \d/);
  });

  it("trips though the run hangs and never samples again", async () => {
    const b = await guarded();
    await cycle(b, 0, 2);
    const hung = b.clock.elapsed();
    await b.clock.sleep(10_000);
    expect(b.causes).toHaveLength(1);
    expect(b.causes[0]?.kind).toBe("stale");
    expect(b.causes[0]?.at).toBeLessThanOrEqual(hung + 4000);
    expect(b.device("spindle").get("setpoint")).toBe(0);
  });

  it("trips though a sample never comes back from its line", async () => {
    const b = await guarded();
    await cycle(b, 0, 2);
    b.line("sensors").hangs = true;
    void b.rig.sample(2);
    await b.clock.sleep(6000);
    expect(b.causes).toHaveLength(1);
    expect(b.device("hydraulics").get("output-0")).toBe(4);
  });

  it("trips when a line is lost", async () => {
    const b = await guarded();
    await cycle(b, 0, 2);
    b.line("sensors").closed = true;
    await cycle(b, 2, 6);
    expect(b.causes).toMatchObject([{ kind: "stale" }]);
  });

  it("trips when an actuator's device stays away, though no limit watches it", async () => {
    const b = await guarded();
    await cycle(b, 0, 2);
    b.line("io").dead.add(31);
    await cycle(b, 2, 6);
    expect(b.causes).toMatchObject([{ kind: "stale", limit: "actuator-silent", column: "load" }]);
  });

  it("trips on a lost line though no limit watches anything on it", async () => {
    const b = await guarded(({ loaded }) => {
      (loaded as { limits: unknown }).limits = [];
    });
    await cycle(b, 0, 2);
    b.line("sensors").closed = true;
    await cycle(b, 2, 6);
    expect(b.causes).toMatchObject([{ kind: "line", limit: "line-lost", column: "sensors" }]);
  });

  it("looks at values at rest too, before the first start and after the rig was made safe", async () => {
    for (const started of [false, true]) {
      const b = bench();
      if (started) await b.rig.start();
      if (started) await b.rig.safe("held");
      const causes: TripCause[] = [];
      guards.push(startGuard(b.rig, b.loaded.limits, b.clock, (cause) => causes.push(cause)));
      b.device("thermometer-3").set("pv", 140);
      await b.rig.sample(0);
      expect(causes).toMatchObject([{ limit: "housing-hot", station: "s3" }]);
    }
  });

  it("says once that a line is silent at rest in the first minute, and nothing after it", async () => {
    const b = await guarded();
    await b.rig.safe("held");
    await cycle(b, 0, 70);
    b.line("sensors").closed = true;
    const writes = b.line("drive").writes().length;
    await cycle(b, 70, 600);
    expect(b.causes).toEqual([]);
    expect(b.line("drive").writes()).toHaveLength(writes);
  });

  it("trips on the next raising of a limit that has returned", async () => {
    const b = await guarded();
    for (const value of [140, 30, 140]) {
      b.device("thermometer-3").set("pv", value);
      await cycle(b, 0, 1);
      await b.clock.sleep(1000);
    }
    expect(b.causes).toHaveLength(2);
  });

  it("tells of a shaft that turns though it was made safe, within two cycles, and writes nothing", async () => {
    const b = bench();
    await b.rig.start();
    await b.rig.safe("held");
    const told: TripCause[] = [];
    const { limits } = b.loaded;
    guards.push(
      startGuard(
        b.rig,
        limits,
        b.clock,
        () => {},
        (cause) => told.push(cause),
      ),
    );
    await cycle(b, 0, 3);
    const writes = b.line("drive").writes().length;
    const from = b.clock.elapsed();
    // By hand: the drive says that it stands, its shaft does not.
    b.device("spindle").set("running-speed", 300);
    await cycle(b, 3, 2);
    expect(told).toMatchObject([{ kind: "motion", column: "speed", value: 300 }]);
    expect((told[0]?.at ?? 0) - from).toBeLessThanOrEqual(2000);
    expect(b.line("drive").writes()).toHaveLength(writes);
  });

  it("trips once, not with every sample that follows", async () => {
    const b = await guarded();
    b.device("spindle").set("running-speed", 6400);
    await cycle(b, 0, 5);
    expect(b.causes).toHaveLength(1);
  });

  /** A rig whose only limit of its own is this one. */
  const withLimit = (limit: Limit) => (loaded: LoadedRig) => {
    const { limits } = compileLimits(
      [limit],
      loaded.columns,
      Object.keys(loaded.rig.actuators),
      (w, d) => resolveWritten(w, d, {}, {}),
    );
    Object.assign(loaded, { limits });
  };

  it("trips again behind a stop on what nobody looked at while the rig stood", async () => {
    const off: Limit = {
      name: "off",
      role: "speed",
      differsFromSetpoint: "100 rpm",
      reaction: "trip",
    };
    const b = await guarded(() => {}, withLimit(off));
    b.device("spindle").set("running-speed", 2000);
    await cycle(b, 0, 2);
    expect(b.causes).toHaveLength(1);
    await b.rig.start();
    await b.rig.write([6000, 3000]);
    await cycle(b, 2, 2);
    expect(b.causes.map(({ limit }) => limit)).toEqual(["off", "off"]);
  });

  it("says what a limit saw of which a reading alone tells nothing", async () => {
    const rising: Limit = {
      ...{ name: "warms-fast", role: "housing-temperature", reaction: "trip" },
      rises: { by: "15 K", within: "10 min" },
    };
    const b = await guarded(() => {}, withLimit(rising));
    b.device("thermometer-1").set("pv", 40);
    await cycle(b, 0, 2);
    b.device("thermometer-1").set("pv", 56);
    await cycle(b, 2, 1);
    expect(b.causes).toMatchObject([
      {
        ...{ kind: "limit", limit: "warms-fast", station: "s1", value: 56 },
        text: "s1 warms-fast: housing-temperature 56 degC, risen by more than 15 K within 10 min",
      },
    ]);
  });

  it("trips on a sensor that is mostly bad, though what it says is well, and not at rest", async () => {
    const hot: Limit = {
      name: "hot",
      role: "housing-temperature",
      above: "130 degC",
      reaction: "trip",
    };
    const flaky = async (isAtRest: boolean) => {
      const b = await guarded(() => {}, withLimit(hot));
      if (isAtRest) {
        b.device("spindle").set("running-speed", 0);
        await b.rig.safe("by hand");
        await cycle(b, 0, 65);
      }
      const sample = await b.rig.sample(100);
      const column = b.loaded.columns.findIndex(({ name }) => name === "s2.housing-temperature");
      for (let i = 1; i < 130; i++) {
        const quality = sample.quality.slice();
        if (i % 4 !== 0) quality[column] = bad;
        b.guard.check({ ...sample, at: sample.at + i * 1000, quality });
      }
      return b.causes;
    };
    expect(await flaky(true)).toEqual([]);
    expect(await flaky(false)).toMatchObject([
      {
        ...{ kind: "stale", limit: "hot", station: "s2" },
        text: "s2 hot: housing-temperature was read well in less than 80 % of the samples: a sensor fault",
      },
    ]);
  });

  it("trips when what enables a trip stays away", async () => {
    const cold: Limit = {
      ...{ name: "cold", role: "housing-temperature", below: "5 degC", reaction: "trip" },
      while: { role: "power", above: "100 W" },
    };
    const b = await guarded(() => {}, withLimit(cold));
    await cycle(b, 0, 2);
    b.line("io").dead.add(41);
    await cycle(b, 2, 5);
    expect(b.causes).toMatchObject([{ kind: "stale", limit: "cold", column: "power" }]);
  });

  it("honours a mask after the start, and no longer than it lasts", async () => {
    const b = await guarded(({ loaded }) => {
      for (const limit of loaded.limits) limit.maskAfterStartMs = 10_000;
    });
    b.device("spindle").set("running-speed", 6400);
    await cycle(b, 0, 10);
    expect(b.causes).toEqual([]);
    await b.clock.sleep(1000);
    await cycle(b, 10, 1);
    expect(b.causes).toMatchObject([{ limit: "overspeed" }]);
  });
});
