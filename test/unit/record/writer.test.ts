import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunSample } from "../../../src/base/sample.js";
import { openRecord } from "../../../src/record/reader.js";
import { openForReading } from "../../../src/record/sqlite.js";
import { verifyChain } from "../../../src/record/verify.js";
import { createRecord, reopenRecord } from "../../../src/record/writer.js";
import { newRoot } from "./fixture.js";
import { eventOf, header, ManualClock, sampleOf, summaryOf } from "./run.js";

const counted = { flushMs: Number.POSITIVE_INFINITY, flushSamples: 4 };

function blockCounts(folder: string): number[] {
  const db = openForReading(join(folder, "run.db"));
  const rows = db.prepare("SELECT count FROM sample_block ORDER BY seq").all();
  db.close();
  return rows.map((r) => Number(r["count"]));
}

/** Every row of every table, blobs as hex. */
function dump(folder: string): string[] {
  const db = openForReading(join(folder, "run.db"));
  const tables = ["meta", "file", "event", "sample_block", "run.sqlite_master"];
  const rows = tables.flatMap((t) => db.prepare(`SELECT * FROM ${t}`).all());
  db.close();
  const show = (_: string, v: unknown) =>
    v instanceof Uint8Array ? Buffer.from(v).toString("hex") : v;
  return rows.map((row) => JSON.stringify(row, show));
}

describe("record writer", () => {
  it("gives back every value and quality bit for bit", async () => {
    const root = newRoot();
    const number = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, -0, 5e-324, 1 / 3));
    const values = fc.array(number, { minLength: 3, maxLength: 3 });
    const quality = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 3, maxLength: 3 });
    const rows = fc.array(fc.tuple(values, quality), { minLength: 1, maxLength: 11 });
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        const samples = given.map(
          ([v, q], i): RunSample => ({
            ...sampleOf(i + 1),
            values: Float64Array.from(v),
            quality: Uint8Array.from(q),
          }),
        );
        const writer = await createRecord(root, header, new ManualClock(), counted);
        for (const sample of samples) writer.sample(sample);
        await writer.close();
        const reader = openRecord(root, writer.id);
        expect([...reader.samples()]).toEqual(samples);
        reader.close();
      }),
      { numRuns: 15 },
    );
  });

  it("keeps header, files and events as they were given", async () => {
    const root = newRoot();
    const clock = new ManualClock();
    const writer = await createRecord(root, header, clock, counted);
    await clock.advance(5000);
    const event = { ...eventOf(0, 'a "quoted"\nline \ud800 \0'), station: "s1" };
    await writer.commit([event, eventOf(1)]);
    const reader = openRecord(root, writer.id);
    expect(reader.header).toEqual({ ...header, id: "bench-1" });
    const [first, second] = [...reader.events()];
    expect(first).toMatchObject({ ...event, seq: 1, wall: clock.wall() });
    expect(second).toMatchObject({ ...eventOf(1), seq: 2 });
    expect([...reader.events(1)]).toEqual([second]);
    reader.close();
    await writer.close();
  });

  it("has every sample given before a commit on the disk when the commit resolves", async () => {
    const root = newRoot();
    const writer = await createRecord(root, header, new ManualClock(), counted);
    for (let n = 1; n <= 6; n++) writer.sample(sampleOf(n));
    await writer.commit([eventOf(6)]);
    writer.sample(sampleOf(7));
    const reader = openRecord(root, writer.id);
    expect([...reader.samples()].map((s) => s.cycle)).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...reader.events()].map((e) => e.cycle)).toEqual([6]);
    reader.close();
    await writer.close();
  });

  it("writes events in the order of the calls, awaited or not", async () => {
    const root = newRoot();
    const writer = await createRecord(root, header, new ManualClock(), counted);
    const commits = Array.from({ length: 20 }, (_, n) => writer.commit([eventOf(n)]));
    await Promise.all(commits);
    const reader = openRecord(root, writer.id);
    expect([...reader.events()].map((e) => e.cycle)).toEqual([...Array(20).keys()]);
    reader.close();
    await writer.close();
  });

  it("sends appended events with the next block or commit, in order", async () => {
    const root = newRoot();
    const writer = await createRecord(root, header, new ManualClock(), counted);
    writer.sample(sampleOf(1));
    writer.append([eventOf(1)]);
    expect(writer.backlog).toBe(0);
    await writer.commit([eventOf(2)]);
    writer.append([eventOf(3)]);
    for (let cycle = 2; cycle <= 5; cycle++) writer.sample(sampleOf(cycle));
    writer.append([eventOf(5)]);
    await writer.close();
    const reader = openRecord(root, writer.id);
    expect([...reader.events()].map((e) => e.cycle)).toEqual([1, 2, 3, 5]);
    expect(verifyChain(reader).ok).toBe(true);
    reader.close();
  });

  it("hands an appended event over when it is flushMs old", async () => {
    const root = newRoot();
    const clock = new ManualClock();
    const options = { flushMs: 1000, flushSamples: 512 };
    const writer = await createRecord(root, header, clock, options);
    writer.append([eventOf(1)]);
    await clock.advance(999);
    writer.sample(sampleOf(1));
    expect(clock.sleeping).toBe(1);
    expect(writer.backlog).toBe(0);
    await clock.advance(1);
    expect(writer.backlog).toBe(1);
    await writer.close();
  });

  it("groups samples by count", async () => {
    const writer = await createRecord(newRoot(), header, new ManualClock(), counted);
    for (let n = 1; n <= 10; n++) writer.sample(sampleOf(n));
    await writer.close();
    expect(blockCounts(writer.folder)).toEqual([4, 4, 2]);
  });

  it("hands samples over when the first of them is flushMs old", async () => {
    const root = newRoot();
    const clock = new ManualClock();
    const writer = await createRecord(root, header, clock, { flushMs: 1000, flushSamples: 512 });
    writer.sample(sampleOf(1));
    await clock.advance(999);
    writer.sample(sampleOf(2));
    expect(writer.backlog).toBe(0);
    await clock.advance(1);
    expect(writer.backlog).toBe(1);
    expect(clock.sleeping).toBe(0);
    writer.sample(sampleOf(3));
    expect(clock.sleeping).toBe(1);
    await writer.close();
    expect(clock.sleeping).toBe(0);
    expect(blockCounts(writer.folder)).toEqual([2, 1]);
  });

  it("writes the same bytes for the same inputs", async () => {
    const dumps: string[][] = [];
    for (let round = 0; round < 2; round++) {
      const writer = await createRecord(newRoot(), header, new ManualClock(), counted);
      for (let n = 1; n <= 30; n++) {
        writer.sample(sampleOf(n));
        if (n % 7 === 0) await writer.commit([eventOf(n), eventOf(n, "second")]);
      }
      await writer.end(summaryOf(writer.id));
      dumps.push(dump(writer.folder));
    }
    expect(dumps[0]).toEqual(dumps[1]);
    expect(dumps[0]?.length).toBeGreaterThan(20);
  });

  it("leaves an ended run as one plain file with the summary beside it", async () => {
    const root = newRoot();
    const writer = await createRecord(root, header, new ManualClock(), counted);
    await writer.commit([eventOf(0)]);
    await writer.end(summaryOf(writer.id));
    const files = ["files.json", "run.db", "run.db.sha256", "run.lock", "summary.json"];
    expect(readdirSync(writer.folder).sort()).toEqual(files);
    const text = readFileSync(join(writer.folder, "summary.json"), "utf8");
    expect(JSON.parse(text)).toEqual(summaryOf(writer.id));
    const reader = openRecord(root, writer.id);
    expect(reader.summary).toEqual(summaryOf(writer.id));
    expect(reader.condition).toBe("ended");
    reader.close();
    await expect(reopenRecord(root, writer.id, new ManualClock())).rejects.toMatchObject({
      code: "STATE_REFUSED",
    });
  });

  it("gives back the room kept for events when the run has ended", async () => {
    const root = newRoot();
    const clock = new ManualClock();
    const writer = await createRecord(root, header, clock, { flushMs: 1000, flushSamples: 512 });
    await writer.commit([eventOf(0)]);
    expect(readdirSync(writer.folder)).toContain("reserve");
    await writer.end(summaryOf(writer.id));
    expect(readdirSync(writer.folder)).not.toContain("reserve");
  });

  it("leaves one plain file with its digest also when it ends right after it was read and gone on with", async () => {
    const root = newRoot();
    const first = await createRecord(root, header, new ManualClock(), counted);
    await first.commit([eventOf(0)]);
    await first.close();
    const second = await reopenRecord(root, first.id, new ManualClock(), counted);
    const reader = openRecord(root, first.id);
    expect([...reader.events()]).toHaveLength(1);
    reader.close();
    await second.end(summaryOf(second.id));
    const files = ["files.json", "run.db", "run.db.sha256", "run.lock", "summary.json"];
    expect(readdirSync(second.folder).sort()).toEqual(files);
  });

  it("goes on where a closed record stopped", async () => {
    const root = newRoot();
    const first = await createRecord(root, header, new ManualClock(), counted);
    first.sample(sampleOf(1));
    await first.commit([eventOf(1)]);
    await first.close();
    const second = await reopenRecord(root, first.id, new ManualClock(), counted);
    expect(second.takenOver).toBeUndefined();
    second.sample(sampleOf(2));
    await second.commit([eventOf(2)]);
    await second.close();
    const reader = openRecord(root, first.id);
    expect([...reader.samples()].map((s) => s.cycle)).toEqual([1, 2]);
    expect([...reader.events()].map((e) => e.seq)).toEqual([1, 2]);
    reader.close();
  });

  it("numbers runs per rig, and two at the same moment get two numbers", async () => {
    const root = newRoot();
    mkdirSync(join(root, "bench-9"));
    const clock = new ManualClock();
    const other = { ...header, rig: "bench-two" };
    const writers = await Promise.all([
      createRecord(root, header, clock, counted),
      createRecord(root, header, clock, counted),
      createRecord(root, other, clock, counted),
    ]);
    expect(writers.map((w) => w.id)).toEqual(["bench-10", "bench-11", "bench-two-1"]);
    for (const writer of writers) await writer.close();
  });

  it("asks to wait when the worker is far behind, and lets go when it has caught up", async () => {
    const root = newRoot();
    const writer = await createRecord(root, header, new ManualClock(), counted);
    expect(writer.pressure()).toBeUndefined();
    for (let n = 1; n <= 4 * 65; n++) writer.sample(sampleOf(n));
    expect(writer.backlog).toBe(65);
    await writer.pressure();
    expect(writer.backlog).toBe(0);
    await writer.close();
    expect(blockCounts(writer.folder)).toEqual(Array(65).fill(4));
  });

  it("refuses every pending and later commit once its worker has died", async () => {
    const root = newRoot();
    let worker: Worker | undefined;
    process.once("worker", (w) => {
      worker = w;
    });
    const writer = await createRecord(root, header, new ManualClock(), counted);
    await writer.commit([eventOf(1)]);
    const pending = Array.from({ length: 50 }, (_, n) => writer.commit([eventOf(n + 2)]));
    const settled = Promise.allSettled(pending);
    await worker?.terminate();
    expect((await settled).at(-1)).toMatchObject({ reason: { code: "RECORD_FAILED" } });
    await expect(writer.commit([eventOf(9)])).rejects.toMatchObject({ code: "RECORD_FAILED" });
    expect(writer.failing?.code).toBe("RECORD_FAILED");
    for (let n = 1; n <= 5; n++) writer.sample(sampleOf(n));
    await expect(writer.close()).rejects.toMatchObject({ code: "RECORD_FAILED" });
    expect(writer.lostSamples).toBe(5);
    const next = await reopenRecord(root, writer.id, new ManualClock());
    await next.commit([eventOf(100)]);
    await next.close();
  });

  it("makes nothing when the records folder cannot be written", async () => {
    const root = newRoot();
    const file = join(root, "a-file");
    writeFileSync(file, "");
    await expect(createRecord(file, header, new ManualClock())).rejects.toMatchObject({
      code: "RECORD_FAILED",
    });
    expect(existsSync(join(file, "bench-1"))).toBe(false);
  });
});
