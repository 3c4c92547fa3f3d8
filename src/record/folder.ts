import { mkdirSync, readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { WearoutError } from "../base/error.js";
import { suggest } from "../base/nearest.js";

type Environment = { readonly [name: string]: string | undefined };

/**
 * Where records live: `--records DIR`, else `$WEAROUT_HOME`, else the user's data directory as the
 * XDG Base Directory Specification (0.8) has it; an empty or relative `XDG_DATA_HOME` is ignored.
 */
export function recordsRoot(flag: string | undefined, env: Environment): string {
  const named = flag || env["WEAROUT_HOME"];
  if (named) return named;
  const data = env["XDG_DATA_HOME"] ?? "";
  return join(isAbsolute(data) ? data : join(homedir(), ".local", "share"), "wearout");
}

/** Names of the run folders under a root, oldest number first; none when there is no such root. */
export function runIds(root: string): string[] {
  try {
    const entries = readdirSync(root, { withFileTypes: true });
    const ids = entries.filter((e) => e.isDirectory() && /-\d+$/.test(e.name)).map((e) => e.name);
    return inOrder(ids);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new WearoutError("FILE_UNREADABLE", `${root}: ${(error as Error).message}`);
  }
}

/** Each id is taken apart once: there may be thousands. */
function inOrder(ids: readonly string[]): string[] {
  const parts = ids.map((id) => ({ id, rig: rigOfId(id), number: numberOf(id) }));
  parts.sort((a, b) => {
    if (a.rig !== b.rig) return a.rig < b.rig ? -1 : 1;
    return a.number - b.number;
  });
  return parts.map(({ id }) => id);
}

export function rigOfId(id: string): string {
  return id.slice(0, id.lastIndexOf("-"));
}

function numberOf(id: string): number {
  return Number(id.slice(id.lastIndexOf("-") + 1));
}

/** Folder of an existing run; throws `RECORD_UNKNOWN` naming what comes near. */
export function runFolder(root: string, id: string): string {
  const ids = runIds(root);
  if (ids.includes(id)) return join(root, id);
  const known = ids.length === 0 ? "it holds no runs" : `expected ${suggest(id, ids)}`;
  throw new WearoutError("RECORD_UNKNOWN", `no run "${id}" under ${root}; ${known}`);
}

/**
 * With the folders above it, one by one: Node's own way never returns where a folder above is there and takes
 * nothing (a deleted one, /proc), and says "no such file" where the disk is read-only.
 */
export function makeFolder(folder: string): void {
  if (isFolder(folder)) return;
  const above = dirname(folder);
  if (above !== folder) makeFolder(above);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Somebody else was faster.
    if (!isFolder(folder)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * Makes the folder `<rig>-<n>`, n one above the highest number in use. Making a folder is atomic between
 * processes: whoever loses the race takes the next number. Throws the file system's error.
 */
export function claimFolder(root: string, rig: string): string {
  makeFolder(root);
  const used = runIds(root).filter((id) => rigOfId(id) === rig);
  for (let n = Math.max(0, ...used.map(numberOf)) + 1; ; n++) {
    try {
      mkdirSync(join(root, `${rig}-${n}`));
      return `${rig}-${n}`;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}
