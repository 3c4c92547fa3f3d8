/** What stands around a condition: what enables it, how often it must be met, who votes, and whether its sensor is any good. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bad, good } from "../../../src/base/sample.js";
import { checkLimit, quiet, raised, returned, standing } from "../../../src/limit/check.js";
import type { CompiledLimit } from "../../../src/limit/compile.js";
import type { Limit } from "../../../src/limit/limit.js";
import type { Look } from "../../../src/limit/look.js";
import { emptyLimitMemory, forgetPending } from "../../../src/limit/memory.js";
import { isSensorFault, sensorLatencyMs } from "../../../src/limit/sensor.js";
import { compiledFrom } from "./kinds.js";
import { compiled, lookAt } from "./limit.js";

const second = 1000;
const lost = Number.NaN;

/** Temperatures of s1 to s4, speed and torque; NaN is bad. */
type Row = readonly number[];

class Watch {
  readonly limit: CompiledLimit;
  readonly memory: number[];
  #at = 0;

  constructor(limit: CompiledLimit) {
    this.limit = limit;
    this.memory = emptyLimitMemory([limit]);
  }

  look(values: Row, ms = second, parts: Partial<Look> = {}) {
    this.#at += ms;
    const quality = values.map((v) => (Number.isNaN(v) ? bad : good));
    const look = { ...lookAt({ at: this.#at, value: 0 }), values, quality, ...parts };
    return checkLimit(this.limit, this.memory, 0, look);
  }

  all(rows: readonly Row[]) {
    return rows.map((row) => this.look(row));
  }

  get at(): number {
    return this.#at;
  }
}

function watch(written: Partial<Limit>): Watch {
  return new Watch(compiledFrom(written));
}

describe("a limit that another role enables", () => {
  const cold = { below: "20 degC", while: { role: "speed", above: "100 rpm" } };
  const row = (temperature: number, speed: number): Row => [temperature, 50, 50, 50, speed, 10];

  it("is looked at only while that role says so, and its `for` begins then", () => {
    const seen = watch({ ...cold, for: "1 s" }).all([
      row(10, 0),
      row(10, 0),
      row(10, 500),
      row(10, 500),
      row(50, 500),
    ]);
    expect(seen).toEqual([quiet, quiet, quiet, raised, returned]);
  });

  it("is enabled as was last seen where that role is not read well, and never seen not at all", () => {
    expect(watch(cold).all([row(10, lost), row(10, lost)])).toEqual([quiet, quiet]);
    expect(watch(cold).all([row(50, 500), row(10, lost)])).toEqual([quiet, raised]);
    expect(watch(cold).all([row(50, 0), row(10, lost)])).toEqual([quiet, quiet]);
  });

  it("leaves an alarm standing that nothing enables any more, until it is looked at again", () => {
    const seen = watch(cold).all([row(10, 500), row(50, 0), row(50, 500)]);
    expect(seen).toEqual([raised, standing, returned]);
  });

  it("may be enabled by a word of a device", () => {
    const faulty = watch({ above: "90 degC", while: { role: "drive-state", is: "ready" } });
    const state = (word: number): Row => [95, 50, 50, 50, 0, 0, word];
    expect(faulty.all([state(5), state(2)])).toEqual([quiet, raised]);
  });
});

describe("a mask until a value was reached", () => {
  const low = { below: "20 degC", mask: { untilReached: { above: "40 degC" } } };

  it("is over for good once the reading was there", () => {
    const seen = watch(low).all([[10], [30], [10], [41], [30], [10]]);
    expect(seen).toEqual([quiet, quiet, quiet, quiet, quiet, raised]);
  });

  it("is closed again by a new start, and where nobody looked", () => {
    const limit = watch(low);
    limit.look([41]);
    expect(limit.look([10], second, { startedAt: limit.at + 500 })).toBe(quiet);
    limit.look([41]);
    forgetPending(limit.memory, 0, limit.limit);
    expect(limit.look([10])).toBe(quiet);
    limit.look([41]);
    expect(limit.look([10])).toBe(raised);
  });

  it("stays open through another mask", () => {
    const limit = watch({ ...low, mask: { ...low.mask, whileRamping: true } });
    limit.look([41]);
    limit.look([10], second, { ramping: true });
    expect(limit.look([10])).toBe(raised);
  });
});

describe("a limit that counts", () => {
  const counting = { above: "90 degC", count: { times: 3, within: "10 s" } };
  const rows = (text: string): Row[] =>
    [...text].map((c) => [c === "x" ? 95 : c === "?" ? lost : 50]);

  it("is raised by so many violations within the time, whatever lies between them", () => {
    expect(watch(counting).all(rows("x..x..x")).indexOf(raised)).toBe(6);
    expect(watch(counting).all(rows("xxx")).indexOf(raised)).toBe(2);
    expect(watch(counting).all(rows("x?x??x")).indexOf(raised)).toBe(5);
    expect(watch(counting).all(rows("x.....x....xx")).indexOf(raised)).toBe(12);
    expect(watch(counting).all(rows("x.....x.....x.....x"))).not.toContain(raised);
  });

  it("stands as long as so many lie within the time, then returns with a good sample inside", () => {
    const seen = watch(counting).all(rows("xxx............"));
    expect(seen.indexOf(returned)).toBe(11);
    expect(seen.slice(3, 11)).toEqual(Array.from({ length: 8 }, () => standing));
  });

  it("is never raised but by the last of so many within the time", () => {
    const signals = fc.array(fc.constantFrom("x", ".", "?"), { maxLength: 60 });
    fc.assert(
      fc.property(signals, (signal) => {
        const seen = watch(counting).all(rows(signal.join("")));
        const isDue = (i: number) =>
          signal[i] === "x" &&
          signal.slice(Math.max(0, i - 10), i + 1).filter((c) => c === "x").length >= 3;
        const first = signal.findIndex((_, i) => isDue(i));
        expect(seen.indexOf(raised)).toBe(first);
      }),
    );
  });
});

describe("a vote", () => {
  const vote = { atLeast: 2, with: ["s2.temperature", "s3.temperature"] };
  const twoOfThree = { above: "90 degC", hysteresis: "5 K", vote };

  it("is raised by so many of the readings, of whichever", () => {
    expect(
      watch(twoOfThree).all([
        [95, 50, 50],
        [95, 50, 95],
      ]),
    ).toEqual([quiet, raised]);
    expect(watch(twoOfThree).all([[50, 95, 95]])).toEqual([raised]);
  });

  it("takes a bad reading for nobody's vote, and returns when the others cannot be enough", () => {
    expect(
      watch(twoOfThree).all([
        [95, lost, lost],
        [lost, lost, lost],
      ]),
    ).toEqual([quiet, quiet]);
    const seen = watch(twoOfThree).all([
      [95, 95, 50],
      [50, 95, lost],
      [50, 88, 88],
      [50, 95, 50],
    ]);
    expect(seen).toEqual([raised, standing, standing, returned]);
  });

  it("remembers of each role by itself", () => {
    const rising = watch({ rises: { by: "15 K", within: "10 min" }, vote });
    expect(
      rising.all([
        [50, 70, 60],
        [60, 80, 60],
        [66, 86, 60],
      ]),
    ).toEqual([quiet, quiet, raised]);
    const one = watch({ rises: { by: "15 K", within: "10 min" }, vote });
    expect(
      one.all([
        [50, 70, 60],
        [60, 70, 60],
        [66, 70, 60],
      ]),
    ).toEqual([quiet, quiet, quiet]);
  });
});

describe("a sensor that is mostly bad", () => {
  const trip = (forMs = 0) => new Watch(compiled({ hi: 90, forMs, reaction: "trip" }));
  /** Looks every so many milliseconds; good as the pattern says, round and round. */
  const run = (on: Watch, pattern: string, count: number, parts: Partial<Look> = {}, ms = second) =>
    Array.from({ length: count }, (_, i) =>
      on.look([pattern[i % pattern.length] === "o" ? 50 : lost], ms, parts),
    );

  it("trips within the stated time, though every good reading is inside", () => {
    for (const cycleMs of [100, second]) {
      const on = trip();
      const seen = run(on, "o...", 150, {}, cycleMs);
      const at = (seen.indexOf(raised) + 1) * cycleMs;
      expect(at).toBeGreaterThan(0);
      expect(at).toBeLessThanOrEqual(sensorLatencyMs(on.limit, cycleMs));
      expect(isSensorFault(on.limit, on.memory, 0)).toBe(true);
    }
  });

  it("is one at less than four good of five, over `for`, 10 s or 60 samples", () => {
    expect(run(trip(), "oooo.", 600)).not.toContain(raised);
    expect(run(trip(), "ooo.", 600)).toContain(raised);
    expect(run(trip(5 * 60 * second), "ooo.", 299)).not.toContain(raised);
    expect(run(trip(5 * 60 * second), "ooo.", 602)).toContain(raised);
    // Three lost answers in ten samples are a line that stumbled.
    expect(run(trip(), `...${"o".repeat(57)}`, 600)).not.toContain(raised);
  });

  it("has returned when a stretch was good again", () => {
    const on = trip();
    run(on, "o...", 130);
    expect(run(on, "o", 130)).toContain(returned);
    expect(isSensorFault(on.limit, on.memory, 0)).toBe(false);
  });

  it("is none while silence says nothing, nor of a limit that does not trip", () => {
    expect(run(trip(), "o...", 600, { mayBeSilent: true })).not.toContain(raised);
    expect(run(new Watch(compiled({ hi: 90 })), "o...", 600)).not.toContain(raised);
  });

  it("is a fault of a vote only where too few are good to raise it", () => {
    const vote = { atLeast: 2, with: ["s2.temperature", "s3.temperature"] };
    const row = (i: number): Row => [50, i % 4 === 0 ? 50 : lost, 50];
    const rows = Array.from({ length: 300 }, (_, i) => row(i));
    const limit = { above: "90 degC", reaction: "trip" } as const;
    expect(watch({ ...limit, vote }).all(rows)).not.toContain(raised);
    expect(watch({ ...limit, vote: { ...vote, atLeast: 3 } }).all(rows)).toContain(raised);
  });
});
