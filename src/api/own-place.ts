/** Taking the place of a kept rig's socket: one of a dead process is taken over, one of a living process never. */
import {
  chmodSync,
  chownSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { basename } from "node:path";
import { type Clock, withDeadline } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import type { Hello } from "../verb/keeps.js";
import { whoAt } from "./note.js";
import { type Place, withAddress } from "./place.js";

/** Others may pass through to read who keeps a rig; to speak to it they need its group. */
const folderMode = 0o755;
const socketMode = 0o660;
const noteMode = 0o644;
const keyMode = 0o600;
/** A look at a living process takes microseconds; one that hangs is living. */
const lookWithinMs = 1000;
/** Another one who takes this place is soon done. */
const takeoverWithinMs = 2000;
const lookAgainMs = 20;

/** `isThere`: the socket at the place is still ours; somebody may have removed it, or the folder with it. */
export type Owned = { release(): void; isThere(): boolean };

/**
 * `server` listens at the place when this resolves. Throws `STATE_REFUSED` naming the process that keeps the rig, and
 * `STATE_FAILED` where no socket can be made.
 */
export async function takePlace(
  server: Server,
  place: Place,
  hello: Hello,
  clock: Clock,
  key?: string,
): Promise<Owned> {
  const unlock = await lockTakeover(place, clock);
  try {
    mkdirSync(place.folder, { recursive: true, mode: folderMode });
    const found = await lookAt(place.socket, clock);
    if (found !== "ENOENT" && found !== "ECONNREFUSED") throw keptBy(place);
    await listenBeside(server, place);
    writeWhole(place.note, `${JSON.stringify(hello)}\n`, noteMode);
    if (key !== undefined) writeWhole(place.key, `${key}\n`, keyMode);
    renameSync(besideOf(place), place.socket);
    return ownedAs(place, statSync(place.socket).ino);
  } catch (error) {
    if (error instanceof WearoutError) throw error;
    const why = (error as Error).message;
    throw new WearoutError("STATE_FAILED", `no socket for ${place.rig} at ${place.socket}: ${why}`);
  } finally {
    unlock();
  }
}

function keptBy(place: Place): WearoutError {
  return new WearoutError("STATE_REFUSED", `${place.rig} is kept by ${whoAt(place)}`);
}

/** What a connection came to: `open`, or the system's word why not. */
export function lookAt(socket: string, clock: Clock): Promise<string> {
  const looking = new Promise<string>((resolve) => {
    try {
      const peer = withAddress(socket, (address) => connect(address));
      peer.once("connect", () => {
        peer.destroy();
        resolve("open");
      });
      peer.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    } catch (error) {
      resolve((error as NodeJS.ErrnoException).code ?? "");
    }
  });
  return withDeadline(clock, looking, lookWithinMs, () => "open");
}

/** Under a name of its own, so that at the place there is never a socket that nobody listens to. */
function besideOf({ socket }: Place): string {
  return `${socket}.${process.pid}`;
}

async function listenBeside(server: Server, place: Place): Promise<void> {
  const beside = besideOf(place);
  rmSync(beside, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    const listening = () => {
      server.off("error", reject);
      resolve();
    };
    // Bound within the call: nobody else's files are made with these rights.
    const before = process.umask(0o777 & ~socketMode);
    try {
      withAddress(beside, (address) => server.listen(address, listening));
    } finally {
      process.umask(before);
    }
  });
  shareWithGroup(beside, place.folder);
}

/** The folder's group may speak to us; who is not in it cannot give a file to it, and stays with his own. */
function shareWithGroup(socket: string, folder: string): void {
  chmodSync(socket, socketMode);
  try {
    chownSync(socket, process.getuid?.() ?? -1, statSync(folder).gid);
  } catch {
    // Not in that group.
  }
}

/** Never seen half written, nor with other rights. */
function writeWhole(file: string, text: string, mode: number): void {
  const unfinished = `${file}.${process.pid}`;
  rmSync(unfinished, { force: true });
  writeFileSync(unfinished, text, { mode, flag: "wx" });
  renameSync(unfinished, file);
}

/** Removes what is still ours. */
function ownedAs({ socket, note, key }: Place, inode: number): Owned {
  const isThere = () => inodeOf(socket) === inode;
  const release = () => {
    if (!isThere()) return;
    rmSync(note, { force: true });
    rmSync(key, { force: true });
    rmSync(socket, { force: true });
  };
  return { release, isThere };
}

/** Undefined where there is nothing, or no way to it. */
function inodeOf(socket: string): number | undefined {
  try {
    return statSync(socket).ino;
  } catch {
    return undefined;
  }
}

/** One at a time looks and takes; the system ends it with the process (Linux: an abstract name, unix(7)). */
async function lockTakeover(place: Place, clock: Clock): Promise<() => void> {
  if (process.platform !== "linux") return () => {};
  const name = `\0wearout-takeover-${basename(place.socket, ".sock")}`;
  const until = clock.elapsed() + takeoverWithinMs;
  for (;;) {
    const lock = await tryListen(name);
    if (lock !== undefined) return () => void lock.close();
    if (clock.elapsed() >= until) throw keptBy(place);
    await clock.sleep(lookAgainMs);
  }
}

function tryListen(name: string): Promise<Server | undefined> {
  const lock = createServer();
  return new Promise((resolve) => {
    lock.once("error", () => resolve(undefined));
    lock.listen(name, () => resolve(lock));
  });
}
