/** One simulated life test without a terminal, as a test wants it: everything seen is kept. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ElapsedMs } from "../../src/base/clock.js";
import { randomStream } from "../../src/base/random.js";
import type { RunSample } from "../../src/base/sample.js";
import { placeSpecimens, profileOf } from "../../src/cli/compose.js";
import { lineSpecOf } from "../../src/cli/line-spec.js";
import { benchOf } from "../../src/cli/simulate.js";
import { openSite } from "../../src/cli/site.js";
import { bitsPerCharOf } from "../../src/device/wire-time.js";
import { Keeper } from "../../src/keeper/keeper.js";
import { keepRig } from "../../src/keeper/kept-rig.js";
import { rigFacts } from "../../src/lab/facts.js";
import { LifeTest } from "../../src/lab/life-test.js";
import type { Line } from "../../src/line/line.js";
import { LineQueue } from "../../src/line/queue.js";
import { programOf } from "../../src/profile/compile.js";
import type { RecordEvent } from "../../src/record/document/event.js";
import type { RunSummary } from "../../src/record/document/run.js";
import { openRecord } from "../../src/record/reader.js";
import type { RecordReader } from "../../src/record/reader-port.js";
import type { BoundRig } from "../../src/rig/bind.js";
import { type LoadedRig, loadRig } from "../../src/rig/load.js";
import { simulationWiring } from "../../src/rig/wiring.js";
import type { RunState } from "../../src/run/state.js";
import type { SimBench } from "../../src/sim/bench.js";
import { type Faults, noFaults } from "../../src/sim/fault.js";
import type { PlantTruth } from "../../src/sim/plant.js";
import { simTransport } from "../../src/sim/sim-line.js";
import { VirtualClock } from "../../src/sim/virtual-clock.js";

export type Action = { atMs: ElapsedMs; act: (run: SimRun) => void };

export type SimSpec = {
  /** A shipped name, or the whole text of a file. */
  rig: string;
  profile: string;
  specimens: readonly string[];
  parameters?: Record<string, string>;
  seed?: number;
  /** Parameters of the plant, canonical: `{ wear: 2000 }`. */
  plant?: Record<string, number>;
  /** Per line, from `faultsFromMs` on (from the start without it). */
  faults?: Record<string, Partial<Faults>>;
  faultsFromMs?: ElapsedMs;
  /** Nothing new goes wrong from then on. */
  faultsUntilMs?: ElapsedMs;
  /** What happens from outside, on the run's clock. */
  script?: readonly Action[];
  /** Looks at or changes the parts before the first exchange. */
  before?: (run: SimRun) => void;
};

/** What an actuator drives, seen at the device's registers after every write to it. */
export type Driven = { at: ElapsedMs; role: string; written: number; active: number };

/** One input as the observer saw it: the state it found and the one it left. */
export type Seen = { before: RunState; after: RunState };

export type SimRun = {
  root: string;
  clock: VirtualClock;
  loaded: LoadedRig;
  bench: SimBench;
  rig: BoundRig;
  keeper: Keeper;
  test: LifeTest;
  driven: Driven[];
  /** Every input that brought a new sample. */
  cycles: Seen[];
  events: RecordEvent[];
  /** Told of every decision's events. */
  listeners: ((events: readonly RecordEvent[]) => void)[];
  /** The plant's truth when a station's outcome was settled, and at the end. */
  truths: { outcome: string; truth: PlantTruth }[];
  /** The plant's turns by station name when each cycle began: what happened until the time of its sample. */
  began: Record<string, number>[];
  summary: RunSummary | undefined;
  error: unknown;
  reader: RecordReader;
};

/** A run that a test left waiting for somebody is ended, so that the test fails and does not hang. */
const forgotten: Action = {
  atMs: 24 * 3_600_000,
  act: (run) => run.test.pilot.command("abort", "harness", "left running for a day"),
};

/** Nobody goes to a simulated rig: one whose actuators do not act for an hour is left. */
const leftAfterMs = 3_600_000;

function leaveUnsafe(run: SimRun, state: RunState): void {
  if (state.packml !== "Aborted" || state.isLeft || state.outcome !== null) return;
  if (state.at - state.since > leftAfterMs) run.test.pilot.abandon("harness", "it does not act");
}

const startWall = Date.UTC(2026, 0, 1);
const folders: string[] = [];

/** For `afterAll`: closes nothing, deletes every folder made here. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Runs one life test to its end. An error of the run is kept in `error`, not thrown. */
export async function simulate(spec: SimSpec): Promise<SimRun> {
  const root = mkdtempSync(join(tmpdir(), "wearout-sim-"));
  folders.push(root);
  const run = await build(spec, root);
  spec.before?.(run);
  for (const { atMs, act } of [...(spec.script ?? []), forgotten]) {
    void run.clock.sleep(atMs).then(() => act(run));
  }
  try {
    run.summary = await run.test.run();
  } catch (error) {
    run.error = error;
  }
  await run.keeper.close();
  run.reader = openRecord(root, run.test.header.id);
  return run;
}

async function build(spec: SimSpec, root: string): Promise<SimRun> {
  const seed = spec.seed ?? 1;
  const site = openSite(root);
  const loaded = loadRig(written(root, "rigs", "rig", spec.rig), site);
  const profile = profileOf(written(root, "profiles", "profile", spec.profile), site);
  const clock = new VirtualClock(startWall);
  const placed = placeSpecimens(spec.specimens, undefined, profile.value, loaded, site, root);
  const parameters = spec.parameters ?? {};
  const products = placed.map((p) => p.product);
  const program = programOf(profile, { products, parameters, rig: rigFacts(loaded) });
  const bench = benchOf(loaded, placed, clock, seed, spec.plant);
  const rig = keepRig(loaded, linesOf(spec, loaded, bench, clock), clock, true);
  const keeper = new Keeper({ rig, limits: loaded.limits, clock });
  const seen = { driven: [], cycles: [], events: [], listeners: [], truths: [], began: [] };
  const parts = {
    root,
    clock,
    loaded,
    bench,
    rig,
    keeper,
    ...seen,
    summary: undefined,
    error: undefined,
  };
  const run = parts as unknown as SimRun;
  watchDriven(run);
  watchTurns(run);
  run.test = await LifeTest.open({
    loaded,
    keeper,
    profile,
    program,
    placed,
    parameters,
    simulated: true,
    seed,
    software: "test",
    recordsRoot: join(root),
    writer: { flushMs: Number.POSITIVE_INFINITY, flushSamples: 512 },
    clock,
  });
  run.test.watch(observer(run));
  return run;
}

/** A name stays a name; the text of a file becomes that file. */
function written(root: string, kind: string, key: string, nameOrText: string): string {
  if (!nameOrText.includes("\n")) return nameOrText;
  const name = new RegExp(`^${key}: *(\\S+)`, "m").exec(nameOrText)?.[1] ?? "unnamed";
  mkdirSync(join(root, kind), { recursive: true });
  const file = join(root, kind, `${name}.yaml`);
  writeFileSync(file, nameOrText);
  return file;
}

function linesOf(
  { faults = {}, faultsFromMs = 0, faultsUntilMs, seed = 1 }: SimSpec,
  loaded: LoadedRig,
  bench: SimBench,
  clock: VirtualClock,
): Map<string, Line> {
  return new Map(
    Object.keys(loaded.rig.lines).map((name) => {
      const says = lineSpecOf(loaded, name);
      const tcp = "tcp" in says;
      const wire = tcp ? "tcp" : { baud: says.baud, bitsPerChar: bitsPerCharOf(says.format) };
      const wrong = { ...noFaults };
      if (faultsFromMs === 0) Object.assign(wrong, faults[name]);
      else void clock.sleep(faultsFromMs).then(() => Object.assign(wrong, faults[name]));
      if (faultsUntilMs !== undefined) {
        void clock.sleep(faultsUntilMs).then(() => Object.assign(wrong, noFaults));
      }
      const random = randomStream(seed, `faults ${name}`);
      const transport = simTransport(bench.units(name), clock, wire, wrong, random);
      return [name, new LineQueue(name, transport, clock)];
    }),
  );
}

function watchTurns({ rig, bench, began }: SimRun): void {
  const sample = rig.sample.bind(rig);
  rig.sample = (cycle) => {
    began.push(Object.fromEntries(bench.truth().stations.map((s) => [s.station, s.turns])));
    return sample(cycle);
  };
}

function watchDriven({ loaded, bench, rig, clock, driven }: SimRun): void {
  const wires = simulationWiring(loaded).filter((w) => w.direction === "in");
  for (const wire of wires) {
    const device = bench.device(wire.device);
    const actuator = (device.type.actuators ?? []).findIndex((a) => a.point === wire.point);
    const note = () => {
      const active = device.activeSetpoint(actuator);
      driven.push({
        at: clock.elapsed(),
        role: wire.signal,
        written: wire.fromPoint(device.get(wire.point)),
        active: active === undefined ? 0 : wire.fromPoint(active),
      });
    };
    device.onWrite(note);
    if (!rig.actuators.some((a) => a.role === wire.signal)) throw new Error(wire.signal);
  }
}

function observer(run: SimRun) {
  let before: RunState | undefined;
  return (after: RunState, _sample: RunSample | undefined, events: readonly RecordEvent[]) => {
    if (before !== undefined && after.cycle > before.cycle) run.cycles.push({ before, after });
    const settled = after.stations.map((s) => s.outcome).join();
    const last = run.truths.at(-1)?.outcome ?? after.stations.map(() => "running").join();
    const isOver = (state: RunState) => state.outcome !== null || state.isLeft;
    const ended = isOver(after) && before !== undefined && !isOver(before);
    if (settled !== last || ended) run.truths.push({ outcome: settled, truth: run.bench.truth() });
    before = after;
    leaveUnsafe(run, after);
    run.events.push(...events);
    for (const listener of run.listeners) listener(events);
  };
}
