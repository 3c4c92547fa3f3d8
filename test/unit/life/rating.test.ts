import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bearingRating,
  damageRateOf,
  equivalentOf,
  harmonicRating,
  l10Hours,
  rvRating,
  type SpectrumPart,
} from "../../../src/life/rating.js";

const hourMs = 3_600_000;

describe("hours of L10", () => {
  it("are 10^6 / 60 n (C/P)^p of a bearing: 940 h for 55.3 kN at 10 kN and 3000 rpm", () => {
    const hours = l10Hours(bearingRating("ball", 55_300), { load: 10_000, speedRpm: 3000 });
    expect(hours).toBeCloseTo((1e6 / (60 * 3000)) * 5.53 ** 3, 9);
    const roller = l10Hours(bearingRating("roller", 62_000), { load: 12_000, speedRpm: 1500 });
    expect(roller).toBeCloseTo((1e6 / (60 * 1500)) * (62 / 12) ** (10 / 3), 9);
  });

  it("are a fifth of the printed L50 at a harmonic reducer's ratings, and eight times as long at half the torque", () => {
    const rating = harmonicRating({ torqueNm: 67, speedRpm: 2000, lifeMs: 35_000 * hourMs });
    expect(l10Hours(rating, { load: 67, speedRpm: 2000 })).toBeCloseTo(7000, 9);
    expect(l10Hours(rating, { load: 33.5, speedRpm: 2000 })).toBeCloseTo(56_000, 8);
    expect(l10Hours(rating, { load: 67, speedRpm: -1000 })).toBeCloseTo(14_000, 9);
  });

  it("are the printed 6000 h at an RV reducer's ratings, with the exponent 10/3", () => {
    const rating = rvRating({ torqueNm: 167, speedRpm: 15, lifeMs: 6000 * hourMs });
    expect(l10Hours(rating, { load: 167, speedRpm: 15 })).toBeCloseTo(6000, 9);
    expect(l10Hours(rating, { load: 334, speedRpm: 15 })).toBeCloseTo(6000 / 2 ** (10 / 3), 9);
  });
});

const part = fc.record({
  load: fc.double({ min: 1, max: 500, noNaN: true }),
  speedRpm: fc.double({ min: 1, max: 3000, noNaN: true }),
  share: fc.double({ min: 0.01, max: 10, noNaN: true }),
});
const spectrum = fc.array(part, { minLength: 1, maxLength: 8 });

describe("the equivalent of a spectrum", () => {
  it("averages speed over time and load over turns: makers' mean torque", () => {
    const parts: SpectrumPart[] = [
      { load: 100, speedRpm: 1000, share: 1 },
      { load: 50, speedRpm: 2000, share: 1 },
      { load: 0, speedRpm: 0, share: 2 },
    ];
    const { load, speedRpm } = equivalentOf(parts, 3);
    expect(speedRpm).toBeCloseTo(750, 12);
    expect(load).toBeCloseTo(((100 ** 3 * 1000 + 50 ** 3 * 2000) / 3000) ** (1 / 3), 12);
  });

  it("spends as much life as its parts together (Palmgren-Miner)", () => {
    fc.assert(
      fc.property(spectrum, fc.constantFrom("ball" as const, "roller" as const), (parts, kind) => {
        const rating = bearingRating(kind, 5000);
        const damage = damageRateOf(rating);
        const total = parts.reduce((s, p) => s + p.share, 0);
        const summed = parts.reduce((s, p) => s + p.share * damage(p.speedRpm, p.load), 0);
        const { load, speedRpm } = equivalentOf(parts, rating.exponent);
        expect(damage(speedRpm, load) * total).toBeCloseTo(summed, 12);
        expect(Math.abs((damage(speedRpm, load) * total) / summed - 1)).toBeLessThan(1e-9);
        const hours = l10Hours(rating, { load, speedRpm });
        expect(Math.abs((hours * hourMs * summed) / total - 1)).toBeLessThan(1e-9);
      }),
    );
  });

  it("does not depend on the direction of turning or load, or on the sum of the shares", () => {
    fc.assert(
      fc.property(spectrum, (parts) => {
        const { load, speedRpm } = equivalentOf(parts, 3);
        const other = equivalentOf(
          parts.map((p, i) => ({
            load: i % 2 === 0 ? -p.load : p.load,
            speedRpm: i % 3 === 0 ? -p.speedRpm : p.speedRpm,
            share: 7 * p.share,
          })),
          3,
        );
        expect(Math.abs(other.load / load - 1)).toBeLessThan(1e-12);
        expect(Math.abs(other.speedRpm / speedRpm - 1)).toBeLessThan(1e-12);
      }),
    );
  });
});
