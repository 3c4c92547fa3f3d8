/**
 * What the record costs: `node build/bench/record.js [samples]`. The main thread's time per
 * `sample()`, what the worker writes per second, and the latency of a commit of one event.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RealClock } from "../src/base/clock.js";
import type { Column, Sample } from "../src/base/sample.js";
import type { RunHeader } from "../src/record/document/run.js";
import { exportCsv } from "../src/record/export.js";
import { openRecord } from "../src/record/reader.js";
import { createRecord } from "../src/record/writer.js";

const count = Number(process.argv[2] ?? 360_000);
const columns = Array.from(
  { length: 24 },
  (_, i): Column => ({ name: `c${i}`, role: `c${i}`, dimension: "speed", unit: "rpm" }),
);
const header: Omit<RunHeader, "id"> = {
  rig: "bench",
  profile: "bench",
  simulated: true,
  software: "bench",
  startedWall: 0,
  cycleMs: 1000,
  columns,
  specimens: [],
  parameters: {},
  files: [],
};

const samples = Array.from({ length: 64 }, (_, n): Sample => {
  const values = Float64Array.from(columns, (_, i) => Math.round(1e4 * Math.sin(n + i)) / 10);
  return { cycle: 0, at: 0, wall: 0, values, quality: new Uint8Array(columns.length) };
});

function show(what: string, value: number, unit: string): void {
  process.stdout.write(`${what.padEnd(44)} ${value.toFixed(2).padStart(12)} ${unit}\n`);
}

const root = mkdtempSync(join(tmpdir(), "wearout-bench-"));
const clock = new RealClock();
const options = { flushMs: Number.POSITIVE_INFINITY, flushSamples: 512 };
const writer = await createRecord(root, header, clock, options);
const began = performance.now();
let inSample = 0;
for (let n = 0; n < count; ) {
  const from = performance.now();
  for (let i = 0; i < 512 && n < count; i++, n++) {
    const sample = samples[n % samples.length];
    if (sample !== undefined) writer.sample({ ...sample, cycle: n + 1, at: n * 1000 });
  }
  inSample += performance.now() - from;
  await writer.pressure();
}
await writer.commit([]);
const all = performance.now() - began;
show("main thread, per sample() of 24 columns", (inSample / count) * 1e3, "us");
show("main thread, accepted", count / inSample, "thousand samples/s");
show("worker, on the disk", count / all, "thousand samples/s");
const waits: number[] = [];
for (let n = 0; n < 500; n++) {
  const from = performance.now();
  await writer.commit([
    { kind: "checkpoint", at: n, cycle: n, text: "checkpoint", data: { state: n } },
  ]);
  waits.push(performance.now() - from);
}
waits.sort((a, b) => a - b);
show("commit of one event, median", waits[250] ?? 0, "ms");
show("commit of one event, 99 of 100 within", waits[495] ?? 0, "ms");
await writer.close();
show("file", statSync(join(writer.folder, "run.db")).size / count, "bytes per sample");
const reader = openRecord(root, writer.id);
const readFrom = performance.now();
let lines = 0;
for (const text of exportCsv(reader)) lines += text.split("\n").length - 1;
show("CSV export", lines / (performance.now() - readFrom), "thousand lines/s");
show("largest memory", process.resourceUsage().maxRSS / 1024, "MB");
reader.close();
rmSync(root, { recursive: true });
