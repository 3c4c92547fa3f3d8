import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { exportCsv } from "../../../src/record/export.js";
import { openRecord } from "../../../src/record/reader.js";
import { openForWriting } from "../../../src/record/sqlite.js";
import { verifyRun } from "../../../src/record/verify/run.js";
import { reopenRecord } from "../../../src/record/writer.js";
import { newRoot } from "./fixture.js";
import { eventOf, ManualClock, sampleOf, summaryOf } from "./run.js";

/** Written by the version that made each layout, and never touched again. */
const kept = fileURLToPath(new URL("../../../../test/data/records", import.meta.url));

function copyOf(layout: string): string {
  const root = newRoot();
  cpSync(join(kept, layout), root, { recursive: true });
  return root;
}

/** A copy changed with SQL, as another program would. */
function changed(layout: string, sql: string): string {
  const root = copyOf(layout);
  const db = openForWriting(join(root, "bench-1", "run.db"));
  db.exec(sql);
  db.close();
  return root;
}

describe.each(["layout-1", "layout-2"])("a record of %s", (layout) => {
  it("is read: header, events, samples, summary", () => {
    const reader = openRecord(copyOf(layout), "bench-1");
    expect([...reader.samples()]).toEqual(Array.from({ length: 40 }, (_, i) => sampleOf(i + 1)));
    expect([...reader.events()]).toMatchObject([10, 20, 30, 40].map((n) => eventOf(n)));
    expect(reader.summary).toEqual(summaryOf("bench-1"));
    expect([...exportCsv(reader)].join("").split("\n").length).toBe(42);
    reader.close();
  });

  it("is verified, and reading it changes no byte", () => {
    const root = copyOf(layout);
    const bytes = () => readFileSync(join(root, "bench-1", "run.db"));
    const before = bytes();
    expect(verifyRun(root, "bench-1", () => {})).toMatchObject({
      ok: true,
      layout: Number(layout.at(-1)),
      events: 4,
      samples: 40,
      findings: [],
    });
    expect(bytes().equals(before)).toBe(true);
  });
});

describe("layouts", () => {
  it("of an older version are read but not written on", async () => {
    const root = changed("layout-1", "DELETE FROM meta WHERE key IN ('summary', 'end')");
    await expect(reopenRecord(root, "bench-1", new ManualClock())).rejects.toMatchObject({
      code: "RECORD_FAILED",
      message: expect.stringContaining("layout 1, which is read but not written on"),
    });
  });

  it("of a newer version are refused, and said to be whole", () => {
    const root = changed("layout-2", "PRAGMA user_version = 3");
    expect(() => openRecord(root, "bench-1")).toThrow(
      /run\.db has layout 3, this version of Wearout reads layouts up to 2; a newer Wearout wrote it/,
    );
  });
});
