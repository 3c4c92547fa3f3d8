import { describe, expect, it } from "vitest";
import { failOnProblems, type Problem, unreadable, WearoutError } from "../../../src/base/error.js";

const problem: Problem = {
  ...{ file: "p.yaml", line: 3, column: 5, field: "steps[0].ramp.to.load" },
  ...{ found: "900 kN", expected: "at most 9 kN" },
};

describe("problems of files", () => {
  it("are told once each, however often they were met", () => {
    const other = { ...problem, line: 4 };
    try {
      failOnProblems([problem, other, { ...problem }, { ...problem }]);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(WearoutError);
      expect((error as WearoutError).problems).toEqual([problem, other]);
      expect((error as WearoutError).message).toMatch(
        /^2 problems in files:\n.*:3:5 .*\n.*:4:5 .*$/,
      );
    }
  });
});

describe("a file that cannot be read", () => {
  it("is named as it was given, with the reason in words", () => {
    const trouble = (code: string) => Object.assign(new Error("EIO: i/o error, read"), { code });
    expect(unreadable("a.csv", trouble("ENOENT")).message).toBe("a.csv: no such file");
    expect(unreadable("a.csv", trouble("EISDIR")).message).toBe("a.csv: is a folder");
    expect(unreadable("a.csv", trouble("EIO")).message).toBe("a.csv: EIO: i/o error, read");
    expect(unreadable("a.csv", trouble("EIO")).exitCode).toBe(3);
  });
});
