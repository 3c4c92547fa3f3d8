import { expect, it } from "vitest";
import { nearest } from "../../../src/base/nearest.js";

it("takes a designation alone for the whole name, and a limit alone for that of its first station", () => {
  expect(nearest("6206", ["ball-bearing/6205", "ball-bearing/6206"])).toBe("ball-bearing/6206");
  expect(nearest("hot", ["hat", "hot@s1", "hot@s2"])).toBe("hot@s1");
});
