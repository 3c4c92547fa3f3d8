/** A safe plan found by its file, executed, and its file kept true meanwhile. */
import type { Clock } from "../../base/clock.js";
import { WearoutError } from "../../base/error.js";
import { makeSafeFromPlan, type SafeResult } from "../../keeper/from-plan.js";
import { placeOf } from "../../keeper/wire-identity.js";
import type { Line, LineSpec } from "../../line/line.js";
import { openClaimedLine } from "../../line/open.js";
import type { Abandoned, SafePlan } from "../../rig/safe-plan.js";
import { planFile, planFiles, readPlan, writePlan } from "../../rig/safe-plan-file.js";
import type { ActuatorSafety, SafeCause } from "../../rig/safety.js";
import type { Shell } from "../shell.js";
import { sitePath } from "../site.js";

export { stateHelp } from "../state-option.js";

/** The plan of a rig of this site; throws `FILE_UNREADABLE` with what helps where there is none. */
export function fileOf(shell: Shell, folder: string, name: string): string {
  const site = sitePath(shell.siteFolder());
  const file = planFile(folder, site, name);
  if (readPlan(file).kind !== "none") return file;
  const others = planFiles(folder).flatMap((other) => {
    const found = readPlan(other);
    return found.kind === "plan" && found.plan.rig === name ? [found.plan.site] : [];
  });
  const hint =
    others.length === 0
      ? "if the rig moves, use its isolator"
      : `there is one of the site ${others.join(" and of ")}: give it with --site`;
  throw new WearoutError(
    "FILE_UNREADABLE",
    `no safe plan of ${name} for the site ${site}: ${hint}`,
  );
}

/** What is said while it lasts: how far it is, every second; and what went wrong beside it. */
export type Heard = {
  still(safety: readonly ActuatorSafety[]): void;
  tell(text: string): void;
};

/** Executes a plan and keeps its file true; a person's word that comes meanwhile is answered. */
export async function makeSafeOfFile(
  file: string,
  plan: SafePlan,
  cause: SafeCause,
  clock: Clock,
  wires: Wires,
  heard: Heard,
): Promise<SafeResult> {
  const kept = new PlanCopy(file, plan, heard);
  const open = (name: string, spec: LineSpec) => wires.open(name, spec, `rig safe ${plan.rig}`);
  const onActed = (role: string) => kept.acted(role);
  const isAbandoned = () => kept.word !== undefined;
  const onStill = (safety: readonly ActuatorSafety[]) => heard.still(safety);
  const parts = { plan, cause, open, clock, onActed, onStill, isAbandoned };
  const result = await makeSafeFromPlan(parts);
  if (result.end === "refused") kept.letGo();
  return result;
}

/** Read again at every change: a person's word may have been written into it meanwhile. */
class PlanCopy {
  readonly #file: string;
  readonly #plan: SafePlan;
  readonly #heard: Heard;
  #isTold = false;

  constructor(file: string, plan: SafePlan, heard: Heard) {
    this.#file = file;
    this.#plan = plan;
    this.#heard = heard;
  }

  /** One that came since the beginning and has no answer. */
  get word(): Abandoned | undefined {
    const { abandoned } = this.#now();
    if (abandoned === null || abandoned.answer !== undefined) return undefined;
    return JSON.stringify(abandoned) === JSON.stringify(this.#plan.abandoned)
      ? undefined
      : abandoned;
  }

  acted(role: string): void {
    const now = this.#now();
    const actuators = now.actuators.map((a) => (a.role === role ? { ...a, energised: false } : a));
    this.#write({ ...now, actuators });
  }

  letGo(): void {
    const { word } = this;
    if (word === undefined) return;
    const now = this.#now();
    const actuators = now.actuators.map((a) => ({ ...a, energised: false }));
    const answer = { taken: true, text: "it lets go, and its process ends" };
    this.#write({ ...now, actuators, abandoned: { ...word, answer } });
  }

  #now(): SafePlan {
    const read = readPlan(this.#file);
    return read.kind === "plan" ? read.plan : this.#plan;
  }

  /** A plan that says too much costs the next one a look; the rig is made safe all the same. */
  #write(plan: SafePlan): void {
    try {
      writePlan(this.#file, plan);
    } catch (error) {
      if (!this.#isTold) this.#heard.tell((error as Error).message);
      this.#isTold = true;
    }
  }
}

/** Every address is opened once in this process, whatever the plans call it. */
export class Wires {
  readonly #clock: Clock;
  readonly #open = new Map<string, Promise<Line>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async open(name: string, spec: LineSpec, holder: string): Promise<Line> {
    const address = placeOf(spec);
    const opening = this.#open.get(address) ?? openClaimedLine(name, spec, this.#clock, holder);
    this.#open.set(address, opening);
    opening.catch(() => this.#open.delete(address));
    const line = await opening;
    return {
      name,
      statistics: line.statistics,
      recent: line.recent,
      exchange: (...asked) => line.exchange(...asked),
      close: async () => {},
    };
  }

  async close(): Promise<void> {
    const lines = await Promise.allSettled(this.#open.values());
    await Promise.all(lines.map((l) => (l.status === "fulfilled" ? l.value.close() : undefined)));
  }
}
