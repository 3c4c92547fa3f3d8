/** The safe plan of a rig that is kept, as its file is to say it from moment to moment. */
import { statSync } from "node:fs";
import type { Clock, ElapsedMs } from "../base/clock.js";
import type { LineSpec } from "../line/line.js";
import type { Abandoned, RigPlan, SafePlan } from "../rig/safe-plan.js";
import { safePlanVersion } from "../rig/safe-plan.js";
import {
  isEnergised,
  machineId,
  planFile,
  readPlan,
  tryPlan,
  writePlan,
} from "../rig/safe-plan-file.js";
import { type Neighbour, neighboursOf } from "./neighbours.js";
import { wireOf } from "./wire-identity.js";

export type PlanOwner = {
  folder: string;
  /** Real path. */
  site: string;
  rig: string;
  software: string;
  lines: ReadonlyMap<string, LineSpec>;
};

/** What a look at the file has shown: sentences for people, and a word that waits for an answer. */
export type PlanSeen = { told: readonly string[]; word: Abandoned | undefined };

type Refused = { why: string; atMs: ElapsedMs; isTold: boolean };

/** A state folder that refused is tried again so often. */
const writeAgainMs = 10_000;

/**
 * Only `check` and `energise` throw: where no plan can be written nothing is started. Whatever comes later, a rig
 * that moves goes on being kept; the file then says too much, which only costs the next process a look.
 */
export class PlanStore {
  readonly file: string;
  readonly #owner: PlanOwner;
  readonly #clock: Clock;
  #plan: SafePlan | undefined;
  #out: ReadonlySet<string> = new Set();
  #run: string | null = null;
  /** What the file held when it was last written or looked at, without a person's word. */
  #written = "";
  #stat: string;
  #refused: Refused | undefined;

  constructor(owner: PlanOwner, clock: Clock) {
    this.#owner = owner;
    this.#clock = clock;
    this.file = planFile(owner.folder, owner.site, owner.rig);
    this.#stat = statOf(this.file);
  }

  /** Throws `STATE_FAILED` where no plan could be written: then nothing may be started. */
  check(): void {
    tryPlan(this.file, this.#made({ devices: {}, actuators: [] }));
  }

  /** The file says that nothing is energised: then nothing needs to be written. */
  get isCleared(): boolean {
    const read = readPlan(this.file);
    return read.kind === "plan" && !isEnergised(read.plan);
  }

  open(role: string): void {
    // What another process left as acted does not stand any more: its plan still says how to make it safe.
    const plan = this.#plan ?? this.#found();
    if (plan?.actuators.find((a) => a.role === role)?.energised !== false) return;
    const actuators = plan.actuators.map((a) => (a.role === role ? { ...a, energised: true } : a));
    this.#keep({ ...plan, actuators });
  }

  /** A person's word is answered; one that is taken lets go: nothing of ours is waited for any more. */
  answer(word: Abandoned, answer: NonNullable<Abandoned["answer"]>): void {
    const plan = this.#plan ?? this.#found();
    if (plan === undefined) return;
    const actuators = plan.actuators.map((a) => (answer.taken ? { ...a, energised: false } : a));
    this.#keep({ ...plan, actuators }, { ...word, answer });
  }

  /** The run that is the rig's guest, or none. */
  guest(run: string | null): void {
    this.#run = run;
    if (this.#plan !== undefined) this.#keep({ ...this.#plan, run });
  }

  /** These devices, and no others, are out of service: the plan alone must know it too. */
  takenOut(devices: ReadonlySet<string>): void {
    this.#out = devices;
    const plan = this.#plan ?? this.#found();
    if (plan !== undefined) this.#keep(plan);
  }

  /** Other rigs on these lines. */
  neighbours(lines: readonly string[]): readonly Neighbour[] {
    const own = [...this.#owner.lines].filter(([name]) => lines.includes(name));
    return neighboursOf({ ...this.#owner, lines: new Map(own) });
  }

  energise(plan: RigPlan): void {
    const actuators = plan.actuators.map((a) => ({ ...a, energised: true }));
    try {
      this.#write(this.#made({ ...plan, actuators }));
    } catch (error) {
      this.#refuse(error as Error);
      throw error;
    }
  }

  /** Told at once where it was the last one; a plan that says too much only costs a look. */
  acted(role: string): void {
    if (this.#plan === undefined) return;
    const actuators = this.#plan.actuators.map((a) =>
      a.role === role ? { ...a, energised: false } : a,
    );
    const plan = { ...this.#plan, actuators };
    if (isEnergised(plan)) this.#plan = plan;
    else this.#keep(plan);
  }

  /** Looks by `stat` alone while nobody has touched the file; one that is gone or another is written again. */
  look(): PlanSeen {
    const told = this.#refused === undefined ? [] : this.#writeAgain(this.#refused);
    const stat = statOf(this.file);
    if (stat === this.#stat) return { told, word: undefined };
    const read = readPlan(this.file);
    const found = read.kind === "plan" ? read.plan : undefined;
    this.#stat = stat;
    const word = found?.abandoned?.answer === undefined ? found?.abandoned : undefined;
    const isOurs = found !== undefined && textOf(found) === this.#written;
    if (this.#plan !== undefined && this.#refused === undefined && !isOurs) {
      const how = read.kind === "none" ? "was removed" : "was changed by somebody else";
      told.push(`the safe plan ${this.file} ${how} while the rig is kept: it is written again`);
      this.#keep(this.#plan, found?.abandoned ?? null);
    }
    return { told, word: word ?? undefined };
  }

  #writeAgain({ why, atMs, isTold }: Refused): string[] {
    const told: string[] = [];
    if (!isTold) {
      const old = "it stays as it was, and the run goes on; nothing is started until it can be";
      told.push(`${why}; ${old}`);
      this.#refused = { why, atMs, isTold: true };
    }
    if (this.#plan === undefined || this.#clock.elapsed() - atMs < writeAgainMs) return told;
    this.#keep(this.#plan);
    if (this.#refused === undefined) told.push(`the safe plan ${this.file} is written again`);
    return told;
  }

  /** The plan of before, where it is of this machine. */
  #found(): SafePlan | undefined {
    const read = readPlan(this.file);
    return read.kind === "plan" && read.plan.machine === machineId() ? read.plan : undefined;
  }

  #made(plan: RigPlan): SafePlan {
    const { site, rig, software, lines } = this.#owner;
    const known = [...lines].map(([name, spec]) => [name, { spec, wire: wireOf(spec) }]);
    return {
      plan: "safe",
      version: safePlanVersion,
      software,
      machine: machineId(),
      site,
      rig,
      writtenWall: Math.round(this.#clock.wall()),
      run: this.#run,
      lines: Object.fromEntries(known),
      ...plan,
      abandoned: null,
    };
  }

  /** Never throws: what is not written is tried again at the next looks. */
  #keep(plan: SafePlan, abandoned = this.#wordInFile()): void {
    this.#plan = plan;
    try {
      this.#write({ ...plan, abandoned });
    } catch (error) {
      this.#refuse(error as Error);
    }
  }

  #refuse({ message }: Error): void {
    const isTold = this.#refused?.isTold ?? false;
    this.#refused = { why: message, atMs: this.#clock.elapsed(), isTold };
  }

  #wordInFile(): SafePlan["abandoned"] {
    const read = readPlan(this.file);
    return read.kind === "plan" ? read.plan.abandoned : null;
  }

  #write(made: SafePlan): void {
    const plan = { ...made, devices: this.#withOut(made.devices) };
    writePlan(this.file, plan);
    this.#plan = plan;
    this.#written = textOf(plan);
    this.#stat = statOf(this.file);
    this.#refused = undefined;
  }

  #withOut(devices: SafePlan["devices"]): SafePlan["devices"] {
    const marked = Object.entries(devices).map(([name, { isOut: _before, ...device }]) => {
      return [name, this.#out.has(name) ? { ...device, isOut: true as const } : device] as const;
    });
    return Object.fromEntries(marked);
  }
}

/** Changes with every file that is put in its place, and with every write into it. */
function statOf(file: string): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch {
    return "";
  }
}

function textOf(plan: SafePlan): string {
  return JSON.stringify({ ...plan, abandoned: null });
}
