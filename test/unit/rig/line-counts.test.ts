import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LineStatistics, newStatistics } from "../../../src/line/line.js";
import { copyOf, countedSince } from "../../../src/rig/line-counts.js";

/** One exchange of a unit. */
type Counted = { unit: number; ok: boolean; code: number; ms: number };

function count(statistics: LineStatistics, { unit, ok, code, ms }: Counted): void {
  const of = statistics.units[unit] ?? { ...newStatistics(), units: undefined };
  statistics.units[unit] = of as LineStatistics["units"][number];
  for (const counts of [statistics, statistics.units[unit]!]) {
    counts.exchanges++;
    if (ok) counts.ok++;
    else counts.exceptions++;
  }
  const { exceptionCodes } = statistics;
  if (!ok) exceptionCodes[code] = (exceptionCodes[code] ?? 0) + 1;
  statistics.service.add(ms);
}

const exchanges = fc.array(
  fc.record({
    unit: fc.integer({ min: 1, max: 3 }),
    ok: fc.boolean(),
    code: fc.integer({ min: 1, max: 4 }),
    ms: fc.double({ min: 0.1, max: 1000, noNaN: true }),
  }),
);

describe("what a line has counted since a moment", () => {
  it("is what a line that began to count then has counted", () => {
    fc.assert(
      fc.property(exchanges, exchanges, (before, after) => {
        const goesOn = newStatistics();
        for (const one of before) count(goesOn, one);
        const then = copyOf(goesOn);
        const anew = newStatistics();
        for (const one of after) for (const s of [goesOn, anew]) count(s, one);
        const since = countedSince(goesOn, then);
        const { exchanges: all, ok, exceptions, service } = since;
        expect([all, ok, exceptions]).toEqual([anew.exchanges, anew.ok, anew.exceptions]);
        expect(service.count).toBe(anew.service.count);
        for (const share of after.length === 0 ? [] : [0.5, 0.99]) {
          // Both are upper ends of a bucket, unless one is the longest itself.
          expect(service.quantile(share)).toBeLessThanOrEqual(
            anew.service.quantile(share) * 1.0906,
          );
          expect(service.quantile(share)).toBeGreaterThanOrEqual(anew.service.quantile(share));
        }
        for (const { unit, code, ok: was } of after) {
          expect(since.units[unit]!.ok).toBe(anew.units[unit]!.ok);
          if (!was) expect(since.exceptionCodes[code]).toBe(anew.exceptionCodes[code]);
        }
      }),
    );
  });

  it("does not change when the line counts on", () => {
    const line = newStatistics();
    const then = copyOf(line);
    count(line, { unit: 1, ok: true, code: 1, ms: 5 });
    expect([then.exchanges, then.service.count, then.units]).toEqual([0, 0, {}]);
  });
});
