import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RunSample } from "../../../src/base/sample.js";
import { openRecord } from "../../../src/record/reader.js";
import { RunFile } from "../../../src/record/run-file.js";
import { openForReading } from "../../../src/record/sqlite.js";
import { createRecord, reopenRecord } from "../../../src/record/writer.js";
import { newRoot } from "./fixture.js";
import { eventOf, header, ManualClock, sampleOf, summaryOf } from "./run.js";

const clock = new ManualClock();
const counted = { flushMs: Number.POSITIVE_INFINITY, flushSamples: 512 };

/** With readings that are not there, and a wall clock that was set back on the way. */
function made(cycle: number): RunSample {
  const sample = sampleOf(cycle);
  if (cycle % 97 === 0) [sample.values[2], sample.quality[2]] = [Number.NaN, 3];
  return { ...sample, wall: sample.wall - (cycle > 5000 ? 3_600_000 : 0) };
}

function rowsOf(folder: string, table: string): number {
  const db = openForReading(join(folder, "run.db"));
  const rows = Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"]);
  db.close();
  return rows;
}

function all(root: string, from?: number, to?: number): RunSample[] {
  const reader = openRecord(root, "bench-1");
  const samples = [...reader.samples(from, to)];
  reader.close();
  return samples;
}

describe("folding", () => {
  it("goes on beside events that nobody waits for, however many there are", async () => {
    const root = newRoot();
    const writer = await createRecord(root, header, clock, counted);
    for (let n = 1; n <= 30_000; n++) {
      writer.sample(made(n));
      if (n % 360 === 0) writer.append([eventOf(n)]);
      if (n % 1000 === 0) await writer.pressure();
    }
    await writer.commit([eventOf(30_000)]);
    // Two chunks' worth may wait, and what came while the last one was made.
    expect(rowsOf(writer.folder, "sample_block")).toBeLessThan(40);
    expect(rowsOf(writer.folder, "chunk")).toBeGreaterThanOrEqual(3);
    await writer.end(summaryOf(writer.id));
    expect(all(root).length).toBe(30_000);
  });

  it("leaves every sample as it was, while the run goes on and after its end", async () => {
    const root = newRoot();
    const writer = await createRecord(root, header, clock, counted);
    const written: RunSample[] = [];
    for (let n = 1; n <= 10_000; n++) {
      written.push(made(n));
      writer.sample(made(n));
      if (n % 3000 === 0) await writer.commit([eventOf(n)]);
      if (n % 1000 === 0) await writer.pressure();
    }
    await writer.commit([eventOf(10_000)]);
    expect(all(root)).toEqual(written);
    expect(rowsOf(writer.folder, "chunk")).toBeGreaterThan(0);
    await writer.end(summaryOf(writer.id));
    expect(all(root)).toEqual(written);
    expect(rowsOf(writer.folder, "sample_block")).toBe(0);
    for (const [from, to] of [
      [4_000_000, 4_200_000],
      [4_096_000, 4_096_000],
      [9e6, 2e7],
    ] as const) {
      expect(all(root, from, to)).toEqual(written.filter((s) => s.at >= from && s.at <= to));
    }
  });

  it("goes on after the record was closed and opened again", async () => {
    const root = newRoot();
    for (let part = 0; part < 3; part++) {
      const writer = await (part === 0
        ? createRecord(root, header, clock, counted)
        : reopenRecord(root, "bench-1", clock, counted));
      for (let n = 1; n <= 3000; n++) writer.sample(made(part * 3000 + n));
      await writer.close();
    }
    const writer = await reopenRecord(root, "bench-1", clock, counted);
    await writer.end(summaryOf("bench-1"));
    expect(all(root).map((s) => s.cycle)).toEqual(Array.from({ length: 9000 }, (_, i) => i + 1));
    expect(rowsOf(writer.folder, "sample_block")).toBe(0);
  });

  it("happening between two looks of a reader gives it no sample twice and leaves none out", async () => {
    const root = newRoot();
    const writer = await createRecord(root, header, clock, counted);
    for (let n = 1; n <= 4000; n++) writer.sample(made(n));
    await writer.commit([]);
    const file = new RunFile(writer.folder);
    const pieces = file.pieces(0);
    const first = pieces.next().value;
    expect(first).toMatchObject({ block: { seq: 1 } });
    for (let n = 4001; n <= 20_000; n++) writer.sample(made(n));
    await writer.end(summaryOf("bench-1"));
    file.close();
    const reader = openRecord(root, "bench-1");
    const cycles: number[] = [];
    for (const sample of reader.samples()) cycles.push(sample.cycle);
    expect(cycles).toEqual(Array.from({ length: 20_000 }, (_, i) => i + 1));
    reader.close();
  });
});
