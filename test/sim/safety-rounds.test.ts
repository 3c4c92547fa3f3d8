import { expect, it } from "vitest";
import { virtualRound } from "../campaign/safety-virtual.js";

/** Rounds of the safety campaign in which something once had energy and nobody looked. */
it.each([
  ["a drive takes its stop back before its shaft was ever seen at rest", 62],
  ["an output is turned up while its line is away and another actuator has not acted", 190],
])("is found and made safe where %s", async (_what, seed) => {
  expect((await virtualRound(seed, undefined)).violations).toEqual([]);
});
