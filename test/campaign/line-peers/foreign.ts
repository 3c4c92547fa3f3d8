/** Servers of other projects: how each is started, and why it cannot be where it is not installed. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { LinkKind } from "./faults.js";
import { onLeave } from "./leave.js";
import { Peer } from "./peer.js";

export const projects = ["libmodbus", "pymodbus", "jsmodbus"] as const;
export type Project = (typeof projects)[number];

/** Debian puts its Python packages where only its own Python looks. */
export const python = "/usr/bin/python3";

/** The sources beside this file, which the build does not copy. */
export function sourceOf(file: string): string {
  return fileURLToPath(new URL(`../../../../test/campaign/line-peers/${file}`, import.meta.url));
}

const compiled = new Map<string, Promise<string>>();
const run = promisify(execFile);

/** Path of the compiled program; rejects where gcc or libmodbus is missing. */
export function compileC(file: string): Promise<string> {
  const known = compiled.get(file) ?? compileNow(file);
  compiled.set(file, known);
  return known;
}

async function compileNow(file: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "libmodbus-"));
  onLeave(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, "peer");
  await run("gcc", ["-O2", "-Wall", "-o", program, sourceOf(file), "-lmodbus"]);
  return program;
}

/** Resolves when the project is there. */
const present: Readonly<Record<Project, () => Promise<unknown>>> = {
  libmodbus: () => compileC("libmodbus-server.c"),
  pymodbus: once(() => run(python, ["-c", "import pymodbus"])),
  jsmodbus: () => Promise.resolve(),
};
const packages = { libmodbus: "gcc libmodbus-dev", pymodbus: "python3-pymodbus", jsmodbus: "" };

function once(ask: () => Promise<unknown>): () => Promise<unknown> {
  let answer: Promise<unknown> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}

/** Why the project is not there; undefined when it is. */
export async function noProject(project: Project): Promise<string | undefined> {
  try {
    await present[project]();
    return undefined;
  } catch {
    return `${project} is not here: apt-get install ${packages[project]}`;
  }
}

/** A server of the project; over `rtu` on `port`. */
export async function startServer(project: Project, kind: LinkKind, port: string): Promise<Peer> {
  const words = [kind, port];
  if (project === "libmodbus") return Peer.start(await compileC("libmodbus-server.c"), words);
  if (project === "pymodbus") return Peer.start(python, [sourceOf("pymodbus-server.py"), ...words]);
  const server = fileURLToPath(new URL("jsmodbus-server.js", import.meta.url));
  return Peer.start(process.execPath, [server, ...words]);
}
