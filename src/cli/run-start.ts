import { basename } from "node:path";
import { type Clock, RealClock } from "../base/clock.js";
import { errorTable, formatProblem, WearoutError } from "../base/error.js";
import { checkedName } from "../base/name.js";
import { keepRig } from "../keeper/kept-rig.js";
import type { PlanStore } from "../keeper/plan-store.js";
import { LifeTest, type LifeTestSpec, type Placed } from "../lab/life-test.js";
import { refuseWhileOpen } from "../lab/open-run.js";
import { SpecimenStore } from "../lab/specimen.js";
import { oldestWall } from "../lab/time-watch.js";
import { waysOn } from "../lab/ways-on.js";
import type { Line } from "../line/line.js";
import { entersState, type RecordEvent, waitsIn } from "../record/document/event.js";
import { recordsRoot } from "../record/folder.js";
import { listRuns, unfinishedRuns } from "../record/reader.js";
import { defaultWriterOptions } from "../record/writer.js";
import type { BoundRig } from "../rig/bind.js";
import { withConstants } from "../rig/constant.js";
import { cycleWarning } from "../rig/cycle-time.js";
import type { LoadedRig } from "../rig/load.js";
import { allActed, safetyText } from "../rig/safety.js";
import { exitCodeOf, type Interrupted, type Observer } from "../run/pilot.js";
import type { RunState } from "../run/state.js";
import { VirtualClock } from "../sim/virtual-clock.js";
import { placeSpecimens, profileOf, programOf } from "./compose.js";
import { type Kept, keepOpen } from "./keep-rig.js";
import { refuseKeptRig } from "./kept/refuse.js";
import { listenToKeyboard } from "./keyboard.js";
import { safeAtDefect } from "./last-resort.js";
import { type Leaving, withLeaving } from "./leaving.js";
import { assignments, wholeNumber } from "./option.js";
import { driveUnheard, json } from "./output.js";
import { watchPlan } from "./plan-watch.js";
import { openLines } from "./rig-lines.js";
import { isoMinute } from "./run-list.js";
import { openRunView, type RunView } from "./run-view.js";
import { openText, summaryLines } from "./run-words.js";
import { endedEarly, planStoreOf, type SafeFirst, safeFirst } from "./safe-first.js";
import { safetyLines } from "./safety-lines.js";
import type { Shell } from "./shell.js";
import { benchOf, rigOf, simulatedLines } from "./simulate.js";
import { softwareVersion } from "./site.js";
import { timeSyncOf } from "./time-sync.js";

export type StartOptions = {
  rig: string;
  specimen: string;
  product?: string;
  lot?: string;
  set: string[];
  constant?: string[];
  virtual?: boolean;
  seed: string;
  records?: string;
  state?: string;
  json?: boolean;
};

const notNeeded: SafeFirst = { found: "none", interrupted: false };

/** Virtual runs begin at one fixed moment, so that the same seed gives the same bytes. */
const virtualStartWall = Date.UTC(2026, 0, 1);

/** One life test from the command line; answers with its exit status. */
export async function startRun(shell: Shell, name: string, options: StartOptions): Promise<number> {
  const simulated = options.virtual === true;
  const rigName = basename(options.rig).replace(/\.yaml$/, "");
  if (!simulated) await refuseKeptRig(shell, rigName, options);
  const first = simulated ? notNeeded : await safeFirst(shell, rigName, undefined, options.state);
  if (first.interrupted) return endedEarly(shell);
  const site = shell.site();
  const root = recordsRoot(options.records, shell.env);
  const given = Object.fromEntries(assignments("--constant", options.constant ?? []));
  const loaded = withConstants(rigOf(options.rig, site), given);
  for (const warning of loaded.warnings) shell.out.talk(formatProblem(warning));
  const slow = cycleWarning(loaded);
  if (slow !== undefined) shell.out.talk(slow);
  const profile = profileOf(name, site);
  const parameters = Object.fromEntries(assignments("--set", options.set));
  const names = namesIn(options.specimen);
  const known = placeSpecimens(names, options.product, profile.value, loaded, site, root);
  const placed = withLots(known, names, options.lot);
  for (const text of otherLots(placed, root)) shell.out.talk(text);
  const products = placed.map((p) => p.product);
  const program = programOf(profile, products, loaded, parameters);
  const specimens = placed.map((p) => p.specimen);
  if (!simulated) refuseWhileOpen({ rig: loaded.rig.rig, specimens }, listRuns(root));
  for (const run of unfinishedRuns(root, loaded.rig.rig)) {
    shell.out.talk(`run ${run.id} on this rig is not finished: ${waysOn(run)}`);
  }
  if (!simulated) tellWrongClock(shell);
  const seed = simulated ? wholeNumber("--seed", options.seed, 0, 2 ** 31 - 1) : undefined;
  const clock = simulated ? new VirtualClock(virtualStartWall) : new RealClock();
  const store = simulated ? undefined : planStoreOf(shell, loaded, options.state);
  return withLeaving(shell.out, async (leaving) => {
    const lines = await linesOf(loaded, placed, clock, seed);
    const rig = keepRig(loaded, lines, clock, simulated, store);
    const { state } = options;
    const kept = await keepOpen(shell, { rig, loaded, clock, simulated, state, store });
    try {
      await refuseStrangers(rig);
      kept.keeper.open();
      if (first.found === "unusable") await madeSafe(rig);
      if (leaving.asked !== undefined) return neverBegan(shell);
      const files = { loaded, profile, program, placed, parameters };
      const parts = { ...files, kept, simulated, seed, clock, recordsRoot: root, store };
      return await openAndRun(shell, parts, LifeTest.open, options, leaving);
    } finally {
      await kept.close();
    }
  });
}

/** Older than this software. */
function tellWrongClock({ out, host }: Shell): void {
  if (host.wall() >= oldestWall) return;
  const text =
    "times of day in this record will be wrong, the run's own clock is not; wearout doctor";
  out.talk(`the wall clock stands at ${isoMinute(host.wall())} UTC: ${text}`);
}

function neverBegan({ out }: Shell): number {
  out.talk("no run was begun: nothing was written to the rig");
  return 0;
}

/** Nobody knows what may be moving. Throws `STATE_REFUSED` where something has not acted. */
async function madeSafe(rig: BoundRig): Promise<void> {
  const safety = await rig.safe("its safe plan could not be used");
  if (allActed(safety)) return;
  throw new WearoutError("STATE_REFUSED", `rig ${rig.name} is not safe: ${safetyText(safety)}`);
}

/** One for each station in its order; an empty name leaves its station empty. */
function namesIn(list: string): string[] {
  return list.split(",").map((name) => name.trim());
}

/** `--lot B7` for all, or one for each of the names as they were given. */
function withLots(
  placed: readonly Placed[],
  names: readonly string[],
  text: string | undefined,
): Placed[] {
  const lots = text === undefined ? [] : namesIn(text);
  for (const lot of lots) if (lot !== "") checkedName("--lot", lot);
  if (lots.length > 1 && lots.length !== names.length) {
    const found = `found ${lots.length} lots for ${names.length} specimens`;
    throw new WearoutError("USAGE", `--lot: ${found}, expected one for all or one each`);
  }
  return placed.map((p) => {
    const lot = lots[lots.length === 1 ? 0 : names.indexOf(p.specimen)];
    return lot === undefined || lot === "" ? p : { ...p, lot };
  });
}

function otherLots(placed: readonly Placed[], root: string): string[] {
  const store = new SpecimenStore(root);
  return placed.flatMap(({ specimen, lot }) => store.otherLot(specimen, lot) ?? []);
}

/** Before there is a record: every device is there and is what the rig file says. */
export async function refuseStrangers(rig: BoundRig): Promise<void> {
  const faults = await rig.identify();
  const [first] = faults;
  if (first === undefined) return;
  const code = { "device-silent": "DEVICE_SILENT", identity: "DEVICE_IDENTITY" } as const;
  const list = faults.map(({ device, detail }) => `${device}: ${detail}`).join("; ");
  const found = code[first.code as keyof typeof code] ?? "DEVICE_NONSENSE";
  throw new WearoutError(found, `rig ${rig.name} cannot start: ${list}`);
}

export type TestParts = Omit<LifeTestSpec, "software" | "writer" | "observe" | "keeper"> & {
  kept: Kept;
  /** Of a rig with real lines. */
  store?: PlanStore | undefined;
};

/** Opens a life test, shows it while it runs, and answers with the exit status. */
export async function openAndRun(
  shell: Shell,
  parts: TestParts,
  open: (spec: LifeTestSpec) => Promise<LifeTest>,
  options: { json?: boolean },
  leaving: Leaving,
): Promise<number> {
  const { simulated, loaded, clock, kept, store } = parts;
  const { keeper, desk, token } = kept;
  const { rig } = keeper;
  const view = openRunView(shell, { simulated, loaded, clock, token }, options);
  let test: LifeTest | undefined;
  const observe: Observer = (state, sample, events) => {
    view.observer(state, sample, events);
    desk?.observe(events);
    // Nobody can type resume in virtual time: it would wait for ever, and record all of it.
    if (simulated && waitsForSomebody(state, events)) {
      const why = `${state.reason}; nobody is there to type resume in virtual time`;
      test?.pilot.command("stop", "wearout", why);
    }
    if (simulated && doesNotAct(state)) {
      test?.pilot.abandon("wearout", "nobody can go to a simulated rig");
    }
  };
  const writer = simulated ? { ...defaultWriterOptions, flushMs: Infinity } : defaultWriterOptions;
  const { host } = shell;
  const timeSync = simulated ? {} : { timeSync: () => timeSyncOf(host, host.wall()) };
  test = await open({ ...parts, keeper, ...timeSync, software: softwareVersion, writer, observe });
  shell.out.talk(`${simulated ? "SIMULATED " : ""}run ${test.header.id} in ${test.folder}`);
  if (test.interrupted !== undefined) shell.out.talk(returnedText(test.interrupted));
  const stopWatching = watchPlan(test, { rig, store, clock }, shell.out);
  let over: () => void = () => {};
  const isOver = new Promise<void>((resolve) => {
    over = resolve;
  });
  let isDefect = false;
  const tellDefect = (text: string) => {
    isDefect = true;
    test?.pilot.command("abort", "wearout", text);
    return isOver;
  };
  const stopGuarding = simulated ? () => {} : safeAtDefect(rig, shell.out, tellDefect);
  view.open(test);
  desk?.board(test);
  leaving.attach(test.pilot, simulated);
  try {
    const status = await runToEnd(shell, test, rig, options, view);
    return isDefect ? errorTable.DEFECT.exit : status;
  } finally {
    view.close();
    desk?.board(undefined);
    over();
    stopGuarding();
    stopWatching();
  }
}

/** Aborted, and an actuator of a simulated rig has not acted for so long that it never will. */
function doesNotAct({ packml, at, since, outcome, isLeft }: RunState): boolean {
  const waits = packml === "Aborted" && outcome === null && !isLeft;
  return waits && at - since > longestSuspendedMs;
}

/** Longer than anything that clears by itself takes on a simulated bench. */
const longestSuspendedMs = 3_600_000;

/** Held now; or suspended, and over but for a person, or for so long that it will not be over. */
function waitsForSomebody(state: RunState, events: readonly RecordEvent[]): boolean {
  if (state.packml === "Held") return events.some((event) => entersState(event, "Held"));
  if (state.packml !== "Suspended" || state.clearSamples < 0) return false;
  return (
    events.some((event) => waitsIn(event) !== undefined) ||
    state.at - state.since > longestSuspendedMs
  );
}

/** What was found, and what a person is waited for. */
function returnedText({ text, next, why }: Interrupted): string {
  const waits = next === "hold" ? "; it will be held: look, then type resume and Enter" : "";
  return `${text}; ${why}${waits}`;
}

/** Real lines, or those of a simulated bench where there is a seed. */
async function linesOf(
  loaded: LoadedRig,
  placed: readonly Placed[],
  clock: Clock,
  seed: number | undefined,
): Promise<Map<string, Line>> {
  if (seed !== undefined)
    return simulatedLines(loaded, benchOf(loaded, placed, clock, seed), clock);
  return openLines(loaded, clock, `rig ${loaded.rig.rig}`);
}

async function runToEnd(
  shell: Shell,
  test: LifeTest,
  rig: BoundRig,
  options: { json?: boolean },
  view: RunView,
): Promise<number> {
  const stopDriving = driveUnheard();
  const stopReading = test.header.simulated ? () => {} : listenToKeyboard(test, shell.out, view);
  try {
    const summary = await test.run();
    view.close();
    if (options.json === true) shell.out.print(json(summary));
    else for (const line of summaryLines(summary)) shell.out.print(line);
    if (!summary.simulated) {
      for (const line of await safetyLines(rig, new RealClock())) shell.out.talk(line);
    }
    if (test.state.outcome === null) shell.out.talk(openText(summary));
    return exitCodeOf(test.state);
  } finally {
    stopDriving();
    stopReading();
  }
}
