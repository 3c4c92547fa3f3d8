import { describe, expect, it } from "vitest";
import { crashRound } from "../campaign/crash-rounds.js";

/** Many more rounds: `npm run campaign:crash`. */
describe("a controller killed with kill -9", () => {
  it.each([1, 2])(
    "leaves a whole record with every acknowledged event, round %d",
    {
      timeout: 60_000,
    },
    async (round) => {
      const { acknowledged, wrong } = await crashRound(round);
      expect(wrong).toEqual([]);
      expect(acknowledged).toBeGreaterThan(5);
    },
  );
});
