import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compactRun } from "../../../src/record/compact.js";
import { openRecord } from "../../../src/record/reader.js";
import { verifyRun } from "../../../src/record/verify/run.js";
import { createRecord } from "../../../src/record/writer.js";
import { newRoot, startChild } from "./fixture.js";
import { eventOf, header, ManualClock, sampleOf, summaryOf } from "./run.js";

const counted = { flushMs: Number.POSITIVE_INFINITY, flushSamples: 64 };

/** A run that has ended, of some hundred kB, in a records folder of its own. */
async function endedRun() {
  const root = newRoot();
  const writer = await createRecord(root, header, new ManualClock(), counted);
  for (let n = 1; n <= 300; n++) {
    writer.sample(sampleOf(n));
    await writer.commit([eventOf(n, "x".repeat(1000))]);
  }
  await writer.end(summaryOf(writer.id));
  return { root, id: writer.id, folder: join(root, writer.id) };
}

const verified = (root: string, id: string) => {
  const { ok, wholeFile, events, findings } = verifyRun(root, id, () => {});
  return { ok, wholeFile, events, findings };
};
const good = { ok: true, wholeFile: true, events: 300, findings: [] };

describe("compacting an ended run", () => {
  it("leaves the old or the new record whole, whenever it is killed", async () => {
    const { root, id, folder } = await endedRun();
    const names = readdirSync(folder).sort();
    for (let afterMs = 0; afterMs < 60; afterMs += 4) {
      const child = startChild(["compact-again", root, id]);
      expect(await child.line()).toBe("compacting");
      const since = performance.now();
      while (performance.now() - since < afterMs) await new Promise(setImmediate);
      child.kill();
      await child.end;
      expect([afterMs, verified(root, id)]).toEqual([afterMs, good]);
    }
    compactRun(root, id);
    expect(verified(root, id)).toEqual(good);
    expect(readdirSync(folder).sort()).toEqual(names);
  });

  it("killed between the new database and its digest, is taken for whole and finished by the next", async () => {
    const { root, id, folder } = await endedRun();
    const file = (name: string) => join(folder, name);
    const digest = readFileSync(file("run.db.sha256"), "utf8");
    writeFileSync(file("run.db.sha256.new"), digest);
    writeFileSync(file("run.db.sha256"), `${"0".repeat(64)}  run.db\n`);
    expect(verified(root, id)).toEqual(good);
    compactRun(root, id);
    expect(existsSync(file("run.db.sha256.new"))).toBe(false);
    expect(verified(root, id)).toEqual(good);
  });

  it("does not take a damaged record for one whose digest is under way", async () => {
    const { root, id, folder } = await endedRun();
    const file = (name: string) => join(folder, name);
    const wrong = `${"0".repeat(64)}  run.db\n`;
    for (const name of ["run.db.sha256", "run.db.sha256.new"]) writeFileSync(file(name), wrong);
    expect(verified(root, id)).toMatchObject({ ok: false, wholeFile: false });
    expect(() => compactRun(root, id)).toThrowError(/bytes are not those of run.db.sha256/);
  });

  it("makes a run that was read while it ended one plain file with its digest", async () => {
    const root = newRoot();
    const writer = await createRecord(root, header, new ManualClock(), counted);
    await writer.commit([eventOf(1)]);
    const reader = startChild(["read-until-told", root, writer.id]);
    expect(await reader.line()).toBe("reading");
    await writer.end(summaryOf(writer.id));
    const folder = join(root, writer.id);
    expect(existsSync(join(folder, "run.db.sha256"))).toBe(false);
    expect(() => compactRun(root, writer.id)).toThrowError(/locked/);
    reader.say("close");
    expect(await reader.end).toBe(0);
    compactRun(root, writer.id);
    expect(verified(root, writer.id)).toMatchObject({ ok: true, wholeFile: true, events: 1 });
    expect(readdirSync(folder).filter((name) => /wal|shm|new|part/.test(name))).toEqual([]);
  });

  it("does not disturb who reads the run meanwhile", async () => {
    const { root, id } = await endedRun();
    const reader = openRecord(root, id);
    const events = reader.events();
    events.next();
    compactRun(root, id);
    expect([...events]).toHaveLength(299);
    reader.close();
  });
});
