import { closeSync, constants, openSync } from "node:fs";
import type { ReadStream } from "node:tty";
import type { SerialStream } from "./serial-server.js";

/** A serial pair without hardware: programs open `path`, we have the other end. */
export type PtyPair = { ok: true; path: string; stream: SerialStream; close(): void };
export type NoPtyPair = { ok: false; reason: string };

/** The part of node-pty we need; its types leave `open` out. */
type OpenedPty = { _pty: string; _master: ReadStream; _slave: ReadStream };
type NodePty = { open(options: { encoding: null }): OpenedPty };

/** Beyond this, bytes nobody reads are lost, as on a wire. */
const mostWaitingBytes = 65_536;

/**
 * Opens a pseudo-terminal through the optional dependency node-pty; where that does not load (another
 * system, no prebuilt binary) the reason. The path may be opened and closed any number of times.
 */
export async function openPtyPair(): Promise<PtyPair | NoPtyPair> {
  try {
    // By a variable: the build must not need an optional dependency.
    const packageName = "@lydell/node-pty";
    const nodePty = (await import(packageName)) as NodePty;
    return pairOf(nodePty.open({ encoding: null }));
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

function pairOf({ _pty: path, _master: master, _slave: slave }: OpenedPty): PtyPair {
  slave.setRawMode(true);
  // Held open, never read: without a holder our end would fail whenever a program closes the path.
  const holder = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  slave.destroy();
  master.removeAllListeners("error");
  master.on("error", () => {});
  let open = true;
  return {
    ok: true,
    path,
    stream: {
      write: (bytes) => {
        if (open && master.writableLength < mostWaitingBytes) master.write(bytes);
      },
      onData: (listener) => {
        master.on("data", (bytes: Buffer) => listener(bytes));
      },
    },
    close: () => {
      if (!open) return;
      open = false;
      closeSync(holder);
      master.destroy();
    },
  };
}
