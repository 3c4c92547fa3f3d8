import { describe, expect, it } from "vitest";
import { checkedName, checkedSentence } from "../../../src/base/name.js";
import { visible, visibleLine } from "../../../src/base/visible.js";

describe("text of any origin", () => {
  it("loses what a terminal would obey, and shows what was there", () => {
    expect(visible("\u001b[31mred\u001b[0m \u009b2J \u007f bell\u0007")).toBe(
      "\\x1b[31mred\\x1b[0m \\x9b2J \\x7f bell\\x07",
    );
    expect(visible("turned \u202earound\u202c")).toBe("turned \\u202earound\\u202c");
  });

  it("keeps its lines, tabs and letters of every script", () => {
    expect(visible("批次 7\tµm\n°C")).toBe("批次 7\tµm\n°C");
    expect(visibleLine("a\nb\tc")).toBe("a\\nb\\tc");
  });
});

describe("a name where it is entered", () => {
  for (const name of ["B7", "6206-2RS/C3", "批次 7", "lot 12 (rework)", "Los #4", "ÄÖ_1.2"]) {
    it(`may be ${name}`, () => {
      expect(checkedName("--lot", name)).toBe(name);
    });
  }

  const refused = ["=1+1", "+1", "-1", "@x", "<script>", "a,b", 'a"b', "a\u001b[31m", "a\nb", " a"];
  for (const name of [...refused, "", "x".repeat(65), "a=b", "a&b", "a'b"]) {
    it(`is refused as ${JSON.stringify(name)}, shown without harm`, () => {
      expect(() => checkedName("--lot", name)).toThrow(/^--lot: found "[^\p{Cc}]*", expected/u);
    });
  }

  it("is a sentence on one line for a reason or a signature", () => {
    expect(checkedSentence("--by", "Mei <mei@lab>, night shift")).toContain("Mei");
    expect(() => checkedSentence("--by", "a\u001b[2J")).toThrow(/--by: found "a\\x1b\[2J"/);
    expect(() => checkedSentence("--reason", "a\nb")).toThrow(/one line/);
    expect(() => checkedSentence("--reason", " ")).toThrow(/--reason/);
  });
});
