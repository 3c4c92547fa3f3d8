/** Every kind of condition on the same scale: how late it is found over all phases of the cycle, in virtual time. */
import { describe, expect, it } from "vitest";
import { raised } from "../../../src/limit/check.js";
import { latencyMs } from "../../../src/limit/latency.js";
import type { Limit } from "../../../src/limit/limit.js";
import { kinds, Looking, type Proof } from "./kinds.js";

const cycles = [200, 1000, 10_000];
const phases = 8;
const eventAt = 1_000_000;

/** When it was raised, after it was due; NaN: not until long after. */
function lateMs(proof: Proof, cycleMs: number, phase: number, more: Partial<Limit>): number {
  const looking = new Looking(proof, eventAt, more);
  const most = latencyMs(looking.limit, cycleMs);
  const offset = (phase * cycleMs) / phases;
  const from = Math.floor((eventAt - 20 * cycleMs) / cycleMs) * cycleMs + offset;
  for (let at = from; at <= eventAt + proof.dueMs + most + 2 * cycleMs; at += cycleMs) {
    if (looking.look(at) === raised) return at - eventAt - proof.dueMs;
  }
  return Number.NaN;
}

function allPhases(proof: Proof, cycleMs: number, more: Partial<Limit> = {}): number[] {
  return Array.from({ length: phases }, (_, phase) => lateMs(proof, cycleMs, phase, more));
}

describe("how late a limit is found", () => {
  it.each(kinds)(
    "of %s is never later than stated, and never before the quantity is there",
    (_, proof) => {
      for (const cycleMs of cycles) {
        const late = allPhases(proof, cycleMs);
        const stated = latencyMs(new Looking(proof, eventAt).limit, cycleMs);
        expect(Math.max(...late)).toBeLessThanOrEqual(stated);
        // Silence counts from the last good answer, which is what it is about.
        const earliest = proof.event === "silence" ? -cycleMs : 0;
        expect(Math.min(...late)).toBeGreaterThanOrEqual(earliest);
        // Nor is more stated than it may be: two cycles are never to spare.
        expect(Math.max(...late)).toBeGreaterThan(stated - 2 * cycleMs);
      }
    },
  );

  it.each(kinds)("of %s with `for` is so much later, and not sooner than that", (_, proof) => {
    for (const cycleMs of cycles) {
      const more = { for: "25 s" } as const;
      const late = allPhases(proof, cycleMs, more);
      const stated = latencyMs(new Looking(proof, eventAt, more).limit, cycleMs);
      expect(Math.max(...late)).toBeLessThanOrEqual(stated);
      expect(Math.min(...late)).toBeGreaterThanOrEqual(25_000 - (proof.event ? cycleMs : 0));
    }
  });

  it("by count is that of so many samples", () => {
    const proof = kinds.find(([kind]) => kind === "above")![1];
    const more = { count: { times: 3, within: "1 min" } };
    for (const cycleMs of cycles) {
      const late = allPhases(proof, cycleMs, more);
      expect(Math.max(...late)).toBeLessThanOrEqual(3 * cycleMs);
      expect(Math.min(...late)).toBeGreaterThanOrEqual(2 * cycleMs);
    }
  });
});
