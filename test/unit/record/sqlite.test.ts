import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isRecent, openForReading, openForWriting, pragma } from "../../../src/record/sqlite.js";
import { newRoot } from "./fixture.js";

describe("SQLite as the record opens it", () => {
  it("syncs every commit, in WAL mode", () => {
    const db = openForWriting(join(newRoot(), "a.db"));
    expect(pragma(db, "journal_mode")).toBe("wal");
    expect(pragma(db, "synchronous")).toBe(2);
    expect(pragma(db, "busy_timeout")).toBe(5000);
    expect(pragma(db, "journal_size_limit")).toBe(16 * 1024 * 1024);
    db.close();
  });

  it("refuses a place where WAL is not possible instead of going on without", () => {
    expect(() => openForWriting(":memory:")).toThrow(
      expect.objectContaining({
        code: "RECORD_FAILED",
        message: expect.stringContaining("journal_mode is memory"),
      }),
    );
  });

  it("cannot write through a connection for reading", () => {
    const path = join(newRoot(), "a.db");
    openForWriting(path).close();
    const db = openForReading(path);
    expect(() => db.exec("CREATE TABLE run.t (x)")).toThrow(/readonly/);
    db.close();
  });

  it("holds nothing of a file after a reader's close, whatever was asked and is not collected yet", () => {
    const path = join(newRoot(), "50%41 #1.db");
    const writer = openForWriting(path);
    writer.exec("CREATE TABLE t (x); INSERT INTO t VALUES (7)");
    const reader = openForReading(path);
    const asked = reader.prepare("SELECT x FROM t");
    expect(asked.all()).toHaveLength(1);
    reader.exec("BEGIN");
    expect(asked.get()).toMatchObject({ x: 7 });
    reader.exec("ROLLBACK");
    reader.close();
    // Leaving WAL mode needs the file alone.
    writer.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE");
    expect(pragma(writer, "journal_mode")).toBe("delete");
    expect(asked).toBeDefined();
    writer.close();
  });

  it.each([
    ["3.51.2", false],
    ["3.50.7", false],
    ["3.40.1", false],
    ["2.99.9", false],
    ["3.51.3", true],
    ["3.52.0", true],
    ["4.0.0", true],
  ])("knows that %s is recent enough: %s", (version, recent) => {
    expect(isRecent(version)).toBe(recent);
  });
});
