/** The thread that owns `run.db`: every wait for the disk happens here. */
import { parentPort, workerData } from "node:worker_threads";
import { nextTurn } from "../base/clock.js";
import { assert } from "../base/error.js";
import type { Answer, WorkerData, WriteRequest } from "./protocol.js";
import { Reserve } from "./reserve.js";
import { RunStore } from "./store.js";

const port = parentPort;
assert(port !== null, "worker.ts runs as a worker thread");

/** Whatever goes wrong is an answer: the thread lives on, and a later request may succeed. */
function answer(id: number, work: () => void): void {
  let failed: string | undefined;
  try {
    work();
  } catch (error) {
    failed = error instanceof Error ? error.message : String(error);
  }
  const lostSamples = store?.lostSamples ?? 0;
  port?.postMessage({ id, failed, lostSamples, short: shortOf(store) } satisfies Answer);
}

/** A folder that cannot be looked at is told by the write that fails. */
function shortOf(open: RunStore | undefined): string | undefined {
  try {
    return open?.short;
  } catch {
    return undefined;
  }
}

let store: RunStore | undefined;
answer(0, () => {
  const { folder, header, watchSpace } = workerData as WorkerData;
  const reserve = watchSpace ? new Reserve(folder) : undefined;
  store =
    header === undefined
      ? RunStore.reopen(folder, reserve)
      : RunStore.create(folder, header, reserve);
});

// Without a listener the thread has nothing left to do and ends.
if (store !== undefined) port.on("message", serve);

function serve(request: WriteRequest): void {
  answer(request.id, () => {
    try {
      store?.write(request);
    } finally {
      if (request.close) store?.close();
    }
  });
  if (request.close) port?.close();
  else void foldInBetween();
}

let folding = false;

/** A column at a time, with a look at what has come in before the next. */
async function foldInBetween(): Promise<void> {
  if (folding) return;
  folding = true;
  while (store?.fold() === true) await nextTurn();
  folding = false;
}
