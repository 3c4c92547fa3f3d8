/**
 * What reading a long record costs: `node build/bench/record-read.js [samples]` (default 10 million at
 * 10 Hz, 4 roles). Sizes, pictures, the last ten minutes, Parquet; where it can be had, DuckDB over our
 * Parquet beside it. Build first. Needs about 300 MB of temporary disk for a while.
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { RealClock } from "../src/base/clock.js";
import { randomStream } from "../src/base/random.js";
import type { Column } from "../src/base/sample.js";
import type { LivedExposure } from "../src/record/document/event.js";
import type { RunHeader } from "../src/record/document/run.js";
import { openRecord } from "../src/record/reader.js";
import { seriesOf } from "../src/record/series.js";
import { createRecord } from "../src/record/writer.js";

const count = Number(process.argv[2] ?? 10_000_000);
const roles = Number(process.argv[3] ?? 4);
const cycleMs = 100;

const columns = Array.from(
  { length: roles },
  (_, i): Column => ({ name: `c${i}`, role: `c${i}`, dimension: "temperature", unit: "degC" }),
);
const header: Omit<RunHeader, "id"> = {
  rig: "bench",
  profile: "bench",
  simulated: true,
  software: "bench",
  startedWall: Date.UTC(2026, 0, 1),
  cycleMs,
  columns,
  specimens: [],
  parameters: {},
  files: [],
};

const none: [number, number] = [0, 0];
const nothingLived: LivedExposure = {
  timeOnTestMs: none,
  timeAtStressMs: none,
  turns: none,
  loadCycles: none,
  energyJ: none,
};

const random = randomStream(1, "bench");

/** A 16-bit register: drift, a sine and noise of a few counts, times 0.1. */
function reading(n: number, column: number): number {
  const drift = 2000 + n / 5000 + 300 * Math.sin(n / (400 + 37 * column));
  return Math.round(drift + 6 * (random() + random() + random() - 1.5)) * 0.1;
}

const clock = new RealClock();

function show(what: string, value: number, unit: string): void {
  process.stdout.write(`${what.padEnd(52)} ${value.toFixed(2).padStart(12)} ${unit}\n`);
}

/** Median of five, after one that warms up. */
async function timed(what: string, work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 6; i++) {
    const from = clock.elapsed();
    await work();
    if (i > 0) times.push(clock.elapsed() - from);
  }
  const median = times.sort((a, b) => a - b)[2]!;
  show(what, median, "ms");
  return median;
}

const root = mkdtempSync(join(tmpdir(), "wearout-bench-"));
try {
  const options = { flushMs: Number.POSITIVE_INFINITY, flushSamples: 512 };
  const writer = await createRecord(root, header, clock, options);
  const began = clock.elapsed();
  for (let n = 1; n <= count; n++) {
    const values = Float64Array.from(columns, (_, c) => reading(n, c));
    const [at, wall] = [n * cycleMs, header.startedWall + n * cycleMs];
    writer.sample({ cycle: n, at, wall, values, quality: new Uint8Array(roles) });
    if (n % 512 === 0) await writer.pressure();
  }
  await writer.end({
    ...{ id: writer.id, rig: "bench", profile: "bench", simulated: true, seed: null },
    ...{ state: "Complete", outcome: "completed", reason: "", startedWall: 0, endedWall: 0 },
    ...{ exposure: nothingLived, stations: [], alarms: [], events: [] },
  });
  show("recording", count / (clock.elapsed() - began), "thousand samples/s");
  const size = statSync(join(writer.folder, "run.db")).size;
  show("record", size / 1e6, "MB");
  show("per value, times, qualities and rollups included", size / count / roles, "bytes");

  const reader = openRecord(root, writer.id);
  const end = count * cycleMs;
  const ours = await timed("picture of all, 1 role, 2000 intervals", () => {
    seriesOf(reader, 0, 0, end, 2000);
  });
  await timed("picture of one hour, 1 role, 2000 intervals", () => {
    seriesOf(reader, 0, end / 2, end / 2 + 3_600_000, 2000);
  });
  await timed(`last ten minutes, all ${roles} roles, every sample`, () => {
    for (const batch of reader.batches(end - 600_000, end)) {
      for (let c = 0; c < roles; c++) batch.column(c);
    }
  });

  const parquet = join(root, "run.parquet");
  const what = ["export", writer.id, "--format", "parquet", "--output", parquet];
  const script = fileURLToPath(new URL("record-export.js", import.meta.url));
  const { status } = spawnSync(process.execPath, [script, "run", ...what, "--records", root], {
    stdio: "inherit",
  });
  if (status !== 0) throw new Error("the export failed");
  show("Parquet", statSync(parquet).size / 1e6, "MB");
  show("largest memory of recording and reading", process.resourceUsage().maxRSS / 1024, "MB");

  const duck = await (await DuckDBInstance.create(":memory:")).connect();
  const sql = `SELECT floor(elapsed_s / ${end / 2000 / 1000}) AS b, min(c0_degC), max(c0_degC), avg(c0_degC)
    FROM '${parquet}' GROUP BY b ORDER BY b`;
  const theirs = await timed("the same picture by DuckDB over that Parquet", async () => {
    await duck.runAndReadAll(sql);
  });
  show("ratio", theirs / ours, "");
  reader.close();
} finally {
  rmSync(root, { recursive: true });
}
