import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../../src/cli/site.js";

type Late = { file: string; name: string };
type Report = {
  status: number;
  passed: number;
  failed: number;
  late: Late[];
  load: number;
  cores: number;
};
type Words = {
  isOnlyLate(report: Report): boolean;
  afterRetry(first: Report, again: Report): Report;
  lastWords(first: Report, last: Report): string[];
};

const script = (name: string) => import(pathToFileURL(join(packageRoot, "bin", name)).href);
const { isOnlyLate, afterRetry, lastWords } = (await script("test-words.js")) as Words;
const { isLate } = (await script("test-report.js")) as {
  isLate(error: { message: string }): boolean;
};

const slow = { file: "test/a.test.ts", name: "a run ends" };
const other = { file: "test/b.test.ts", name: "a trip acts" };
const report = (failed: number, late: Late[], load = 20): Report => {
  return { status: failed > 0 ? 1 : 0, passed: 100 - failed, failed, late, load, cores: 2 };
};

describe("tests whose time ran out (F14)", () => {
  it("are those that say themselves that it is a time which is too long", () => {
    for (const message of ["Test timed out in 180000ms.", "time: expected 900 to be below 500"]) {
      expect(isLate({ message })).toBe(true);
    }
    expect(isLate({ message: "expected 3 to be 4" })).toBe(false);
    expect(isLate({ message: "the time of a sample: expected 3 to be 4" })).toBe(false);
  });

  it("are tried again only where nothing else failed", () => {
    expect(isOnlyLate(report(1, [slow]))).toBe(true);
    expect(isOnlyLate(report(2, [slow]))).toBe(false);
    expect(isOnlyLate(report(0, []))).toBe(false);
  });

  it("have passed when they pass by themselves, and the last words name them and the load", () => {
    const first = report(2, [slow, other]);
    const last = afterRetry(first, { ...report(0, []), passed: 2 });
    expect(last).toMatchObject({ status: 0, passed: 100, failed: 0 });
    expect(lastWords(first, last)).toEqual([
      `time had run out, the machine was too busy (load 20.0 on 2 cores); by themselves these passed:
  test/a.test.ts: a run ends
  test/b.test.ts: a trip acts`,
    ]);
  });

  it("are told apart from what failed for another reason when they ran again", () => {
    const first = report(2, [slow, other], 3);
    const last = afterRetry(first, { ...report(2, [slow]), passed: 0 });
    expect(last).toMatchObject({ status: 1, passed: 98, failed: 2 });
    expect(lastWords(first, last)).toEqual([
      "time ran out, the machine was not busy (load 3.0 on 2 cores):\n  test/a.test.ts: a run ends",
      "1 failed for other reasons, see above",
    ]);
  });
});
