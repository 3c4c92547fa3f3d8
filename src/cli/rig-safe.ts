/** `rig safe` and `rig abandon`: from the safe plan alone, with as little of Wearout as that needs. */
import { hostname, userInfo } from "node:os";
import type { Command } from "commander";
import { type Clock, RealClock } from "../base/clock.js";
import { errorTable, WearoutError } from "../base/error.js";
import { checkedSentence } from "../base/name.js";
import { formatDuration } from "../base/quantity.js";
import { makeSafeFromPlan, type SafeResult } from "../keeper/from-plan.js";
import { LineWatch } from "../line/claim.js";
import type { Line, LineSpec } from "../line/line.js";
import { addressOf, openClaimedLine } from "../line/open.js";
import type { SafePlan } from "../rig/safe-plan.js";
import {
  isEnergised,
  planFile,
  planFiles,
  readPlan,
  stateFolder,
  writePlan,
} from "../rig/safe-plan-file.js";
import type { ActuatorSafety, SafeCause } from "../rig/safety.js";
import { safetyText } from "../rig/safety.js";
import { json } from "./output.js";
import type { Shell } from "./shell.js";
import { onInterrupt } from "./signal.js";
import { sitePath } from "./site.js";

type SafeOptions = { all?: boolean; isolate?: boolean; state?: string; json?: boolean };
type AbandonOptions = { reason: string; by?: string; state?: string };

export const stateHelp =
  "folder of the safe plans (default: $WEAROUT_STATE, else the service's or user's state folder)";

export function addRigSafe(rig: Command, shell: Shell): void {
  rig
    .command("safe [rig]")
    .description("make a rig safe from its safe plan alone; goes on until every actuator has acted")
    .option("--all", "every rig that has a safe plan")
    .option("--isolate", "fire, smoke, oil leak: auxiliaries go off too")
    .option("--state <dir>", stateHelp)
    .option("--json", "what each actuator's level is, as JSON")
    .addHelpText("after", safeHelp)
    .action(shell.action((name: string | undefined, o: SafeOptions) => safe(shell, name, o)));
  rig
    .command("abandon <rig>")
    .description("leave a rig that could not be made safe, by a person's signed word")
    .requiredOption("--reason <text>", "what was done about it: where it was switched off, by whom")
    .option("--by <name>", "who says so (default: the user and machine)")
    .option("--state <dir>", stateHelp)
    .addHelpText("after", abandonHelp)
    .action(shell.action((name: string, o: AbandonOptions) => abandon(shell, name, o)));
}

const safeHelp = `
The plan was written before the rig was started: lines, identities, safe values, proofs. Nothing else is read, no
site, record or device type. A plan that says nothing is energised means no write. Levels: asked (sent), held
(its register holds it), acted (the device's state says so), effect (an independent reading says so). What has
not acted is made safe again until it has; this is not an emergency stop, and it is not a lock-out.

Examples:
  wearout rig safe bearing-four
  wearout --site /srv/lab rig safe my-rig --json
  wearout rig safe --all

Exit status: 0 everything has acted, 3 no plan or one that cannot be used, 4 nobody answered for a minute,
5 nothing may be written (another device, another machine, a line that somebody else has).`;

const abandonHelp = `
A process never leaves an actuator that has not acted, but by this word. It is written into the safe plan with name
and time; who keeps the rig ends. Go there first and switch it off.

Example:
  wearout rig abandon bearing-four --reason "drive isolated at Q1, locked, J. Weber"`;

type Told = { rig: string; actuators: readonly object[]; end: string; detail: string };

async function safe(shell: Shell, name: string | undefined, o: SafeOptions): Promise<number> {
  if ((name === undefined) === (o.all !== true)) {
    throw new WearoutError("USAGE", "rig safe: found both or neither, expected a rig or --all");
  }
  const folder = stateFolder(o.state, shell.env);
  const files = name === undefined ? planFiles(folder) : [fileOf(shell, folder, name)];
  if (files.length === 0)
    shell.out.talk(`no safe plan in ${folder}: nothing was ever started from here`);
  const clock = new RealClock();
  const wires = new Wires(clock);
  const stop = onInterrupt(
    () => shell.out.talk(leaving),
    () => shell.out.talk(leaving),
  );
  try {
    const all = await Promise.all(files.map((file) => safeOne(shell, file, o, clock, wires)));
    if (o.json === true)
      shell.out.print(json(name === undefined ? all.map((a) => a.told) : all[0]?.told));
    return Math.max(0, ...all.map(({ status }) => status));
  } finally {
    stop();
    await wires.close();
  }
}

const leaving =
  "going on until everything has acted; to leave it all the same: wearout rig abandon RIG --reason ...";

function fileOf(shell: Shell, folder: string, name: string): string {
  const site = sitePath(shell.siteFolder());
  const file = planFile(folder, site, name);
  const read = readPlan(file);
  if (read.kind !== "none") return file;
  const others = planFiles(folder).flatMap((other) => {
    const found = readPlan(other);
    return found.kind === "plan" && found.plan.rig === name ? [found.plan.site] : [];
  });
  const hint =
    others.length === 0
      ? "if the rig moves, use its isolator"
      : `there is one of the site ${others.join(" and of ")}: give it with --site`;
  throw new WearoutError(
    "FILE_UNREADABLE",
    `no safe plan of ${name} for the site ${site}: ${hint}`,
  );
}

async function safeOne(
  shell: Shell,
  file: string,
  o: SafeOptions,
  clock: Clock,
  wires: Wires,
): Promise<{ status: number; told: Told }> {
  const read = readPlan(file);
  if (read.kind !== "plan") {
    const why = read.kind === "none" ? "it is gone" : read.why;
    const text = `the safe plan ${file} cannot be used: ${why}; go there and use the rig's isolator`;
    return refused(shell, file, errorTable.FILE_UNREADABLE.exit, text);
  }
  try {
    return await execute(shell, file, read.plan, o, clock, wires);
  } catch (error) {
    if (!(error instanceof WearoutError)) throw error;
    return refused(shell, read.plan.rig, error.exitCode, error.message);
  }
}

function refused(shell: Shell, rig: string, status: number, detail: string) {
  shell.out.talk(`wearout: ${detail}`);
  return { status, told: { rig, actuators: [], end: "refused", detail } };
}

async function execute(
  shell: Shell,
  file: string,
  plan: SafePlan,
  o: SafeOptions,
  clock: Clock,
  wires: Wires,
): Promise<{ status: number; told: Told }> {
  const cause: SafeCause = o.isolate === true ? "isolate" : "trip";
  const was = isEnergised(plan);
  const still = tellStill(shell, plan.rig);
  const result = await makeSafeOfFile(file, plan, cause, clock, wires, still);
  const detail = endText(plan, result, was);
  if (o.json !== true) for (const line of linesOf(plan.rig, result.safety)) shell.out.print(line);
  shell.out.talk(detail);
  const actuators = result.safety.map((s) => ({ ...s, since: sinceOf(s, clock) }));
  return {
    status: { acted: 0, unreachable: 4, refused: 5 }[result.end],
    told: { rig: plan.rig, actuators, end: result.end, detail },
  };
}

/** Looked at every second: a terminal shows it at once, everything else is told now and then. */
const secondsToTell = 30;

export function tellStill(shell: Shell, rig: string): (safety: readonly ActuatorSafety[]) => void {
  let seconds = 0;
  return (safety) => {
    const text = `${rig}: ${safetyText(safety)}`;
    shell.out.status(text);
    seconds++;
    if (seconds % secondsToTell !== 1) return;
    const todo = safety.filter(({ acted }) => !acted).map(({ role, next }) => `${role}: ${next}`);
    shell.out.talk(`${text}; ${todo.join("; ")}`);
  };
}

/** Executes a plan and keeps its file true. */
export async function makeSafeOfFile(
  file: string,
  plan: SafePlan,
  cause: SafeCause,
  clock: Clock,
  wires: Wires,
  onStill: (safety: readonly ActuatorSafety[]) => void,
): Promise<SafeResult> {
  const onActed = (role: string) => {
    // Read again: a person's word may have been written into it meanwhile.
    const read = readPlan(file);
    const now = read.kind === "plan" ? read.plan : plan;
    const actuators = now.actuators.map((a) => (a.role === role ? { ...a, energised: false } : a));
    writePlan(file, { ...now, actuators });
  };
  const since = clock.wall();
  const isAbandoned = () => {
    const read = readPlan(file);
    return read.kind === "plan" && (read.plan.abandoned?.wall ?? 0) > since;
  };
  const open = (name: string, spec: LineSpec) => wires.open(name, spec, `rig safe ${plan.rig}`);
  const parts = { plan, cause, open, clock, onActed, onStill, isAbandoned };
  const result = await makeSafeFromPlan(parts);
  if (result.end === "refused" && isAbandoned()) {
    const read = readPlan(file);
    const left = read.kind === "plan" ? read.plan : plan;
    const actuators = left.actuators.map((a) => ({ ...a, energised: false }));
    writePlan(file, { ...left, actuators });
  }
  return result;
}

function endText(plan: SafePlan, { end, safety }: SafeResult, was: boolean): string {
  if (!was) {
    const nothing = `${plan.rig}: its plan says nothing is energised; nothing was written`;
    return end === "acted"
      ? nothing
      : `${nothing}, but not all of it is seen safe: go there and look`;
  }
  if (end === "acted") return `${plan.rig}: ${safetyText(safety)}`;
  const why = end === "unreachable" ? "nobody answers" : "nothing more is written";
  return `${plan.rig} is NOT safe, ${why}: ${safetyText(safety.filter((s) => !s.acted))}; use its emergency stop or isolator`;
}

function linesOf(rig: string, safety: readonly ActuatorSafety[]): string[] {
  return safety.map(({ role, device, level, acted, detail, next }) => {
    const todo = next === "" ? "" : `; ${next}`;
    return `${rig}  ${role} (${device}): ${acted ? level : `NOT SAFE, ${level}`}: ${detail}${todo}`;
  });
}

function sinceOf({ tookMs, acted }: ActuatorSafety, clock: Clock): string {
  return acted ? `after ${formatDuration(tookMs)}` : new Date(clock.wall() - tookMs).toISOString();
}

/** Every address is opened once in this process, whatever the plans call it. */
export class Wires {
  readonly #clock: Clock;
  readonly #open = new Map<string, Promise<Line>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async open(name: string, spec: LineSpec, holder: string): Promise<Line> {
    const address = addressOf(spec);
    const opening = this.#open.get(address) ?? openClaimedLine(name, spec, this.#clock, holder);
    this.#open.set(address, opening);
    opening.catch(() => this.#open.delete(address));
    const line = await opening;
    return {
      name,
      statistics: line.statistics,
      recent: line.recent,
      exchange: (...asked) => line.exchange(...asked),
      close: async () => {},
    };
  }

  async close(): Promise<void> {
    const lines = await Promise.allSettled(this.#open.values());
    await Promise.all(lines.map((l) => (l.status === "fulfilled" ? l.value.close() : undefined)));
  }
}

async function abandon(shell: Shell, name: string, o: AbandonOptions): Promise<number> {
  const file = fileOf(shell, stateFolder(o.state, shell.env), name);
  const read = readPlan(file);
  if (read.kind !== "plan") throw new WearoutError("FILE_UNREADABLE", `${file} cannot be used`);
  if (o.reason.trim() === "") {
    throw new WearoutError("USAGE", "--reason: found nothing, expected what was done about it");
  }
  checkedSentence("--reason", o.reason);
  if (o.by !== undefined) checkedSentence("--by", o.by);
  const { plan } = read;
  const by = o.by ?? `${userInfo().username}@${hostname()}`;
  const abandoned = { by, reason: o.reason, wall: Math.round(new RealClock().wall()) };
  const holder = await holderOf(plan);
  const open = plan.actuators.filter((a) => a.energised).map((a) => a.role);
  const actuators = plan.actuators.map((a) => ({ ...a, energised: false }));
  // Who keeps the rig clears its plan, where it has nothing better to wait for.
  writePlan(file, { ...plan, ...(holder === undefined ? { actuators } : {}), abandoned });
  const what = open.length === 0 ? "nothing was energised" : `${open.join(", ")} had not acted`;
  const told =
    holder === undefined ? what : `told to ${holder}, which ends if something has not acted`;
  shell.out.print(`${name} abandoned by ${by}: ${o.reason} (${told})`);
  return 0;
}

/** The process that has one of the rig's lines to itself. */
async function holderOf({ lines }: SafePlan): Promise<string | undefined> {
  for (const { spec } of Object.values(lines)) {
    const watch = await LineWatch.open(spec, new RealClock());
    if (watch === undefined) continue;
    const holder = (await watch.holder()) ?? "another process";
    watch.close();
    return holder;
  }
  return undefined;
}
