/** Where the socket of a kept rig lies: one name for a site and a rig, in the folder of the moment. */
import { createHash } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** `socket` is spoken to; `note` beside it says who listens, also to those who may not speak to him. */
export type Place = {
  site: string;
  rig: string;
  folder: string;
  socket: string;
  note: string;
  /** What only the keeper's user can read. */
  key: string;
};

/** What is looked at to find the folder; `stateFolder` is that of the safe plans. */
export type Surroundings = {
  env: Readonly<Record<string, string | undefined>>;
  stateFolder: string;
  /** A person or the environment has named it: then all of it lies there. */
  isNamed: boolean;
};

/** Where systemd puts what a unit with `RuntimeDirectory=wearout` has (systemd.exec(5)). */
const serviceFolder = "/run/wearout";

/**
 * Of one rig, the folder first that a keeper started here would use. A client looks at all of them: the keeper may be a
 * service, or may have been started from a session. `site` is a real path.
 */
export function placesOf(around: Surroundings, site: string, rig: string): Place[] {
  return foldersOf(around).map((folder) => {
    const name = join(folder, nameOf(site, rig));
    return { site, rig, folder, socket: `${name}.sock`, note: `${name}.json`, key: `${name}.key` };
  });
}

/** No rig's name is too long for it, and two sites with one rig name never meet. */
function nameOf(site: string, rig: string): string {
  return createHash("sha256").update(`${site}\0${rig}`).digest("hex").slice(0, 16);
}

/** systemd.exec(5) and the XDG Base Directory Specification 0.8; an empty variable counts as none. */
function foldersOf({ env, stateFolder, isNamed }: Surroundings): string[] {
  if (isNamed) return [stateFolder];
  const service = env["RUNTIME_DIRECTORY"]?.split(":")[0] || undefined;
  const session = env["XDG_RUNTIME_DIR"] || undefined;
  const named = [service, session === undefined ? undefined : join(session, "wearout")];
  const given = named.filter((folder) => folder !== undefined);
  return [...new Set([...given, stateFolder, serviceFolder])];
}

/** Bytes of an address, its end not counted (unix(7): sun_path is 108). */
const longestAddress = 107;

/**
 * Calls `use` with an address of this socket that the system takes: a path that is too long is reached through its open
 * folder (Linux, proc(5)).
 */
export function withAddress<T>(socket: string, use: (address: string) => T): T {
  if (Buffer.byteLength(socket) <= longestAddress || process.platform !== "linux") {
    return use(socket);
  }
  const folder = openSync(dirname(socket), "r");
  try {
    return use(`/proc/self/fd/${folder}/${basename(socket)}`);
  } finally {
    closeSync(folder);
  }
}
