import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addSpeed,
  byCounter,
  combine,
  difference,
  startCount,
} from "../../../src/run/turn-counter.js";

const counter = { column: 0, turnsPerUnit: 1, stepTurns: 1, wrapTurns: 65_536 };
/** At most 100 turns a second: in a second and a gap of two, 301. */
const bounds = { fastestRpm: 6000, gapMs: 2000 };

function between(last: number, reading: number, ms: number, wrapTurns = counter.wrapTurns) {
  const past = { last, lastAt: 5000 };
  return difference({ ...counter, wrapTurns }, past, { reading, at: 5000 + ms }, bounds);
}

describe("the turns between two readings of a counter", () => {
  it("are their difference", () => {
    expect(between(30_000, 30_010, 1000)).toEqual({ turns: 10 });
    expect(between(30_000, 30_000, 1000)).toEqual({ turns: 0 });
  });

  it("are counted on through its end, however long nobody has read it, while none could hide", () => {
    expect(between(64_000, 64_010, 600_000)).toEqual({ turns: 10 });
    expect(between(2 ** 32 - 5, 2 ** 32 - 5 + 100, 1000, 2 ** 32)).toEqual({ turns: 100 });
    expect(between(-32_768 + 65_530, -32_768 + 3, 1000).turns).toBe(9);
  });

  it("are not known right behind its end, where it might as well have begun anew, and nothing is said", () => {
    expect(between(65_530, 4, 1000)).toEqual({ turns: undefined, lost: undefined });
    expect(between(65_530, 302, 1000).turns).toBeUndefined();
    expect(between(65_230, 65_530, 1000)).toEqual({ turns: 300 });
  });

  it("are not known when it went farther than the shaft can, and that is said", () => {
    const lost = "the counter went from 30000 to 0 turns in 1 s: it was reset, or jumped";
    expect(between(30_000, 0, 1000)).toEqual({ turns: undefined, lost });
    expect(between(30_000, 30_302, 1000).turns).toBeUndefined();
    expect(between(30_000, 30_301, 1000).turns).toBe(301);
    expect(between(30_000, 29_999, 1000, Number.POSITIVE_INFINITY).turns).toBeUndefined();
  });

  it("are not known when it was not read for so long that it may have come round, and that is said", () => {
    const lost = "the counter was not read for 12 min and may have come round more than once";
    expect(between(64_000, 64_010, 720_000)).toEqual({ turns: undefined, lost });
  });

  it("are not known when it may have begun anew while nobody read it, and that is said", () => {
    const lost = "the counter was not read for 1 min and may have begun anew at zero";
    expect(between(500, 700, 60_000)).toEqual({ turns: undefined, lost });
    expect(between(6500, 6700, 60_000)).toEqual({ turns: 200 });
  });

  it("are not known where nobody knows how fast the shaft may be", () => {
    const past = { last: 500, lastAt: 5000 };
    const now = { reading: 510, at: 6000 };
    const unknown = { fastestRpm: Number.NaN, gapMs: 2000 };
    expect(difference(counter, past, now, unknown)).toEqual({ turns: undefined, lost: undefined });
  });
});

describe("both sources together", () => {
  const since = startCount([], 2);

  it("leave what neither excludes", () => {
    const told = addSpeed({ ...since, turns: 990 }, { low: 900, high: 1100 });
    expect(byCounter(told, counter, 10)).toEqual({ low: 989, high: 1003 });
    expect(combine(told, { low: 989, high: 1003 })).toEqual({
      booked: { low: 989, high: 1003 },
      isDisputed: false,
    });
    expect(combine(told, { low: 1050, high: 1200 }).booked).toEqual({ low: 1050, high: 1100 });
  });

  it("leave all that either says where they contradict each other", () => {
    const told = addSpeed(since, { low: 900, high: 950 });
    const both = { booked: { low: 900, high: 1203 }, isDisputed: true };
    expect(combine(told, { low: 1199, high: 1203 })).toEqual(both);
  });

  it("hold the truth of any shaft that is read at any moments, and the count never widens", () => {
    const cycle = fc.record({
      turned: fc.double({ min: 0, max: 20, noNaN: true }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      error: fc.double({ min: 0, max: 0.2, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(cycle, { minLength: 3, maxLength: 60 }), (cycles) => {
        let way = 1000.3;
        let told = startCount([], 0);
        let last = Number.NaN;
        let zero = Number.NaN;
        cycles.forEach(({ turned, share, error }, i) => {
          // The reading of the sample that begins here comes later in its cycle.
          const reading = Math.floor(way + share * turned);
          const before = cycles[i - 1];
          if (i === 1) {
            zero = way;
            told = startCount([], reading - last);
          } else if (before !== undefined) {
            const { turned: really, error: off } = before;
            told = addSpeed(told, { low: really * (1 - off), high: really * (1 + error) });
            const said = byCounter(told, counter, reading - last);
            const { booked, isDisputed } = combine(told, said);
            expect(isDisputed).toBe(false);
            expect(booked.low).toBeLessThanOrEqual(way - zero + 1e-9);
            expect(booked.high).toBeGreaterThanOrEqual(way - zero - 1e-9);
            // Two readings are as much as two cycles of 20 turns apart, now and at first; and two steps.
            expect(said.high - said.low).toBeLessThanOrEqual(2 * 40 + 2);
            told = { ...told, booked, turns: told.turns + reading - last };
          }
          last = reading;
          way += turned;
        });
      }),
    );
  });
});
