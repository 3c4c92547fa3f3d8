import { describe, expect, it } from "vitest";
import { type Condition, conditionHolds } from "../../../src/device/condition.js";
import { feedsOf } from "../../../src/device/watchdog.js";
import { sampleType } from "./sample-type.js";

const type = sampleType();

describe("a condition", () => {
  it.each<[Condition, string, number, boolean]>([
    ["running", "state", 1, true],
    ["running", "state", 0, false],
    [0.3, "setpoint", 0.1 + 0.2, true],
    [0, "fault", 1, false],
    [{ atMost: 2 }, "torque", -2, true],
    [{ atMost: 2 }, "torque", -2.01, false],
    [{ anyOf: ["stopped", 7] }, "state", 0, true],
    [{ anyOf: ["stopped", 7] }, "state", 7, true],
    [{ anyOf: ["stopped", 7] }, "state", 1, false],
  ])("%j of %s read as %d: %s", (condition, point, value, holds) => {
    expect(conditionHolds(type, point, condition, value)).toBe(holds);
  });

  it("never holds for a value that is none", () => {
    expect(conditionHolds(type, "torque", { atMost: 2 }, Number.NaN)).toBe(false);
    expect(conditionHolds(type, "state", "stopped", Number.NaN)).toBe(false);
  });
});

describe("what feeds a watchdog", () => {
  const watchdog = { required: {}, doesNotCover: "much" };

  it("is any request, unless the type names the words or says otherwise", () => {
    expect(feedsOf(watchdog)).toBe("requests");
    expect(feedsOf({ ...watchdog, fedBy: ["command"] })).toBe("words");
    expect(feedsOf({ ...watchdog, feeds: "frames" })).toBe("frames");
  });
});
