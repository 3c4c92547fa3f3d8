import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bookSlice,
  type Counter,
  type Counts,
  counters,
  type ExposureSlice,
  emptyExposure,
  exposureOf,
  leastTimeMs,
  leastTurns,
  mostTurns,
  withTurns,
} from "../../../src/profile/exposure.js";

const counting = (counts: (counter: Counter) => boolean | undefined): Counts =>
  counters.map(counts);
const minute: ExposureSlice = {
  dtMs: 60_000,
  counts: counting(() => true),
  speedLowRpm: 1000,
  speedHighRpm: 1000,
  loadCyclesPerTurn: 2,
  damageLowPerMs: 1e-9,
  damageHighPerMs: 1e-9,
  powerLowW: 100,
  powerHighW: 100,
};
const book = (parts: Partial<ExposureSlice>) =>
  exposureOf(bookSlice(emptyExposure(), { ...minute, ...parts }));
const all = {
  timeOnTestMs: 60_000,
  timeAtStressMs: 60_000,
  turns: 1000,
  loadCycles: 2000,
  damage: 6e-5,
  energyJ: 6000,
};

describe("bookSlice", () => {
  it.each(counters)("books %s alone where nothing else counts", (only) => {
    const exposure = book({ counts: counting((counter) => counter === only) });
    for (const name of counters) {
      const value = name === only ? all[name] : 0;
      expect(exposure[name][0]).toBeCloseTo(value, 9);
      expect(exposure[name][1]).toBeCloseTo(value, 9);
    }
  });

  it.each(counters)("books %s as nothing at least where nobody knows whether it counts", (only) => {
    const exposure = book({ counts: counting((counter) => counter !== only || undefined) });
    for (const name of counters) {
      expect(exposure[name][0]).toBeCloseTo(name === only ? 0 : all[name], 9);
      expect(exposure[name][1]).toBeCloseTo(all[name], 9);
    }
  });
});

describe("withTurns", () => {
  it("replaces turns and the load cycles that go with them, and nothing else", () => {
    const old = bookSlice(emptyExposure(), minute);
    const next = withTurns(old, { low: 900, high: 950 }, 2);
    const turned = { turns: [900, 950], loadCycles: [1800, 1900] };
    expect(exposureOf(next)).toEqual({ ...exposureOf(old), ...turned });
    expect([leastTimeMs(next), leastTurns(next), mostTurns(next)]).toEqual([60_000, 900, 950]);
    expect(leastTurns(old)).toBe(1000);
  });
});

describe("bookSlice, with unknowns", () => {
  it("keeps what is at least apart from what is at most", () => {
    const between = {
      speedLowRpm: 900,
      speedHighRpm: 1100,
      damageLowPerMs: 0,
      damageHighPerMs: 5e-9,
    };
    const { turns, loadCycles, damage, timeOnTestMs } = book({ ...between, powerLowW: 50 });
    expect(turns).toEqual([900, 1100]);
    expect(loadCycles).toEqual([1800, 2200]);
    expect(damage[0]).toBe(0);
    expect(damage[1]).toBeCloseTo(3e-4, 12);
    expect(timeOnTestMs).toEqual([60_000, 60_000]);
    expect(book({ ...between, powerLowW: 50 }).energyJ).toEqual([3000, 6000]);
  });

  it("takes a rate that nobody knows for nothing at least, and for no bound at most", () => {
    const unknown = { speedLowRpm: Number.NaN, damageLowPerMs: Number.NaN };
    expect(book(unknown).turns).toEqual([0, 1000]);
    expect(book(unknown).damage[0]).toBe(0);
    expect(book({ speedHighRpm: Number.NaN }).turns).toEqual([1000, Infinity]);
    const { energyJ } = book({ powerHighW: Number.NaN });
    expect(JSON.stringify(energyJ)).toBe("[6000,null]");
  });
});

const maybe = (most: number) =>
  fc.oneof(fc.double({ min: 0, max: most, noNaN: true }), fc.constant(Number.NaN));
const sliceOf = fc.record({
  dtMs: fc.integer({ min: 0, max: 1_000_000 }),
  counts: fc.tuple(...counters.map(() => fc.constantFrom(true, false, undefined))),
  speedLowRpm: maybe(3000),
  speedHighRpm: fc.double({ min: 3000, max: 6000, noNaN: true }),
  loadCyclesPerTurn: fc.constantFrom(1, 2, 3.1),
  damageLowPerMs: maybe(1e-9),
  damageHighPerMs: fc.constant(1e-9),
  powerLowW: maybe(1000),
  powerHighW: fc.constant(1000),
});

describe("bookSlice, on any history", () => {
  it("keeps at least below at most, and never takes anything back", () => {
    fc.assert(
      fc.property(fc.array(sliceOf, { maxLength: 30 }), (slices) => {
        let before = emptyExposure();
        for (const slice of slices) {
          const after = bookSlice(before, slice);
          for (let i = 0; i < counters.length; i++) {
            expect(after[i]).toBeLessThanOrEqual(after[i + counters.length] ?? Number.NaN);
          }
          after.forEach((value, i) => {
            expect(value).toBeGreaterThanOrEqual(before[i] ?? Number.NaN);
          });
          before = after;
        }
      }),
    );
  });

  it("gives the same for a stretch booked whole or in two", () => {
    fc.assert(
      fc.property(sliceOf, fc.double({ min: 0, max: 1, noNaN: true }), (slice, share) => {
        const whole = bookSlice(emptyExposure(), slice);
        const first = bookSlice(emptyExposure(), { ...slice, dtMs: slice.dtMs * share });
        const both = bookSlice(first, { ...slice, dtMs: slice.dtMs * (1 - share) });
        whole.forEach((value, i) => {
          const error = Math.abs((both[i] ?? Number.NaN) - value);
          expect(error).toBeLessThanOrEqual(1e-9 * Math.max(1, value));
        });
      }),
    );
  });

  it("leaves the book it was given as it was", () => {
    const old = bookSlice(emptyExposure(), minute);
    const copy = old.slice();
    bookSlice(old, minute);
    expect(old).toEqual(copy);
  });

  it("refuses to book backwards in time", () => {
    expect(() => bookSlice(emptyExposure(), { ...minute, dtMs: -1 })).toThrow(/forward in time/);
  });
});
