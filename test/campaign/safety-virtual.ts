/** One round in virtual time: a rig at work, random faults of line, device, machine and person, and what was promised. */

import { WearoutError } from "../../src/base/error.js";
import type { Request } from "../../src/device/request.js";
import { SafeExecutor } from "../../src/keeper/kernel/executor.js";
import type { Line } from "../../src/line/line.js";
import { VirtualClock } from "../../src/sim/virtual-clock.js";
import type { Mode } from "../plant/config.js";
import { type DriveKind, makeSite, plantOf, type Site, type Wishes } from "../plant/site.js";
import { VirtualPlant } from "../plant/virtual.js";
import { Dice } from "./safety-dice.js";
import type { Round, Sabotage } from "./safety-options.js";
import { type Ended, type KeptPlan, LabProcess, type World } from "./safety-process.js";
import { spoilRecord } from "./safety-record.js";
import { type Knowledge, SafetyWatch, type Watched, watchdogMs } from "./safety-watch.js";

const startWall = Date.UTC(2026, 0, 1);
const quietMs = 90_000;

const drives: readonly DriveKind[] = ["md", "asda", "asda-b3", "acs580", "che100"];
/** Drives whose watchdog the shipped type can read back as armed. */
const fedBy: Partial<Record<DriveKind, "words" | "requests">> = {
  asda: "requests",
  "asda-b3": "requests",
  acs580: "words",
};

class VirtualRound {
  readonly #dice: Dice;
  readonly #sabotage: Sabotage | undefined;
  readonly #clock = new VirtualClock(startWall);
  readonly #wishes: Wishes;
  readonly #plant: VirtualPlant;
  readonly #site: Site;
  readonly #watch: SafetyWatch;
  readonly #watched: readonly Watched[];
  readonly #story: string[] = [];
  /** Units that say nothing. */
  readonly #mute = new Set<string>();
  #process!: LabProcess;
  #executor: SafeExecutor | undefined;
  /** Settles when somebody has typed `rig safe` after a kill. */
  #killed: Promise<void> = Promise.resolve();

  constructor(seed: number, sabotage: Sabotage | undefined) {
    this.#dice = new Dice(seed);
    this.#sabotage = sabotage;
    const heater = this.#dice.one(["drr245", undefined, undefined] as const);
    this.#wishes = { drive: this.#dice.one(drives), ...(heater === undefined ? {} : { heater }) };
    const config = plantOf(this.#wishes);
    this.#plant = new VirtualPlant(config, this.#clock);
    const places = Object.keys(config.lines).map((name) => [name, "nowhere:1"]);
    this.#site = makeSite(this.#wishes, Object.fromEntries(places));
    this.#watched = this.#watchedUnits();
    this.#watch = new SafetyWatch(this.#plant, this.#watched);
    for (const { unit } of this.#watched) this.#mode(unit, {});
  }

  #watchedUnits(): Watched[] {
    const { drive = "md", heater } = this.#wishes;
    const speed = { role: "speed", unit: "spindle", line: "drive" };
    const load = { role: "load", unit: "hydraulics", line: "io", hasWatchdog: false };
    const oil = { role: "oil", unit: "heater", line: "io", hasWatchdog: false };
    const all = [{ ...speed, hasWatchdog: fedBy[drive] !== undefined }, load];
    return heater === undefined ? all : [...all, oil];
  }

  /** The unit's own watchdog stays armed whatever is wrong with it. */
  #mode(unit: string, mode: Mode): void {
    if (mode.silent === true) this.#mute.add(unit);
    else this.#mute.delete(unit);
    const feeds = unit === "spindle" ? fedBy[this.#wishes.drive ?? "md"] : undefined;
    const watchdog = feeds === undefined ? {} : { watchdog: { timeMs: watchdogMs, fedBy: feeds } };
    this.#plant.unit(unit).setMode({ ...mode, ...watchdog });
  }

  async run(): Promise<Round> {
    this.#tell(`drive ${this.#wishes.drive}, heater ${this.#wishes.heater ?? "none"}`);
    this.#keep(await LabProcess.start(this.#world));
    this.#watch.knows = () => this.#knowledge();
    await this.#theme();
    const events = 1 + this.#dice.upTo(5);
    for (let i = 0; i < events; i++) {
      await this.#clock.sleep(this.#dice.between(0, i === 0 ? 9000 : 7000));
      if (!this.#process.isAlive && this.#dice.chance(0.6)) await this.#resume();
      if (this.#isOver) break;
      this.#happen();
      await this.#killed;
    }
    await this.#heal();
    await this.#finish();
    return { story: this.#story, violations: [...this.#watch.violations] };
  }

  get #world(): World {
    const [clock, plant, site] = [this.#clock, this.#plant, this.#site];
    return { clock, plant, site, sabotage: this.#sabotage };
  }

  #keep(process: LabProcess): void {
    this.#process = process;
    void process.ended.then((end) => this.#lookAtEnd(end));
  }

  /** A person goes on with the run, once the rig is safe as far as its plan can make it; or is refused. */
  async #resume(): Promise<void> {
    this.#tell("run resume");
    const before = this.#process;
    const acted = this.#executor?.whenActed() ?? Promise.resolve();
    await Promise.race([acted, this.#clock.sleep(60_000)]);
    if (this.#executor?.hasActed === false) return this.#tell("refused: it has not acted");
    await before.bury();
    try {
      const process = await LabProcess.resume(this.#world, before);
      this.#executor?.close();
      this.#executor = undefined;
      this.#keep(process);
    } catch (error) {
      if (!(error instanceof WearoutError)) throw error;
      this.#tell(`refused: ${error.code} ${error.message}`);
    }
  }

  #knowledge(): Knowledge | undefined {
    const { rig, plan } = this.#process;
    const kept = { planSays: (role: string) => plan.says(role), hasPlan: plan.plan !== undefined };
    if (this.#executor !== undefined) {
      return { safety: this.#executor.safety(), isSafe: true, ...kept };
    }
    // Nobody keeps the rig: what happens to it now is a person's.
    if (this.#process.end !== undefined) return undefined;
    return { safety: rig.safety(), isSafe: rig.isSafe, ...kept };
  }

  #tell(text: string): void {
    this.#story.push(`${(this.#clock.elapsed() / 1000).toFixed(2)} s: ${text}`);
  }

  /** Its process has ended by itself: there is nobody any more to promise anything. */
  get #isOver(): boolean {
    const { end } = this.#process;
    return end !== undefined && end.how !== "killed";
  }

  /** What chance alone brings about too seldom, at the beginning of most rounds. */
  async #theme(): Promise<void> {
    const roll = this.#dice.upTo(4);
    if (roll === 3) return;
    await this.#clock.sleep(this.#dice.between(5000, 8000));
    if (roll === 0) {
      this.#process.test.pilot.command("hold", "person");
      await this.#clock.sleep(this.#dice.between(4000, 8000));
      this.#hand();
    } else if (roll === 1) {
      const mode = this.#dice.one<Mode>([{ ignores: true }, { ignores: true }, { local: true }]);
      this.#wrong("spindle", mode, this.#dice.between(10_000, 20_000));
      this.#heat(140);
    } else this.#machineFault(1);
    await this.#killed;
  }

  #happen(): void {
    const roll = this.#dice.upTo(14);
    if (roll < 3) this.#lineFault();
    else if (roll < 7) this.#deviceFault();
    else if (roll < 9) this.#person();
    else if (roll === 9) this.#hand();
    else if (roll === 10) this.#heat();
    else if (roll === 11) this.#tell(spoilRecord(this.#process, this.#dice));
    else if (roll === 12) this.#signal();
    else this.#machineFault();
  }

  #machineFault(killShare = 0.7): void {
    this.#tell(`the machine, in ${this.#process.test.state.packml}`);
    if (!this.#dice.chance(killShare)) this.#clock.stepWall(this.#dice.between(-1e7, 1e7));
    else this.#killed = this.#killNine();
  }

  #lineFault(): void {
    const line = this.#dice.one(["drive", "io", "sensors"]);
    const closes = this.#dice.chance(0.5);
    const ms = this.#dice.between(300, 20_000);
    this.#tell(`line ${line} ${closes ? "closed" : "silent"} for ${ms.toFixed(0)} ms`);
    this.#plant.bus(line).kill(closes);
    void this.#clock.sleep(ms).then(() => this.#plant.bus(line).revive());
  }

  #deviceFault(): void {
    const { unit } = this.#dice.one(this.#watched);
    const ms = this.#dice.between(200, 20_000);
    const command = { spindle: [0x2000, 0x1000, 0x040e, 0], hydraulics: [0], heater: [1016] };
    const addresses = command[unit as keyof typeof command];
    const canBeLocal = unit === "spindle" ? [{ local: true }] : [];
    const mode: Mode = this.#dice.one<Mode>([
      ...canBeLocal,
      { ignores: true },
      { ignores: true },
      { exception: { code: 6, every: 1 } },
      { exception: { code: 4, every: 2 } },
      { silent: true },
      { lateMs: this.#dice.between(50, 900) },
      { changesBack: { addresses, afterMs: this.#dice.between(50, 3000) } },
    ]);
    this.#wrong(unit, mode, ms);
    if (unit === "spindle" && this.#dice.chance(0.15)) this.#plant.unit(unit).fail();
  }

  #wrong(unit: string, mode: Mode, ms: number): void {
    this.#tell(`${unit} ${JSON.stringify(mode)} for ${ms.toFixed(0)} ms`);
    this.#mode(unit, mode);
    void this.#clock.sleep(ms).then(() => this.#mode(unit, {}));
  }

  #person(): void {
    const verb = this.#dice.one(["hold", "hold", "resume", "stop", "abort", "clear"] as const);
    this.#tell(`a person says ${verb} in ${this.#process.test.state.packml}`);
    if (this.#process.isAlive) this.#process.test.pilot.command(verb, "person");
  }

  /** Ctrl-C, or the end of a terminal; sometimes once more. What `Leaving` does of a signal is told to the run. */
  #signal(): void {
    const { pilot } = this.#process.test;
    this.#tell(`Ctrl-C in ${this.#process.test.state.packml}`);
    pilot.command("leave", "terminal", "Ctrl-C");
    if (this.#dice.chance(0.4)) {
      const again = () => pilot.command("abort", "terminal", "Ctrl-C twice");
      void this.#clock.sleep(this.#dice.between(1000, 4000)).then(again);
    }
  }

  /** Somebody turns a valve by hand, whatever the rig was told. */
  #hand(): void {
    if (!this.#process.isAlive) return;
    this.#tell(`9 kN by another hand in ${this.#process.test.state.packml}`);
    this.#plant.unit("hydraulics").set(0, 3071);
  }

  #heat(degC = this.#dice.one([70, 140])): void {
    this.#tell(`a housing at ${degC} degC`);
    const unit = this.#plant.unit("thermometer-1") as unknown as { held: number | undefined };
    unit.held = degC;
    void this.#clock.sleep(this.#dice.between(1000, 15_000)).then(() => {
      unit.held = undefined;
    });
  }

  /** kill -9; somebody types `rig safe` a while later. */
  async #killNine(): Promise<void> {
    if (!this.#process.isAlive || this.#executor !== undefined) return;
    this.#tell(`kill -9 in ${this.#process.test.state.packml}`);
    this.#process.kill();
    await this.#process.ended;
    await this.#clock.sleep(this.#dice.between(100, 6000));
    this.#tell("rig safe");
    this.#executor = this.#fromPlan(this.#process.plan);
  }

  #fromPlan(kept: KeptPlan): SafeExecutor | undefined {
    const { plan } = kept;
    if (plan === undefined) return undefined;
    const lines = new Map<string, Promise<Line>>();
    const talk = {
      exchange: async (name: string, request: Request) => {
        const { line, unit, timing } = plan.devices[name]!;
        const opening = lines.get(line) ?? this.#openAgain(line);
        lines.set(line, opening);
        return (await opening).exchange(unit, request, timing, "stop");
      },
      permission: () => ({ write: true }) as const,
      quiet: () => {},
      wrote: () => {},
    };
    const actuators = plan.actuators.filter(({ energised }) => energised);
    const executor = new SafeExecutor({ ...plan, actuators }, talk, this.#clock, kept);
    void executor.safe("trip");
    return executor;
  }

  /** A line that cannot be opened now is tried again, as the command does; the others do not wait for it. */
  async #openAgain(name: string): Promise<Line> {
    for (;;) {
      try {
        return await this.#plant.line(name);
      } catch {
        await this.#clock.sleep(500);
      }
    }
  }

  #lookAtEnd(end: Ended): void {
    if (end.how === "killed") return;
    this.#tell(`the process ended: ${end.text}`);
    const { units } = this.#plant.state();
    for (const { role, unit, line } of this.#watched) {
      if (!units[unit]!.energised) continue;
      // By another hand, at a device that says nothing, and this process started nothing (docs/safety.md).
      const isSilent = this.#mute.has(unit) || !this.#plant.bus(line).isUp;
      if (isSilent && !this.#process.plan.says(role)) continue;
      this.#watch.violations.add(`the process ended and ${role} has energy`);
    }
  }

  /** Nothing is wrong any more. */
  async #heal(): Promise<void> {
    if (!this.#isOver) await this.#clock.sleep(20_000);
    for (const line of ["drive", "io", "sensors"]) this.#plant.bus(line).revive();
    for (const { unit } of this.#watched) this.#mode(unit, {});
    this.#tell(`all is right again, in ${this.#process.test.state.packml}`);
  }

  /** A person aborts what still goes on; then nothing has energy, and everything ends. */
  async #finish(): Promise<void> {
    if (this.#process.isAlive) this.#process.test.pilot.command("abort", "person");
    await Promise.race([this.#process.ended, this.#clock.sleep(quietMs)]);
    if (this.#executor !== undefined) await this.#clock.sleep(quietMs);
    const { units } = this.#plant.state();
    for (const { role, unit } of this.#watched) {
      const isKept = this.#process.isAlive || this.#executor !== undefined;
      if (!isKept || !units[unit]!.energised) continue;
      this.#watch.violations.add(`${role} has energy at the end`);
    }
    this.#executor?.close();
    await this.#process.bury();
    this.#site.remove();
  }
}

export function virtualRound(seed: number, sabotage: Sabotage | undefined): Promise<Round> {
  return new VirtualRound(seed, sabotage).run();
}
