/**
 * One round with real processes: the command as people start it, a plant that stamps every write, a fault of line, device
 * or machine at a random moment, and a person who makes safe, resumes or ends what is left.
 */
import { readdirSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { type Death, type Mode, monotonicMs, type PlantState } from "../plant/config.js";
import type { Controller } from "../plant/controller.js";
import { isDead, patienceMs, Scene } from "../plant/scene.js";
import type { DriveKind, Wishes } from "../plant/site.js";
import { Dice } from "./safety-dice.js";
import type { Round } from "./safety-options.js";

/** From the moment from which everything listens to nothing having energy: a try, a look, a silence, a brake. */
const reactionMs = 2000 + 10_000 + 2900 + 2500;
/** A command that starts on a busy machine. */
const startMs = 3000;

const signals = ["SIGKILL", "SIGKILL", "SIGINT", "SIGTERM", "SIGQUIT", null] as const;

class RealRound {
  readonly #dice: Dice;
  readonly #story: string[] = [];
  readonly #violations: string[] = [];
  readonly #startedAtMs = monotonicMs();
  #scene!: Scene;
  /** Whoever keeps the rig now. */
  #keeper!: Controller;

  constructor(seed: number) {
    this.#dice = new Dice(seed);
  }

  async run(): Promise<Round> {
    const drive = this.#dice.one(["md", "asda", "acs580"] satisfies DriveKind[]);
    const lines = this.#dice.one(["tcp", "rtu-tcp", "serial"] satisfies Wishes["lines"][]);
    this.#tell(`${drive} over ${lines}`);
    this.#scene = await Scene.make({ drive, lines });
    try {
      await this.#act();
    } catch (error) {
      this.#violations.push((error as Error).message);
    } finally {
      await this.#scene.close();
    }
    return { story: this.#story, violations: this.#violations };
  }

  #tell(text: string): void {
    const seconds = (monotonicMs() - this.#startedAtMs) / 1000;
    this.#story.push(`${seconds.toFixed(2)} s: ${text}`);
  }

  async #act(): Promise<void> {
    if (this.#dice.chance(0.7)) this.#keeper = await this.#scene.running();
    else this.#keeper = this.#scene.start();
    await pause(this.#dice.between(0, 2500));
    await this.#fault();
    await pause(this.#dice.between(0, 1500));
    if (this.#dice.chance(0.5)) await this.#fault();
    await this.#person();
    await pause(this.#dice.between(0, 5000));
    await this.#lookWhileWrong();
    await this.#heal();
    await this.#lookAtEnd();
  }

  async #fault(): Promise<void> {
    const { plant } = this.#scene;
    const roll = this.#dice.upTo(4);
    if (roll === 0) {
      const line = this.#dice.one(["drive", "io", "sensors"]);
      const how = this.#dice.one(["silent", "refused"] satisfies Death[]);
      this.#tell(`line ${line} ${how}`);
      await plant.kill(line, how);
    } else if (roll === 1) {
      const mode = this.#dice.one<Mode>([
        { local: true },
        { ignores: true },
        { silent: true },
        { exception: { code: 6, every: 1 } },
        { exception: { code: 4, every: 2 } },
        { lateMs: 400 },
      ]);
      this.#tell(`spindle ${JSON.stringify(mode)}`);
      await plant.mode("spindle", mode);
    } else {
      const degC = roll === 2 ? 140 : 70;
      this.#tell(`a housing at ${degC} degC`);
      await plant.order({ do: "pv", unit: "thermometer-1", degC });
    }
  }

  /** kill -9 and a new command, a signal, or nothing at all. */
  async #person(): Promise<void> {
    const signal = this.#dice.one(signals);
    if (signal === null || !this.#keeper.isAlive) return;
    this.#tell(signal);
    this.#keeper.signal(signal);
    if (signal !== "SIGKILL") return;
    await this.#keeper.ended;
    await this.#next();
  }

  /** After a kill, or after a process that was told to end. */
  async #next(): Promise<void> {
    const [run] = readdirSync(this.#scene.site.records);
    const words = this.#dice.chance(0.6)
      ? ["rig", "safe", this.#scene.site.rig]
      : ["run", "resume", run ?? "none"];
    this.#tell(words.join(" "));
    this.#keeper = this.#scene.command(...words);
  }

  /** While something has energy that should not, somebody is there and has said so, or the run simply goes on. */
  async #lookWhileWrong(): Promise<void> {
    const { units } = await this.#scene.plant.state();
    const moving = Object.values(units).filter(({ energised }) => energised);
    if (moving.length === 0 || this.#keeper.isAlive) return;
    const { status, talk, out } = await this.#keeper.ended;
    const names = moving.map(({ name }) => (name === "spindle" ? "speed" : "load"));
    this.#tell(`ended with ${status}; ${names.join(", ")} has energy`);
    // What a command may leave is only what it says that it must not touch, or could not reach for a minute.
    const named = names.every((role) =>
      new RegExp(`${role}.*(NOT SAFE|not asked)`).test(talk + out),
    );
    if (!named)
      this.#violations.push(`${names.join(", ")} has energy, nobody is there and nothing says so`);
  }

  async #heal(): Promise<void> {
    const { plant } = this.#scene;
    for (const line of ["drive", "io", "sensors"]) await plant.revive(line);
    await plant.mode("spindle", {});
    await plant.order({ do: "pv", unit: "thermometer-1", degC: 25 });
    this.#tell("all is right again");
  }

  /** A run that still goes on is told to end; everything else must have come to rest. */
  async #lookAtEnd(): Promise<void> {
    // Told to end before it has begun it would end as any program does, with nobody there who makes anything safe.
    if (this.#keeper.isAlive) await this.#keeper.heard(/\S/, patienceMs).catch(() => {});
    if (this.#keeper.isAlive) this.#keeper.signal("SIGTERM");
    else if (!isDead(await this.#scene.plant.state())) await this.#next();
    const since = monotonicMs();
    const boundMs = reactionMs + startMs;
    const isOver = (state: PlantState) => isDead(state) || state.atMs - since > boundMs;
    const state = await this.#scene.plant.until("the reaction", isOver, boundMs + patienceMs);
    if (!isDead(state)) {
      const { talk, out } = this.#keeper;
      this.#violations.push(`has energy ${boundMs} ms after everything listened:\n${talk}${out}`);
    }
  }
}

export function realRound(seed: number): Promise<Round> {
  return new RealRound(seed).run();
}
