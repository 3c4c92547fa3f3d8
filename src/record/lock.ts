import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { WearoutError } from "../base/error.js";
import { busy, type Database, openForLocking, sqliteCode } from "./sqlite.js";
import { forbidden } from "./trouble.js";

/** Who holds a record folder. */
export type Controller = { pid: number; host: string };

export type Lock = {
  /** A controller that died while it held this folder; undefined after an orderly close. */
  takenOver: Controller | undefined;
  /** Who wrote nothing leaves the name of the controller that died to the next one. */
  release(wrote: boolean): void;
};

/**
 * The lock is one that the operating system holds for a process (SQLite's exclusive lock on an empty
 * file): it ends with the process, however that dies, so a process id that was given out again or
 * another container's numbering cannot confuse it. `controller.json` only names the holder for people.
 * Nobody may open and close `run.lock` by other means in this process: POSIX then drops the lock.
 */
export const lockName = "run.lock";
const ownerName = "controller.json";

/** Paths: what is held, and where its holder's name stands; `what` is held for, in words. */
export type LockPlace = { lock: string; owner: string; what: string };

function placeIn(folder: string): LockPlace {
  return { lock: join(folder, lockName), owner: join(folder, ownerName), what: folder };
}

/** A reader asking `isLocked` holds the file for microseconds; a controller holds it for weeks. */
const waitMs = 250;

/** Throws `RECORD_LOCKED`, naming the other controller, when the folder has one. */
export function takeLock(folder: string): Lock {
  return takeLockAt(placeIn(folder));
}

/** The same for something else than the folder of a run. */
export function takeLockAt(place: LockPlace): Lock {
  const db = openForLocking(place.lock, waitMs, false);
  try {
    db.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    const takenOver = readOwner(place.owner);
    writeOwner(place.owner, { pid: process.pid, host: hostname() });
    return {
      takenOver,
      release: (wrote) => release(db, place.owner, wrote ? undefined : takenOver),
    };
  } catch (error) {
    db.close();
    if (sqliteCode(error) === busy) throw lockedError(place);
    throw error;
  }
}

function release(db: Database, file: string, died: Controller | undefined): void {
  try {
    if (died === undefined) rmSync(file, { force: true });
    else writeOwner(file, died);
  } finally {
    db.close();
  }
}

function writeOwner(file: string, owner: Controller): void {
  writeFileSync(file, `${JSON.stringify(owner)}\n`);
}

/** Whether a controller, in whatever process, writes in this folder now. */
export function isLocked(folder: string): boolean {
  return isLockedAt(placeIn(folder));
}

export function isLockedAt({ lock }: LockPlace): boolean {
  if (!existsSync(lock)) return false;
  const db = openForLocking(lock, 0, true);
  try {
    db.exec("SELECT count(*) FROM sqlite_master");
    return false;
  } catch (error) {
    if (sqliteCode(error) === busy) return true;
    throw error;
  } finally {
    db.close();
  }
}

function lockedError({ owner: file, what }: LockPlace): WearoutError {
  const owner = readOwner(file);
  const who = owner === undefined ? "another controller" : `process ${owner.pid} on ${owner.host}`;
  return new WearoutError("RECORD_LOCKED", `${what} is being written by ${who}`);
}

function readOwner(file: string): Controller | undefined {
  try {
    const owner = JSON.parse(readFileSync(file, "utf8")) as Partial<Controller>;
    const { pid, host } = owner;
    return typeof pid === "number" && typeof host === "string" ? { pid, host } : undefined;
  } catch {
    return undefined;
  }
}

/** What the file system or SQLite refuses is `RECORD_FAILED`. */
export function refusable<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof WearoutError ? error : failure(path, (error as Error).message);
  }
}

export function failure(folder: string, why: string): WearoutError {
  const closed = forbidden(folder, "write");
  const whose = closed === undefined ? "" : `; ${closed}`;
  return new WearoutError(
    "RECORD_FAILED",
    `the record ${folder} cannot be written: ${why}${whose}`,
  );
}
