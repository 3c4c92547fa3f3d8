/** The command as people call it: inside this process with its output caught, or as a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { newFolder as folderNamed } from "../folders.js";
import type { Said } from "./in-process.js";

export { type Said, wearout, wearoutWith } from "./in-process.js";

export const root = fileURLToPath(new URL("../../../", import.meta.url));

/** A process of its own; `shell` runs before it, as `ulimit -f 100; exec "$0" "$@"`. */
export class Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Said>;
  #talk = "";
  #waiting: (() => void)[] = [];

  constructor(args: readonly string[], shell?: string) {
    const command = [process.execPath, join(root, "bin", "wearout.js"), ...args];
    const [program = "", ...rest] = shell === undefined ? command : ["sh", "-c", shell, ...command];
    const child = spawn(program, rest, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
    createInterface({ input: child.stderr }).on("line", (line) => {
      this.#talk += `${line}\n`;
      for (const look of this.#waiting) look();
    });
    this.ended = once(child, "close").then(([status]) => {
      for (const look of this.#waiting) look();
      return { status: status as number, out, talk: this.#talk };
    });
  }

  /** What the first group of the pattern found in the talk, as soon as it is there. */
  heard(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(this.#talk)?.[1];
        if (found !== undefined) resolve(found);
        else if (this.child.exitCode !== null) reject(new Error(`ended: ${this.#talk}`));
      };
      this.#waiting.push(look);
      look();
    });
  }

  interrupt(): Promise<Said> {
    this.child.kill("SIGINT");
    return this.ended;
  }
}

/** A folder until the end of the test file. */
export function newFolder(): string {
  return folderNamed("command");
}

/** The shipped four-bearing rig with a plant that wears fast, and a profile of a few virtual minutes. */
export function fastSite(wear = "2000"): string {
  const site = newFolder();
  mkdirSync(join(site, "rigs"));
  cpSync(join(root, "test/cli/site"), site, { recursive: true });
  const rig = readFileSync(join(root, "rigs/bearing-four.yaml"), "utf8")
    .replace(/^rig: .*/m, "rig: fast-rig")
    .replace(/^ {2}plant: bearing$/m, `$&\n  parameters: { wear: "${wear}" }`);
  writeFileSync(join(site, "rigs/fast-rig.yaml"), rig);
  return site;
}
