/**
 * Hours of random faults over real bytes: `npm run campaign:soak -- [--hours H] [--seed N] [--every MIN]`.
 * Two simulated devices behind a serial pair and behind TCP; reads and writes of both, each judged: a
 * value is that of its own unit and register, a confirmed write was carried out. Ends with 1 when not, when
 * a line stays silent for a minute, or when memory grows.
 */
import { parseArgs } from "node:util";
import { RealClock } from "../../src/base/clock.js";
import { WearoutError } from "../../src/base/error.js";
import { randomStream } from "../../src/base/random.js";
import { noFaults } from "../../src/sim/fault.js";
import { faultWords } from "../../src/sim/fault-option.js";
import { type Bench, held, type Kind, openBench } from "../loopback/all-lines.js";
import { randomFaults } from "./random-faults.js";

const { values } = parseArgs({
  options: {
    hours: { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
    every: { type: "string", default: "1" },
  },
});
const hours = Number(values.hours);
const seed = Number(values.seed);
const reportMs = Number(values.every) * 60_000;
if (!(hours > 0 && reportMs > 0 && Number.isInteger(seed))) {
  throw new WearoutError("USAGE", "--hours and --every are numbers above 0, --seed a whole one");
}

const clock = new RealClock();
const begun = clock.elapsed();
const endAt = begun + hours * 3_600_000;
const changeMs = 5000;
const longestSilenceMs = 60_000;
const mostGrowthBytes = 16e6;
const timing = { turnaroundMs: 50, silenceMs: 0 };

type Tally = { exchanges: number; ok: number; failed: number; wrong: number; silent: number };

function usedBytes(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Reads and writes one line until the end; faults change every few seconds, with calm between. */
async function soak(kind: Kind, tally: Tally): Promise<void> {
  const bench = await openBench(kind, {}, randomStream(seed, `faults ${kind}`));
  if (typeof bench === "string") {
    console.log(`${kind}: not possible here (${bench})`);
    return;
  }
  const random = randomStream(seed, `soak ${kind}`);
  let changeAt = 0;
  let lastOkAt = clock.elapsed();
  while (clock.elapsed() < endAt) {
    if (clock.elapsed() >= changeAt) {
      changeAt = clock.elapsed() + changeMs;
      Object.assign(bench.faults, random() < 0.3 ? noFaults : randomFaults(random));
    }
    const ok = await exchange(bench, random, tally);
    tally.exchanges++;
    if (ok) {
      tally.ok++;
      lastOkAt = clock.elapsed();
      continue;
    }
    tally.failed++;
    // A line that is down answers at once: without a pause this loop would let nothing else run.
    await clock.sleep(2);
    if (clock.elapsed() - lastOkAt <= longestSilenceMs) continue;
    tally.silent++;
    lastOkAt = clock.elapsed();
    console.log(`${kind}: silent for a minute under ${faultWords(bench.faults) || "no faults"}`);
  }
  await bench.close();
}

/** Reads of one register have no shorter probe, so that a late answer to one can pass (`RtuTransport`). */
const fewestRegisters = 2;

/** One read of registers that nobody writes, or one write of others; true when it was answered well. */
async function exchange(bench: Bench, random: () => number, tally: Tally): Promise<boolean> {
  const unit = random() < 0.5 ? 1 : 2;
  const device = bench.devices.get(unit)!;
  if (random() < 0.3) {
    const address = 30 + Math.floor(random() * 8);
    const value = Math.floor(random() * 65_536);
    const request = {
      kind: "write",
      table: "holding",
      address,
      values: [value],
      single: true,
    } as const;
    const lane = random() < 0.2 ? "stop" : "write";
    const reply = await bench.line.exchange(unit, request, timing, lane);
    if (reply.ok && device.get(`r${address}`) !== value) tally.wrong++;
    return reply.ok;
  }
  const count = fewestRegisters + Math.floor(random() * 9);
  const address = Math.floor(random() * (30 - count));
  const request = { kind: "read", table: "holding", address, count } as const;
  const reply = await bench.line.exchange(unit, request, timing, "fast");
  if (!reply.ok) return false;
  const right = Array.from(reply.words).every((word, i) => word === held(unit, address + i));
  if (!right || reply.words.length !== count) tally.wrong++;
  return true;
}

const kinds: readonly Kind[] = ["serial pair", "TCP"];
const tallies = new Map(
  kinds.map((kind) => [kind, { exchanges: 0, ok: 0, failed: 0, wrong: 0, silent: 0 }]),
);
const running = Promise.all(kinds.map((kind) => soak(kind, tallies.get(kind)!)));
let over = false;
void running.then(() => {
  over = true;
});

// The first report is the measure: by then everything is loaded and compiled.
let before: number | undefined;
let grown = 0;
console.log(`soak of ${hours} h, seed ${seed}, Node ${process.version}`);
while (!over) {
  await clock.sleep(Math.min(reportMs, Math.max(0, endAt - clock.elapsed()) + 1000));
  const now = usedBytes();
  before ??= now;
  grown = now - before;
  const minutes = ((clock.elapsed() - begun) / 60_000).toFixed(1);
  const texts = [...tallies].map(([kind, t]) => {
    return `${kind} ${t.exchanges} exchanges, ${t.failed} failed, ${t.wrong} wrong, ${t.silent} silent minutes`;
  });
  console.log(
    `${minutes} min: ${texts.join("; ")}; memory ${(now / 1e6).toFixed(2)} MB (${(grown / 1e6).toFixed(2)} more)`,
  );
}
await running;
const all = [...tallies.values()];
const well = all.every((t) => t.wrong === 0 && t.silent === 0) && all.some((t) => t.ok > 0);
process.exitCode = well && grown < mostGrowthBytes ? 0 : 1;
