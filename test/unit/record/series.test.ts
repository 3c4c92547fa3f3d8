import { beforeAll, describe, expect, it } from "vitest";
import type { RunSample } from "../../../src/base/sample.js";
import { openRecord } from "../../../src/record/reader.js";
import { type Series, seriesOf } from "../../../src/record/series.js";
import { createRecord } from "../../../src/record/writer.js";
import { newRoot } from "./fixture.js";
import { header, ManualClock, sampleOf } from "./run.js";

const root = newRoot();
const samples = 20_000;

function made(cycle: number): RunSample {
  const sample = sampleOf(cycle);
  if (cycle % 1000 === 0) [sample.values[2], sample.quality[2]] = [Number.NaN, 3];
  return sample;
}

const all = Array.from({ length: samples }, (_, i) => made(i + 1));

/** The run goes on: some is folded, some is not. */
beforeAll(async () => {
  const options = { flushMs: Number.POSITIVE_INFINITY, flushSamples: 512 };
  const writer = await createRecord(root, header, new ManualClock(), options);
  for (let n = 1; n <= samples; n++) {
    writer.sample(made(n));
    await writer.pressure();
  }
  await writer.commit([]);
  await writer.close();
});

function read(from: number, to: number, buckets: number): Series {
  const reader = openRecord(root, "bench-1");
  const series = seriesOf(reader, 2, from, to, buckets);
  reader.close();
  return series;
}

describe("a column over time", () => {
  it.each([
    [0, 20_400_000, 17],
    [60_000, 18_060_000, 10],
    [3_600_000, 7_200_000, 3600],
    [5_000_000, 5_600_000, 100],
    [19_990_000, 20_000_000, 2],
  ])("from %d to %d ms in %d intervals is what the samples say", (from, to, buckets) => {
    const series = read(from, to, buckets);
    const width = (to - from) / buckets;
    for (let b = 0; b < buckets; b++) {
      const low = from + b * width;
      const within = all.filter(
        (s) => s.at >= low && (s.at < low + width || (b === buckets - 1 && s.at <= to)),
      );
      const values = within.map((s) => s.values[2]!).filter((v) => !Number.isNaN(v));
      // A rollup of a whole minute begins inside its interval, and ends at the next one's beginning.
      expect(series.count[b]).toBe(values.length);
      expect(series.worst[b]).toBe(Math.max(...within.map((s) => s.quality[2]!)));
      if (values.length === 0) continue;
      expect(series.min[b]).toBe(Math.min(...values));
      expect(series.max[b]).toBe(Math.max(...values));
      const mean = values.reduce((a, v) => a + v, 0) / values.length;
      expect(series.mean[b]).toBeCloseTo(mean, 9);
    }
  });

  it("says that there is nothing where there is nothing", () => {
    const series = read(-1000, -10, 3);
    expect([...series.count]).toEqual([0, 0, 0]);
    expect([...series.min, ...series.mean, ...series.max].every(Number.isNaN)).toBe(true);
  });
});
