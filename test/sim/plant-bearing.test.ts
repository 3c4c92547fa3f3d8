import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StationSpec } from "../../src/sim/plant.js";
import { bearingPlant } from "../../src/sim/plant-bearing.js";

const hour = 3.6e6;
const c = 20_300;
const bore = 30;

function specimen(station: string, kind = "ball-bearing"): StationSpec {
  return { station, specimen: `${station}-specimen`, kind, ratings: { C: c, bore } };
}

const four = ["s1", "s2", "s3", "s4"].map((name) => specimen(name));
const quiet = { noise: 0, "ambient-swing": 0 };
const commands = (speed: number, load: number) => Float64Array.of(speed, load);

function outputs(plant: ReturnType<typeof bearingPlant>): Float64Array {
  return Float64Array.from(plant.outputs, (_, i) => plant.output(i));
}

/** ISO 281 basic rating life in turns. */
const l10Turns = (load: number, exponent = 3) => 1e6 * (c / load) ** exponent;

describe("lives of simulated bearings", () => {
  const shape = 1.5;
  const drawn = Array.from({ length: 500 }, (_, seed) => bearingPlant(four, seed).truth().stations)
    .flat()
    .map((s) => s.values["onsetL10"]!);
  const count = drawn.length;

  /** Maximum likelihood of a complete Weibull sample; the shape's equation is monotone. */
  function weibullFit(lives: readonly number[]): { shape: number; scale: number } {
    const meanLog = lives.reduce((s, t) => s + Math.log(t), 0) / lives.length;
    const excess = (k: number) => {
      const powers = lives.map((t) => t ** k);
      const total = powers.reduce((s, v) => s + v, 0);
      const logs = powers.reduce((s, v, i) => s + v * Math.log(lives[i]!), 0);
      return logs / total - 1 / k - meanLog;
    };
    let [low, high] = [0.1, 10];
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2;
      if (excess(middle) > 0) high = middle;
      else low = middle;
    }
    const scale = (lives.reduce((s, t) => s + t ** low, 0) / lives.length) ** (1 / low);
    return { shape: low, scale };
  }

  it("give back the Weibull shape and scale they were drawn with", () => {
    const fitted = weibullFit(drawn);
    // Asymptotic standard errors of a complete sample: 0.780 k / sqrt(n), 1.053 / (k sqrt(n)) of log.
    const shapeError = (0.7797 * shape) / Math.sqrt(count);
    const logScaleError = 1.053 / (shape * Math.sqrt(count));
    const scale = 0.1053605 ** (-1 / shape);
    expect(count).toBe(2000);
    expect(Math.abs(fitted.shape - shape)).toBeLessThan(3.3 * shapeError);
    expect(Math.abs(Math.log(fitted.scale / scale))).toBeLessThan(3.3 * logScaleError);
  });

  it("end before L10 in one case of ten", () => {
    const early = drawn.filter((life) => life < 1).length / count;
    expect(Math.abs(early - 0.1)).toBeLessThan(3.3 * Math.sqrt((0.1 * 0.9) / count));
  });

  it("depend on the seed, the station and the specimen, and on nothing else", () => {
    const life = (seed: number, spec: StationSpec, parameters = {}) =>
      bearingPlant([spec], seed, parameters).truth().stations[0]!.lifeTurns;
    const base = life(7, specimen("s1"));
    expect(life(7, specimen("s1"))).toBe(base);
    expect(bearingPlant(four, 7).truth().stations[0]!.lifeTurns).toBe(base);
    expect(life(7, specimen("s1"), { wear: 50, ambient: 40 })).toBe(base);
    expect(life(8, specimen("s1"))).not.toBe(base);
    expect(life(7, { ...specimen("s1"), specimen: "other" })).not.toBe(base);
    expect(life(7, { ...specimen("s1"), station: "s2" })).not.toBe(base);
  });
});

describe("damage of simulated bearings", () => {
  /** Milliseconds at a settled speed and load that spend a share of the specimen's own life. */
  function lifeMs(onset: number, share: number, speed: number, load: number): number {
    return ((share * onset * l10Turns(load)) / speed) * 60_000;
  }

  it("adds up over loads: half a life at one and half at another is a failure", () => {
    const plant = bearingPlant([specimen("s1")], 3, quiet);
    const state = () => plant.truth().stations[0]!;
    const onset = state().values["onsetL10"]!;
    plant.advance(60_000, commands(3000, 5000));
    plant.advance(lifeMs(onset, 0.5 - state().spentFraction, 3000, 5000), commands(3000, 5000));
    expect(state().spentFraction).toBeCloseTo(0.5, 9);
    plant.advance(60_000, commands(1500, 8000));
    const rest = lifeMs(onset, 1 - state().spentFraction, 1500, 8000);
    plant.advance(rest * (1 - 1e-6), commands(1500, 8000));
    expect(state()).toMatchObject({ failed: false, turnsAtFailure: undefined });
    plant.advance(rest * 2e-6, commands(1500, 8000));
    expect(state()).toMatchObject({ failed: true, mode: "spall" });
    expect(state().turnsAtFailure! / state().turns).toBeCloseTo(1, 5);
  });

  it("uses exponent 10/3 for rollers", () => {
    const plant = bearingPlant([specimen("s1", "roller-bearing")], 3, quiet);
    const damage = () => plant.truth().stations[0]!.values["damageL10"]!;
    plant.advance(60_000, commands(3000, 5000));
    const before = damage();
    plant.advance(hour, commands(3000, 5000));
    expect((damage() - before) / ((3000 * 60) / l10Turns(5000, 10 / 3))).toBeCloseTo(1, 9);
  });

  it("knows the turn of failure within one long step as within short ones", () => {
    const failure = (stepMs: number) => {
      const plant = bearingPlant([specimen("s1")], 5, { ...quiet, wear: 1000 });
      for (let t = 0; t < 4 * hour; t += stepMs) plant.advance(stepMs, commands(3000, 6000));
      return plant.truth().stations[0]!.turnsAtFailure!;
    };
    expect(failure(4 * hour) / failure(10_000)).toBeCloseTo(1, 9);
  });

  it("is multiplied by the wear factor, and life is all that wear changes", () => {
    const fresh = (wear: number) => {
      const plant = bearingPlant(four, 9, { ...quiet, wear });
      plant.advance(60_000, commands(3000, 5000));
      return plant;
    };
    const [slow, fast] = [fresh(1), fresh(100)];
    expect([...outputs(fast)]).toEqual([...outputs(slow)]);
    slow.truth().stations.forEach((s, i) => {
      const worn = fast.truth().stations[i]!;
      expect(worn.lifeTurns).toBe(s.lifeTurns);
      expect(worn.spentFraction / s.spentFraction).toBeCloseTo(100, 9);
    });
  });

  it("does not move at rest or without load", () => {
    const plant = bearingPlant(four, 1, quiet);
    plant.advance(1000 * hour, commands(0, 8000));
    expect(plant.truth().stations.every((s) => s.spentFraction === 0 && s.turns === 0)).toBe(true);
    plant.advance(10_000, commands(0, 0));
    plant.advance(1000 * hour, commands(3000, 0));
    expect(plant.truth().stations.every((s) => s.spentFraction < 1e-12)).toBe(true);
    expect(plant.truth().stations[0]!.turns / (3000 * 60 * 1000)).toBeCloseTo(1, 5);
  });
});

describe("what a bearing rig shows", () => {
  it("settles at the closed-form temperature, and is on its way there exponentially", () => {
    const plant = bearingPlant(four, 2, quiet);
    plant.advance(100 * hour, commands(3000, 5000));
    const heat = 0.5 * 0.0015 * 5000 * (bore / 1000) * ((3000 * Math.PI) / 30);
    const rise = (i: number) => outputs(plant)[3 + 2 * i]! - 23;
    plant.truth().stations.forEach(({ values }, i) => {
      expect(values["kelvinPerW"]).toBeGreaterThan(0.44);
      expect(values["kelvinPerW"]).toBeLessThan(0.56);
      expect(rise(i)).toBeCloseTo(values["kelvinPerW"]! * heat, 8);
    });
    const hot = rise(0);
    // Heat ends while the shaft runs down (3 s of ramp): the rest is one exponential.
    plant.advance(60_000, commands(0, 0));
    const begun = rise(0);
    expect(begun).toBeLessThan(hot);
    plant.advance(1_200_000, commands(0, 0));
    expect(rise(0) / begun).toBeCloseTo(Math.exp(-1), 9);
  });

  it("vibrates at 1.2 mm/s when sound and beyond 10 mm/s after 3 % more life", () => {
    const plant = bearingPlant([specimen("s1")], 4, quiet);
    const vibration = () => outputs(plant)[4]!;
    const until = (share: number) => {
      const { spentFraction, values } = plant.truth().stations[0]!;
      const turns = (share - spentFraction) * values["onsetL10"]! * l10Turns(6000);
      plant.advance((turns / 3000) * 60_000, commands(3000, 6000));
    };
    plant.advance(60_000, commands(3000, 6000));
    const sound = vibration();
    expect(sound).toBeGreaterThan(1);
    expect(sound).toBeLessThan(1.4);
    until(0.999);
    expect(vibration()).toBe(sound);
    const coldRise = outputs(plant)[3]!;
    const soundPower = outputs(plant)[2]!;
    until(1.03);
    expect(vibration() / sound).toBeCloseTo(Math.exp(2.3), 6);
    expect(vibration()).toBeGreaterThan(8.5);
    until(1.035);
    expect(vibration()).toBeGreaterThan(10);
    expect(outputs(plant)[3]!).toBeGreaterThan(coldRise + 10);
    expect(outputs(plant)[2]!).toBeGreaterThan(soundPower + 30);
    until(3);
    expect(vibration() / sound).toBe(50);
  });

  it("does not depend on how the time is cut, within 1e-9", () => {
    const part = fc.record({
      seconds: fc.integer({ min: 1, max: 5000 }),
      cuts: fc.integer({ min: 1, max: 20 }),
      speed: fc.integer({ min: 0, max: 6000 }),
      load: fc.integer({ min: 0, max: 9000 }),
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (programme) => {
        const [whole, cut] = [bearingPlant(four, 1, quiet), bearingPlant(four, 1, quiet)];
        for (const { seconds, cuts, speed, load } of programme) {
          whole.advance(seconds * 1000, commands(speed, load));
          for (let i = 0; i < cuts; i++)
            cut.advance((seconds * 1000) / cuts, commands(speed, load));
        }
        const got = outputs(cut);
        outputs(whole).forEach((v, i) => {
          expect(Math.abs(got[i]! - v)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(v)));
        });
        whole.truth().stations.forEach((s, i) => {
          const other = cut.truth().stations[i]!;
          expect(Math.abs(other.turns - s.turns)).toBeLessThanOrEqual(1e-9 * s.turns);
          const difference = Math.abs(other.spentFraction - s.spentFraction);
          expect(difference).toBeLessThanOrEqual(1e-9 * s.spentFraction);
        });
      }),
      { numRuns: 60 },
    );
  });

  it("gives the same bytes for the same seed, and others for another", () => {
    const trace = (seed: number) => {
      const plant = bearingPlant(four, seed, { wear: 2000 });
      const all: number[] = [];
      for (let i = 0; i < 500; i++) {
        plant.advance(10_000, commands(i < 450 ? 3000 : 0, 5000));
        all.push(...outputs(plant));
      }
      return Buffer.from(Float64Array.from(all).buffer).toString("base64");
    };
    expect(trace(7)).toBe(trace(7));
    expect(trace(7)).not.toBe(trace(8));
  });

  it("scatters from instant to instant as its instruments do", () => {
    const plant = bearingPlant(four, 7, { "ambient-swing": 0 });
    plant.advance(100 * hour, commands(3000, 1000));
    const count = 2000;
    const deviations = Array.from({ length: count }, () => {
      plant.advance(1000, commands(3000, 1000));
      return outputs(plant)[0]! - 3000;
    });
    const variance = deviations.reduce((s, d) => s + d * d, 0) / count;
    // Four standard errors of a variance, 2 sigma^4 / n.
    expect(Math.abs(variance / 0.4 ** 2 - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
  });

  it("feels the room's daily swing even at rest, and agrees on it in all housings", () => {
    const plant = bearingPlant(four, 7, { noise: 0, ambient: 30, "ambient-swing": 2 });
    const seen = Array.from({ length: 96 }, () => {
      plant.advance(hour / 4, commands(0, 0));
      const out = outputs(plant);
      expect(out[5]).toBe(out[3]);
      return out[3]!;
    });
    const damped = 2 / Math.hypot(1, (2 * Math.PI * 1200) / 86_400);
    expect(Math.max(...seen)).toBeCloseTo(30 + damped, 2);
    expect(Math.min(...seen)).toBeCloseTo(30 - damped, 2);
  });

  it("shows the same at an instant whoever has read before", () => {
    const [read, unread] = [bearingPlant(four, 7), bearingPlant(four, 7)];
    for (let i = 0; i < 100; i++) {
      read.advance(1000, commands(3000, 5000));
      unread.advance(1000, commands(3000, 5000));
      outputs(read);
    }
    expect([...outputs(unread)]).toEqual([...outputs(read)]);
  });
});
