/** libmodbus as a peer: its master in C is compiled on the spot where gcc and the library are there. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { assert } from "../src/base/error.js";
import type { Job, RateResult } from "./line-master.js";
import type { PacedSpec } from "./paced-line.js";

const source = fileURLToPath(new URL("../../bench/libmodbus-master.c", import.meta.url));

/** Path of the compiled master; undefined where gcc or libmodbus is not installed. */
export function compileLibmodbusMaster(): string | undefined {
  const program = join(mkdtempSync(join(tmpdir(), "libmodbus-")), "master");
  try {
    execFileSync("gcc", ["-O2", "-o", program, source, "-lmodbus"], { stdio: "ignore" });
    return program;
  } catch {
    return undefined;
  }
}

/** The compiled master on a line's path: resolves when it is ready to be given its job. */
export async function startLibmodbus(
  program: string,
  path: string,
  { baud, format }: PacedSpec,
  { registers, seconds, warmUp }: Job & { do: "rate" },
): Promise<() => Promise<RateResult>> {
  const [, parity, stopBits] = format;
  const words = [path, baud, parity, stopBits, registers, seconds, warmUp].map(String);
  const master = spawn(program, words, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: master.stdout });
  const [word] = await Promise.race([once(lines, "line"), ended(master)]);
  assert(word === "ready", `a master in C that is ready, not ${word}`);
  return async () => {
    const said = once(lines, "line");
    master.stdin.end("\n");
    const [result] = await Promise.race([said, ended(master)]);
    return JSON.parse(String(result)) as RateResult;
  };
}

async function ended(master: ChildProcess): Promise<[string]> {
  const [code] = await once(master, "exit");
  return [`ended with ${code}`];
}
