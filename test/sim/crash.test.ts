import { describe, expect, it } from "vitest";
import { crashRound } from "../campaign/crash-rounds.js";

const fewestEvents = 6;

/** Many more rounds: `npm run campaign:crash`. */
describe("a controller killed with kill -9", () => {
  it.each([1, 2])(
    "leaves a whole record with every acknowledged event, round %d",
    async (round) => {
      const { acknowledged, wrong } = await crashRound(round, fewestEvents);
      expect(wrong).toEqual([]);
      expect(acknowledged).toBeGreaterThanOrEqual(fewestEvents);
    },
  );
});
