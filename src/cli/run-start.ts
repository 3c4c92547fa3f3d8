import { basename } from "node:path";
import { Cancel, type Clock, RealClock } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import { formatHours, formatTurns } from "../base/quantity.js";
import { keepRig } from "../keeper/kept-rig.js";
import type { PlanStore } from "../keeper/plan-store.js";
import { waysOn } from "../lab/comeback.js";
import { LifeTest, type LifeTestSpec, type Placed } from "../lab/life-test.js";
import { refuseWhileOpen } from "../lab/open-run.js";
import { SpecimenStore } from "../lab/specimen.js";
import type { Line } from "../line/line.js";
import { recordsRoot } from "../record/folder.js";
import { listRuns, unfinishedRuns } from "../record/reader.js";
import type { Json, RecordEvent, RunSummary } from "../record/record.js";
import { defaultWriterOptions } from "../record/writer.js";
import type { BoundRig } from "../rig/bind.js";
import { withConstants } from "../rig/constant.js";
import { cycleWarning } from "../rig/cycle-time.js";
import type { LoadedRig } from "../rig/load.js";
import { allActed, safetyText } from "../rig/safety.js";
import { exitCodeOf, type Interrupted, type Observer } from "../run/runner.js";
import type { RunState } from "../run/state.js";
import { VirtualClock } from "../sim/virtual-clock.js";
import { placeSpecimens, profileOf, programOf } from "./compose.js";
import { listenToKeyboard } from "./keyboard.js";
import { safeAtDefect } from "./last-resort.js";
import { type Leaving, withLeaving } from "./leaving.js";
import { assignments, wholeNumber } from "./option.js";
import { driveUnheard, json, type Output } from "./output.js";
import { plainObserver } from "./plain-view.js";
import { openLines } from "./rig-lines.js";
import { isoMinute } from "./run-list.js";
import { oldestWall } from "./run-verify.js";
import { endedEarly, planStoreOf, type SafeFirst, safeFirst } from "./safe-first.js";
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
  const first = simulated ? notNeeded : await safeFirst(shell, rigName, undefined, options.state);
  if (first.interrupted) return endedEarly(shell);
  const site = shell.site();
  const root = recordsRoot(options.records, shell.env);
  const given = Object.fromEntries(assignments("--constant", options.constant ?? []));
  const loaded = withConstants(rigOf(options.rig, site), given);
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
  if (!simulated && shell.host.wall() < oldestWall) {
    const text =
      "times of day in this record will be wrong, the run's own clock is not; wearout doctor";
    shell.out.talk(`the wall clock stands at ${isoMinute(shell.host.wall())} UTC: ${text}`);
  }
  const seed = simulated ? wholeNumber("--seed", options.seed, 0, 2 ** 31 - 1) : undefined;
  const clock = simulated ? new VirtualClock(virtualStartWall) : new RealClock();
  const store = simulated ? undefined : planStoreOf(shell, loaded, options.state);
  return withLeaving(shell.out, async (leaving) => {
    const lines = await linesOf(loaded, placed, clock, seed);
    const rig = keepRig(loaded, lines, clock, simulated, store);
    try {
      await refuseStrangers(rig);
      if (first.found === "unusable") await madeSafe(rig);
      if (leaving.asked !== undefined) return neverBegan(shell);
      const known = { loaded, rig, profile, program, placed, parameters, simulated, seed, clock };
      const parts = { ...known, recordsRoot: root, store };
      return await openAndRun(shell, parts, LifeTest.open, options, leaving);
    } finally {
      await rig.close();
    }
  });
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

export type TestParts = Omit<LifeTestSpec, "software" | "writer" | "observe"> & {
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
  const { simulated, loaded, clock } = parts;
  const signMs = simulated ? 24 * 3_600_000 : 60_000;
  const view =
    options.json === true ? () => {} : plainObserver(shell.out, loaded.columns, clock, signMs);
  let test: LifeTest | undefined;
  const observe: Observer = (state, sample, events) => {
    view(state, sample, events);
    // Nobody can resume a run in virtual time: it would wait for ever, and record all of it.
    if (simulated && waitsForSomebody(state, events)) {
      const why = `${state.reason}; nobody can resume a virtual run`;
      test?.runner.command("stop", "wearout", why);
    }
    if (simulated && doesNotAct(state)) {
      test?.runner.abandon("wearout", "nobody can go to a simulated rig");
    }
  };
  const writer = simulated ? { ...defaultWriterOptions, flushMs: Infinity } : defaultWriterOptions;
  const { host } = shell;
  const timeSync = simulated ? {} : { timeSync: () => timeSyncOf(host, host.wall()) };
  test = await open({ ...parts, ...timeSync, software: softwareVersion, writer, observe });
  shell.out.talk(`${simulated ? "SIMULATED " : ""}run ${test.header.id} in ${test.folder}`);
  if (test.interrupted !== undefined) shell.out.talk(returnedText(test.interrupted));
  const stopWatching = watchAbandon(test, parts, shell.out);
  const stopGuarding = simulated ? () => {} : safeAtDefect(parts.rig, shell.out);
  leaving.attach(test.runner, simulated);
  try {
    return await runToEnd(shell, test, parts.rig, options);
  } finally {
    stopGuarding();
    stopWatching();
  }
}

const abandonLookMs = 1000;

/** `rig abandon` from another terminal: the only way to leave what has not acted. */
function watchAbandon(
  { runner }: LifeTest,
  { rig, store, clock }: TestParts,
  out: Output,
): () => void {
  const cancel = new Cancel();
  let heard = clock.wall();
  const look = async () => {
    while (store !== undefined && !cancel.cancelled) {
      await clock.sleep(abandonLookMs, cancel);
      const word = store.abandoned;
      if (word === null || word.wall <= heard) continue;
      heard = word.wall;
      if (rig.isSafe && !allActed(rig.safety())) {
        runner.abandon(word.by, word.reason);
        rig.abandon();
        store.letGo();
      } else
        out.talk(`rig abandon by ${word.by} is not for a rig that runs or has acted: type abort`);
    }
  };
  void look();
  return () => cancel.cancel();
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
  const entered = ({ kind, data }: RecordEvent) => kind === "state" && data["to"] === "Held";
  if (state.packml === "Held") return events.some(entered);
  if (state.packml !== "Suspended" || state.clearSamples < 0) return false;
  return (
    events.some(({ data }) => data["waits"] !== undefined) ||
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
): Promise<number> {
  const stopDriving = driveUnheard();
  const stopReading = test.header.simulated ? () => {} : listenToKeyboard(test, shell.out);
  try {
    const summary = await test.run();
    if (options.json === true) shell.out.print(json(summary));
    else for (const line of summaryLines(summary)) shell.out.print(line);
    if (!summary.simulated) for (const line of safetyLines(rig)) shell.out.talk(line);
    if (test.state.outcome === null) shell.out.talk(openText(summary));
    return exitCodeOf(test.state);
  } finally {
    stopDriving();
    stopReading();
  }
}

/** Every end says of each actuator how far it is known to be safe. */
function safetyLines(rig: BoundRig): string[] {
  return rig.safety().map(({ role, device, level, acted, detail, next }) => {
    const todo = next === "" ? "" : `; ${next}`;
    return `  ${role} (${device}): ${acted ? level : `NOT SAFE, ${level}`}: ${detail}${todo}`;
  });
}

/** How to go on with a run that stays open, or to end it. */
export function openText({ id, simulated }: Pick<RunSummary, "id" | "simulated">): string {
  return `run ${id} stays open: ${waysOn({ id, simulated })}`;
}

type Span = [number, number | null];

/** What a person wants to know at the end. */
export function summaryLines(summary: RunSummary): string[] {
  const mark = summary.simulated ? "SIMULATED " : "";
  const lines = [`${mark}${summary.id}: ${summary.outcome} (${summary.state}), ${summary.reason}`];
  for (const s of summary.stations) {
    const e = s.exposure as { timeOnTestMs: Span; turns: Span };
    const mode = s.mode === null ? "" : `, ${s.mode}`;
    const spent = `${spanText(e.timeOnTestMs, formatHours)}, ${spanText(e.turns, formatTurns)}`;
    lines.push(`  ${s.station} ${s.specimen} (${s.product}): ${s.outcome}${mode} after ${spent}`);
  }
  lines.push(...cycleLines(summary.cycles));
  lines.push(...Object.entries(summary.lines ?? {}).map(([name, line]) => lineLine(name, line)));
  lines.push(`the record: wearout run show ${summary.id}`);
  return lines;
}

/** Only of a run whose cycle was not held. */
function cycleLines(cycles: RunSummary["cycles"]): string[] {
  if (cycles === undefined || cycles.missed === 0) return [];
  const { planned, done, missed } = cycles;
  return [`  cycles: ${planned} planned, ${done} done, ${missed} missed`];
}

/** What is known within a hundredth is one number; null, or no number, is a bound that nobody knows. */
function spanText([least, most]: Span, format: (value: number) => string): string {
  if (most === null || !Number.isFinite(most)) return `${format(least)} or more`;
  if (most - least <= 0.01 * most) return format(least);
  return `${format(least)} to ${format(most)}`;
}

/** What is counted against a line, and its name for one and for more. */
const lineFaults: readonly [string, string, string][] = [
  ["timeouts", "timeout", "timeouts"],
  // As many as timeouts: the device or the machine was slow, not the cable loose.
  ["lateReplies", "late answer", "late answers"],
  ...["partial", "crc", "foreign", "length", "echo"].map(
    (fault) => [fault, fault, fault] as [string, string, string],
  ),
  ["exceptions", "exception", "exceptions"],
  ["closed", "closed", "closed"],
  ["reconnects", "reconnect", "reconnects"],
];

/** `line drives: 3600 exchanges, 2 timeouts, 1 reconnect`; only what is not as it should be. */
function lineLine(name: string, counts: Json): string {
  const { exchanges, ...rest } = counts as Record<string, number>;
  const found = lineFaults.flatMap(([fault, one, many]) => {
    const count = rest[fault] ?? 0;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
  const troubles = found.length === 0 ? "all answered" : found.join(", ");
  return `  line ${name}: ${exchanges} exchanges, ${troubles}`;
}
