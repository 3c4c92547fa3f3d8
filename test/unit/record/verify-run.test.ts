import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { WearoutError } from "../../../src/base/error.js";
import { openForWriting } from "../../../src/record/sqlite.js";
import { type RunVerification, verifyRun } from "../../../src/record/verify/run.js";
import { createRecord } from "../../../src/record/writer.js";
import { newRoot } from "./fixture.js";
import { eventOf, header, ManualClock, sampleOf, summaryOf } from "./run.js";

const root = newRoot();
const counted = { flushMs: Number.POSITIVE_INFINITY, flushSamples: 512 };
const id = "bench-1";

/** Values as devices give them, so that the record is small. */
const quantised = (n: number) => {
  const sample = sampleOf(n);
  return { ...sample, values: sample.values.map((v) => Math.round(v * 10) / 10) };
};

beforeAll(async () => {
  const writer = await createRecord(root, header, new ManualClock(), counted);
  for (let n = 1; n <= 5000; n++) writer.sample(quantised(n));
  for (let n = 1; n <= 5; n++) await writer.commit([eventOf(n)]);
  await writer.end(summaryOf(id));
});

function copy(change: (file: string) => void): string {
  const other = newRoot();
  cpSync(join(root, id), join(other, id), { recursive: true });
  change(join(other, id, "run.db"));
  return other;
}

function verify(folder: string): RunVerification {
  return verifyRun(folder, id, () => {});
}

function afterSql(sql: string): RunVerification {
  return verify(
    copy((file) => {
      const db = openForWriting(file);
      db.exec(sql);
      db.exec("PRAGMA journal_mode = DELETE");
      db.close();
    }),
  );
}

describe("verification", () => {
  it("finds nothing in a good record, and counts what is there", () => {
    expect(verify(root)).toMatchObject({
      ok: true,
      findings: [],
      events: 5,
      samples: 5000,
      gaps: [],
      clockSteps: [],
      wholeFile: true,
      lossWindowMs: null,
      lastAt: 5_000_000,
    });
  });

  it.each<[string, string, object]>([
    [
      "a changed column",
      "UPDATE chunk_column SET data = zeroblob(length(data)) WHERE id = 4096 + 4",
      {
        table: "chunk_column",
        row: 4100,
        what: "the samples of load are not those that were written",
        fromMs: 1000,
      },
    ],
    [
      "a missing column",
      "DELETE FROM chunk_column WHERE id = 4096 + 4",
      { table: "chunk_column", row: 4100, what: "the samples of load are missing" },
    ],
    [
      "a column changed together with its digest",
      "UPDATE chunk_column SET data = (SELECT data FROM chunk_column WHERE id = 4099), hash = (SELECT hash FROM chunk_column WHERE id = 4099) WHERE id = 4100",
      { table: "chunk", row: 1, what: expect.stringContaining("was changed or does not follow") },
    ],
    [
      "a missing chunk",
      "DELETE FROM chunk WHERE seq = 1",
      { table: "chunk", row: 1, what: "chunk 1 is missing before chunk 2" },
    ],
    [
      "the last chunk missing",
      "DELETE FROM chunk WHERE seq = 2; DELETE FROM chunk_column WHERE id >= 8192; DELETE FROM rollup WHERE chunk = 2",
      { table: "event", what: expect.stringContaining("the last samples") },
    ],
    ["a changed time", "UPDATE chunk SET from_ms = 1001 WHERE seq = 1", { table: "chunk", row: 1 }],
    [
      "a rollup that its samples do not give",
      "UPDATE rollup SET data = zeroblob(length(data)) WHERE place = 3 AND chunk = 1",
      { table: "rollup", row: 1, what: expect.stringContaining("rollups of speed") },
    ],
    ["an event", "UPDATE event SET body = body || ' ' WHERE seq = 3", { table: "event", row: 3 }],
    [
      "an attachment nobody told of",
      "INSERT INTO attachment (name, hash, data) VALUES ('x', 'x', x'00')",
      { table: "attachment", what: "1 rows, 0 belong to events" },
    ],
    ["a table more", "CREATE TABLE other (a)", { table: "other", row: "definition" }],
  ])("finds and locates %s", (_, sql, finding) => {
    const { ok, findings } = afterSql(sql);
    expect(ok).toBe(false);
    expect(findings).toContainEqual(expect.objectContaining(finding));
  });

  it("says of a byte that belongs to nothing that nothing is touched", () => {
    const bytes = Uint8Array.from(readFileSync(join(root, id, "run.db")));
    // Between the page's list of cells and its cells (SQLite file format, 1.6); page 1 has the schema.
    const pageBytes = new DataView(bytes.buffer).getUint16(16);
    const listEnd = 108 + 2 * new DataView(bytes.buffer).getUint16(103);
    expect(new DataView(bytes.buffer).getUint16(105)).toBeGreaterThan(listEnd);
    expect(pageBytes).toBeGreaterThan(listEnd);
    bytes[listEnd] = bytes[listEnd]! ^ 1;
    const { findings } = verify(copy((file) => writeFileSync(file, bytes)));
    expect(findings).toEqual([
      {
        table: "run.db",
        row: "whole file",
        what: expect.stringMatching(/not those of run\.db\.sha256; every row, .* nothing reads$/),
      },
    ]);
  });

  it("finds a changed byte anywhere in the file", () => {
    const bytes = readFileSync(join(root, id, "run.db"));
    const place = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(place, ([at, flip]) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = changed[at]! ^ flip;
        const found = tryVerify(copy((file) => writeFileSync(file, changed)));
        expect(found).not.toBe("good");
      }),
      { numRuns: 40 },
    );
  });
});

/** A record too damaged to be opened says so as well. */
function tryVerify(folder: string): string {
  try {
    const { ok, findings } = verify(folder);
    return ok ? "good" : JSON.stringify(findings);
  } catch (error) {
    if (error instanceof WearoutError) return error.message;
    throw error;
  }
}
