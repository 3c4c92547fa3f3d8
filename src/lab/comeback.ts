import type { Clock, EpochMs } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import { formatDuration } from "../base/quantity.js";
import { openRecord } from "../record/reader.js";
import type { KeptFile, RunHeader, StoredEvent, TimeSync } from "../record/record.js";
import { verifyToGoOn } from "../record/verify-run.js";
import type { BoundRig } from "../rig/bind.js";
import { restore } from "../run/fold.js";
import { afterwards } from "../run/outage.js";
import { rests } from "../run/rest.js";
import type { Interrupted } from "../run/runner.js";
import { initialState, type RunContext, type RunState } from "../run/state.js";

/** What a controller finds when it comes back to a run. */
export type Found = { header: RunHeader; state: RunState; events: readonly StoredEvent[] };
export type Returned = Found & {
  /** The rig stood when it was first looked at. */
  atRest: boolean;
  takenOver: { pid: number; host: string } | undefined;
  wall: EpochMs;
  /** Nobody has set the wall clock since this machine started: it tells nothing of the time away. */
  unset: boolean;
};

/** After a power cut the machine is often faster than its time service. */
const longestWaitMs = 120_000;

/** The wall clock, when it has been set; a clock that nobody sets is waited for two minutes. */
export async function setClock(
  clock: Clock,
  timeSync: (() => TimeSync) | undefined,
): Promise<{ wall: EpochMs; unset: boolean }> {
  const unset = () => timeSync?.().state === "not synchronised";
  const until = clock.elapsed() + longestWaitMs;
  while (unset() && clock.elapsed() < until) await clock.sleep(1000);
  return { wall: clock.wall(), unset: unset() };
}

/**
 * First of all the safe values; whether anything moved is looked at before. Throws `STATE_REFUSED` when
 * they are not confirmed.
 */
export async function madeSafe(rig: BoundRig, context: RunContext): Promise<{ atRest: boolean }> {
  const sample = await rig.sample(0);
  const steps = await rig.safe("the controller was away");
  const open = steps.filter((s) => !s.acted);
  if (open.length === 0) return { atRest: rests(context, sample) };
  const list = open.map(({ role, device, detail }) => `${role} (${device}): ${detail}`).join("; ");
  const text = `the rig is NOT safe, use its emergency stop: ${list}`;
  throw new WearoutError("STATE_REFUSED", text);
}

/** Verifies what the run goes on from, and folds it. */
export function findRun(root: string, id: string, context: RunContext): Found {
  verifyToGoOn(root, id);
  const reader = openRecord(root, id);
  try {
    const state = restore(context, initialState(context), reader);
    return { header: reader.header, state, events: [...reader.events()] };
  } finally {
    reader.close();
  }
}

/** The head of a run that is to go on, its kept files included; `STATE_REFUSED` when it has ended. */
export function headOf(root: string, id: string): RunHeader {
  const reader = openRecord(root, id);
  try {
    if (reader.condition !== "ended") return reader.header;
    const outcome = reader.summary?.outcome ?? "ended";
    throw new WearoutError("STATE_REFUSED", `run ${id} has ended (${outcome})`);
  } finally {
    reader.close();
  }
}

/** A run goes on with the very files it began with, or not at all: `STATE_REFUSED` names what differs. */
export function refuseOtherFiles({ id, files }: RunHeader, now: readonly KeptFile[]): void {
  const list = differences(files, now);
  if (list.length === 0) return;
  const text = `run ${id} began with other files; put them back or start a new run: ${list.join("; ")}`;
  throw new WearoutError("STATE_REFUSED", text);
}

/** What is not as it was, one phrase each; empty when every file is the same text. */
export function differences(kept: readonly KeptFile[], now: readonly KeptFile[]): string[] {
  const key = ({ kind, name }: KeptFile) => `${kind} ${name}`;
  const others = new Map(now.map((file) => [key(file), file.text]));
  const changed = kept.flatMap((file) => {
    const text = others.get(key(file));
    if (text === undefined) return [`${key(file)} is not there`];
    return text === file.text ? [] : [`${key(file)}: ${firstDifference(file.text, text)}`];
  });
  const known = new Set(kept.map(key));
  const added = now.filter((file) => !known.has(key(file))).map((file) => `${key(file)} is new`);
  return [...changed, ...added];
}

function firstDifference(before: string, after: string): string {
  const [old, young] = [before.split("\n"), after.split("\n")];
  const at = old.findIndex((line, i) => line !== young[i]);
  const i = at < 0 ? old.length : at;
  const line = (lines: string[]) => (lines[i] === undefined ? "nothing" : `"${lines[i].trim()}"`);
  return `line ${i + 1} is ${line(young)}, was ${line(old)}`;
}

/** What a person has said, and whether one is there to be waited for. */
export type Person = { confirmed: boolean; isThere: boolean };

/** What a person types to go on with a run. */
export function resumeCommand({ id, simulated }: Pick<RunHeader, "id" | "simulated">): string {
  return `wearout run resume ${id}${simulated ? " --virtual" : ""}`;
}

/**
 * How an interrupted run goes on. Throws `STATE_REFUSED` when it would wait for a person and nobody is
 * there: it is then left as it is.
 */
export function goOn(found: Returned, context: RunContext, person: Person): Interrupted {
  const { header, state, atRest, takenOver } = found;
  const lengthMs = outageMs(found);
  const at = Math.round((state.at + (lengthMs ?? 0)) * 1000) / 1000;
  const { next, why } = afterwards({
    policy: context.program.interruption,
    confirmed: person.confirmed,
    foundAtRest: atRest,
  });
  if (next === "hold" && !person.isThere) {
    const way = `look at rig and specimens, then: ${resumeCommand(header)} --yes`;
    throw new WearoutError("STATE_REFUSED", `run ${header.id} is left as it is: ${why}; ${way}`);
  }
  const away = lengthMs === null ? "for a time nobody knows" : `for ${formatDuration(lengthMs)}`;
  const who =
    takenOver === undefined ? "" : ` (process ${takenOver.pid} on ${takenOver.host} died)`;
  const moved = atRest ? "" : "; the rig was not seen at rest";
  const text = `the controller was away ${away}${who}${moved}`;
  return { kind: "interrupted", at, lengthMs, text, next, why };
}

/** By the wall clock, the only one that goes on without us; null when it tells nothing. */
function outageMs({ state, events, header, wall, unset }: Returned): number | null {
  if (unset) return null;
  const last = events.at(-1);
  const told = last === undefined ? header.startedWall : last.wall - last.at;
  const zero = Number.isNaN(state.wallOffsetMs) ? told : state.wallOffsetMs;
  const ms = wall - (zero + state.at);
  return ms >= 0 ? ms : null;
}
