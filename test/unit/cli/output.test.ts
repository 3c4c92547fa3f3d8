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

  it("keep a command whole, however long: what is copied from the screen works", () => {
    const command = "node bin/wearout.js --site '/my site' run resume a-1 --yes --token 480112";
    for (const end of ["", "; then look", " (twice)", ", or not"]) {
      const lines = fitted(`look at the rig, then: ${command}${end}`, 40).split("\n");
      expect(lines.some((line) => line.trim().startsWith(command))).toBe(true);
    }
    const help = `  ${command}    what it is for, in many words`;
    expect(fitted(help, 80).split("\n")[0]).toBe(`  ${command}`);
  });
});
