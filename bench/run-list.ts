/**
 * What `wearout run list` and `--help` cost: `node build/bench/run-list.js [runs]` (default 2000). Processor time
 * of the whole process, user and system, which does not grow with what else the machine does. Build first; Linux.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RealClock } from "../src/base/clock.js";
import type { RunHeader } from "../src/record/document/run.js";
import { createRecord } from "../src/record/writer.js";

const runs = Number(process.argv[2] ?? 2000);
const rounds = 9;
const command = fileURLToPath(new URL("../../bin/wearout.js", import.meta.url));

const specimens = ["a", "b", "c", "d"].map((specimen, i) => {
  return { station: `s${i + 1}`, specimen, product: "ball-bearing/6206", lot: "B7" };
});
const header = {
  ...{ rig: "bench", profile: "bearing-constant-load", simulated: true, software: "bench" },
  ...{ startedWall: Date.UTC(2026, 0, 1), cycleMs: 1000, columns: [], specimens, parameters: {} },
  files: [],
} as unknown as Omit<RunHeader, "id">;

/** One run that has ended, and copies of its folder under other numbers. */
async function makeRuns(root: string): Promise<void> {
  const writer = await createRecord(root, header, new RealClock());
  const stations = specimens.map((s) => ({ ...s, outcome: "failed", mode: null, exposure: {} }));
  await writer.end({
    ...{ id: writer.id, rig: "bench", profile: "bearing-constant-load", simulated: true, seed: 1 },
    ...{ state: "Complete", outcome: "failed", reason: "all have failed", startedWall: 0 },
    ...{ endedWall: 0, exposure: {}, stations, alarms: [], events: [] },
  } as unknown as Parameters<typeof writer.end>[0]);
  for (let n = 2; n <= runs; n++) {
    const folder = join(root, `bench-${n}`);
    cpSync(writer.folder, folder, { recursive: true });
    const summary = join(folder, "summary.json");
    const text = readFileSync(summary, "utf8");
    writeFileSync(summary, text.replace(`"${writer.id}"`, `"bench-${n}"`));
  }
}

/** Processor seconds of the children of this process that have ended (proc(5): cutime and cstime, in hundredths). */
function childSeconds(): number {
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

function measure(what: string, ...args: string[]): void {
  const seconds: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const before = childSeconds();
    const { status } = spawnSync(process.execPath, [command, ...args], { encoding: "utf8" });
    if (status !== 0) throw new Error(`${what} ended with ${status}`);
    seconds.push(childSeconds() - before);
  }
  seconds.sort((a, b) => a - b);
  const [least, median, most] = [seconds[0]!, seconds[4]!, seconds[rounds - 1]!];
  const range = `${least.toFixed(2)} to ${most.toFixed(2)}`;
  process.stdout.write(`${what.padEnd(28)} ${median.toFixed(2)} s of processor (${range})\n`);
}

const root = mkdtempSync(join(tmpdir(), "wearout-bench-"));
try {
  await makeRuns(root);
  measure(`run list, ${runs} runs`, "run", "list", "--records", root);
  measure("--help", "--help");
} finally {
  rmSync(root, { recursive: true });
}
