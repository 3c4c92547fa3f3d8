import { expect, it } from "vitest";
import { meanCumulativeFunction } from "../../../src/life/mcf.js";

it("has no bounds as long as all systems had the same number of failures", () => {
  const systems = [
    { system: "a", start: 0, end: 10, failureTerminated: false, times: [3, 8] },
    { system: "b", start: 0, end: 12, failureTerminated: false, times: [5] },
  ];
  const [first, second, third] = meanCumulativeFunction(systems, 0.9);
  expect(first!.upper).toBeGreaterThan(first!.estimate);
  expect(second).toMatchObject({ estimate: 1, lower: Number.NaN, upper: Number.NaN });
  expect(third!.lower).toBeGreaterThan(1);
});
