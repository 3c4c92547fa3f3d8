/** Pseudo-terminals of node-pty, an optional dependency, and a cable between two of them. */
import { fileURLToPath } from "node:url";
import { Peer } from "./peer.js";

/** Why there are none here; undefined when there are. */
export async function noPty(): Promise<string | undefined> {
  try {
    // By a variable: the build must not need an optional dependency.
    const packageName = "@lydell/node-pty";
    await import(packageName);
    return undefined;
  } catch (error) {
    return `no pseudo-terminals: ${(error as Error).message}`;
  }
}

/** Two serial ports with a cable between them. */
export type Cable = { ours: string; theirs: string; close(): Promise<void> };

/** In a process of its own: what the campaign is busy with must not hold bytes up. */
export async function openCable(): Promise<Cable> {
  const cable = fileURLToPath(new URL("cable.js", import.meta.url));
  const process_ = await Peer.start(process.execPath, [cable]);
  const [ours = "", theirs = ""] = process_.place.split(" ");
  return { ours, theirs, close: () => process_.stop() };
}
