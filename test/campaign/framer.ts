/**
 * Random and damaged frames for both framers, a million and more: `npm run campaign:framer -- [frames] [seed]`.
 * Ends with 1 when a wrong value came through, an answer was not found or memory grew.
 */
import { RealClock } from "../../src/base/clock.js";
import { randomStream } from "../../src/base/random.js";
import { FramerFuzz } from "./framer-fuzz.js";

const frames = Number(process.argv[2] ?? 1_200_000);
const seed = Number(process.argv[3] ?? 1);
const mostGrowthBytes = 8e6;
const clock = new RealClock();

function usedBytes(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Runs one framer until its share of the frames has gone through; true when all is well. */
function campaign(wire: "rtu" | "tcp", share: number): boolean {
  const fuzz = new FramerFuzz(randomStream(seed, `campaign ${wire}`));
  const begun = clock.elapsed();
  let longestMs = 0;
  while (fuzz.counts.frames < share / 10) fuzz[wire]();
  const before = usedBytes();
  while (fuzz.counts.frames < share) {
    const at = clock.elapsed();
    fuzz[wire]();
    longestMs = Math.max(longestMs, clock.elapsed() - at);
  }
  const grownBytes = usedBytes() - before;
  const { counts } = fuzz;
  const seconds = (clock.elapsed() - begun) / 1000;
  console.log(
    `${wire}: ${counts.frames} frames, ${counts.bytes} bytes in ${seconds.toFixed(1)} s: ` +
      `${counts.wrong} wrong, ${counts.deaf} answers not found, ${counts.right} right answers among them, ` +
      `${counts.alike} that no receiver can tell; longest stream ${longestMs.toFixed(1)} ms, ` +
      `memory ${(grownBytes / 1e6).toFixed(2)} MB more`,
  );
  return counts.wrong === 0 && counts.deaf === 0 && grownBytes < mostGrowthBytes;
}

console.log(`framer campaign, seed ${seed}, Node ${process.version}`);
const well = [campaign("rtu", frames / 2), campaign("tcp", frames / 2)];
process.exitCode = well.every(Boolean) ? 0 : 1;
