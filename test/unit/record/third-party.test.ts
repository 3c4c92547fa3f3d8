import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { openRecord } from "../../../src/record/reader.js";
import { openForWriting } from "../../../src/record/sqlite.js";
import { createRecord } from "../../../src/record/writer.js";
import { newRoot } from "./fixture.js";
import { eventOf, header, ManualClock, sampleOf, summaryOf } from "./run.js";

const page = fileURLToPath(new URL("../../../../docs/record.md", import.meta.url));
const root = newRoot();
const script = join(root, "verify.py");
const file = join(root, "bench-1", "run.db");

/** Scaled columns, one of bit patterns, readings that are not there, outliers and a negative zero. */
function made(n: number) {
  const values = Float64Array.of(Math.round(1500 + n / 9) * 0.1, -n / 4, Math.sin(n));
  const quality = new Uint8Array(3);
  if (n % 50 === 0) [values[0], quality[0]] = [Number.NaN, 3];
  if (n % 77 === 0) values[0] = 1 / 3;
  if (n === 5) values[1] = -0;
  return { ...sampleOf(n), at: n * 1000 + 0.125, values, quality };
}

beforeAll(async () => {
  const [, text = ""] = /```python\n(.*?)```/s.exec(readFileSync(page, "utf8")) ?? [];
  writeFileSync(script, text);
  const options = { flushMs: Number.POSITIVE_INFINITY, flushSamples: 256 };
  const writer = await createRecord(root, header, new ManualClock(), options);
  for (let n = 1; n <= 5000; n++) writer.sample(made(n));
  await writer.commit([eventOf(1), eventOf(2)]);
  await writer.end(summaryOf(writer.id));
});

describe("the Python of docs/record.md", () => {
  it("verifies a record and reads every sample as we do", () => {
    const out = execFileSync("python3", [script, file], { maxBuffer: 1 << 26 }).toString();
    const theirs = out
      .trimEnd()
      .split("\n")
      .map((l) => l.split(" ").map(Number));
    const reader = openRecord(root, "bench-1");
    const ours = [...reader.samples()].map((s) => [s.cycle, s.at, s.wall, ...s.values]);
    reader.close();
    expect(theirs).toEqual(ours);
  });

  it.each([
    ["UPDATE event SET body = body || ' ' WHERE seq = 2", /event 2/],
    ["UPDATE chunk_column SET data = zeroblob(9) WHERE id = 4096 + 3", /a column of chunk 1/],
    ["UPDATE chunk SET to_ms = to_ms + 1 WHERE seq = 1", /chunk 1/],
    ["UPDATE meta SET value = value || ' ' WHERE key = 'summary'", /the end/],
  ])("finds %s", (sql, what) => {
    const copy = join(newRoot(), "changed.db");
    writeFileSync(copy, readFileSync(file));
    const db = openForWriting(copy);
    db.exec(sql);
    db.close();
    const { status, stderr } = spawnSync("python3", [script, copy]);
    expect(status).toBe(1);
    expect(stderr.toString()).toMatch(what);
  });
});
