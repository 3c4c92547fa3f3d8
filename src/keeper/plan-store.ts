/** The safe plan of a rig that is kept, as its file is to say it from moment to moment. */
import { readFileSync, realpathSync, rmSync } from "node:fs";
import type { Clock } from "../base/clock.js";
import type { LineSpec } from "../line/line.js";
import type { RigPlan, SafePlan, Wire } from "../rig/safe-plan.js";
import { safePlanVersion } from "../rig/safe-plan.js";
import {
  bootId,
  isEnergised,
  machineId,
  planFile,
  readPlan,
  writePlan,
} from "../rig/safe-plan-file.js";

export type PlanOwner = {
  folder: string;
  /** Real path. */
  site: string;
  rig: string;
  software: string;
  lines: ReadonlyMap<string, LineSpec>;
};

export class PlanStore {
  readonly file: string;
  readonly #owner: PlanOwner;
  readonly #clock: Clock;
  #plan: SafePlan | undefined;
  #run: string | null = null;

  constructor(owner: PlanOwner, clock: Clock) {
    this.#owner = owner;
    this.#clock = clock;
    this.file = planFile(owner.folder, owner.site, owner.rig);
  }

  /** Throws `STATE_FAILED` where no plan could be written: then nothing may be started. */
  check(): void {
    const probe = `${this.file}.probe`;
    writePlan(probe, this.#made({ devices: {}, actuators: [] }));
    rmSync(probe, { force: true });
  }

  /** The file says that nothing is energised: then nothing needs to be written. */
  get isCleared(): boolean {
    const read = readPlan(this.file);
    return read.kind === "plan" && !isEnergised(read.plan);
  }

  /** A person's signed word that lets a process go; another process writes it into the file. */
  get abandoned(): SafePlan["abandoned"] {
    const read = readPlan(this.file);
    return read.kind === "plan" ? read.plan.abandoned : null;
  }

  open(role: string): void {
    const known = this.#plan?.actuators.find((a) => a.role === role);
    if (this.#plan === undefined || known?.energised !== false) return;
    const actuators = this.#plan.actuators.map((a) =>
      a.role === role ? { ...a, energised: true } : a,
    );
    this.#write({ ...this.#plan, actuators, abandoned: this.abandoned });
  }

  /** The word was taken: nothing of ours is waited for any more. */
  letGo(): void {
    if (this.#plan === undefined) return;
    const actuators = this.#plan.actuators.map((a) => ({ ...a, energised: false }));
    this.#write({ ...this.#plan, actuators, abandoned: this.abandoned });
  }

  /** The run that is the rig's guest, or none. */
  guest(run: string | null): void {
    this.#run = run;
    if (this.#plan === undefined) return;
    this.#write({ ...this.#plan, run, abandoned: this.abandoned });
  }

  energise(plan: RigPlan): void {
    const actuators = plan.actuators.map((a) => ({ ...a, energised: true }));
    this.#write(this.#made({ ...plan, actuators }));
  }

  /** Told at once where it was the last one; a plan that says too much only costs a look. */
  acted(role: string): void {
    if (this.#plan === undefined) return;
    const actuators = this.#plan.actuators.map((a) =>
      a.role === role ? { ...a, energised: false } : a,
    );
    const plan = { ...this.#plan, actuators };
    if (isEnergised(plan)) this.#plan = plan;
    else this.#write({ ...plan, abandoned: this.abandoned });
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

  #write(plan: SafePlan): void {
    writePlan(this.file, plan);
    this.#plan = plan;
  }
}

/** What tells a wire from another one of the same name. */
export function wireOf(spec: LineSpec): Wire {
  if ("serial" in spec) return { real: realPath(spec.serial), mac: "", boot: bootId() };
  const host = hostOf("tcp" in spec ? spec.tcp : spec.rtuTcp);
  return { real: host, mac: macOf(host), boot: "" };
}

/** A steady name (by-id, by-path) means the same adapter; another one only within one start of the machine. */
export function isSameWire(spec: LineSpec, then: Wire, now: Wire): boolean {
  if ("serial" in spec) {
    const isSteady = spec.serial.startsWith("/dev/serial/");
    return now.real !== "" && (isSteady || (now.real === then.real && now.boot === then.boot));
  }
  return now.real === then.real && (then.mac === "" || now.mac === "" || now.mac === then.mac);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return "";
  }
}

function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(":")).replace(/^\[|\]$/g, "");
}

/** From the kernel's table of neighbours (proc(5), /proc/net/arp); hosts behind a router are not in it. */
function macOf(host: string): string {
  try {
    const rows = readFileSync("/proc/net/arp", "utf8").split("\n");
    const row = rows.map((line) => line.split(/\s+/)).find(([ip]) => ip === host);
    return row?.[3] ?? "";
  } catch {
    return "";
  }
}
