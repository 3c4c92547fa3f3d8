import { describe, expect, it } from "vitest";
import { fitted } from "../../../src/cli/output.js";

describe("lines on a narrow terminal", () => {
  it("are broken at blanks, the rest of each further in; what fits stays as it is", () => {
    const text = "head\n  caveat: one two three four five\nsix seven eight nine ten";
    expect(fitted(text, 20).split("\n")).toEqual([
      "head",
      "  caveat: one two",
      "    three four five",
      "six seven eight nine",
      "  ten",
    ]);
    expect(fitted(text, 80)).toBe(text);
  });
});
