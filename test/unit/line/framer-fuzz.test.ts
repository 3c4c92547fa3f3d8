import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/random.js";
import { FramerFuzz } from "../../campaign/framer-fuzz.js";

/** The short form of `npm run campaign:framer`. */
const streams = 2500;

describe("the framers under random and damaged frames", () => {
  for (const wire of ["rtu", "tcp"] as const) {
    it(`let nothing wrong through and find the answer afterwards (${wire})`, () => {
      const fuzz = new FramerFuzz(randomStream(1, `fuzz ${wire}`));
      for (let i = 0; i < streams; i++) fuzz[wire]();
      expect(fuzz.counts).toMatchObject({ wrong: 0, deaf: 0 });
      expect(fuzz.counts.frames).toBeGreaterThan(3 * streams);
      expect(fuzz.counts.right).toBeGreaterThan(streams / 10);
    });
  }
});
