import type { Clock, EpochMs, RunMs } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import { formatDuration } from "../base/quantity.js";
import type { Keeper } from "../keeper/keeper.js";
import type { StoredEvent, TimeSync } from "../record/document/event.js";
import type { Disposition } from "../record/document/input.js";
import type { RunHeader } from "../record/document/run.js";
import { runFolder } from "../record/folder.js";
import { isLocked } from "../record/lock.js";
import { openRecord } from "../record/reader.js";
import { verifyToGoOn } from "../record/verify-run.js";
import { dispositionExample, remountExample } from "../run/disposition.js";
import { restore } from "../run/fold.js";
import { afterwards } from "../run/outage.js";
import { isParked } from "../run/park.js";
import type { Interrupted } from "../run/pilot.js";
import { rests } from "../run/rest.js";
import { initialState, type RunContext, type RunState } from "../run/state.js";
import { oldestWall } from "./time-watch.js";
import { type Named, resumeCommand } from "./ways-on.js";

/** What a controller finds when it comes back to a run. */
export type Found = { header: RunHeader; state: RunState; events: readonly StoredEvent[] };
export type Returned = Found & {
  /** The rig stood when it was first looked at. */
  atRest: boolean;
  takenOver: { pid: number; host: string } | undefined;
  wall: EpochMs;
  /** Nobody has set the wall clock since this machine started: it tells nothing of the time away. */
  unset: boolean;
  /** The rig was kept all the time since the run left it: how fast its shaft was on average, at most; NaN where not known. */
  kept?: { speedAtMostRpm: number };
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
export async function madeSafe(keeper: Keeper, context: RunContext): Promise<{ atRest: boolean }> {
  const sample = await keeper.look();
  const steps = await keeper.rig.safe("a run comes back");
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

/** What a person has said, and whether one is there to be waited for. */
export type Person = {
  confirmed: boolean;
  isThere: boolean;
  /** What was found at suspect stations. */
  dispositions?: readonly Disposition[];
};

/** A run that a process keeps is spoken to there: `RECORD_LOCKED`. */
export function refuseKept(root: string, id: string): void {
  if (!isLocked(runFolder(root, id))) return;
  throw new WearoutError("RECORD_LOCKED", `run ${id} is kept by a process now: type there`);
}

/**
 * A run goes on when every suspect station has its signed disposition, and no other has one: else
 * `STATE_REFUSED` names the stations and shows what to type.
 */
export function refuseSuspects(
  run: Named,
  { suspects }: RunState,
  said: readonly Disposition[],
): void {
  const extra = said.find(({ station }) => !suspects.some((s) => s.station === station));
  if (extra !== undefined) {
    const list = suspects.map((s) => s.station).join(", ") || "none is";
    const text = `--disposition: found ${extra.station}, which is not suspect in run ${run.id} (${list})`;
    throw new WearoutError("STATE_REFUSED", text);
  }
  const open = suspects.filter((s) => !said.some(({ station }) => station === s.station));
  if (open.length === 0) return;
  const list = open.map(({ station, text }) => `${station} is suspect (${text})`).join(", ");
  const options = open.map(({ station, byParking }) => {
    const example = byParking === true ? remountExample : dispositionExample;
    return ` --disposition "${example.replace(/^[^=]*/, station)}"`;
  });
  const say = `say for each how it was looked at, what was found and whether it is to continue, failed or withdrawn`;
  const text = `run ${run.id}: ${list}; ${say}, as: ${resumeCommand(run)}${options.join("")}`;
  throw new WearoutError("STATE_REFUSED", text);
}

/**
 * How an interrupted run goes on. Throws `STATE_REFUSED` when it would wait for a person and nobody is
 * there: it is then left as it is. One that had not begun ends, and needs nobody for that.
 */
export function goOn(found: Returned, context: RunContext, person: Person): Interrupted {
  const { header, state, atRest, takenOver } = found;
  const lengthMs = outageMs(found);
  const at = backAt(state, lengthMs);
  const { next, why } = afterwards({
    policy: context.program.interruption,
    confirmed: person.confirmed,
    foundAtRest: atRest,
  });
  if (next === "hold" && !person.isThere && !Number.isNaN(state.executeSince)) {
    const said = (person.dispositions ?? []).map(
      ({ station, kind, decision, text }) =>
        ` --disposition "${station}=${kind} ${decision}: ${text}"`,
    );
    const way = `look at rig and specimens, then: ${resumeCommand(header)} --yes${said.join("")}`;
    throw new WearoutError("STATE_REFUSED", `run ${header.id} is left as it is: ${why}; ${way}`);
  }
  const who =
    takenOver === undefined ? "" : ` (process ${takenOver.pid} on ${takenOver.host} died)`;
  const moved = atRest ? "" : "; the rig was not seen at rest";
  const what = whatWas(found);
  const text = `${what} ${awayText(lengthMs)}${who}${moved}`;
  return { kind: "interrupted", at, lengthMs, text, next, why, ...speedOf(found) };
}

function whatWas({ state, kept }: Returned): string {
  if (isParked(state)) return "the run was parked";
  return kept === undefined ? "the controller was away" : "the rig was kept without the run";
}

function speedOf({ kept }: Returned): Pick<Interrupted, "speedAtMostRpm"> {
  return kept === undefined || Number.isNaN(kept.speedAtMostRpm) ? {} : kept;
}

/** What the keeper has seen since this run left the rig; nothing where the run comes from another process. */
export function keptMeanwhile(
  keeper: Keeper,
  context: RunContext,
  id: string,
): Pick<Returned, "kept"> {
  const seen = keeper.since(id);
  if (seen === undefined) return {};
  const { resolution } = context.booked[context.speedBooked]!;
  return { kept: { speedAtMostRpm: seen.average(context.speedColumn) + resolution } };
}

/** The run's own clock goes on by as much, in whole microseconds. */
export function backAt({ at }: RunState, lengthMs: number | null): RunMs {
  return Math.round((at + (lengthMs ?? 0)) * 1000) / 1000;
}

/** `for 1 min 30 s` */
export function awayText(lengthMs: number | null): string {
  return lengthMs === null ? "for a time nobody knows" : `for ${formatDuration(lengthMs)}`;
}

type Away = Pick<Returned, "state" | "events" | "header" | "wall" | "unset">;

/** By the wall clock, the only one that goes on without us; null when it tells nothing. */
export function outageMs({ state, events, header, wall, unset }: Away): number | null {
  if (unset) return null;
  const last = events.at(-1);
  const told = last === undefined ? header.startedWall : last.wall - last.at;
  const zero = Number.isNaN(state.wallOffsetMs) ? told : state.wallOffsetMs;
  const then = zero + state.at;
  // Written while nobody had set the clock: what it says now does not compare with it.
  if (then < oldestWall) return null;
  return wall >= then ? wall - then : null;
}
