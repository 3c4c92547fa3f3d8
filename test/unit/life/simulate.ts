import type { Simulate } from "../../../src/life/fit.js";
import { simulatePivots } from "../../../src/life/pivot.js";

/** The simulation in this thread. */
export const simulateHere: Simulate = (job) =>
  Promise.resolve(simulatePivots({ ...job, chunk: 0 }));
