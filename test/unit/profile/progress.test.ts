import { describe, expect, it } from "vitest";
import type { Segment } from "../../../src/profile/program.js";
import { type PlanRow, remainingMs, spentMs } from "../../../src/profile/timeline.js";

const row = (startMs: number, lengthMs: number, turns: number) =>
  ({ startMs, lengthMs, turns }) as PlanRow;
const segments = [{ kind: "dwell" }, { kind: "dwell", dwellTurns: 4000 }] as Segment[];
const plan = [row(0, 60_000, 0), row(60_000, 120_000, 4000)];

describe("how far a run is in its plan", () => {
  it("is what its steps have spent, whatever time went by while it was held", () => {
    expect(spentMs(plan, segments, { segment: 0, spent: 12_000 })).toBe(12_000);
    expect(remainingMs(plan, segments, { segment: 0, spent: 12_000 })).toBe(168_000);
  });

  it("of a step by turns is the share of its planned time", () => {
    expect(spentMs(plan, segments, { segment: 1, spent: 1000 })).toBe(30_000);
    expect(remainingMs(plan, segments, { segment: 1, spent: 1000 })).toBe(90_000);
  });

  it("of a step at rest that never ends by turns is nothing, and never less than nothing is left", () => {
    const still = [row(0, Number.POSITIVE_INFINITY, 0)];
    expect(spentMs(still, [segments[1]!], { segment: 0, spent: 0 })).toBe(0);
    expect(remainingMs(plan, segments, { segment: 0, spent: 70_000 })).toBe(120_000);
    expect(remainingMs(plan, segments, { segment: 2, spent: 0 })).toBe(0);
  });
});
