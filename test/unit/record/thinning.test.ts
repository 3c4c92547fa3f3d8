import { describe, expect, it } from "vitest";
import type { Keep, RunSample } from "../../../src/base/sample.js";
import type { RecordEvent } from "../../../src/record/document/event.js";
import { openRecord } from "../../../src/record/reader.js";
import { verifyRun } from "../../../src/record/verify-run.js";
import { createRecord, reopenRecord } from "../../../src/record/writer.js";
import { newRoot } from "./fixture.js";
import { columns, eventOf, header, ManualClock, sampleOf, summaryOf } from "./run.js";

const clock = new ManualClock();
const counted = { flushMs: Number.POSITIVE_INFINITY, flushSamples: 512 };
const blackBox = { beforeMs: 60_000, afterMs: 30_000 };

function thinningHeader(keep: Keep): typeof header {
  const [speed, ...others] = columns;
  return { ...header, columns: [{ ...speed!, keep }, ...others], blackBox };
}

function tripAt(cycle: number): RecordEvent {
  const text = "vibration above 7.1 mm/s";
  return { kind: "trip", at: cycle * 1000, cycle, text, data: { limit: "vibration" } };
}

function all(root: string): RunSample[] {
  const reader = openRecord(root, "bench-1");
  const samples = [...reader.samples()];
  reader.close();
  return samples;
}

/** The numbers of the samples whose speed is the one that was measured. */
function kept(root: string): number[] {
  return all(root)
    .filter((s) => s.values[0] === sampleOf(s.cycle).values[0])
    .map((s) => s.cycle);
}

describe("a record that is told to keep less of a column", () => {
  it("keeps every sample around a trip, of the other columns everywhere, and verifies", async () => {
    const root = newRoot();
    const writer = await createRecord(root, thinningHeader({ every: 100 }), clock, counted);
    for (let n = 1; n <= 10_000; n++) {
      writer.sample(sampleOf(n));
      if (n === 5000) await writer.commit([tripAt(n)]);
      if (n % 3600 === 0) writer.append([eventOf(n)]);
    }
    await writer.end(summaryOf("bench-1"));
    const numbers = kept(root);
    const around = Array.from({ length: 91 }, (_, i) => 4940 + i);
    expect(numbers).toEqual(expect.arrayContaining(around));
    expect(numbers.filter((n) => n < 4940 || n > 5030).length).toBeLessThan(110);
    for (const s of all(root)) expect(s.values[1]).toBe(sampleOf(s.cycle).values[1]);
    expect(verifyRun(root, "bench-1", () => {}).findings).toEqual([]);
  });

  it("keeps every sample around an abort too that no trip explains, also once it was opened again", async () => {
    const root = newRoot();
    const first = await createRecord(root, thinningHeader({ every: 100 }), clock, counted);
    const data = { from: "Execute", to: "Aborting", command: "abort", reason: "abort by anna" };
    for (let n = 1; n <= 5001; n++) {
      first.sample(sampleOf(n));
      if (n === 5000)
        await first.commit([{ ...eventOf(n), text: "abort by anna", kind: "state", data }]);
    }
    await first.close();
    const second = await reopenRecord(root, "bench-1", clock, counted);
    for (let n = 5002; n <= 10_000; n++) second.sample(sampleOf(n));
    second.append([eventOf(10_000)]);
    await second.end(summaryOf("bench-1"));
    const around = Array.from({ length: 91 }, (_, i) => 4940 + i);
    expect(kept(root)).toEqual(expect.arrayContaining(around));
    expect(kept(root).length).toBeLessThan(250);
  });

  it("has every sample after the last checkpoint while it goes on, also once it was opened again", async () => {
    const root = newRoot();
    const first = await createRecord(root, thinningHeader({ every: 100 }), clock, counted);
    for (let n = 1; n <= 6000; n++) first.sample(sampleOf(n));
    first.append([eventOf(6000)]);
    await first.close();
    const again = await reopenRecord(root, "bench-1", clock, counted);
    for (let n = 6001; n <= 30_000; n++) {
      again.sample(sampleOf(n));
      if (n % 1000 === 0) await again.pressure();
    }
    await again.commit([]);
    const numbers = new Set(kept(root));
    expect(numbers.has(50)).toBe(false);
    for (let n = 6001; n <= 30_000; n++) expect(numbers.has(n)).toBe(true);
    await again.close();
  });

  it("knows of a trip that was before it was opened again", async () => {
    const root = newRoot();
    const first = await createRecord(root, thinningHeader({ change: 1e6 }), clock, counted);
    for (let n = 1; n <= 2000; n++) first.sample(sampleOf(n));
    await first.commit([tripAt(2000)]);
    await first.close();
    const again = await reopenRecord(root, "bench-1", clock, counted);
    for (let n = 2001; n <= 4000; n++) again.sample(sampleOf(n));
    await again.end(summaryOf("bench-1"));
    // The first sample of a chunk is kept as well.
    expect(kept(root)).toEqual([1, ...Array.from({ length: 91 }, (_, i) => 1940 + i)]);
  });
});
