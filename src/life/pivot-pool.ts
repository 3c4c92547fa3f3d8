import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { PivotJob } from "./pivot.js";

const chunks = 8;

/** Runs the simulation in worker threads; the answer does not depend on how many there are. */
export async function simulateInThreads(job: Omit<PivotJob, "chunk">): Promise<Float64Array> {
  const perChunk = Math.ceil(job.draws / chunks);
  const parts: Float64Array[] = [];
  let next = 0;
  const lane = async () => {
    while (next < chunks) {
      const chunk = next++;
      parts[chunk] = await inThread({ ...job, draws: perChunk, chunk });
    }
  };
  await Promise.all(Array.from({ length: Math.min(chunks, availableParallelism()) }, lane));
  const all = new Float64Array(2 * perChunk * chunks);
  parts.forEach((part, i) => {
    all.set(part, 2 * perChunk * i);
  });
  return all;
}

function inThread(job: PivotJob): Promise<Float64Array> {
  return new Promise((resolve, reject) => {
    const url = new URL("./pivot-worker.js", import.meta.url);
    const worker = new Worker(url, { workerData: job, execArgv: [] });
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`a simulation thread ended with ${code}`)));
  });
}
