/** Why a record cannot be read, as far as the file system tells: for messages, never for decisions. */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { copiesOf } from "./copies.js";
import { freeBytes } from "./reserve.js";

/** Who a path belongs to, where this user may not read it; undefined where he may, or it is not there. */
export function forbidden(path: string, mode: "read" | "write" = "read"): string | undefined {
  try {
    accessSync(path, mode === "read" ? constants.R_OK : constants.W_OK);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "EACCES" || code === "EPERM"
      ? `this user may not ${mode} it${owner(path)}`
      : undefined;
  }
}

/** The owner of a path, or of the nearest folder above that can be asked. */
function owner(path: string): string {
  try {
    const { uid, mode } = statSync(path);
    const bits = (mode & 0o777).toString(8);
    const whose = process.getuid === undefined ? "" : `, this is user ${process.getuid()}`;
    return `: ${path} belongs to user ${uid} (mode ${bits})${whose}`;
  } catch {
    return dirname(path) === path ? "" : owner(dirname(path));
  }
}

/**
 * `53248 of 110592 bytes are there` when a database ends before its own end (SQLite file format, 1.3: page
 * size and number of pages in the header); undefined when it does not, or while a WAL may hold the rest.
 */
export function cutOff(folder: string): string | undefined {
  const wal = statSync(join(folder, "run.db-wal"), { throwIfNoEntry: false });
  if (wal !== undefined && wal.size > 0) return undefined;
  const path = join(folder, "run.db");
  const there = statSync(path).size;
  const head = Buffer.alloc(32);
  const fd = openSync(path, "r");
  try {
    readSync(fd, head);
  } finally {
    closeSync(fd);
  }
  const page = head.readUInt16BE(16);
  const whole = (page === 1 ? 65_536 : page) * head.readUInt32BE(28);
  return there < whole ? `it is cut off, ${there} of ${whole} bytes are there` : undefined;
}

/** A record that is open is read through an index beside it (SQLite's WAL index, 32 kB), which a reader may have to make. */
const roomToRead = 64 * 1024;

/** Why a record cannot be read that is whole; undefined where there is room, or nobody can say. */
export function withoutRoom(folder: string, free = freeBytes): string | undefined {
  try {
    if (free(folder) >= roomToRead) return undefined;
  } catch {
    return undefined;
  }
  return "no space is left on its disk, and reading a record that is open takes a little: make room there, then again";
}

/** What else is known of a run whose database cannot be read, and where. */
export function elsewhere(folder: string): string {
  const summary = existsSync(join(folder, "summary.json"))
    ? ["summary.json beside it tells how the run ended"]
    : [];
  const copies = copiesOf(folder).map(({ kind, path }) => `a ${kind} was put in ${path}`);
  return [...summary, ...copies].map((text) => `; ${text}`).join("");
}
