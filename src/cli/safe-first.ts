/** Before anything else is read of a rig or its run: what its safe plan says may be energised is made safe. */
import { RealClock } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import { type Neighbour, neighboursOf } from "../keeper/neighbours.js";
import { type PlanOwner, PlanStore } from "../keeper/plan-store.js";
import { addressOf } from "../line/open.js";
import type { LoadedRig } from "../rig/load.js";
import type { SafePlan } from "../rig/safe-plan.js";
import {
  isEnergised,
  isLeft,
  planFile,
  planFiles,
  readPlan,
  stateFolder,
  takeUpAgain,
  writePlan,
} from "../rig/safe-plan-file.js";
import { safetyText } from "../rig/safety.js";
import { lineSpecOf } from "./line-spec.js";
import { makeSafeOfFile, Wires } from "./plan-execute.js";
import { tellLeft, tellStill } from "./rig-safe.js";
import type { Shell } from "./shell.js";
import { whileMakingSafe } from "./signal.js";
import { sitePath, softwareVersion } from "./site.js";

/** `none` needed; `safe` now; `unusable` plan: nobody knows, so the rig is made safe once its lines are open. */
export type SafeFirst = { found: "none" | "safe" | "unusable"; interrupted: boolean };

/** Of the rig that a run of this id is on; read from the plans alone. */
export function safeFirstOfRun(shell: Shell, id: string, state?: string): Promise<SafeFirst> {
  const rig = id.replace(/-[0-9]+$/, "");
  return safeFirst(shell, rig, id, state);
}

/** Throws, naming each actuator, where one has not acted and nothing more can be done. */
export async function safeFirst(
  shell: Shell,
  rig: string,
  run: string | undefined,
  state?: string,
): Promise<SafeFirst> {
  const folder = stateFolder(state, shell.env);
  const own = planFile(folder, sitePath(shell.siteFolder()), rig);
  let found: SafeFirst["found"] = "none";
  let interrupted = false;
  const leave = () => {
    interrupted = true;
    shell.out.talk("making the rig safe first; then this command ends");
  };
  const stop = whileMakingSafe(leave);
  try {
    for (const file of planFiles(folder)) {
      const read = readPlan(file);
      if (read.kind === "unusable" && file === own) {
        shell.out.talk(`the safe plan ${file} cannot be used: ${read.why}`);
        found = "unusable";
      }
      if (read.kind !== "plan") continue;
      if (file === own && isLeft(read.plan)) {
        if (await tryWhatWasLeft(shell, file, read.plan)) found = "safe";
        continue;
      }
      if (!isEnergised(read.plan)) continue;
      if (file !== own && (run === undefined || read.plan.run !== run)) continue;
      const made = await (file === own
        ? makeSafe(shell, file, read.plan)
        : makeSafeElsewhere(shell, file, read.plan));
      if (made) found = "safe";
    }
  } finally {
    stop();
  }
  return { found, interrupted };
}

/** Left by a person's word: tried again, and gone on without where nothing comes of it. */
async function tryWhatWasLeft(shell: Shell, file: string, plan: SafePlan): Promise<boolean> {
  tellLeft(shell, plan);
  const again = takeUpAgain(file, plan);
  try {
    return await makeSafe(shell, file, again);
  } catch (error) {
    if (!(error instanceof WearoutError)) throw error;
    shell.out.talk(`${error.message}; it stays as it was left`);
    writePlan(file, plan);
    return false;
  }
}

/** A plan of another site that names a run of this id: what keeps it from being executed is not this rig's. */
async function makeSafeElsewhere(shell: Shell, file: string, plan: SafePlan): Promise<boolean> {
  try {
    return await makeSafe(shell, file, plan);
  } catch (error) {
    if (!(error instanceof WearoutError)) throw error;
    shell.out.talk(`${plan.rig} of the site ${plan.site} is left alone: ${error.message}`);
    return false;
  }
}

async function makeSafe(shell: Shell, file: string, plan: SafePlan): Promise<true> {
  const clock = new RealClock();
  const wires = new Wires(clock);
  const names = plan.actuators.filter((a) => a.energised).map((a) => a.role);
  shell.out.talk(`${plan.rig} may be energised (${names.join(", ")}): it is made safe first`);
  try {
    const heard = { still: tellStill(shell, plan.rig), tell: shell.out.talk };
    const { end, safety } = await makeSafeOfFile(file, plan, "trip", clock, wires, heard);
    const text = `${plan.rig}: ${safetyText(safety)}`;
    if (end === "acted") {
      shell.out.talk(text);
      return true;
    }
    const kept = safety.find(({ detail }) => detail.includes(" is held by "));
    if (kept !== undefined) {
      const who = `${plan.rig} is kept by another process (${kept.detail})`;
      throw new WearoutError("STATE_REFUSED", `${who}: type hold, stop or abort there`);
    }
    const code = end === "unreachable" ? "LINE_UNREACHABLE" : "STATE_REFUSED";
    throw new WearoutError(code, `${text}; ${abandonHint(plan)}`);
  } finally {
    await wires.close();
  }
}

/** What a person can do where nothing more comes of it. */
function abandonHint({ rig, site }: SafePlan): string {
  const command = `wearout --site ${site} rig abandon ${rig} --reason "..."`;
  return `go there and use its emergency stop or isolator, then: ${command}, and this command again`;
}

/** The plan that a rig with real lines keeps; throws `STATE_FAILED` where none can be written. */
export function planStoreOf(shell: Shell, loaded: LoadedRig, state?: string): PlanStore {
  const lines = new Map(
    Object.keys(loaded.rig.lines).map((name) => [name, lineSpecOf(loaded, name)]),
  );
  const owner = {
    folder: stateFolder(state, shell.env),
    site: sitePath(shell.siteFolder()),
    rig: loaded.rig.rig,
    software: softwareVersion,
    lines,
  };
  const store = new PlanStore(owner, new RealClock());
  store.check();
  for (const text of sharedLines(owner)) shell.out.talk(text);
  return store;
}

/**
 * Other plans with a line of this rig, a sentence each; throws `STATE_REFUSED` where actuators of one may be
 * energised: what this rig writes could meet them.
 */
export function sharedLines(owner: PlanOwner): string[] {
  return neighboursOf(owner).map((neighbour) => sharedText(owner, neighbour));
}

function sharedText({ lines }: PlanOwner, { rig, site, lines: shared, open }: Neighbour): string {
  const names = shared.map((name) => `${name} (${addressOf(lines.get(name)!)})`).join(", ");
  const text = `line ${names} is also in the safe plan of rig ${rig} of the site ${site}`;
  if (open.length === 0) return `${text}: only one of them can have it at a time`;
  const first = `end its run first, or: wearout --site ${site} rig safe ${rig}`;
  throw new WearoutError(
    "STATE_REFUSED",
    `${text}, of which ${open.join(", ")} may be energised; ${first}`,
  );
}

/** Said where a command was told to end while it made the rig safe. */
export function endedEarly(shell: Shell): number {
  shell.out.talk("the rig is safe; nothing else was done");
  return 0;
}
