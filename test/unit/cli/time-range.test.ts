import { describe, expect, it } from "vitest";
import { wallTime } from "../../../src/base/moment.js";
import { runTime } from "../../../src/cli/time-range.js";
import type { RecordReader } from "../../../src/record/reader-port.js";

describe("a date and time that a person gives", () => {
  const noon = Date.UTC(2026, 0, 31, 12);
  for (const text of [
    "2026-01-31 12:00",
    "2026-01-31T12:00",
    "2026-01-31T12:00Z",
    "2026-01-31 12:00 UTC",
    "2026-01-31 12:00:00",
    "2026-01-31T20:00+08:00",
    "2026-01-31 20:00 +0800",
    "2026-01-31T06:30-05:30",
  ]) {
    it(`means one moment whatever the machine's zone: ${text}`, () => {
      const zone = process.env["TZ"];
      try {
        for (const tz of ["UTC", "Asia/Shanghai", "America/New_York"]) {
          process.env["TZ"] = tz;
          expect(wallTime(text)).toBe(noon);
        }
      } finally {
        if (zone === undefined) delete process.env["TZ"];
        else process.env["TZ"] = zone;
      }
    });
  }

  it("is the beginning of the day, UTC, without a time", () => {
    expect(wallTime("2026-01-31")).toBe(Date.UTC(2026, 0, 31));
  });

  it("is refused where the calendar or the clock has none such", () => {
    for (const text of [
      "2026-02-31",
      "2026-13-01",
      "2026-01-31 24:00",
      "2026-01-31 12:60",
      "noon",
    ]) {
      expect(wallTime(text)).toBeUndefined();
    }
  });
});

/** A record of one sample a second whose wall clock was set on the way. */
function recordOf(walls: readonly number[]): RecordReader {
  const batch = {
    at: Float64Array.from(walls, (_, i) => i * 1000),
    wall: Float64Array.from(walls),
  };
  return {
    batches: () => [batch][Symbol.iterator](),
    stored: { lastSampleAt: () => (walls.length - 1) * 1000 },
  } as unknown as RecordReader;
}

describe("a moment of a run by wall time", () => {
  const s = 1000;
  const start = Date.UTC(1970, 0, 1);
  const set = Date.UTC(2026, 0, 1, 12);

  it("is found by the time that the samples bear, also after the clock was set", () => {
    const reader = recordOf([start, start + s, set, set + s, set + 2 * s]);
    expect(runTime("--from", "2026-01-01 12:00", reader)).toBe(2000);
    expect(runTime("--to", "2026-01-01 12:00:01", reader)).toBe(3000);
    expect(runTime("--from", "1970-01-01", reader)).toBe(0);
  });

  it("is the first of two for --from and the last for --to where the clock was set back", () => {
    const reader = recordOf([set, set + s, set + 2 * s, set, set + s, set + 2 * s]);
    expect(runTime("--from", "2026-01-01 12:00:01", reader)).toBe(1000);
    expect(runTime("--to", "2026-01-01 12:00:01", reader)).toBe(4000);
  });

  it("is beyond the samples where no sample bears it", () => {
    const reader = recordOf([set, set + s]);
    expect(runTime("--from", "2027-01-01", reader)).toBe(Number.POSITIVE_INFINITY);
    expect(runTime("--to", "2025-01-01", reader)).toBe(Number.NEGATIVE_INFINITY);
  });
});
