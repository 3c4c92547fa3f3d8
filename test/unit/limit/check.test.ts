import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bad, good, held, never, sentinel } from "../../../src/base/sample.js";
import { placeOf } from "../../../src/base/setpoint.js";
import {
  checkLimit,
  isReturned,
  isViolated,
  quiet,
  raised,
  returned,
  standing,
} from "../../../src/limit/check.js";
import type { CompiledLimit } from "../../../src/limit/compile.js";
import { ageMs } from "../../../src/limit/condition/stale.js";
import {
  emptyLimitMemory,
  forgetPending,
  type LimitMemory,
  memoryPlaces,
} from "../../../src/limit/memory.js";
import { type Bounds, compiled, lookAt, type Seen, verdicts } from "./limit.js";

const hot = compiled({ hi: 90, forMs: 3000, hysteresis: 5 });
const each = (values: number[], stepMs = 1000): Seen[] =>
  values.map((value, i) => ({ at: i * stepMs, value }));

describe("checkLimit", () => {
  it.each<[string, Bounds, number, number]>([
    ["above", { hi: 90 }, 90.1, raised],
    ["above, at the limit", { hi: 90 }, 90, quiet],
    ["below", { lo: 10 }, 9.9, raised],
    ["below, at the limit", { lo: 10 }, 10, quiet],
    ["outside, under", { lo: 10, hi: 90 }, 9, raised],
    ["outside, over", { lo: 10, hi: 90 }, 91, raised],
    ["outside, between", { lo: 10, hi: 90 }, 50, quiet],
    ["infinite reading", { hi: 90 }, Infinity, raised],
  ])("looks at %s", (_, limit, value, expected) => {
    expect(verdicts(compiled(limit), [{ at: 0, value }])).toEqual([expected]);
  });

  it("raises only when the violation lasted, stands, and returns below the hysteresis", () => {
    const seen = verdicts(hot, each([91, 91, 91, 91, 91, 89, 86, 85, 80]));
    const wanted = [quiet, quiet, quiet, raised, standing, standing, standing, returned, quiet];
    expect(seen).toEqual(wanted);
  });

  it("returns from below as it returns from above", () => {
    const low = compiled({ lo: 10, hysteresis: 2 });
    const seen = verdicts(low, each([9, 10, 11, 11.9, 12]));
    expect(seen).toEqual([raised, standing, standing, standing, returned]);
  });

  it("starts again after one good sample inside the limit", () => {
    const seen = verdicts(hot, each([91, 91, 91, 90, 91, 91, 91, 91]));
    expect(seen.indexOf(raised)).toBe(7);
  });

  it("raises a second time after it has returned", () => {
    const seen = verdicts(compiled({ hi: 90 }), each([91, 80, 91]));
    expect(seen).toEqual([raised, returned, raised]);
  });

  it.each([bad, held, sentinel, never])("takes quality %i for no evidence at all", (quality) => {
    const at = (i: number, value: number, q = good): Seen => {
      return { at: 3_600_000 + i * 1000, value, quality: q };
    };
    const starts = verdicts(compiled({ hi: 90 }), [at(0, 99, quality)]);
    expect(starts).toEqual([quiet]);
    const raises = verdicts(hot, [at(0, 91), at(1, 91), at(3, 99, quality), at(4, 91)]);
    expect(raises).toEqual([quiet, quiet, quiet, raised]);
    const returns = verdicts(compiled({ hi: 90 }), [at(0, 91), at(1, 20, quality), at(2, 20)]);
    expect(returns).toEqual([raised, standing, returned]);
  });

  it("takes a good NaN for no evidence", () => {
    expect(verdicts(compiled({ hi: 90 }), each([91, Number.NaN]))).toEqual([raised, standing]);
  });

  it("forgets a pending violation when nothing good came for longer than `for`", () => {
    const looks: Seen[] = [
      { at: 0, value: 91 },
      { at: 3001, value: Number.NaN, quality: bad },
      { at: 4000, value: 91 },
      { at: 6000, value: 91 },
      { at: 7000, value: 91 },
    ];
    expect(verdicts(hot, looks)).toEqual([quiet, quiet, quiet, quiet, raised]);
  });

  it("of a trip forgets nothing for want of readings: a sensor that answers once in four trips", () => {
    const soon = compiled({ hi: 90, forMs: 2000 });
    const trip = { ...soon, reaction: "trip" } as const;
    const seen = Array.from({ length: 9 }, (_, i): Seen => {
      const at = i * 1000;
      return i % 4 === 0 ? { at, value: 91 } : { at, value: Number.NaN, quality: bad };
    });
    expect(verdicts(trip, seen).indexOf(raised)).toBe(4);
    expect(verdicts(soon, seen)).not.toContain(raised);
    expect(verdicts(trip, seen.with(4, { at: 4000, value: 89 }))).not.toContain(raised);
  });

  it("of a trip forgets what was before a minute of silence: the rig was switched off", () => {
    const trip = compiled({ hi: 90, forMs: 2000, reaction: "trip" });
    const behind = (silenceMs: number) => {
      const blind = { at: silenceMs, value: Number.NaN, quality: bad };
      return verdicts(trip, [{ at: 0, value: 91 }, blind, { at: silenceMs + 1, value: 91 }]);
    };
    expect(behind(60_000)).toEqual([quiet, quiet, raised]);
    expect(behind(60_001)).toEqual([quiet, quiet, quiet]);
  });

  it("raises at the second violating sample when the cycle is longer than `for`", () => {
    expect(verdicts(hot, each([91, 91], 10_000))).toEqual([quiet, raised]);
  });

  it("measures staleness by the age of the last good value, whatever the quality", () => {
    const stale = compiled({ staleMs: 5000 });
    const looks: Seen[] = [
      { at: 0, value: 1, age: 0 },
      { at: 5000, value: Number.NaN, quality: bad, age: 5000 },
      { at: 6000, value: Number.NaN, quality: bad, age: 6000 },
      { at: 7000, value: Number.NaN, quality: bad, age: 7000 },
      { at: 8000, value: 1, age: 0 },
    ];
    expect(verdicts(stale, looks)).toEqual([quiet, quiet, raised, standing, returned]);
  });

  it("counts a value that was never good as stale", () => {
    const looks = [{ at: 0, value: Number.NaN, quality: never, age: Number.NaN }];
    expect(verdicts(compiled({ staleMs: 5000 }), looks)).toEqual([raised]);
  });

  it("counts ages from the end of the mask after the start, and not before the start", () => {
    const limit = compiled({ staleMs: 5000, maskAfterStartMs: 60_000 });
    const blind = (at: number, startedAt: number): Seen => {
      return { at, value: Number.NaN, quality: bad, age: 1e9, startedAt };
    };
    const seen = [blind(60_000, 0), blind(65_000, 0), blind(65_001, 0)];
    expect(verdicts(limit, seen)).toEqual([quiet, quiet, raised]);
    const before = [blind(0, Number.NaN), blind(9e9, Number.NaN)];
    expect(verdicts(compiled({ staleMs: 5000 }), before)).toEqual([quiet, quiet]);
  });

  it("compares with the setpoint of its place, and not with an unknown one", () => {
    const order = ["load", "speed"];
    const limit = compiled({
      tolerance: 50,
      setpointIndex: placeOf(order, "speed"),
      hysteresis: 10,
    });
    const look = (value: number, setpoint: number): Seen => {
      return { at: 0, value, setpoints: [0, setpoint] };
    };
    const looks = [look(1050, 1000), look(1051, 1000), look(1045, 1000), look(1040, 1000)];
    expect(verdicts(limit, looks)).toEqual([quiet, raised, standing, returned]);
    expect(verdicts(limit, [look(949, 1000)])).toEqual([raised]);
    expect(verdicts(limit, [look(0, Number.NaN)])).toEqual([quiet]);
    const first = compiled({ tolerance: 50, setpointIndex: placeOf(order, "load") });
    expect(verdicts(first, [look(51, 1000)])).toEqual([raised]);
  });

  const masks: [string, Partial<CompiledLimit>, object, object][] = [
    ["after start", { maskAfterStartMs: 60_000 }, { startedAt: -57_999 }, { startedAt: -6e4 }],
    ["before the start", { maskAfterStartMs: 1 }, { startedAt: Number.NaN }, {}],
    ["after a step", { maskAfterStepMs: 30_000 }, { stepAt: -27_999 }, { stepAt: -3e4 }],
    ["while ramping", { maskWhileRamping: true }, { ramping: true }, { ramping: false }],
  ];
  it.each(masks)("is not looked at %s, and what was pending begins again", (_, mask, on, off) => {
    const limit = compiled({ hi: 90, forMs: 2000, ...mask });
    const look = (at: number, s: object): Seen => ({ at: at * 1000, value: 99, ...s });
    const looks = [
      look(0, off),
      look(1, off),
      look(2, on),
      look(3, off),
      look(4, off),
      look(5, off),
    ];
    expect(verdicts(limit, looks)).toEqual([quiet, quiet, quiet, quiet, quiet, raised]);
  });

  it("leaves a standing alarm standing while masked, even when the value is back", () => {
    const limit = compiled({ hi: 90, maskWhileRamping: true });
    const masked = { ramping: true };
    const looks: Seen[] = [
      { at: 0, value: 99 },
      { at: 1000, value: 20, ...masked },
      { at: 2000, value: 20 },
    ];
    expect(verdicts(limit, looks)).toEqual([raised, standing, returned]);
  });

  it("keeps limits of one memory apart, and a copy of it does not follow", () => {
    const limit = compiled({ hi: 90, forMs: 1000 });
    const memory = emptyLimitMemory([limit, limit]);
    const places = memoryPlaces([limit, limit]);
    const look = (m: LimitMemory, i: number, value: number, at: number) =>
      checkLimit(limit, m, places[i]!, lookAt({ at, value }));
    look(memory, 0, 99, 0);
    const copy = memory.slice();
    expect([look(memory, 0, 99, 1000), look(memory, 1, 99, 1000)]).toEqual([raised, quiet]);
    forgetPending(copy, 0, limit);
    forgetPending(memory, 0, limit);
    expect(look(copy, 0, 99, 1000)).toBe(quiet);
    expect(look(memory, 0, 99, 2000)).toBe(standing);
    forgetPending(memory, places[1]!, limit);
    expect([look(memory, 1, 99, 2000), look(memory, 1, 99, 3000)]).toEqual([quiet, raised]);
    expect(look(memory, 1, 99, 4000)).toBe(standing);
  });
});

describe("one sample by itself", () => {
  const limit = compiled({ hi: 90, hysteresis: 5, forMs: 60_000, maskWhileRamping: true });
  const says = (value: number, parts: Partial<Seen> = {}) => {
    const look = lookAt({ at: 0, value, ...parts });
    const memory = emptyLimitMemory([limit]);
    checkLimit(limit, memory, 0, look);
    return [isViolated(memory, 0), isReturned(limit, look, memory, 0)];
  };

  it("violates a limit whatever its `for`, and has returned behind the hysteresis", () => {
    const seen = [says(90.1), says(90), says(85.1), says(85)];
    expect(seen.map(([violated]) => violated)).toEqual([true, false, false, false]);
    expect(seen.map(([, back]) => back)).toEqual([false, false, false, true]);
  });

  it("does neither when it is not good or the limit is masked", () => {
    expect([says(99, { quality: bad }), says(20, { quality: bad })].flat()).not.toContain(true);
    expect([says(99, { ramping: true }), says(20, { ramping: true })].flat()).not.toContain(true);
  });
});

describe("how long a column has been without a good value", () => {
  it("counts from the last good value, from the start or its mask when that is later", () => {
    expect(ageMs(7000, 5000, 0, 9000)).toBe(2000);
    expect(ageMs(7000, 5000, 3000, 9000)).toBe(1000);
    expect(ageMs(Number.NaN, 5000, 0, 9000)).toBe(4000);
    expect(ageMs(7000, Number.NaN, 0, 9000)).toBe(0);
  });
});

describe("checkLimit, on any signal", () => {
  const samples = fc.array(
    fc.record({
      gap: fc.integer({ min: 1, max: 4000 }),
      value: fc.double({ min: 0, max: 200, noNaN: true }),
      quality: fc.constantFrom(good, good, good, good, bad, held),
    }),
    { minLength: 1, maxLength: 60 },
  );
  const looksOf = (list: { gap: number; value: number; quality: number }[]): Seen[] => {
    let at = 0;
    return list.map(({ gap, value, quality }) => {
      at += gap;
      return { at, value, quality };
    });
  };

  const forTimes = fc.integer({ min: 0, max: 9000 });
  const reactions = fc.constantFrom("warn" as const, "trip" as const);

  it("raises a trip with the first sample that is late enough and had none good against it", () => {
    const flaky = fc.array(
      fc.record({
        gap: fc.integer({ min: 1, max: 4000 }),
        value: fc.constantFrom(50, 150, 150, 150),
        quality: fc.constantFrom(good, bad, held),
      }),
      { minLength: 1, maxLength: 15 },
    );
    fc.assert(
      fc.property(flaky, forTimes, (list, forMs) => {
        const looks = looksOf(list);
        const seen = verdicts(compiled({ hi: 100, forMs, reaction: "trip" }), looks);
        let since = Number.NaN;
        const due = looks.findIndex(({ quality, value, at }) => {
          if (quality !== good) return false;
          if (value <= 100) since = Number.NaN;
          else if (Number.isNaN(since)) since = at;
          return at - since >= forMs;
        });
        expect(seen.indexOf(raised)).toBe(due);
      }),
    );
  });

  it("never raises before every good sample over `for` violated it", () => {
    fc.assert(
      fc.property(samples, forTimes, reactions, (list, forMs, reaction) => {
        const looks = looksOf(list);
        const limit = compiled({ hi: 100, forMs, hysteresis: 10, reaction });
        const seen = verdicts(limit, looks);
        let since = Number.NaN;
        looks.forEach((look, i) => {
          if (look.quality === good) {
            if (look.value <= 100) since = Number.NaN;
            else if (Number.isNaN(since)) since = look.at;
          }
          if (seen[i] === raised) expect(look.at - since).toBeGreaterThanOrEqual(forMs);
        });
      }),
    );
  });

  it("raises and returns in turn, and never on a value that is not good", () => {
    fc.assert(
      fc.property(samples, (list) => {
        const looks = looksOf(list);
        const seen = verdicts(compiled({ hi: 100, forMs: 1500, hysteresis: 10 }), looks);
        let stands = false;
        seen.forEach((verdict, i) => {
          if (verdict === raised || verdict === returned) {
            expect(stands).toBe(verdict === returned);
            expect(looks[i]?.quality).toBe(good);
            stands = verdict === raised;
          } else expect(verdict).toBe(stands ? standing : quiet);
        });
      }),
    );
  });

  it("does not chatter on noise smaller than the hysteresis", () => {
    const noise = fc.array(fc.double({ min: 95.1, max: 104.9, noNaN: true }), { minLength: 2 });
    fc.assert(
      fc.property(noise, (values) => {
        const seen = verdicts(compiled({ hi: 100, hysteresis: 5 }), each(values));
        expect(seen.filter((v) => v === raised).length).toBeLessThanOrEqual(1);
        expect(seen).not.toContain(returned);
      }),
    );
  });

  const raisedAt = (limit: CompiledLimit, fromMs: number, cycleMs: number): number => {
    const values = Array.from({ length: 200_000 / cycleMs }, (_, i) =>
      i * cycleMs >= fromMs ? 150 : 50,
    );
    return verdicts(limit, each(values, cycleMs)).indexOf(raised) * cycleMs;
  };
  const from = fc.integer({ min: 0, max: 100_000 });

  it("raises at the same time within one cycle, be the cycle 1 s or 10 s", () => {
    fc.assert(
      fc.property(from, fc.integer({ min: 0, max: 6 }), (fromMs, tens) => {
        const limit = compiled({ hi: 100, forMs: tens * 10_000 });
        const [fast, slow] = [raisedAt(limit, fromMs, 1000), raisedAt(limit, fromMs, 10_000)];
        expect(Math.abs(slow - fast)).toBeLessThan(10_000);
      }),
    );
  });

  it("raises after `for` and at most two cycles, when `for` is no multiple of the cycle", () => {
    fc.assert(
      fc.property(from, fc.integer({ min: 0, max: 60_000 }), (fromMs, forMs) => {
        const limit = compiled({ hi: 100, forMs });
        for (const cycleMs of [1000, 10_000]) {
          const late = raisedAt(limit, fromMs, cycleMs) - fromMs - forMs;
          expect(late).toBeGreaterThanOrEqual(0);
          expect(late).toBeLessThan(2 * cycleMs);
        }
      }),
    );
  });
});
