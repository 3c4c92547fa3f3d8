/** The command on a machine that is a folder. */
import { type Host, openHost } from "../../src/cli/machine/host.js";
import type { MadeUpMachine } from "../unit/line/made-up-machine.js";
import { type Said, wearoutWith } from "./command.js";

/** 2026-11-23 12:00 UTC: the wall clock of every made-up machine. */
export const noon = Date.UTC(2026, 10, 23, 12);

export function hostOf(machine: MadeUpMachine, changed: Partial<Host> = {}): Host {
  return {
    ...openHost(machine.root),
    ...machine.open(),
    nodeVersion: "v20.19.0",
    sqliteVersion: () => "3.51.3",
    freeBytes: () => 100e9,
    wall: () => noon,
    ...changed,
  };
}

export function wearoutOn(machine: MadeUpMachine, ...args: string[]): Promise<Said> {
  return wearoutWith(hostOf(machine), ...args);
}
