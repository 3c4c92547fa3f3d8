/**
 * What a virtual run costs, the whole way from line queue to record: four simulated bearings, 24
 * columns, sixteen exchanges per cycle. `node build/bench/virtual-run.js [--cycle 10] [--hours 1000]`
 * (cycle in seconds). At the end the run is restored from its record, as `wearout run resume` would. Build first. The record goes to a temporary folder and is removed.
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { RealClock } from "../src/base/clock.js";
import { placeSpecimens, profileOf } from "../src/cli/compose.js";
import { benchOf, simulatedLines } from "../src/cli/simulate.js";
import { openSite, packageRoot } from "../src/cli/site.js";
import { Keeper } from "../src/keeper/keeper.js";
import { keepRig } from "../src/keeper/kept-rig.js";
import { findRun } from "../src/lab/comeback.js";
import { rigFacts } from "../src/lab/facts.js";
import { LifeTest } from "../src/lab/life-test.js";
import { programOf } from "../src/profile/compile.js";
import { defaultWriterOptions } from "../src/record/writer.js";
import { loadRig } from "../src/rig/load.js";
import { VirtualClock } from "../src/sim/virtual-clock.js";

const seed = 7;
const { values: given } = parseArgs({
  options: {
    cycle: { type: "string", default: "10" },
    hours: { type: "string", default: "1000" },
  },
});

/** The rig of the benchmark with another cycle, loaded from a file like every rig. */
function rigWithCycle(folder: string, seconds: string): string {
  const text = readFileSync(join(packageRoot, "bench", "rigs", "bench-24.yaml"), "utf8");
  const path = join(folder, "bench-24.yaml");
  writeFileSync(path, text.replace(/^cycle: .*$/m, `cycle: ${seconds} s`));
  return path;
}

async function openTest(root: string, clock: VirtualClock) {
  const site = openSite(packageRoot);
  const loaded = loadRig(rigWithCycle(root, given.cycle), site);
  const profile = profileOf(join(packageRoot, "bench", "profiles", "bench-24.yaml"), site);
  const parameters = { length: `${given.hours} h` };
  const names = ["a", "b", "c", "d"];
  const placed = placeSpecimens(names, undefined, profile.value, loaded, site, root);
  const products = placed.map((p) => p.product);
  const lines = simulatedLines(loaded, benchOf(loaded, placed, clock, seed), clock);
  const rig = keepRig(loaded, lines, clock, true);
  const keeper = new Keeper({ rig, limits: loaded.limits, clock });
  const test = await LifeTest.open({
    loaded,
    keeper,
    profile,
    program: programOf(profile, { products, parameters, rig: rigFacts(loaded) }),
    placed,
    parameters,
    simulated: true,
    seed,
    software: "bench",
    recordsRoot: root,
    writer: { ...defaultWriterOptions, flushMs: Number.POSITIVE_INFINITY },
    clock,
  });
  return { test, keeper };
}

function show(what: string, value: number, unit: string): void {
  process.stdout.write(`${what.padEnd(24)} ${value.toFixed(2).padStart(12)} ${unit}\n`);
}

const root = mkdtempSync(join(tmpdir(), "wearout-bench-"));
try {
  const machine = new RealClock();
  const { test, keeper } = await openTest(root, new VirtualClock(0));
  const before = process.cpuUsage();
  const began = machine.elapsed();
  const { outcome } = await test.run();
  const wallMs = machine.elapsed() - began;
  const { user, system } = process.cpuUsage(before);
  const { cycle } = test.state;
  const lines = Object.values(keeper.rig.statistics());
  const exchanges = lines.reduce((sum, line) => sum + line.exchanges, 0);
  const bytes = statSync(join(test.folder, "run.db")).size;
  process.stdout.write(
    `${given.hours} h, cycle ${given.cycle} s, ${keeper.rig.columns.length} columns: `,
  );
  process.stdout.write(`${outcome}\n`);
  show("cycles", cycle, "");
  show("wall time", wallMs / 1000, "s");
  show("processor time", (user + system) / 1e6, "s");
  show("per cycle", (wallMs * 1000) / cycle, "us");
  show("exchanges per cycle", exchanges / cycle, "");
  show("per exchange", (wallMs * 1000) / exchanges, "us");
  show("record", bytes / 1e6, "MB");
  show("largest memory", process.resourceUsage().maxRSS / 1024, "MB");
  await keeper.close();
  const id = basename(test.folder);
  const from = machine.elapsed();
  const { state, events } = findRun(root, id, test.context);
  show("restored in", machine.elapsed() - from, "ms");
  const again = machine.elapsed();
  findRun(root, id, test.context);
  show("restored again in", machine.elapsed() - again, "ms");
  show("events", events.length, "");
  if (!isDeepStrictEqual(state, test.state)) throw new Error("the record gives another state");
} finally {
  rmSync(root, { recursive: true });
}
