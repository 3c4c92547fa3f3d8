/** The note beside a socket: who listens there, so that one who is silent or closed has a name. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { isStopped as isStoppedIn } from "../base/process-state.js";
import { valueProblems } from "../base/schema.js";
import { Hello } from "../verb/keeps.js";
import type { Place } from "./place.js";

/** Undefined where there is none, or none that can be read. */
export function readNote(file: string): Hello | undefined {
  try {
    const note: unknown = JSON.parse(readFileSync(file, "utf8"));
    return valueProblems(Hello, note).length === 0 ? (note as Hello) : undefined;
  } catch {
    return undefined;
  }
}

/** Notes of the same rig name in these folders, of other sites. */
export function notesElsewhere(places: readonly Place[]): Hello[] {
  return places.flatMap(({ folder, site, rig }) =>
    notesIn(folder).filter((note) => note.rig === rig && note.site !== site),
  );
}

function notesIn(folder: string): Hello[] {
  try {
    const names = readdirSync(folder).filter((name) => /^[0-9a-f]{16}\.json$/.test(name));
    return names.flatMap((name) => readNote(join(folder, name)) ?? []);
  } catch {
    return [];
  }
}

/** `process 4711 of mei on lab-3`; never nobody: of one without a note the owner of his socket. */
export function whoAt({ socket, note, folder }: Place): string {
  const found = readNote(note);
  if (found !== undefined) return whoIs(found);
  const uid = ownerOf(socket) ?? ownerOf(folder);
  return uid === undefined ? `a process behind ${socket}` : `a process of ${userName(uid)}`;
}

export function whoIs({ pid, user, host }: Pick<Hello, "pid" | "user" | "host">): string {
  return `process ${pid} of ${user} on ${host}`;
}

/** Who this process is, for others. */
export function thisUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that nobody has a name for.
    return `user ${process.getuid?.() ?? "?"}`;
  }
}

function ownerOf(path: string): number | undefined {
  try {
    return statSync(path).uid;
  } catch {
    return undefined;
  }
}

/** passwd(5) has it where the user is one of this machine. */
function userName(uid: number): string {
  try {
    const lines = readFileSync("/etc/passwd", "utf8").split("\n");
    const own = lines.map((line) => line.split(":")).find((fields) => fields[2] === String(uid));
    return own?.[0] ?? `user ${uid}`;
  } catch {
    return `user ${uid}`;
  }
}

export function isStopped(pid: number): boolean {
  try {
    return isStoppedIn(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
