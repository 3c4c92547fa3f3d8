import { describe, expect, it } from "vitest";
import { parseDisposition } from "../../../src/run/disposition.js";

describe("a disposition", () => {
  it("says station, where the cause lay, what becomes of the specimen, and why", () => {
    const text = "s2=sensor continue: cable was loose, swapped with s3's: good";
    expect(parseDisposition(text, "anna@lab")).toEqual({
      station: "s2",
      kind: "sensor",
      decision: "continue",
      text: "cable was loose, swapped with s3's: good",
      by: "anna@lab",
    });
  });

  it.each([
    ["sensor continue: looked", "a station first"],
    ["=sensor continue: looked", "a station first"],
    ["s2=cable continue: looked", "outage, outside, equipment, sensor, specimen"],
    ["s2=sensor: looked", "continue, failed, withdrawn"],
    ["s2=sensor go: looked", "continue, failed, withdrawn"],
    ["s2=sensor continue", "after a colon what was looked at"],
    ["s2=sensor continue:  ", "after a colon what was looked at"],
    ["s2=sensor continue looked at 10:30", "after a colon what was looked at"],
  ])("is refused with what would be right: %s", (text, expected) => {
    expect(() => parseDisposition(text, "anna")).toThrow(expected);
  });

  it("is nobody's word without a name", () => {
    expect(() => parseDisposition("s2=sensor continue: looked", " ")).toThrow("who says so");
  });
});
