/** The program under test, from outside: a process on a site, its output, its signals, its end. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { monotonicMs } from "./config.js";
import type { Site } from "./site.js";

const packageRoot = fileURLToPath(new URL("../../../", import.meta.url));
const program = fileURLToPath(new URL("../../../bin/wearout.js", import.meta.url));

export type End = {
  status: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  talk: string;
  atMs: number;
};

export class Controller {
  readonly child: ChildProcess;
  readonly ended: Promise<End>;
  /** By the monotonic clock of the machine. */
  readonly startedAtMs = monotonicMs();
  out = "";
  talk = "";
  end: End | undefined;
  readonly #listeners: (() => void)[] = [];

  /** `terminal`: a pseudo-terminal's path that words can be typed at. */
  constructor(site: Site, words: readonly string[], terminal?: string) {
    // Nothing of the person who runs the tests may decide where records and state go.
    const env = {
      ...process.env,
      HOME: site.folder,
      WEAROUT_HOME: site.records,
      WEAROUT_STATE: site.state,
    };
    const args = [program, "--site", site.folder, ...words];
    const stdin = terminal === undefined ? "ignore" : openSync(terminal, "r");
    const child = spawn(process.execPath, args, {
      cwd: packageRoot,
      env,
      stdio: [stdin, "pipe", "pipe"],
    });
    if (typeof stdin === "number") closeSync(stdin);
    this.child = child;
    child.stdout!.setEncoding("utf8").on("data", (text: string) => {
      this.out += text;
      this.#look();
    });
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.talk += text;
      this.#look();
    });
    this.ended = once(child, "close").then(([status, signal]) => {
      const { out, talk } = this;
      this.end = { status, signal, out, talk, atMs: monotonicMs() };
      this.#look();
      return this.end;
    });
  }

  #look(): void {
    for (const look of this.#listeners) look();
  }

  /** Waits until something was said on either stream; fails when the process ends or the time is over. */
  heard(pattern: RegExp, withinMs: number): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) =>
        reject(new Error(`${pattern} not heard, ${why}:\n${this.talk}\n${this.out}`));
      const timer = setTimeout(() => fail(`${withinMs} ms are over`), withinMs);
      const look = () => {
        const found = pattern.exec(this.talk) ?? pattern.exec(this.out);
        if (found === null && this.end === undefined) return;
        clearTimeout(timer);
        if (found !== null) resolve(found);
        else fail(`ended with ${this.end?.status ?? this.end?.signal}`);
      };
      this.#listeners.push(look);
      look();
    });
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** kill -9, and gone. */
  async killed(): Promise<End> {
    this.child.kill("SIGKILL");
    return this.ended;
  }

  get isAlive(): boolean {
    return this.end === undefined;
  }
}

export function startRun(site: Site, rig = site.rig): Controller {
  const specimens = ["a", "b"].map((name) => rig.replace("plant-rig", name)).join(",");
  return new Controller(site, ["run", "start", "short", "--rig", rig, "--specimen", specimens]);
}

/** Runs a command to its end. */
export function command(site: Site, ...words: string[]): Promise<End> {
  return new Controller(site, words).ended;
}

/** One JSON value per line, as `run events --json` prints. */
export async function eventsOf(site: Site, run: string): Promise<Record<string, unknown>[]> {
  const { out } = await command(site, "run", "events", run, "--json");
  const lines = out.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
