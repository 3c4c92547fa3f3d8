/** Safe plans as files in the state folder: written whole and synced, read by hand, refused with a reason. */
import { createHash } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir, hostname } from "node:os";
import { dirname, join } from "node:path";
import { WearoutError } from "../base/error.js";
import { type SafePlan, safePlanVersion } from "./safe-plan.js";

const ending = ".plan.json";

/** `--state`, else WEAROUT_STATE, else the service's folder (systemd.exec(5)), else the user's (XDG). */
export function stateFolder(option: string | undefined, env: NodeJS.ProcessEnv): string {
  const service = env["STATE_DIRECTORY"]?.split(":")[0];
  // An empty one counts as none (XDG Base Directory Specification 0.8).
  const user = env["XDG_STATE_HOME"] || join(homedir(), ".local", "state");
  return option || env["WEAROUT_STATE"] || service || join(user, "wearout");
}

/** Of a site (by its real path) and a rig: two sites with one rig name never meet. */
export function planFile(folder: string, site: string, rig: string): string {
  const hash = createHash("sha256").update(`${site}\0${rig}`).digest("hex").slice(0, 16);
  return join(folder, `${rig}-${hash}${ending}`);
}

/** Every plan in a state folder. */
export function planFiles(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(ending));
  return names.sort().map((name) => join(folder, name));
}

export type PlanRead =
  | { kind: "none" }
  | { kind: "plan"; plan: SafePlan }
  | { kind: "unusable"; why: string };

/** Never throws: a plan that cannot be used is told with its reason. */
export function readPlan(file: string): PlanRead {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? { kind: "none" } : { kind: "unusable", why: message };
  }
  try {
    return judgePlan(JSON.parse(text) as SafePlan);
  } catch {
    return { kind: "unusable", why: `it is cut or damaged (${text.length} characters)` };
  }
}

/** Only the form that the executor walks over is looked at: nothing later may refuse a plan. */
function judgePlan(plan: SafePlan): PlanRead {
  const { version } = plan;
  if (plan.plan !== "safe" || typeof version !== "number") {
    return { kind: "unusable", why: "it is no safe plan" };
  }
  if (version !== safePlanVersion) {
    const age = version > safePlanVersion ? "newer" : "older";
    const why = `it was written by ${age} software (${plan.software}, version ${version})`;
    return { kind: "unusable", why };
  }
  const isWhole = typeof plan.rig === "string" && typeof plan.site === "string" && isWalkable(plan);
  return isWhole ? { kind: "plan", plan } : { kind: "unusable", why: "parts of it are missing" };
}

/** All that is walked over when it is executed; a damaged one throws or is false. */
function isWalkable({ actuators, devices, lines }: SafePlan): boolean {
  const asks = [...Object.values(devices)].flatMap((d) => [...d.identity, ...d.fingerprint]);
  for (const a of actuators) {
    const steps = [...a.steps.trip, ...a.steps.isolate];
    const expected = steps.flatMap(({ writes, expect }) => {
      return writes.every((w) => Array.isArray(w.request.values)) ? expect : [undefined as never];
    });
    const shown = [a.held, a.effect].flatMap(({ trip, isolate }) => [...trip, ...isolate]);
    asks.push(...a.obeys, ...a.acted, ...shown, ...expected, ...a.needs.map(({ ask }) => ask));
  }
  const isDevice = (name: string) => typeof devices[name]?.timing.turnaroundMs === "number";
  return (
    actuators.every((a) => typeof a.energised === "boolean" && isDevice(a.device)) &&
    Object.values(devices).every(({ line }) => lines[line]?.spec instanceof Object) &&
    asks.every(
      ({ device, request, test }) =>
        isDevice(device) && request.count > 0 && test instanceof Object,
    )
  );
}

/** May anything be moving by our doing? */
/** A person's word let go of it: nobody has seen since then that it is safe. */
export function isLeft({ abandoned }: SafePlan): boolean {
  return abandoned?.answer?.taken === true;
}

/** What was left may be energised like on the day it was left; written, so that whoever comes next knows it too. */
export function takeUpAgain(file: string, plan: SafePlan): SafePlan {
  const actuators = plan.actuators.map((a) => ({ ...a, energised: true }));
  const again = { ...plan, actuators, abandoned: null };
  writePlan(file, again);
  return again;
}

export function isEnergised({ actuators }: SafePlan): boolean {
  return actuators.some(({ energised }) => energised);
}

/** Whole and on the disk when this returns; throws `STATE_FAILED`. */
export function writePlan(file: string, plan: SafePlan): void {
  put(file, plan, (unfinished) => renameSync(unfinished, file));
}

/** Throws `STATE_FAILED` where `writePlan` would; the file stays as it is. */
export function tryPlan(file: string, plan: SafePlan): void {
  put(file, plan, (unfinished) => rmSync(unfinished));
}

function put(file: string, plan: SafePlan, finish: (unfinished: string) => void): void {
  const unfinished = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeSynced(unfinished, JSON.stringify(plan));
    finish(unfinished);
    syncFolder(dirname(file));
  } catch (error) {
    dropUnfinished(unfinished);
    const why = (error as Error).message.replaceAll(unfinished, file);
    throw new WearoutError("STATE_FAILED", `the safe plan ${file} cannot be written: ${why}`);
  }
}

/** What could not be finished takes no room; where that fails too there is nothing to remove. */
function dropUnfinished(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // No folder, or one that takes nothing.
  }
}

function writeSynced(file: string, text: string): void {
  const handle = openSync(file, "w", 0o600);
  try {
    // All of it or an error: a single write(2) may take a part and say nothing.
    writeFileSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Which machine this is: a plan copied to another one gives no authority there. */
export function machineId(): string {
  for (const file of ["/etc/machine-id", "/var/lib/dbus/machine-id"]) {
    const id = readIfThere(file);
    if (id !== "") return id;
  }
  return hostname();
}

/** This run of the machine: names of ports that are given out in order hold only so long. */
export function bootId(): string {
  return readIfThere("/proc/sys/kernel/random/boot_id");
}

export function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}
