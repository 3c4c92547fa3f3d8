/** A controller in virtual time that can be killed: its clock stands still, its lines fall silent. */
import type { Cancel, Clock } from "../../src/base/clock.js";
import { WearoutError } from "../../src/base/error.js";
import { placeSpecimens, profileOf } from "../../src/cli/compose.js";
import { openSite } from "../../src/cli/site.js";
import { Keeper } from "../../src/keeper/keeper.js";
import { type KeptRig, keepRig, type PlanKeeper } from "../../src/keeper/kept-rig.js";
import { foldRun } from "../../src/lab/end-run.js";
import { rigFacts } from "../../src/lab/facts.js";
import { LifeTest, type LifeTestSpec } from "../../src/lab/life-test.js";
import { programOf } from "../../src/profile/compile.js";
import type { RecordEvent } from "../../src/record/document/event.js";
import { loadRig } from "../../src/rig/load.js";
import type { RigPlan } from "../../src/rig/safe-plan.js";
import type { VirtualClock } from "../../src/sim/virtual-clock.js";
import type { Site } from "../plant/site.js";
import type { VirtualPlant } from "../plant/virtual.js";
import type { Sabotage } from "./safety-options.js";

/** The world's time for as long as the process lives. */
class MortalClock implements Clock {
  isAlive = true;
  /** The disk refuses what is written, as one that was mounted again to be read only. */
  isReadOnly = false;
  readonly #world: VirtualClock;

  constructor(world: VirtualClock) {
    this.#world = world;
  }

  wall(): number {
    return this.#world.wall();
  }

  elapsed(): number {
    return this.#world.elapsed();
  }

  async sleep(ms: number, cancel?: Cancel): Promise<void> {
    if (this.isAlive) await this.#world.sleep(ms, cancel);
    if (!this.isAlive) await new Promise<never>(() => {});
  }

  /** Of what this process waits for only its disk is outside of the world. */
  async outside<T>(work: Promise<T>): Promise<T> {
    const done = await this.#world.outside(work);
    if (this.isReadOnly) throw new WearoutError("RECORD_FAILED", "the file system is read-only");
    return done;
  }
}

/** The plan as it would be found in its file: what may be energised, at every moment. */
export class KeptPlan implements PlanKeeper {
  plan: RigPlan | undefined;
  /** Of whoever keeps the rig now. */
  clock: Clock;
  readonly #isLate: boolean;

  constructor(clock: Clock, isLate: boolean) {
    this.clock = clock;
    this.#isLate = isLate;
  }

  get isCleared(): boolean {
    return this.plan?.actuators.some(({ energised }) => energised) !== true;
  }

  guest(): void {}

  takenOut(): void {}

  energise(plan: RigPlan): void {
    const actuators = plan.actuators.map((a) => ({ ...a, energised: true }));
    const keep = () => {
      this.plan = { ...plan, actuators };
    };
    if (this.#isLate) void this.clock.sleep(1500).then(keep);
    else keep();
  }

  acted(role: string): void {
    this.#say(role, false);
  }

  open(role: string): void {
    this.#say(role, true);
  }

  #say(role: string, energised: boolean): void {
    if (this.plan === undefined) return;
    const actuators = this.plan.actuators.map((a) => (a.role === role ? { ...a, energised } : a));
    this.plan = { ...this.plan, actuators };
  }

  says(role: string): boolean {
    return this.plan?.actuators.find((a) => a.role === role)?.energised === true;
  }
}

/** What goes on whoever keeps the rig. */
export type World = {
  clock: VirtualClock;
  plant: VirtualPlant;
  site: Site;
  sabotage: Sabotage | undefined;
};

export type Ended = { how: "run over" | "killed" | "failed"; text: string };

export class LabProcess {
  readonly clock: MortalClock;
  readonly rig: KeptRig;
  readonly test: LifeTest;
  readonly plan: KeptPlan;
  readonly events: RecordEvent[];
  readonly ended: Promise<Ended>;
  end: Ended | undefined;
  #kill: () => void = () => {};

  private constructor(parts: Pick<LabProcess, "clock" | "rig" | "test" | "plan" | "events">) {
    this.clock = parts.clock;
    this.rig = parts.rig;
    this.test = parts.test;
    this.plan = parts.plan;
    this.events = parts.events;
    const killed = new Promise<Ended>((resolve) => {
      this.#kill = () => resolve({ how: "killed", text: "kill -9" });
    });
    const over = this.test.run().then(
      ({ outcome, reason }): Ended => ({ how: "run over", text: `${outcome}: ${reason}` }),
      (error: Error): Ended => ({ how: "failed", text: error.stack ?? error.message }),
    );
    this.ended = Promise.race([killed, over]).then((end) => {
      this.end = end;
      return end;
    });
  }

  /** As `run start`. */
  static async start(world: World): Promise<LabProcess> {
    const clock = new MortalClock(world.clock);
    const plan = new KeptPlan(clock, world.sabotage === "plan-late");
    return LabProcess.#make(world, clock, plan, (spec) => LifeTest.open(spec));
  }

  /** As `run resume --yes` with a word on each suspect station; rejects where it would refuse. */
  static async resume(world: World, before: LabProcess): Promise<LabProcess> {
    const { plan } = before;
    const { id } = before.test.header;
    const clock = new MortalClock(world.clock);
    plan.clock = clock;
    const { suspects } = foldRun(world.site.records, id);
    const looked = {
      kind: "outside",
      decision: "continue",
      text: "looked at",
      by: "campaign",
    } as const;
    const dispositions = suspects.map(({ station }) => ({ station, ...looked }));
    const person = { confirmed: true, isThere: true, dispositions };
    return LabProcess.#make(world, clock, plan, (spec) => LifeTest.reopen(spec, id, person));
  }

  static async #make(
    { plant, site, sabotage }: World,
    clock: MortalClock,
    plan: KeptPlan,
    open: (spec: LifeTestSpec) => Promise<LifeTest>,
  ): Promise<LabProcess> {
    const folders = openSite(site.folder);
    const loaded = loadRig(site.rigFile, folders);
    const profile = profileOf(site.profileFile, folders);
    const names = ["a", "b"];
    const records = site.records;
    const placed = placeSpecimens(names, undefined, profile.value, loaded, folders, records);
    const products = placed.map((p) => p.product);
    const program = programOf(profile, { products, rig: rigFacts(loaded) });
    const unreachable = ({ message }: Error) => {
      throw new WearoutError("LINE_UNREACHABLE", message);
    };
    const lines = await plant.lines(clock, () => clock.isAlive).catch(unreachable);
    const rig = keepRig(loaded, lines, clock, false, plan);
    const keeper = new Keeper({ rig, limits: loaded.limits, clock });
    const events: RecordEvent[] = [];
    const parts = { loaded, keeper, profile, program, placed, parameters: {}, clock };
    const test = await open({
      ...{ ...parts, simulated: false, software: "test", recordsRoot: records, seed: undefined },
      writer: { flushMs: Number.POSITIVE_INFINITY, flushSamples: 512 },
    });
    test.watch((_state, _sample, more) => events.push(...more));
    if (sabotage === "unwatched-held") blindInHeld(rig, test);
    return new LabProcess({ clock, rig, test, plan, events });
  }

  get isAlive(): boolean {
    return this.end === undefined;
  }

  /** kill -9: not one more byte, not one more turn. */
  kill(): void {
    this.clock.isAlive = false;
    this.#kill();
  }

  /** After its end: nothing of it stays behind in the campaign's process. */
  async bury(): Promise<void> {
    this.clock.isAlive = false;
    await this.test.close().catch(() => {});
  }
}

/** The mistake of old: whoever watches the rig does not see what comes while the run is held. */
function blindInHeld(rig: KeptRig, test: LifeTest): void {
  const watch = rig.watch.bind(rig);
  rig.watch = (listener) =>
    watch((sample) => {
      if (test.state.packml !== "Held") listener(sample);
    });
}
