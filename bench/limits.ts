/**
 * What a cycle of limits costs: 64 limits of every kind on 32 roles, looked at again and again. Prints the processor time of
 * a cycle in microseconds, median and 99th percentile over rounds. `node build/bench/limits.js [--rounds 200]`
 */
import { argv, cpuUsage, stdout } from "node:process";
import { type Column, good } from "../src/base/sample.js";
import { type CompiledLimit, compileLimits } from "../src/limit/compile.js";
import type { Limit } from "../src/limit/limit.js";
import { emptyLimitMemory } from "../src/limit/memory.js";
import { watchLimits } from "../src/limit/watch.js";
import { resolveWritten } from "../src/limit/written.js";

const roles = 32;
const limits = 64;
const cyclesOfRound = 1000;
const rounds = Number(argv[argv.indexOf("--rounds") + 1] ?? "200") || 200;

const columns: Column[] = Array.from({ length: roles }, (_, i) => ({
  ...{ name: `s${i}.temperature`, role: "temperature", station: `s${i}` },
  ...{ dimension: "temperature", unit: "degC" },
}));

/** Each kind that a temperature can have; the dear ones as often as the others. */
const written: Partial<Limit>[] = [
  { above: "90 degC", for: "2 min", hysteresis: "5 K" },
  { outside: ["10 degC", "90 degC"], reaction: "trip" },
  { rises: { by: "15 K", within: "10 min" } },
  { falls: { by: "15 K", within: "10 min" } },
  { stale: "10 s" },
  { frozen: "5 min", while: { role: "temperature", above: "20 degC" } },
  { differsFrom: { others: "median", by: "5 K" } },
  { integral: { above: "80 degC", by: "5 K", during: "10 min" } },
  { reachesWithin: { above: "30 degC", within: "1 min" } },
  { above: "90 degC", count: { times: 8, within: "1 min" } },
  { below: "5 degC", vote: { atLeast: 2, with: ["s1.temperature", "s2.temperature"] } },
];

function limitOn(i: number): CompiledLimit {
  const limit: Limit = {
    ...{ name: `limit-${i}`, role: "temperature", reaction: "warn" },
    ...written[i % written.length],
  };
  const compiled = compileLimits([limit], columns, [], (w, d) => resolveWritten(w, d, {}, {}));
  return compiled.limits[i % roles]!;
}

const list = Array.from({ length: limits }, (_, i) => limitOn(i));
let memory = emptyLimitMemory(list);
const values = new Float64Array(roles).fill(50);
const quality = new Uint8Array(roles).fill(good);
const goodAt = () => 0;
const look = {
  ...{ at: 0, values, quality, goodAt, startedAt: 0, stepAt: 0, ramping: false },
  ...{ mayBeSilent: false, baseline: () => Number.NaN, setpoints: new Float64Array(0) },
};

let found = 0;
function cycle(): void {
  look.at += 100;
  for (let i = 0; i < roles; i++) values[i] = 50 + ((look.at + i * 997) % 7919) / 1e4;
  // As a run does, which replaces its state.
  memory = memory.slice();
  watchLimits(
    list,
    memory,
    look,
    () => true,
    (verdict) => {
      found += verdict;
    },
  );
}

function round(): number {
  const from = cpuUsage();
  for (let i = 0; i < cyclesOfRound; i++) cycle();
  const { user, system } = cpuUsage(from);
  return (user + system) / cyclesOfRound;
}

for (let i = 0; i < 20; i++) round();
const took = Array.from({ length: rounds }, round).sort((a, b) => a - b);
const at = (share: number) => (took[Math.floor(share * (took.length - 1))] ?? 0).toFixed(1);
stdout.write(
  `${limits} limits on ${roles} roles: ${at(0.5)} us a cycle (median), ${at(0.99)} us (99 %), ` +
    `${memory.length} numbers remembered, ${found} verdicts\n`,
);
