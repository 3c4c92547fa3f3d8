/**
 * The controller of a crash round, a process of its own: `crash-child.js run ROOT` runs a life test on a
 * simulated rig until it is killed; `crash-child.js check ROOT ID` says what its record holds.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { placeSpecimens, profileOf } from "../../src/cli/compose.js";
import { benchOf, simulatedLines } from "../../src/cli/simulate.js";
import { openSite, packageRoot } from "../../src/cli/site.js";
import { Keeper } from "../../src/keeper/keeper.js";
import { keepRig } from "../../src/keeper/kept-rig.js";
import { rigFacts } from "../../src/lab/facts.js";
import { LifeTest } from "../../src/lab/life-test.js";
import { programOf } from "../../src/profile/compile.js";
import { exposureOf } from "../../src/profile/exposure.js";
import type { RecordEvent } from "../../src/record/document/event.js";
import { openRecord } from "../../src/record/reader.js";
import { verifyRun } from "../../src/record/verify-run.js";
import { reopenRecord } from "../../src/record/writer.js";
import { loadRig } from "../../src/rig/load.js";
import { restore } from "../../src/run/fold.js";
import type { Observer } from "../../src/run/pilot.js";
import { initialState } from "../../src/run/state.js";
import { VirtualClock } from "../../src/sim/virtual-clock.js";

const seed = 7;
const [what = "", root = "", id = ""] = process.argv.slice(2);

/** A flush every cycle: a thousand transactions a second to be killed in. */
const writer = { flushMs: 1000, flushSamples: 512 };

/** The rig of the benchmark at a cycle of one second. */
function rigFile(): string {
  const text = readFileSync(join(packageRoot, "bench", "rigs", "bench-24.yaml"), "utf8");
  const path = join(root, "bench-24.yaml");
  writeFileSync(path, text.replace(/^cycle: .*$/m, "cycle: 1 s"));
  return path;
}

async function open(recordsRoot: string) {
  const site = openSite(packageRoot);
  const loaded = loadRig(rigFile(), site);
  const profile = profileOf(join(packageRoot, "bench", "profiles", "bench-24.yaml"), site);
  const parameters = { length: "1000 h" };
  const names = ["a", "b", "c", "d"];
  const placed = placeSpecimens(names, undefined, profile.value, loaded, site, recordsRoot);
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const bench = benchOf(loaded, placed, clock, seed);
  const rig = keepRig(loaded, simulatedLines(loaded, bench, clock), clock, true);
  const keeper = new Keeper({ rig, limits: loaded.limits, clock });
  const products = placed.map((p) => p.product);
  const program = programOf(profile, { products, parameters, rig: rigFacts(loaded) });
  const facts = { simulated: true, seed, software: "crash round", recordsRoot, writer, clock };
  const test = await LifeTest.open({
    ...{ ...facts, loaded, keeper, profile, program, placed, parameters },
  });
  return { test, bench };
}

/** At each look everything of the look before has been acknowledged: the pilot waited for it. */
function teller(bench: ReturnType<typeof benchOf>): Observer {
  let acknowledged = 0;
  let waiting = 0;
  let cycle = 0;
  return (state, _sample, events) => {
    acknowledged += waiting;
    waiting = events.filter((e) => e.kind !== "checkpoint").length;
    if (state.cycle === cycle && waiting === 0) return;
    cycle = state.cycle;
    const turns = bench.truth().stations[0]?.turns ?? 0;
    writeSync(1, `${acknowledged} ${cycle} ${turns}\n`);
  };
}

/** Holds and resumes all the time: every way through the states is a handful of events to lose. */
function restless({ pilot }: LifeTest, told: Observer): Observer {
  return (state, sample, events) => {
    told(state, sample, events);
    if (state.packml === "Execute" && state.at - state.since > 20_000 && !state.waiting) {
      pilot.command("hold", "crash round");
    } else if (state.packml === "Held" && sample !== undefined && events.length === 0) {
      pilot.command("resume", "crash round");
    }
  };
}

async function run(): Promise<void> {
  const { test, bench } = await open(root);
  test.watch(restless(test, teller(bench)));
  writeSync(1, `${test.header.id}\n`);
  await test.run();
}

/** What a restart finds, and that it can write on. */
async function check(): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "wearout-crash-"));
  const { context } = (await open(scratch)).test;
  const { ok, findings, condition } = verifyRun(root, id, () => {});
  const reader = openRecord(root, id);
  const decided = [...reader.events()].filter((e) => !waitsForNothing.includes(e.kind));
  const state = restore(context, initialState(context), reader);
  reader.close();
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const again = await reopenRecord(root, id, clock, writer);
  const text = "the controller was killed";
  const marked: RecordEvent = { kind: "fault", at: state.at, cycle: state.cycle, text, data: {} };
  await again.commit([marked]);
  await again.close();
  rmSync(scratch, { recursive: true, force: true });
  const turns = exposureOf(state.stations[0]!.book).turns;
  const found = { ok, findings, condition, events: decided.length, cycle: state.cycle, turns };
  const after = verifyRun(root, id, () => {}).ok;
  writeSync(
    1,
    `${JSON.stringify({ ...found, at: state.at, takenOver: again.takenOver, after })}\n`,
  );
}

/** Kinds that are handed over without waiting: they may be there or not. */
const waitsForNothing: readonly string[] = ["checkpoint", "attachment"];

await (what === "run" ? run() : check());
process.exit(0);
