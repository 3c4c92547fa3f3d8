import { describe, expect, it } from "vitest";
import { timingOf, usualTurnaroundMs } from "../../../src/device/timing.js";

describe("the timing of a device (L3)", () => {
  it("is what the rig says, else what its type says, else what is usual", () => {
    const type = { turnaround: "200 ms", silence: "10 ms" };
    expect(timingOf({})).toEqual({ turnaroundMs: usualTurnaroundMs, silenceMs: 0 });
    expect(timingOf(type)).toEqual({ turnaroundMs: 200, silenceMs: 10 });
    expect(timingOf(type, { turnaround: "0.3 s", pause: "20 ms" })).toEqual({
      turnaroundMs: 300,
      silenceMs: 10,
      pauseMs: 20,
    });
    expect(timingOf({ pause: "20 ms" }, { pause: "0 ms" })).toEqual(timingOf({}));
  });

  it("leaves room for trip budgets of a second: 100 ms at most", () => {
    expect(usualTurnaroundMs).toBeLessThanOrEqual(100);
  });
});
