import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isLocked } from "../../../src/record/lock.js";
import { openRecord } from "../../../src/record/reader.js";
import { verifyChain } from "../../../src/record/verify/verify.js";
import { createRecord, reopenRecord } from "../../../src/record/writer.js";
import { newRoot, startChild } from "./fixture.js";
import { eventOf, header, ManualClock } from "./run.js";

const clock = new ManualClock();

describe("one controller per record folder", () => {
  it("refuses a second writer in the same process, naming it, and the first goes on", async () => {
    const root = newRoot();
    const first = await createRecord(root, header, clock);
    await expect(reopenRecord(root, first.id, clock)).rejects.toMatchObject({
      code: "RECORD_LOCKED",
      message: expect.stringContaining(`process ${process.pid} on `),
    });
    await first.commit([eventOf(1)]);
    await first.close();
    const second = await reopenRecord(root, first.id, clock);
    await second.close();
  });

  it("refuses a writer in another process, and lets it in after the close", async () => {
    const root = newRoot();
    const writer = await createRecord(root, header, clock);
    // Looking at the lock from the process that holds it must not drop it (POSIX locks can).
    expect(isLocked(writer.folder)).toBe(true);
    const refused = startChild(["reopen", root, writer.id]);
    expect(await refused.line()).toMatch(
      new RegExp(`^RECORD_LOCKED .*bench-1 is being written by process ${process.pid} on `),
    );
    await refused.end;
    await writer.close();
    const admitted = startChild(["reopen", root, writer.id]);
    expect(await admitted.line()).toBeUndefined();
    expect(await admitted.end).toBe(0);
  });

  it("takes over from a controller that was killed, and says from whom", async () => {
    const root = newRoot();
    const child = startChild(["write-new", root]);
    expect(await child.line()).toBe("1");
    const reader = openRecord(root, "bench-1");
    expect(reader.condition).toBe("running");
    child.kill();
    await child.end;
    expect(reader.condition).toBe("interrupted");
    reader.close();
    const writer = await reopenRecord(root, "bench-1", clock);
    expect(writer.takenOver).toMatchObject({ pid: child.pid });
    await writer.commit([eventOf(2)]);
    await writer.close();
    const again = await reopenRecord(root, "bench-1", clock);
    expect(again.takenOver).toBeUndefined();
    await again.close();
  });

  it("goes on naming who died as long as those who took over wrote nothing", async () => {
    const root = newRoot();
    const first = await createRecord(root, header, clock);
    await first.close();
    const owner = join(first.folder, "controller.json");
    const died = { pid: 4711, host: "elsewhere" };
    writeFileSync(owner, JSON.stringify(died));
    const looked = await reopenRecord(root, first.id, clock);
    expect(JSON.parse(readFileSync(owner, "utf8"))).toMatchObject({ pid: process.pid });
    await looked.close();
    expect(JSON.parse(readFileSync(owner, "utf8"))).toEqual(died);
    const hidden = join(first.folder, "run.db.gone");
    renameSync(join(first.folder, "run.db"), hidden);
    await expect(reopenRecord(root, first.id, clock)).rejects.toMatchObject({
      code: "RECORD_DAMAGED",
    });
    renameSync(hidden, join(first.folder, "run.db"));
    const next = await reopenRecord(root, first.id, clock);
    expect(next.takenOver).toEqual(died);
    await next.commit([eventOf(1)]);
    await next.close();
    expect(existsSync(owner)).toBe(false);
  });

  it("goes by the held lock, not by what the file beside it says", async () => {
    const root = newRoot();
    const writer = await createRecord(root, header, clock);
    await writer.close();
    const owner = join(writer.folder, "controller.json");
    writeFileSync(owner, JSON.stringify({ pid: process.pid, host: "elsewhere" }));
    expect(isLocked(writer.folder)).toBe(false);
    const next = await reopenRecord(root, writer.id, clock);
    expect(next.takenOver).toEqual({ pid: process.pid, host: "elsewhere" });
    expect(JSON.parse(readFileSync(owner, "utf8"))).toMatchObject({ pid: process.pid });
    writeFileSync(owner, "torn");
    await expect(reopenRecord(root, writer.id, clock)).rejects.toMatchObject({
      code: "RECORD_LOCKED",
      message: expect.stringContaining("another controller"),
    });
    await next.close();
  });
});

describe("a controller killed at any moment", () => {
  it("has kept every acknowledged event, in ten rounds on one record", async () => {
    const root = newRoot();
    let acknowledged = 0;
    for (let round = 0; round < 10; round++) {
      const child = startChild([round === 0 ? "write-new" : "write-on", root, "bench-1"]);
      const stopAt = acknowledged + 1 + round * 17;
      for (let line = await child.line(); line !== undefined; line = await child.line()) {
        acknowledged = Number(line);
        if (acknowledged >= stopAt) child.kill();
      }
      expect(await child.end).toBe("SIGKILL");
      const reader = openRecord(root, "bench-1");
      const { ok, events } = verifyChain(reader);
      const cycles = [...reader.samples()].map((s) => s.cycle);
      reader.close();
      expect(ok).toBe(true);
      expect(acknowledged).toBeGreaterThanOrEqual(stopAt);
      expect(events).toBeGreaterThanOrEqual(acknowledged);
      expect(cycles).toEqual(Array.from({ length: events }, (_, i) => i + 1));
    }
  });
});
