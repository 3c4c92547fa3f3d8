import { describe, expect, it } from "vitest";
import { assignments } from "../../../src/cli/option.js";

describe("NAME=VALUE on a command line", () => {
  it("is taken at its first equals sign", () => {
    expect(assignments("--set", ["load=1kN", "note=a=b"])).toEqual([
      ["load", "1kN"],
      ["note", "a=b"],
    ]);
  });

  it("is refused twice for one name: nobody knows which is meant", () => {
    expect(() => assignments("--set", ["load=1kN", "load=2kN"])).toThrow(
      "--set: found load a second time, expected every name once",
    );
  });
});
