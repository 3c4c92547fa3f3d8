import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { WearoutError } from "../base/error.js";

export type SqlValue = null | number | bigint | string | Uint8Array;
export type Row = { [column: string]: SqlValue };

/** The part of Node's `DatabaseSync` that we use; both packages below have it. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}
export interface Statement {
  run(...values: SqlValue[]): unknown;
  get(...values: SqlValue[]): Row | undefined;
  all(...values: SqlValue[]): Row[];
}
type Opener = new (path: string, options?: { readOnly?: boolean }) => Database;

/** SQLite result codes (sqlite.org/rescode.html), the low byte of the extended code. */
export const busy = 5;
export const corrupt = 11;
export const full = 13;
export const notADatabase = 26;

/** 3.51.3 is the first release without the WAL-reset corruption race (SQLite release notes). */
const oldestVersion = [3, 51, 3] as const;

/** Node's own SQLite, and the same interface prebuilt for a Node that has none or an old one. */
const packages = ["node:sqlite", "@photostructure/sqlite"] as const;

/** How long SQLite waits for a lock that another connection holds only for moments. */
const busyTimeoutMs = 5000;
/** A WAL that grew under a long reader is cut back to this at the next checkpoint. */
const walLimitBytes = 16 * 1024 * 1024;

let found: Opener | undefined;

function opener(): Opener {
  if (found !== undefined) return found;
  const tried: string[] = [];
  for (const name of packages) {
    const candidate = load(name);
    const version = candidate === undefined ? undefined : versionOf(candidate);
    if (version !== undefined && isRecent(version)) {
      found = candidate as Opener;
      return found;
    }
    tried.push(`${name}: ${version === undefined ? "does not load" : `SQLite ${version}`}`);
  }
  const why = `needs SQLite ${oldestVersion.join(".")} or newer (${tried.join("; ")})`;
  throw new WearoutError("RECORD_FAILED", `the record ${why}`);
}

function load(name: string): Opener | undefined {
  try {
    return (createRequire(import.meta.url)(name) as { DatabaseSync: Opener }).DatabaseSync;
  } catch {
    return undefined;
  }
}

function versionOf(candidate: Opener): string {
  const db = new candidate(":memory:");
  const version = db.prepare("SELECT sqlite_version() AS version").get()?.["version"];
  db.close();
  return String(version);
}

/** The SQLite that records are written with; throws `RECORD_FAILED` when none is recent enough. */
export function sqliteVersion(): string {
  return versionOf(opener());
}

/** True for 3.51.3 and later. */
export function isRecent(version: string): boolean {
  const parts = version.split(".").map(Number);
  for (const [i, oldest] of oldestVersion.entries()) {
    const part = parts[i] ?? 0;
    if (part !== oldest) return part > oldest;
  }
  return true;
}

/** For writing: WAL, and every commit synced to the disk. Both are read back, never assumed. */
export function openForWriting(path: string): Database {
  const db = new (opener())(path);
  db.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
  // Of effect in a new file only: room that folded samples leave can be given back at the end.
  db.exec("PRAGMA auto_vacuum = INCREMENTAL");
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  db.exec(`PRAGMA journal_size_limit = ${walLimitBytes}`);
  const journal = pragma(db, "journal_mode");
  const synchronous = pragma(db, "synchronous");
  if (journal === "wal" && synchronous === 2) return db;
  db.close();
  const state = `journal_mode is ${journal}, synchronous is ${synchronous}`;
  throw new WearoutError("RECORD_FAILED", `${path}: the disk cannot be synced (${state})`);
}

/** What a file opened for reading is called in SQL; its tables need no name before theirs. */
export const readSchema = "run";

/**
 * For reading; works beside a writer in another process. After `close` nothing of the file is held. The
 * stand-in leaves a connection open for as long as a statement of it is not collected, and then an
 * ended run cannot become one plain file; detaching does not wait for that.
 */
export function openForReading(path: string): Database {
  const db = new (opener())(":memory:");
  try {
    db.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    const uri = `${pathToFileURL(path).href}?mode=ro`;
    db.prepare(`ATTACH ? AS ${readSchema}`).run(uri);
  } catch (error) {
    db.close();
    complain(path);
    throw error;
  }
  return {
    exec: (sql) => db.exec(sql),
    prepare: (sql) => db.prepare(sql),
    close: () => {
      db.exec(`DETACH ${readSchema}`);
      db.close();
    },
  };
}

/** A consistent image of a database as one plain file, not synced; the database is only read. */
export function copyDatabase(path: string, to: string): void {
  const db = openForReading(path);
  try {
    db.prepare(`VACUUM ${readSchema} INTO ?`).run(to);
  } finally {
    db.close();
  }
}

/** Puts all of a WAL into its database and ends WAL mode. SQLite makes this whole or not at all. */
export function makePlain(path: string): void {
  const db = new (opener())(path);
  try {
    db.exec("PRAGMA busy_timeout = 0; PRAGMA synchronous = FULL; PRAGMA journal_mode = DELETE");
  } finally {
    db.close();
  }
}

/** What is wrong with a file in SQLite's own words: attaching only says that it did not work. */
function complain(path: string): void {
  const db = new (opener())(path, { readOnly: true });
  try {
    db.exec("SELECT count(*) FROM sqlite_schema");
  } finally {
    db.close();
  }
}

/** For a lock file: no pragma of ours, waits `waitMs` for others. */
export function openForLocking(path: string, waitMs: number, readOnly: boolean): Database {
  const db = new (opener())(path, { readOnly });
  db.exec(`PRAGMA busy_timeout = ${waitMs}`);
  return db;
}

/** A database in memory, to compare with. */
export function openScratch(): Database {
  return new (opener())(":memory:");
}

export function pragma(db: Database, name: string): SqlValue | undefined {
  return Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}

/** Version 1.2.1 of the stand-in gives no code with an error while rows are read, only SQLite's text. */
const codeOfText: Record<string, number> = {
  "database is locked": busy,
  "database disk image is malformed": corrupt,
  "database or disk is full": full,
  "file is not a database": notADatabase,
};

/** The primary SQLite result code of an error (1 when it names none); undefined for other errors. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  if (typeof errcode === "number") return errcode & 0xff;
  return code === "ERR_SQLITE_ERROR" ? (codeOfText[error.message] ?? 1) : undefined;
}
