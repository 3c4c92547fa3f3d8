import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { recordsRoot } from "../../../src/record/folder.js";
import { listRuns, openRecord } from "../../../src/record/reader.js";
import { openForWriting } from "../../../src/record/sqlite.js";
import { verifyChain } from "../../../src/record/verify/verify.js";
import { createRecord } from "../../../src/record/writer.js";
import { newRoot, startChild } from "./fixture.js";
import { epoch, eventOf, header, ManualClock, sampleOf, summaryOf } from "./run.js";

const clock = new ManualClock();
const counted = { flushMs: Number.POSITIVE_INFINITY, flushSamples: 7 };

async function writeRun(root: string, samples: number, end: boolean): Promise<string> {
  const writer = await createRecord(root, header, clock, counted);
  for (let n = 1; n <= samples; n++) {
    writer.sample(sampleOf(n));
    if (n % 10 === 0) await writer.commit([eventOf(n)]);
  }
  await (end ? writer.end(summaryOf(writer.id)) : writer.close());
  return writer.folder;
}

describe("record reader", () => {
  const root = newRoot();
  beforeAll(() => writeRun(root, 1000, false));

  it.each([
    [-5, 3000],
    [1000, 1000],
    [3500, 3900],
    [499_500, 512_000],
    [995_000, 1e9],
    [2e6, 3e6],
  ])("gives exactly the samples from %d to %d ms", (from, to) => {
    const reader = openRecord(root, "bench-1");
    const all = Array.from({ length: 1000 }, (_, i) => (i + 1) * 1000);
    const found = [...reader.samples(from, to)].map((s) => s.at);
    expect(found).toEqual(all.filter((at) => at >= from && at <= to));
    reader.close();
  });

  it("pages through more events than one query returns", async () => {
    const big = newRoot();
    const writer = await createRecord(big, header, clock);
    await writer.commit(Array.from({ length: 2500 }, (_, n) => eventOf(n)));
    const reader = openRecord(big, writer.id);
    expect([...reader.events()].map((e) => e.seq)).toEqual(
      Array.from({ length: 2500 }, (_, i) => i + 1),
    );
    expect([...reader.events(2499)].map((e) => e.seq)).toEqual([2500]);
    reader.close();
    await writer.close();
  });

  it("reads from other processes while the run is being written", async () => {
    const live = newRoot();
    const writer = startChild(["write-new", live]);
    expect(await writer.line()).toBe("1");
    let seen = 0;
    for (let round = 0; round < 3; round++) {
      const child = startChild(["read", live, "bench-1"]);
      const found = JSON.parse((await child.line()) ?? "{}");
      expect(found).toMatchObject({ condition: "running", ok: true });
      expect(found.events).toBeGreaterThan(seen);
      expect(found.samples).toBeGreaterThanOrEqual(found.events);
      seen = found.events;
      expect(await child.end).toBe(0);
    }
    writer.kill();
    await writer.end;
  });

  it("sees the end of a run that it was open during, and does not hold it up", async () => {
    const folder = newRoot();
    const writer = await createRecord(folder, header, clock, counted);
    writer.sample(sampleOf(1));
    await writer.commit([eventOf(1)]);
    const reader = openRecord(folder, writer.id);
    expect([reader.condition, reader.summary]).toEqual(["running", undefined]);
    await writer.end(summaryOf(writer.id));
    expect([reader.condition, reader.summary]).toEqual(["ended", summaryOf(writer.id)]);
    expect([...reader.samples()].length).toBe(1);
    reader.close();
  });

  it("does not let the writer's WAL grow while an iterator is left open", async () => {
    const writer = await createRecord(newRoot(), header, clock, counted);
    const { folder } = writer;
    await writer.commit(Array.from({ length: 1500 }, (_, n) => eventOf(n)));
    const reader = openRecord(join(folder, ".."), writer.id);
    const events = reader.events();
    events.next();
    const text = "x".repeat(50_000);
    for (let n = 0; n < 400; n++) await writer.commit([eventOf(n, text)]);
    const walBytes = readFileSync(join(folder, "run.db-wal")).byteLength;
    expect(walBytes).toBeLessThan(8e6);
    reader.close();
    await writer.close();
  });
});

describe("what is not a record", () => {
  it("is unknown, with the near ids named", async () => {
    const root = newRoot();
    expect(() => openRecord(root, "bench-1")).toThrow(/no run "bench-1" under .*holds no runs/);
    await writeRun(root, 1, false);
    expect(() => openRecord(root, "bnech-1")).toThrow(/no run "bnech-1" .*"bench-1" \(did you/);
    expect(() => openRecord(root, "../bench-1")).toThrow(
      expect.objectContaining({ code: "RECORD_UNKNOWN" }),
    );
  });

  it("is damaged when there is no run.db, or something else of that name", () => {
    const root = newRoot();
    mkdirSync(join(root, "bench-1"));
    expect(() => openRecord(root, "bench-1")).toThrow(
      expect.objectContaining({ code: "RECORD_DAMAGED" }),
    );
    writeFileSync(join(root, "bench-1", "run.db"), "not a database".repeat(100));
    expect(() => openRecord(root, "bench-1")).toThrow(/damaged: file is not a database/);
    rmSync(join(root, "bench-1", "run.db"));
    const db = openForWriting(join(root, "bench-1", "run.db"));
    db.exec("CREATE TABLE mine (x)");
    db.close();
    expect(() => openRecord(root, "bench-1")).toThrow(/run.db is not the record of a run/);
  });

  it("is damaged, in SQLite's own words, where the head of its file or of a page is", async () => {
    const root = newRoot();
    const path = join(await writeRun(root, 1, true), "run.db");
    const bytes = readFileSync(path);
    // SQLite file format, 1.3.13 and 1.6: text encoding, and the type of the first page.
    for (const at of [59, 100]) {
      const changed = Uint8Array.from(bytes);
      changed[at] = 2;
      writeFileSync(path, changed);
      expect(() => openRecord(root, "bench-1")).toThrow(
        expect.objectContaining({
          code: "RECORD_DAMAGED",
          message: expect.stringMatching(/damaged: .*malformed.*; nothing of it can be read/),
        }),
      );
    }
  });

  it("is refused when its layout is of a later version", async () => {
    const root = newRoot();
    const folder = await writeRun(root, 1, false);
    const db = openForWriting(join(folder, "run.db"));
    db.exec("PRAGMA user_version = 3");
    db.close();
    expect(() => openRecord(root, "bench-1")).toThrow(/has layout 3, .* reads layouts up to 2/);
  });

  it("says up to where a file with a broken page can be trusted", async () => {
    const root = newRoot();
    const writer = await createRecord(root, header, clock);
    for (let n = 0; n < 3000; n++) writer.sample(sampleOf(n));
    for (let n = 1; n <= 3; n++) {
      await writer.commit(Array.from({ length: 1000 }, (_, i) => eventOf(n * 1000 + i)));
    }
    await writer.end(summaryOf(writer.id));
    const path = join(writer.folder, "run.db");
    const bytes = readFileSync(path);
    const page = Math.floor((bytes.byteLength * 0.7) / 4096) * 4096;
    writeFileSync(path, bytes.fill(0xff, page, page + 4096));
    const reader = openRecord(root, writer.id);
    const read: number[] = [];
    expect(() => {
      for (const event of reader.events()) read.push(event.seq);
    }).toThrow(/damaged: .*malformed; events up to \d+ can be read/);
    expect(read.length).toBeGreaterThanOrEqual(1000);
    expect(verifyChain(reader)).toMatchObject({
      ok: false,
      events: read.length,
      firstBad: { seq: read.length + 1, why: expect.stringContaining("malformed") },
    });
    reader.close();
  });

  it("is damaged when its header is torn, and so is said in the list", async () => {
    const root = newRoot();
    const folder = await writeRun(root, 1, false);
    const db = openForWriting(join(folder, "run.db"));
    db.exec("UPDATE meta SET value = substr(value, 1, 40) WHERE key = 'header'");
    expect(() => openRecord(root, "bench-1")).toThrow(/damaged: its header is not JSON/);
    db.exec("DELETE FROM meta");
    db.close();
    expect(() => openRecord(root, "bench-1")).toThrow(/damaged: it has no header/);
    expect(listRuns(root)).toMatchObject([{ id: "bench-1", rig: "bench", condition: "damaged" }]);
  });

  it("throws at the first event that is not JSON, after giving those before it", async () => {
    const root = newRoot();
    const folder = await writeRun(root, 30, false);
    const db = openForWriting(join(folder, "run.db"));
    db.exec("UPDATE event SET body = 'torn' WHERE seq = 2");
    db.close();
    const reader = openRecord(root, "bench-1");
    const events = reader.events();
    expect(events.next().value).toMatchObject({ seq: 1 });
    expect(() => events.next()).toThrow(/events before 2 can be read, 2 is not JSON/);
    reader.close();
  });
});

describe("list of runs", () => {
  it("is empty where there are no records", () => {
    expect(listRuns(join(newRoot(), "nowhere"))).toEqual([]);
  });

  it("tells running, ended, interrupted and damaged runs apart", async () => {
    const root = newRoot();
    await writeRun(root, 20, true);
    await writeRun(root, 20, false);
    const running = await createRecord(root, header, clock);
    mkdirSync(join(root, "bench-10"));
    mkdirSync(join(root, "not a run"));
    const runs = listRuns(root);
    await running.close();
    expect(runs.map((r) => [r.id, r.condition, r.outcome])).toEqual([
      ["bench-1", "ended", "failed"],
      ["bench-2", "interrupted", null],
      ["bench-3", "running", null],
      ["bench-10", "damaged", null],
    ]);
    expect(runs[0]).toEqual({
      id: "bench-1",
      rig: "bench",
      profile: "constant-load",
      specimens: ["B-001"],
      simulated: true,
      condition: "ended",
      outcome: "failed",
      startedWall: epoch,
      endedWall: epoch + 60_000,
      problem: null,
    });
    expect(runs[3]?.problem).toMatch(/there is no run.db/);
  });
});

describe("records folder", () => {
  it.each([
    ["/flag", { WEAROUT_HOME: "/home" }, "/flag"],
    [undefined, { WEAROUT_HOME: "/home", XDG_DATA_HOME: "/data" }, "/home"],
    [undefined, { WEAROUT_HOME: "", XDG_DATA_HOME: "/data" }, "/data/wearout"],
    [undefined, { XDG_DATA_HOME: "relative" }, join(homedir(), ".local/share/wearout")],
    [undefined, {}, join(homedir(), ".local/share/wearout")],
  ])("is found from flag %s and environment %o", (flag, env, expected) => {
    expect(recordsRoot(flag, env)).toBe(expected);
  });
});
