/** A cable between two pseudo-terminals, as a process; says both names and ends with its stdin. */
import { constants, openSync } from "node:fs";
import type { Socket } from "node:net";
import type { ReadStream } from "node:tty";
import type { Said } from "./question.js";

type NodePty = {
  open(options: { encoding: null }): { _pty: string; _master: ReadStream; _slave: ReadStream };
};

function openEnd(pty: NodePty): { path: string; master: ReadStream } {
  const { _pty: path, _master: master, _slave: slave } = pty.open({ encoding: null });
  (slave as ReadStream & { setRawMode(raw: boolean): void }).setRawMode(true);
  // Held open, never read: without a holder our end fails whenever a program closes the port.
  openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  slave.destroy();
  master.removeAllListeners("error");
  master.on("error", () => {});
  return { path, master };
}

function carry(from: ReadStream, to: ReadStream): void {
  from.on("data", (bytes: Buffer) => {
    if (!to.destroyed) (to as unknown as Socket).write(bytes);
  });
}

// By a variable: the build must not need an optional dependency.
const packageName = "@lydell/node-pty";
const pty = (await import(packageName)) as NodePty;
const [a, b] = [openEnd(pty), openEnd(pty)];
carry(a.master, b.master);
carry(b.master, a.master);
const said: Said = { ready: `${a.path} ${b.path}` };
console.log(JSON.stringify(said));
process.stdin.on("end", () => process.exit(0)).resume();
