/**
 * Executes a safe plan over lines: all actuators in safe order, each for as long as it takes. Decides nothing
 * itself; what comes next is asked of each actuator's machine.
 */
import { Cancel, type Clock, type ElapsedMs, withDeadline } from "../base/clock.js";
import type { Request } from "../device/request.js";
import type { Reply } from "../line/line.js";
import type { PlanWatchdog, RigPlan } from "../rig/safe-plan.js";
import type { ActuatorSafety, SafeCause } from "../rig/safety.js";
import { ActuatorMachine } from "./machine.js";
import type { Action, Exchange } from "./sequence.js";
import { safetyOf } from "./words.js";

/**
 * May anything be written to this device? `look`: only what its state shows to be moving. `retryMs`: ask again;
 * null: never by itself.
 */
export type Permission =
  | { write: true; look?: boolean }
  | { write: false; why: string; retryMs: number | null };

/** The outer side: lines that are open, and who answers on them. Nothing of it may throw. */
export interface Talk {
  /** On the stop lane. */
  exchange(device: string, request: Request): Promise<Reply>;
  permission(device: string): Permission | Promise<Permission>;
  /** Nothing is sent to these devices by anybody, until it is called with false. */
  quiet(devices: readonly string[], on: boolean): void;
  /** The device took these words. */
  wrote(device: string, point: string, words: readonly number[]): void;
}

/** What the plan's file is to say of actuators that may be energised. */
export type Told = {
  acted(role: string): void;
  /** Its time is over and it has not acted, whoever gave it its energy. */
  open(role: string): void;
};

/** An exchange has deadlines of its own; this one is for a line that has a defect. */
const longestExchangeMs = 10_000;
/** A report waits for what is seen falling, and no longer than this. */
const longestFallMs = 60_000;
const fallLookMs = 100;
const afterDefectMs = 500;

export class SafeExecutor {
  readonly #plan: RigPlan;
  readonly #talk: Talk;
  readonly #clock: Clock;
  readonly #machines: readonly ActuatorMachine[];
  readonly #loops = new Map<ActuatorMachine, Promise<void>>();
  readonly #energised = new Set<ActuatorMachine>();
  readonly #forbidden = new Map<ActuatorMachine, string>();
  readonly #silent = new Set<ActuatorMachine>();
  readonly #told: Told;
  #wake = new Cancel();
  #change = new Cancel();
  #closed = false;
  #safe: Promise<readonly ActuatorSafety[]> | undefined;
  #cause: SafeCause = "trip";

  constructor(plan: RigPlan, talk: Talk, clock: Clock, told: Told) {
    this.#plan = plan;
    this.#talk = talk;
    this.#clock = clock;
    this.#told = told;
    this.#machines = plan.actuators.map((actuator) => {
      const machine = new ActuatorMachine(
        actuator,
        plan.devices[actuator.device]?.watchdog ?? null,
      );
      if (actuator.energised) this.#energised.add(machine);
      return machine;
    });
  }

  /** Before the first byte that may give energy. */
  energise(): void {
    this.#cause = "trip";
    for (const machine of this.#machines) {
      machine.energised();
      this.#energised.add(machine);
      this.#forbidden.delete(machine);
    }
  }

  /** Devices that must not be fed now, so that their own watchdogs can act. */
  unheeded(): string[] {
    const now = this.#clock.elapsed();
    const all = this.#machines.filter((m) => this.#silent.has(m) || m.isUnheeded(now));
    return all.map(({ actuator }) => actuator.device);
  }

  /** A watchdog that its start command has armed. */
  arm(device: string, watchdog: PlanWatchdog | null): void {
    for (const machine of this.#machines) {
      if (machine.actuator.device === device) machine.watchdog = watchdog;
    }
  }

  /** So it was left: what does not stand there any more is made safe, the rest is only looked at. */
  hasActedBefore(): void {
    for (const machine of this.#machines) machine.hasActedBefore();
  }

  /**
   * As `Rig.safe`. Isolation asks for more than the trip that may be under way, and is not taken back by one.
   * With `look` what has acted is only looked at, and made safe again where it does not stand any more.
   */
  safe(asked: SafeCause, look = false): Promise<readonly ActuatorSafety[]> {
    const cause = this.#cause === "isolate" ? "isolate" : asked;
    if (this.#safe !== undefined && cause === this.#cause) return this.#safe;
    this.#cause = cause;
    const safe = this.#goSafe(cause, look).finally(() => {
      if (this.#safe === safe) this.#safe = undefined;
    });
    this.#safe = safe;
    return safe;
  }

  /** What each shows, once; nothing is written. */
  async look(): Promise<readonly ActuatorSafety[]> {
    for (const machine of this.#machines) {
      machine.begin("trip", this.#clock.elapsed(), false);
      machine.lookFirst();
      for (;;) {
        const action = machine.next(this.#clock.elapsed());
        if (action.kind !== "exchange" || action.request.kind === "write") break;
        machine.learn(action, await this.#exchange(action), this.#clock.elapsed());
      }
    }
    return this.safety();
  }

  /** Something that began before may have written in between: what was sent is sent once more. */
  repeat(): void {
    for (const machine of this.#machines) machine.repeat(this.#clock.elapsed());
    for (const machine of this.#machines) this.#start(machine);
  }

  safety(): ActuatorSafety[] {
    const now = this.#clock.elapsed();
    return this.#machines.map((machine) =>
      safetyOf(machine, now, this.#silent.has(machine), this.#forbidden.get(machine)),
    );
  }

  /** Has everything acted that may be energised? */
  get hasActed(): boolean {
    return [...this.#energised].every(({ acted }) => acted);
  }

  /** The report of the call of `safe` that is under way. */
  get report(): Promise<unknown> | undefined {
    return this.#safe;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Something was asked that has not acted yet. */
  get isBusy(): boolean {
    return this.#machines.some((m) => !m.isDone && !m.isRunningOn && this.#loops.has(m));
  }

  async whenActed(): Promise<void> {
    while (!this.hasActed && !this.#closed) await this.#changed(Number.POSITIVE_INFINITY);
  }

  /** A person's signed word: nobody waits for what has not acted. It is made safe on while the process lives. */
  abandon(): void {
    this.#energised.clear();
    this.#tell();
  }

  /** Resolves when nothing more can be done by itself: acted, or forbidden for good. */
  async whenOver(): Promise<void> {
    const isOver = (m: ActuatorMachine) => m.acted || (!this.#loops.has(m) && m.passed);
    while (!this.#closed && ![...this.#energised].every(isOver)) {
      await this.#changed(Number.POSITIVE_INFINITY);
    }
  }

  close(): void {
    this.#closed = true;
    this.#wake.cancel();
    this.#tell();
  }

  async #goSafe(cause: SafeCause, look: boolean): Promise<readonly ActuatorSafety[]> {
    const orders = [...new Set(this.#machines.map((m) => m.actuator.safeOrder))];
    const began = this.#clock.elapsed();
    for (const order of orders.sort((a, b) => a - b)) {
      const group = this.#machines.filter((m) => m.actuator.safeOrder === order);
      for (const machine of group) machine.begin(cause, this.#clock.elapsed(), look);
      this.#wakeUp();
      for (const machine of group) this.#start(machine);
      await this.#until(
        () => group.every((m) => m.passed || m.isDone),
        Math.max(...group.map(dueOf)),
      );
    }
    for (let due = this.#reportDue(began); due > this.#clock.elapsed() && !this.#closed; ) {
      await this.#changed(due - this.#clock.elapsed());
      due = this.#reportDue(began);
    }
    this.#tellOpen();
    return this.safety();
  }

  #tellOpen(): void {
    if (this.#energised.size === 0) return;
    for (const machine of this.#machines) {
      if (machine.isDone || this.#forbidden.has(machine)) continue;
      this.#energised.add(machine);
      this.#told.open(machine.actuator.role);
    }
  }

  /** Until when a report waits: for each that has not acted its own time, longer where it is seen falling. */
  #reportDue(began: ElapsedMs): ElapsedMs {
    const now = this.#clock.elapsed();
    const open = this.#machines.filter((m) => !m.isDone && !m.isRunningOn);
    const dues = open.map((m) =>
      m.isFalling(now) ? Math.min(now + fallLookMs, began + longestFallMs) : dueOf(m),
    );
    return Math.max(Number.NEGATIVE_INFINITY, ...dues);
  }

  #start(machine: ActuatorMachine): void {
    if (this.#loops.has(machine) || this.#closed) return;
    const loop = this.#drive(machine).finally(() => {
      this.#loops.delete(machine);
      this.#tell();
    });
    this.#loops.set(machine, loop);
  }

  /** Until it has acted. Even our own mistake in one must not keep it, or the others, from being made safe. */
  async #drive(machine: ActuatorMachine): Promise<void> {
    while (!this.#closed && !machine.isDone) {
      try {
        if (!(await this.#isPermitted(machine))) return;
        await this.#perform(machine);
      } catch (error) {
        machine.problem = error instanceof Error ? error.message : String(error);
        machine.passed = true;
        await this.#clock.sleep(afterDefectMs);
      }
    }
  }

  async #isPermitted(machine: ActuatorMachine): Promise<boolean> {
    for (;;) {
      const asked = this.#talk.permission(machine.actuator.device);
      const permission = asked instanceof Promise ? await asked : asked;
      if (permission.write) {
        this.#forbidden.delete(machine);
        if (permission.look === true && !machine.passed) machine.lookFirst();
        return true;
      }
      machine.passed = true;
      this.#forbidden.set(machine, permission.why);
      this.#tell();
      if (permission.retryMs === null || this.#closed) return false;
      await this.#clock.sleep(permission.retryMs, this.#wake);
    }
  }

  async #perform(machine: ActuatorMachine): Promise<void> {
    for (;;) {
      const action = machine.next(this.#clock.elapsed());
      if (action.kind === "done") {
        this.#energised.has(machine) && this.#told.acted(machine.actuator.role);
        return this.#tell();
      }
      if (this.#closed) return;
      await this.#act(machine, action);
    }
  }

  async #act(machine: ActuatorMachine, action: Exclude<Action, { kind: "done" }>): Promise<void> {
    if (action.kind === "wait") await this.#clock.sleep(action.ms, this.#wake);
    else if (action.kind === "silence") await this.#keepSilent(machine, action.ms);
    else {
      const reply = await this.#exchange(action);
      if (reply.ok && action.request.kind === "write") {
        this.#talk.wrote(action.device, action.point, action.request.values);
      }
      machine.learn(action, reply, this.#clock.elapsed());
      this.#tell();
    }
  }

  #exchange({ device, request }: Exchange): Promise<Reply> {
    const late = (): Reply => {
      const detail = "no answer from the line";
      return { ok: false, fault: "timeout", detail, at: this.#clock.elapsed() };
    };
    const work = this.#talk.exchange(device, request);
    return withDeadline(this.#clock, work, longestExchangeMs, late);
  }

  /** Lets the device's own watchdog act: nothing that feeds it is sent (docs/safety.md). */
  async #keepSilent(machine: ActuatorMachine, ms: number): Promise<void> {
    const { device } = machine.actuator;
    const { feeds = "words" } = machine.watchdog ?? {};
    const quiet =
      feeds === "words" ? [] : feeds === "requests" ? [device] : this.#neighbours(device);
    const others = this.#machines.filter((m) => m !== machine && quiet.includes(m.actuator.device));
    // What shares the wire is made safe first: the silence would keep it from being asked.
    if (feeds === "frames" && others.some((m) => !m.acted && !this.#silent.has(m))) {
      machine.wasSilent();
      return this.#clock.sleep(fallLookMs);
    }
    this.#silent.add(machine);
    this.#talk.quiet(quiet, true);
    await this.#clock.sleep(ms);
    this.#talk.quiet(quiet, false);
    this.#silent.delete(machine);
    machine.wasSilent();
  }

  #neighbours(device: string): string[] {
    const line = this.#plan.devices[device]?.line;
    const all = Object.entries(this.#plan.devices);
    return all.filter(([, other]) => other.line === line).map(([name]) => name);
  }

  async #until(isSo: () => boolean, due: ElapsedMs): Promise<void> {
    for (;;) {
      const left = due - this.#clock.elapsed();
      if (isSo() || left <= 0 || this.#closed) return;
      await this.#changed(left);
    }
  }

  /** Resolves at the next change of anything, or `ms` later. */
  async #changed(ms: number): Promise<void> {
    const change = this.#change;
    if (Number.isFinite(ms)) return this.#clock.sleep(ms, change);
    return new Promise((resolve) => {
      change.listen(resolve);
    });
  }

  #tell(): void {
    const before = this.#change;
    this.#change = new Cancel();
    before.cancel();
  }

  #wakeUp(): void {
    const before = this.#wake;
    this.#wake = new Cancel();
    before.cancel();
  }
}

function dueOf({ begunAt, actuator }: ActuatorMachine): ElapsedMs {
  return begunAt + actuator.safeWithinMs;
}
