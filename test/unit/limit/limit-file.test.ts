import { describe, expect, it } from "vitest";
import { parseText } from "../../../src/base/schema.js";
import { Limit } from "../../../src/limit/limit.js";

function problemsOf(lines: string): string[] {
  const text = `name: hot\nrole: oil-temperature\nabove: 90 degC\nreaction: warn\n${lines}\n`;
  return parseText(Limit, text, "limit").problems.map((p) => `${p.field}: ${p.found}`);
}

describe("a limit in a file", () => {
  it("needs no priority and no guidance, and may have both, in one language or two", () => {
    expect(problemsOf("")).toEqual([]);
    expect(problemsOf("priority: urgent\nguidance: { en: oil it, zh: 加油 }")).toEqual([]);
    expect(problemsOf("guidance: { zh: 加油 }")).toEqual([]);
  });

  it("has no guidance that says nothing, and none in a language that nobody asked for", () => {
    expect(problemsOf("guidance: {}")).toEqual(["guidance: {}"]);
    expect(problemsOf('guidance: { en: "" }')).toEqual(['guidance.en: ""']);
    expect(problemsOf("guidance: { de: ölen }")).toEqual(['guidance.de: the unknown key "de"']);
    expect(problemsOf("priority: very")).toEqual(['priority: "very"']);
  });
});
