import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { EpochMs } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import { copiesOf, noteCopy } from "./copies.js";
import { digestName, fileHash } from "./digest.js";
import { runFolder } from "./folder.js";
import { refusable, takeLock } from "./lock.js";
import { listRuns, openRecord } from "./reader.js";
import type { RunListing } from "./reader-port.js";
import { moveInPlace, stagedName, syncFolder, syncTree } from "./replace.js";
import { copyDatabase } from "./sqlite.js";
import { forbidden } from "./trouble.js";
import { verifyRun } from "./verify/run.js";

/** A run and the room it takes. */
export type RunRoom = RunListing & {
  bytes: number;
  /** Samples that are not folded yet. */
  hotSamples: number;
  copies: number;
  /** Growth since its start, in bytes per hour; null for a run that does not go on or has just begun. */
  bytesPerHour: number | null;
};

/** Every run under a root with its room. Damaged ones too. */
export function roomOfRuns(root: string, now: EpochMs): RunRoom[] {
  return listRuns(root).map((run) => {
    const folder = join(root, run.id);
    const bytes = bytesOf(folder);
    const hours = run.startedWall === null ? 0 : (now - run.startedWall) / 3.6e6;
    const grows = run.condition === "running" && hours >= leastHours;
    return {
      ...run,
      bytes,
      hotSamples: hotSamples(root, run),
      copies: copiesOf(folder).length,
      bytesPerHour: grows ? (bytes - setAside(folder)) / hours : null,
    };
  });
}

/** A younger run has written more for its beginning than for its time. */
const leastHours = 0.25;

/** Room that is kept for events, and what SQLite has not put in its place: neither grows with the run. */
function setAside(folder: string): number {
  return ["reserve", "run.db-wal", "run.db-shm"]
    .map((name) => sizeOf(join(folder, name)))
    .reduce((sum, size) => sum + size, 0);
}

export function bytesOf(folder: string): number {
  // Another user's folder: its size is not for us to see.
  if (forbidden(folder) !== undefined) return 0;
  return readdirSync(folder).reduce((sum, name) => sum + sizeOf(join(folder, name)), 0);
}

/** A file may go while we look. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function hotSamples(root: string, { id, condition }: RunListing): number {
  if (condition === "damaged" || condition === "unreadable") return 0;
  const reader = openRecord(root, id);
  try {
    return reader.stored.hotSamples();
  } finally {
    reader.close();
  }
}

/**
 * A copy of a run in another folder, verified before it gets its name. An ended run is copied file by
 * file; of one that goes on, a consistent image of the moment is made. Throws `STATE_REFUSED` when the
 * target has such a run already, `RECORD_DAMAGED` when the copy does not verify, `RECORD_FAILED`.
 */
export function backUpRun(root: string, id: string, target: string, now: EpochMs): string {
  const folder = runFolder(root, id);
  const to = join(target, id);
  if (existsSync(to)) throw new WearoutError("STATE_REFUSED", `${to} exists already`);
  const unfinished = join(target, `.${id}.part`);
  try {
    rmSync(join(unfinished), { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    const ended = existsSync(join(folder, digestName));
    if (ended) copyFiles(folder, join(unfinished, id));
    else imageOf(folder, join(unfinished, id));
    const { ok, findings } = verifyRun(unfinished, id, () => {});
    if (!ok) throw new WearoutError("RECORD_DAMAGED", `${id}: ${JSON.stringify(findings[0])}`);
    syncTree(join(unfinished, id));
    moveInPlace(join(unfinished, id), target, id);
    if (ended) {
      const sha256 = fileHash(join(to, "run.db"));
      noteCopy(folder, { kind: "backup", path: to, sha256, wall: now });
    }
    return to;
  } catch (error) {
    if (error instanceof WearoutError) throw error;
    throw new WearoutError("RECORD_FAILED", `${to} cannot be written: ${(error as Error).message}`);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function copyFiles(folder: string, to: string): void {
  const staged = stagedName(join(folder, digestName));
  cpSync(folder, to, { recursive: true, filter: (from) => from !== staged });
}

function imageOf(folder: string, to: string): void {
  mkdirSync(to);
  copyDatabase(join(folder, "run.db"), join(to, "run.db"));
}

/** What pruning would do with a run, and why. */
export type PruneAnswer = { id: string; bytes: number; prune: boolean; why: string };

/** Which runs may go: ended, begun before `before`, and copied whole somewhere else since their end. */
export function prunable(root: string, before: EpochMs, now: EpochMs): PruneAnswer[] {
  return roomOfRuns(root, now).map((run) => {
    const why = whyKeep(root, run, before);
    const { id, bytes } = run;
    if (why !== undefined) return { id, bytes, prune: false, why };
    const copy = copiesOf(join(root, id)).at(-1)!;
    return { id, bytes, prune: true, why: `${copy.kind} in ${copy.path}` };
  });
}

/** A virtual run has a wall clock of its own: it is as old as its files. */
function writtenAt(folder: string): EpochMs | null {
  try {
    return statSync(join(folder, "summary.json")).mtimeMs;
  } catch {
    return null;
  }
}

function whyKeep(root: string, run: RunRoom, before: EpochMs): string | undefined {
  if (run.condition !== "ended") return `it is ${run.condition}`;
  const begun = run.simulated ? writtenAt(join(root, run.id)) : run.startedWall;
  if (begun === null || begun >= before) return "it is not old enough";
  const copies = copiesOf(join(root, run.id));
  if (copies.length === 0) return "it is neither exported whole nor backed up";
  const there = copies.filter(({ path, kind }) => {
    return existsSync(kind === "backup" ? join(path, "run.db") : path);
  });
  return there.length === 0 ? "none of its copies is where it was put" : undefined;
}

/** Deletes a run's folder, locked and renamed first, so that no half of it is ever listed. */
export function pruneRun(root: string, id: string): void {
  const folder = runFolder(root, id);
  const lock = refusable(folder, () => takeLock(folder));
  const gone = join(root, `.${id}.pruned`);
  try {
    refusable(folder, () => {
      rmSync(gone, { recursive: true, force: true });
      renameSync(folder, gone);
      syncFolder(root);
    });
  } finally {
    lock.release(true);
  }
  rmSync(gone, { recursive: true, force: true });
}
