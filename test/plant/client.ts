/** The plant's process from a test's side: orders, stamps as they come, and waiting with a deadline. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  type Death,
  type Mode,
  monotonicMs,
  type Order,
  type PlantConfig,
  type PlantState,
  type Stamp,
  type Told,
} from "./config.js";

const server = fileURLToPath(new URL("server.js", import.meta.url));
const lookAgainMs = 15;

type Waiting = { resolve(result: unknown): void; reject(error: Error): void };

export class Plant {
  /** Every request that writes, in the order in which it came, on whichever line. */
  readonly writes: Stamp[] = [];
  /** `host:port`, or the port's path, by line. */
  places: Record<string, string> = {};
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #ids = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(config: PlantConfig): Promise<Plant> {
    const child = spawn(process.execPath, [server], { stdio: ["pipe", "pipe", "inherit"] });
    const plant = new Plant(child);
    const isReady = new Promise<void>((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`the plant ended with ${code}`)));
      createInterface({ input: child.stdout! }).on("line", (line) => {
        const told = JSON.parse(line) as Told;
        if ("ready" in told) plant.places = told.ready;
        plant.#hear(told);
        if ("ready" in told) resolve();
      });
    });
    child.stdin!.write(`${JSON.stringify(config)}\n`);
    await isReady;
    return plant;
  }

  #hear(told: Told): void {
    if ("stamp" in told) this.writes.push(told.stamp);
    if (!("id" in told)) return;
    const waiting = this.#waiting.get(told.id);
    this.#waiting.delete(told.id);
    if ("error" in told) waiting?.reject(new Error(told.error));
    else waiting?.resolve(told.result);
  }

  order(order: Order): Promise<unknown> {
    const id = ++this.#ids;
    const answered = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#child.stdin!.write(`${JSON.stringify({ id, ...order })}\n`);
    return answered;
  }

  async state(): Promise<PlantState> {
    return (await this.order({ do: "state" })) as PlantState;
  }

  /** Replaces what is wrong with the unit; `{}` heals it. */
  mode(unit: string, mode: Mode): Promise<unknown> {
    return this.order({ do: "mode", unit, mode });
  }

  kill(line: string, how: Death, forMs?: number): Promise<unknown> {
    return this.order({ do: "kill", line, how, ...(forMs === undefined ? {} : { forMs }) });
  }

  revive(line: string): Promise<unknown> {
    return this.order({ do: "revive", line });
  }

  /** Every request, reads too, since then. */
  async stamps(sinceMs: number): Promise<Stamp[]> {
    return (await this.order({ do: "stamps", sinceMs })) as Stamp[];
  }

  /** Waits until it holds; fails with `what`, the state and the last writes when `withinMs` is over. */
  async until(
    what: string,
    holds: (state: PlantState) => boolean,
    withinMs: number,
  ): Promise<PlantState> {
    const dueMs = monotonicMs() + withinMs;
    for (;;) {
      const state = await this.state();
      if (holds(state)) return state;
      if (monotonicMs() > dueMs)
        throw new Error(`${what}: not within ${withinMs} ms; ${this.#sight(state)}`);
      await pause(lookAgainMs);
    }
  }

  /** The first write after `sinceMs` for which it holds; waits for it. */
  async write(
    what: string,
    holds: (stamp: Stamp) => boolean,
    sinceMs: number,
    withinMs: number,
  ): Promise<Stamp> {
    const find = () => this.writes.find((stamp) => stamp.atMs >= sinceMs && holds(stamp));
    await this.until(what, () => find() !== undefined, withinMs);
    return find()!;
  }

  #sight(state: PlantState): string {
    const last = this.writes.slice(-8).map(stampText);
    return `${JSON.stringify(state.units)} ${JSON.stringify(state.shafts)}\nlast writes:\n${last.join("\n")}`;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.stdin!.end();
    await once(this.#child, "exit");
  }
}

/** `12345.6 spindle 6 @2000 [6] done` */
export function stampText({ atMs, name, code, address, values, outcome }: Stamp): string {
  return `${atMs.toFixed(1)} ${name} ${code} @${address.toString(16)} [${values}] ${outcome}`;
}
