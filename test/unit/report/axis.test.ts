import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { timeLabels, timeTicks } from "../../../src/report/axis.js";

const min = 60_000;
const h = 60 * min;
const d = 24 * h;

describe("labels of a time axis", () => {
  it.each([
    ["a whole run in days", 0, 11 * d, ["0", "2 d", "4 d", "6 d", "8 d", "10 d"]],
    ["minutes of the eleventh day", 10 * d + 9 * h, 10 * d + 10 * h, ["10 d 9:00", "10 d 9:10"]],
    ["seconds of the third hour", 2 * h, 2 * h + 80_000, ["2:00:00", "2:00:10"]],
    ["parts of a second", 90_000, 92_000, ["0:01:30.000", "0:01:30.500"]],
  ])("%s", (_, from, to, labels) => {
    expect(timeLabels(timeTicks(from, to, 8)).slice(0, labels.length)).toEqual(labels);
  });

  it("are never two alike", () => {
    const span = fc.tuple(fc.nat(400 * d), fc.integer({ min: 100, max: 40 * d }));
    fc.assert(
      fc.property(span, ([from, length]) => {
        const labels = timeLabels(timeTicks(from, from + length, 8));
        expect(new Set(labels).size).toBe(labels.length);
      }),
    );
  });
});
