/**
 * Do exposure intervals hold the truth? `npm run campaign:exposure -- [--runs 200] [--seed 1]`: runs of random
 * programmes at cycles from 20 ms to 10 s, on a shaft that counts for itself, read at random moments of each
 * cycle, with holds, resumes, stops, aborts, lost readings and missed cycles. Every other pair of runs has a counter of
 * turns too, which comes round, is lost for some cycles and is reset. The last line is
 * `N runs, N misses`; before it, how wide the intervals were.
 */
import { parseArgs } from "node:util";
import { randomStream } from "../../src/base/random.js";
import { type Exposure, exposureOf } from "../../src/profile/exposure.js";
import { runOnce } from "./exposure-run.js";

const { values: given } = parseArgs({
  options: { runs: { type: "string", default: "200" }, seed: { type: "string", default: "1" } },
});

const counted = ["turns", "damage", "timeAtStressMs"] as const;
const cycles = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
const grain = 1e-9;

function missesOf(truth: Record<(typeof counted)[number], number>, exposure: Exposure): string[] {
  return counted.flatMap((name) => {
    const [least, most] = exposure[name];
    const slack = grain * (1 + Math.abs(truth[name]));
    if (truth[name] >= least - slack && truth[name] <= most + slack) return [];
    return [`${name}: ${truth[name]} is not in [${least}, ${most}]`];
  });
}

let misses = 0;
const widths = new Map<string, number[]>();
for (let i = 0; i < Number(given.runs); i++) {
  const random = randomStream(Number(given.seed), `exposure ${i}`);
  const cycleMs = cycles[i % cycles.length]!;
  const calm = i % 2 === 0;
  const isCounted = i % 4 >= 2;
  const ofCounter = randomStream(Number(given.seed), `counter ${i}`);
  const run = runOnce(random, cycleMs, calm, isCounted ? ofCounter : undefined);
  const { truth, book, disputes } = run;
  const exposure = exposureOf(book);
  const seen = { turns: truth.turns, damage: truth.damage, timeAtStressMs: truth.stressMs };
  const found = missesOf(seen, exposure);
  if (disputes > 0) found.push("counter and speed are told to contradict each other");
  if (found.length > 0) misses++;
  for (const text of found) console.log(`run ${i}, cycle ${cycleMs} ms: ${text}`);
  const [least, most] = exposure.turns;
  const key = `${cycleMs} ms, ${calm ? "calm" : "with trouble"}${isCounted ? ", counted" : ""}`;
  widths.set(key, [...(widths.get(key) ?? []), (most - least) / truth.turns]);
}
for (const [key, all] of widths) {
  const sorted = all.toSorted((a, b) => a - b);
  const median = (100 * sorted[Math.floor(sorted.length / 2)]!).toPrecision(2);
  console.log(`turns at ${key}: median width ${median} %`);
}
console.log(`${given.runs} runs, ${misses} misses`);
process.exitCode = misses === 0 ? 0 : 1;
