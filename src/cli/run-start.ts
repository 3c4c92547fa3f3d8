import { type Clock, RealClock } from "../base/clock.js";
import { formatHours, formatTurns } from "../base/quantity.js";
import { LifeTest, type Placed } from "../lab/life-test.js";
import type { Line } from "../line/line.js";
import { openLine } from "../line/open.js";
import { recordsRoot } from "../record/folder.js";
import type { RunSummary } from "../record/record.js";
import { defaultWriterOptions } from "../record/writer.js";
import { bindRig } from "../rig/bind.js";
import { type LoadedRig, loadRig } from "../rig/load.js";
import { exitCodeOf, type Observer } from "../run/runner.js";
import { VirtualClock } from "../sim/virtual-clock.js";
import { placeSpecimens, profileOf, programOf } from "./compose.js";
import { lineSpecOf } from "./line-spec.js";
import type { Shell } from "./main.js";
import { assignments, wholeNumber } from "./option.js";
import { json } from "./output.js";
import { plainObserver } from "./plain-view.js";
import { onInterrupt } from "./signal.js";
import { benchOf, simulatedLines } from "./simulate.js";
import { softwareVersion } from "./site.js";

export type StartOptions = {
  rig: string;
  specimen: string;
  product?: string;
  set: string[];
  virtual?: boolean;
  seed: string;
  records?: string;
  json?: boolean;
};

/** Virtual runs begin at one fixed moment, so that the same seed gives the same bytes. */
const virtualStartWall = Date.UTC(2026, 0, 1);

/** One life test from the command line; answers with its exit status. */
export async function startRun(shell: Shell, name: string, options: StartOptions): Promise<number> {
  const site = shell.site();
  const root = recordsRoot(options.records, shell.env);
  const loaded = loadRig(options.rig, site);
  const profile = profileOf(name, site);
  const names = options.specimen
    .split(",")
    .map((s) => s.trim())
    .filter((s) => s !== "");
  const parameters = Object.fromEntries(assignments("--set", options.set));
  const placed = placeSpecimens(names, options.product, profile.value, loaded, site, root);
  const products = placed.map((p) => p.product);
  const program = programOf(profile, products, loaded, parameters);
  const virtual = options.virtual === true;
  const seed = virtual ? wholeNumber("--seed", options.seed, 0, 2 ** 31 - 1) : undefined;
  const clock = virtual ? new VirtualClock(virtualStartWall) : new RealClock();
  const lines = await linesOf(loaded, placed, clock, seed);
  const rig = bindRig(loaded, lines, clock, virtual);
  const writer = virtual ? { ...defaultWriterOptions, flushMs: Infinity } : defaultWriterOptions;
  const view =
    options.json === true
      ? () => {}
      : plainObserver(shell.out, loaded.columns, clock, virtual ? 24 * 3_600_000 : 60_000);
  let test: LifeTest | undefined;
  const observe: Observer = (state, sample, events) => {
    view(state, sample, events);
    const isHeld = events.some(({ kind, data }) => kind === "state" && data["to"] === "Held");
    // Nobody can resume a run in virtual time: it would wait for ever, and record all of it.
    if (virtual && isHeld) {
      const why = `${state.reason}; nobody can resume a virtual run`;
      test?.runner.command("stop", "wearout", why);
    }
  };
  try {
    test = await LifeTest.open({
      loaded,
      rig,
      profile,
      program,
      placed,
      parameters,
      simulated: virtual,
      seed,
      software: softwareVersion,
      recordsRoot: root,
      writer,
      clock,
      observe,
    });
    shell.out.talk(`${virtual ? "SIMULATED " : ""}run ${test.header.id} in ${test.folder}`);
    return await runToEnd(shell, test, options);
  } finally {
    await rig.close();
  }
}

async function linesOf(
  loaded: LoadedRig,
  placed: readonly Placed[],
  clock: Clock,
  seed: number | undefined,
): Promise<Map<string, Line>> {
  if (seed !== undefined)
    return simulatedLines(loaded, benchOf(loaded, placed, clock, seed), clock);
  return openLines(loaded, clock);
}

/** All lines of a rig, or none: what was opened is closed again when one cannot be. */
export async function openLines(loaded: LoadedRig, clock: Clock): Promise<Map<string, Line>> {
  const names = Object.keys(loaded.rig.lines);
  const results = await Promise.allSettled(
    names.map((name) => openLine(name, lineSpecOf(loaded, name), clock)),
  );
  const lines = new Map<string, Line>();
  results.forEach((r, i) => {
    if (r.status === "fulfilled") lines.set(names[i]!, r.value);
  });
  const failed = results.find((r) => r.status === "rejected");
  if (failed === undefined) return lines;
  await Promise.all([...lines.values()].map((line) => line.close()));
  throw failed.reason;
}

async function runToEnd(shell: Shell, test: LifeTest, options: StartOptions): Promise<number> {
  const stopListening = onInterrupt(() => {
    shell.out.talk("stopping: the rig is taken down and made safe (again to end at once)");
    test.runner.command("stop", "terminal", "Ctrl-C");
  });
  try {
    const summary = await test.run();
    if (options.json === true) shell.out.print(json(summary));
    else for (const line of summaryLines(summary)) shell.out.print(line);
    return exitCodeOf(test.state);
  } finally {
    stopListening();
  }
}

/** What a person wants to know at the end. */
export function summaryLines(summary: RunSummary): string[] {
  const mark = summary.simulated ? "SIMULATED " : "";
  const lines = [`${mark}${summary.id}: ${summary.outcome} (${summary.state}), ${summary.reason}`];
  for (const s of summary.stations) {
    const e = s.exposure as { timeOnTestMs: [number, number]; turns: [number, number] };
    const mode = s.mode === null ? "" : `, ${s.mode}`;
    const spent = `${formatHours(e.timeOnTestMs[0])}, ${formatTurns(e.turns[0])}`;
    lines.push(`  ${s.station} ${s.specimen} (${s.product}): ${s.outcome}${mode} after ${spent}`);
  }
  lines.push(`the record: wearout run show ${summary.id}`);
  return lines;
}
