/** `rig safe`: from the safe plan alone, with as little of Wearout as that needs. */
import { existsSync } from "node:fs";
import type { Command } from "commander";
import { isAnybodyThere } from "../../api/probe.js";
import { type Clock, RealClock } from "../../base/clock.js";
import { errorTable, WearoutError } from "../../base/error.js";
import { formatDuration } from "../../base/quantity.js";
import type { SafeResult } from "../../keeper/from-plan.js";
import type { SafePlan } from "../../rig/safe-plan.js";
import {
  isEnergised,
  isLeft,
  planFiles,
  readPlan,
  stateFolder,
  takeUpAgain,
} from "../../rig/safe-plan-file.js";
import type { ActuatorSafety, SafeCause } from "../../rig/safety.js";
import { safetyText } from "../../rig/safety.js";
import type { KeptSafe } from "../kept/live-rig.js";
import { keeperPlacesOf } from "../kept/places.js";
import { safetyLine } from "../kept/safety-line.js";
import { json } from "../output.js";
import type { Shell } from "../shell.js";
import { endByStatus, whileMakingSafe } from "../signal.js";
import { sitePath } from "../site.js";
import { fileOf, makeSafeOfFile, stateHelp, Wires } from "./plan-execute.js";

type SafeOptions = { all?: boolean; isolate?: boolean; state?: string; json?: boolean };

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

type Told = { rig: string; actuators: readonly object[]; end: string; detail: string };

async function safe(shell: Shell, name: string | undefined, o: SafeOptions): Promise<number> {
  if ((name === undefined) === (o.all !== true)) {
    throw new WearoutError("USAGE", "rig safe: found both or neither, expected a rig or --all");
  }
  const folder = stateFolder(o.state, shell.env);
  const clock = new RealClock();
  const wires = new Wires(clock);
  const stop = whileMakingSafe(() => {
    for (const text of leavingTexts(name, folder)) shell.out.talk(text);
  });
  try {
    const all =
      name === undefined
        ? await safeAll(shell, folder, o, clock, wires)
        : [await safeNamed(shell, folder, name, o, clock, wires)];
    if (o.json === true)
      shell.out.print(json(name === undefined ? all.map((a) => a.told) : all[0]?.told));
    return Math.max(0, ...all.map(({ status }) => status));
  } finally {
    await wires.close();
    endByStatus();
    stop();
  }
}

type Ended = { status: number; told: Told };

async function safeAll(
  shell: Shell,
  folder: string,
  o: SafeOptions,
  clock: Clock,
  wires: Wires,
): Promise<Ended[]> {
  const files = planFiles(folder);
  if (!existsSync(folder) && (o.state ?? shell.env["WEAROUT_STATE"]) !== undefined) {
    throw new WearoutError("FILE_UNREADABLE", `there is no state folder ${folder}`);
  }
  if (files.length === 0)
    shell.out.talk(`no safe plan in ${folder}: nothing was ever started from here`);
  return Promise.all(files.map((file) => safeOfFile(shell, file, o, clock, wires)));
}

/** Through who keeps the rig, where somebody does. */
async function safeOfFile(shell: Shell, file: string, o: SafeOptions, clock: Clock, wires: Wires) {
  const read = readPlan(file);
  const { site, rig } = read.kind === "plan" ? read.plan : { site: "", rig: "" };
  const kept = rig === "" ? undefined : await whereKept(shell, site, rig, o);
  return kept === undefined
    ? safeOne(shell, file, o, clock, wires)
    : endedThere(shell, rig, kept, o);
}

/** What speaks to a keeper is loaded only where there may be one: nothing keeps the safe plan waiting. */
async function whereKept(shell: Shell, site: string, rig: string, o: SafeOptions) {
  if (!(await isAnybodyThere(keeperPlacesOf(shell, site, rig, o), new RealClock())))
    return undefined;
  const { safeWhereKept } = await import("../kept/live-rig.js");
  return safeWhereKept(shell, site, rig, o);
}

/** What a process that keeps the rig has told of its actuators. */
function endedThere(
  { out }: Shell,
  rig: string,
  { safety, detail }: KeptSafe,
  o: SafeOptions,
): Ended {
  if (o.json !== true) for (const row of safety) out.print(`${rig}  ${safetyLine(row)}`);
  out.talk(detail);
  return { status: 0, told: { rig, actuators: safety, end: "acted", detail } };
}

async function safeNamed(
  shell: Shell,
  folder: string,
  name: string,
  o: SafeOptions,
  clock: Clock,
  wires: Wires,
): Promise<Ended> {
  try {
    const kept = await whereKept(shell, sitePath(shell.siteFolder()), name, o);
    if (kept !== undefined) return endedThere(shell, name, kept, o);
    return await safeOne(shell, fileOf(shell, folder, name), o, clock, wires);
  } catch (error) {
    if (!(error instanceof WearoutError)) throw error;
    return refused(shell, name, error.exitCode, error.message);
  }
}

/** What a person can do who will not wait: a sentence for each rig that may be energised. */
function leavingTexts(name: string | undefined, folder: string): string[] {
  const open = planFiles(folder).flatMap((file) => {
    const read = readPlan(file);
    return read.kind === "plan" && isEnergised(read.plan) ? [read.plan.rig] : [];
  });
  const rigs = name === undefined ? [...new Set(open)] : [name];
  return rigs.map((rig) => {
    const way = `wearout rig abandon ${rig} --reason "..."`;
    return `${rig}: going on until everything has acted; to leave it all the same: ${way}`;
  });
}

async function safeOne(
  shell: Shell,
  file: string,
  o: SafeOptions,
  clock: Clock,
  wires: Wires,
): Promise<Ended> {
  const read = readPlan(file);
  if (read.kind !== "plan") {
    const why = read.kind === "none" ? "it is gone" : read.why;
    const text = `the safe plan ${file} cannot be used: ${why}; go there and use the rig's isolator`;
    return refused(shell, file, errorTable.FILE_UNREADABLE.exit, text);
  }
  try {
    return await execute(shell, file, read.plan, o, clock, wires);
  } catch (error) {
    // Whatever is wrong with one plan, the rigs of the others are made safe.
    const known = error instanceof WearoutError;
    const status = known ? error.exitCode : errorTable.DEFECT.exit;
    const why = known ? error.message : `a defect of Wearout: ${(error as Error).message}`;
    return refused(shell, read.plan.rig, status, `${why}; use the isolator of ${read.plan.rig}`);
  }
}

function refused(shell: Shell, rig: string, status: number, detail: string): Ended {
  shell.out.talk(`wearout: ${detail}`);
  return { status, told: { rig, actuators: [], end: "refused", detail } };
}

async function execute(
  shell: Shell,
  file: string,
  found: SafePlan,
  o: SafeOptions,
  clock: Clock,
  wires: Wires,
): Promise<Ended> {
  const cause: SafeCause = o.isolate === true ? "isolate" : "trip";
  if (isLeft(found)) tellLeft(shell, found);
  const plan = isLeft(found) ? takeUpAgain(file, found) : found;
  const was = isEnergised(plan);
  const heard = { still: tellStill(shell, plan.rig), tell: shell.out.talk };
  const result = await makeSafeOfFile(file, plan, cause, clock, wires, heard);
  const detail = endText(plan, result, was);
  if (o.json !== true) for (const line of linesOf(plan.rig, result.safety)) shell.out.print(line);
  shell.out.talk(detail);
  const actuators = result.safety.map((s) => ({ ...s, since: sinceOf(s, clock) }));
  return {
    status: { acted: 0, unreachable: 4, refused: 5 }[result.end],
    told: { rig: plan.rig, actuators, end: result.end, detail },
  };
}

export function tellLeft({ out }: Shell, { rig, abandoned }: SafePlan): void {
  const { by, reason } = abandoned ?? { by: "somebody", reason: "" };
  out.talk(`${rig} was left by ${by} (${reason}): nobody knows how it stands, it is made safe`);
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
