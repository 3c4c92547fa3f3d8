/**
 * What a disk that stalls does to the control loop: `npm run bench:record-stall -- [seconds]`. A loop of 10 ms
 * hands 3200 samples of 32 columns a second to the record, while another process holds the record's write
 * lock for 400 ms of every 1.5 s. Lateness of the loop without a record, with ours (worker thread), and with
 * the same store written in the main thread, one after the other.
 */
import { type ChildProcess, fork } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RealClock } from "../src/base/clock.js";
import type { Column, RunSample } from "../src/base/sample.js";
import { BlockBuilder } from "../src/record/block.js";
import type { RunHeader } from "../src/record/document/run.js";
import { RunFile } from "../src/record/run-file.js";
import { RunStore } from "../src/record/store.js";
import { createRecord, defaultWriterOptions } from "../src/record/writer.js";

const seconds = Number(process.argv[2] ?? 20);
const [cycleMs, samplesPerCycle, stallMs, everyMs] = [10, 32, 400, 1500];
const columns = Array.from(
  { length: 32 },
  (_, i): Column => ({ name: `c${i}`, role: `c${i}`, dimension: "speed", unit: "rpm" }),
);
const header: Omit<RunHeader, "id"> = {
  ...{ rig: "bench", profile: "bench", simulated: true, software: "bench", startedWall: 0 },
  ...{ cycleMs: cycleMs / samplesPerCycle, columns, specimens: [], parameters: {}, files: [] },
};

/** Where samples go, once a cycle. */
type Target = { sample(sample: RunSample): void; turn(): void; end(): Promise<void> };

const nowhere: Target = { sample: () => {}, turn: () => {}, end: async () => {} };

/** What a program without a worker thread does: the same store, written where the loop runs. */
function inMainThread(folder: string): Target {
  mkdirSync(folder);
  const store = RunStore.create(folder, { ...header, id: "main" });
  const { flushSamples } = defaultWriterOptions;
  const block = new BlockBuilder(columns.length, flushSamples);
  const write = (close: boolean) =>
    store.write({
      ...{ id: 0, block: block.take(), events: [], attachments: [], urgent: false, wall: 0 },
      ...{ summary: undefined, close },
    });
  return {
    sample: (sample) => {
      block.add(sample);
      if (block.full) write(false);
    },
    turn: () => void store.fold(),
    end: async () => {
      write(true);
      store.close();
    },
  };
}

const clock = new RealClock();

/** Lateness of every cycle against a plan that never moves, in order of size. */
async function latenessOf(target: Target): Promise<number[]> {
  const late: number[] = [];
  const values = new Float64Array(columns.length);
  const quality = new Uint8Array(columns.length);
  const from = clock.elapsed();
  for (let n = 1; n * cycleMs <= seconds * 1000; n++) {
    const due = from + n * cycleMs;
    await clock.sleep(Math.max(0, due - clock.elapsed()));
    late.push(clock.elapsed() - due);
    for (let i = 0; i < samplesPerCycle; i++) {
      const cycle = (n - 1) * samplesPerCycle + i + 1;
      const at = (cycle * cycleMs) / samplesPerCycle;
      for (let c = 0; c < values.length; c++)
        values[c] = Math.round(1e4 * Math.sin(cycle + c)) / 10;
      target.sample({ cycle, at, wall: at, values, quality });
    }
    target.turn();
  }
  return late.sort((a, b) => a - b);
}

function stalls(folder: string): { child: ChildProcess; count: () => number } {
  const script = fileURLToPath(new URL("stall-record.js", import.meta.url));
  const child = fork(script, [join(folder, "run.db"), String(stallMs), String(everyMs)]);
  let count = 0;
  child.on("message", () => count++);
  return { child, count: () => count };
}

async function measured(what: string, target: Target, folder?: string): Promise<number> {
  const disk = folder === undefined ? undefined : stalls(folder);
  const late = await latenessOf(target);
  await target.end();
  disk?.child.kill();
  const at = (share: number) => late[Math.ceil(share * late.length) - 1]!;
  const times = [at(0.5), at(0.99), at(1)].map((ms) => ms.toFixed(2).padStart(8));
  const kept = folder === undefined ? "" : `, ${samplesIn(folder)} samples kept`;
  const text = disk === undefined ? "" : `  ${disk.count()} stalls of ${stallMs} ms${kept}`;
  process.stdout.write(`${what.padEnd(22)} p50, p99, most:${times.join("")} ms${text}\n`);
  return at(0.99);
}

/** Beside the store, which lets the last page of its own go. */
function samplesIn(folder: string): number {
  const file = new RunFile(folder);
  let count = 0;
  for (const piece of file.pieces(Number.NEGATIVE_INFINITY)) {
    count += "chunk" in piece ? piece.chunk.count : piece.block.count;
  }
  file.close();
  return count;
}

const root = mkdtempSync(join(tmpdir(), "wearout-bench-"));
try {
  process.stdout.write(`${(1000 / cycleMs) * samplesPerCycle} samples/s, ${seconds} s each\n`);
  await latenessOf({ ...nowhere });
  const none = await measured("no record", nowhere);
  const writer = await createRecord(root, header, clock);
  const ours = { sample: writer.sample.bind(writer), turn: () => {}, end: () => writer.close() };
  const worker = await measured("wearout, worker thread", ours, writer.folder);
  const main = await measured("main thread", inMainThread(join(root, "main")), join(root, "main"));
  const [added, theirs] = [worker - none, main - none];
  process.stdout.write(`added, p99: ${added.toFixed(2)} ms against ${theirs.toFixed(2)} ms\n`);
} finally {
  rmSync(root, { recursive: true });
}
