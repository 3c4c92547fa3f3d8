/** A server by another hand as a process, from the campaign's side: where it is, what it was asked, its end. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { onLeave } from "./leave.js";
import type { Question, Said } from "./question.js";
import type { SlaveConfig } from "./slave.js";

const readyWithinMs = 20_000;

export class Peer {
  /** `host:port`, or the path of a port. */
  place = "";
  readonly questions: Question[] = [];
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  readonly #forget: () => void;
  #talk = "";

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#closed = once(child, "close");
    this.#forget = onLeave(() => this.#end());
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.#talk += text;
    });
  }

  /** Starts it and waits until it says where it is. */
  static async start(program: string, words: readonly string[]): Promise<Peer> {
    const child = spawn(program, words, { stdio: ["pipe", "pipe", "pipe"] });
    const peer = new Peer(child);
    const isReady = new Promise<void>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`${program}: ${why}\n${peer.#talk}`));
      const timer = setTimeout(() => fail("not ready"), readyWithinMs);
      child.once("error", (error) => fail(error.message));
      child.once("close", (code) => fail(`ended with ${code}`));
      createInterface({ input: child.stdout! }).on("line", (line) => {
        const said = JSON.parse(line) as Said;
        if ("question" in said) peer.questions.push(said.question);
        else {
          peer.place = said.ready;
          clearTimeout(timer);
          resolve();
        }
      });
    });
    try {
      await isReady;
    } catch (error) {
      await peer.stop();
      throw error;
    }
    return peer;
  }

  static slave(config: SlaveConfig): Promise<Peer> {
    const slave = fileURLToPath(new URL("slave.js", import.meta.url));
    return Peer.start(process.execPath, [slave, JSON.stringify(config)]);
  }

  /** Stands still as a whole process; what is asked meanwhile waits in the kernel. */
  async freeze(ms: number): Promise<void> {
    this.#child.kill("SIGSTOP");
    await pause(ms);
    this.#child.kill("SIGCONT");
  }

  /** All it had to tell has been read when this resolves. */
  async stop(): Promise<void> {
    this.#forget();
    this.#end();
    await this.#closed;
  }

  /** One that stands still would not hear it. */
  #end(): void {
    this.#child.kill("SIGCONT");
    this.#child.kill("SIGTERM");
  }
}
