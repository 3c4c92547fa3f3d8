import { afterAll, describe, expect, it } from "vitest";
import { exitCodeOf } from "../../src/run/exit-code.js";
import { removeFolders, type SimRun, simulate } from "./harness.js";
import { checkInvariants } from "./invariant.js";

afterAll(removeFolders);

const four = ["a", "b", "c", "d"];
const life = (seed: number, specimens = four) =>
  simulate({
    rig: "bearing-four",
    profile: "bearing-constant-load",
    specimens,
    seed,
    plant: { wear: 300 },
  });

const lived = new Map<number, Promise<SimRun>>();

/** The life of this seed, run once for all who only look at it. */
function lifeOf(seed: number): Promise<SimRun> {
  const known = lived.get(seed) ?? life(seed);
  lived.set(seed, known);
  return known;
}

/** Everything the disk has of the samples, as text. */
function samplesOf(run: SimRun): string {
  const rows = [...run.reader.samples()].map((s) => [s.cycle, s.at, ...s.values, ...s.quality]);
  return JSON.stringify(rows);
}

describe("bearings at constant load, to failure", () => {
  for (const seed of [1, 2, 3]) {
    it(`fails the station that is worn, and only that (seed ${seed})`, async () => {
      const run = await lifeOf(seed);
      checkInvariants(run);
      const { stations } = run.truths[0]!.truth;
      const worst = stations.reduce((a, b) => (b.spentFraction > a.spentFraction ? b : a));
      expect(worst.failed).toBe(true);
      const outcomes = Object.fromEntries(run.summary!.stations.map((s) => [s.station, s.outcome]));
      const expected = Object.fromEntries(
        stations.map((s) => [s.station, s.station === worst.station ? "failed" : "censored"]),
      );
      expect(outcomes).toEqual(expected);
      expect(run.summary).toMatchObject({ state: "Complete", outcome: "failed", simulated: true });
      expect(exitCodeOf(run.test.state)).toBe(6);
    });
  }

  it("gives the same events and samples for the same seed, and another life for another", async () => {
    const [one, again, other] = [await lifeOf(1), await life(1), await lifeOf(2)];
    expect(again.summary).toEqual(one.summary);
    expect([...again.reader.events()]).toEqual([...one.reader.events()]);
    expect(samplesOf(again)).toBe(samplesOf(one));
    expect(samplesOf(other)).not.toBe(samplesOf(one));
  });
});
