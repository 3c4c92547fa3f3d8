/** One chunk of the simulation of `pivot.ts` in its own thread. */
import { parentPort, workerData } from "node:worker_threads";
import { type PivotJob, simulatePivots } from "./pivot.js";

const result = simulatePivots(workerData as PivotJob);
parentPort?.postMessage(result, [result.buffer as ArrayBuffer]);
