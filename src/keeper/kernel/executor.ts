/**
 * Executes a safe plan over lines: all actuators in safe order, each for as long as it takes. Decides nothing
 * itself; what comes next is asked of each actuator's machine.
 */
import { type Clock, type ElapsedMs, withDeadline } from "../../base/clock.js";
import { Signal } from "../../base/signal.js";
import type { Request } from "../../device/request.js";
import type { Reply } from "../../line/line.js";
import type { PlanWatchdog, RigPlan } from "../../rig/safe-plan.js";
import type { ActuatorSafety, SafeCause } from "../../rig/safety.js";
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
const never = () => false;

export class SafeExecutor {
  readonly #plan: RigPlan;
  readonly #talk: Talk;
  readonly #clock: Clock;
  readonly #told: Told;
  readonly #machines: readonly ActuatorMachine[];
  /** Those that are on their way now. */
  readonly #driven = new Set<ActuatorMachine>();
  /** There is something to be done before what is waited for. */
  readonly #wake = new Signal();
  readonly #change = new Signal();
  #closed = false;
  #safe: Promise<readonly ActuatorSafety[]> | undefined;
  #cause: SafeCause = "trip";

  constructor(plan: RigPlan, talk: Talk, clock: Clock, told: Told) {
    this.#plan = plan;
    this.#talk = talk;
    this.#clock = clock;
    this.#told = told;
    this.#machines = plan.actuators.map(
      (actuator) => new ActuatorMachine(actuator, plan.devices[actuator.device]?.watchdog ?? null),
    );
  }

  /** Before the first byte that may give energy. */
  energise(): void {
    this.#cause = "trip";
    for (const machine of this.#machines) machine.energise();
  }

  /** Devices that must not be fed now, so that their own watchdogs can act. */
  unheeded(): string[] {
    const now = this.#clock.elapsed();
    return this.#machines.filter((m) => m.isUnheeded(now)).map((m) => m.actuator.device);
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
    for (const machine of this.#machines) void this.#drive(machine);
  }

  safety(): ActuatorSafety[] {
    return this.#machines.map((machine) => safetyOf(machine, this.#clock.elapsed()));
  }

  /** Has everything acted that may be energised? */
  get hasActed(): boolean {
    return this.#energised.every(({ acted }) => acted);
  }

  /** Once the report of a call of `safe` that is under way was given: has something not acted that was asked? */
  async isBusy(): Promise<boolean> {
    await this.#safe;
    return this.#machines.some((m) => !m.isDone && !m.isRunningOn && this.#driven.has(m));
  }

  /** False: it was closed, and nobody looks any more. */
  async whenActed(): Promise<boolean> {
    await this.#until(() => this.hasActed);
    return !this.#closed;
  }

  /** A person's signed word: nobody waits for what has not acted. It is made safe on while the process lives. */
  abandon(): void {
    for (const machine of this.#machines) machine.energised = false;
    this.#change.tell();
  }

  /** Resolves when nothing more can be done by itself: acted, or forbidden for good. */
  whenOver(): Promise<void> {
    const isOver = (m: ActuatorMachine) => m.acted || (!this.#driven.has(m) && m.passed);
    return this.#until(() => this.#energised.every(isOver));
  }

  close(): void {
    this.#closed = true;
    this.#wake.tell();
    this.#change.tell();
  }

  get #energised(): ActuatorMachine[] {
    return this.#machines.filter(({ energised }) => energised);
  }

  async #goSafe(cause: SafeCause, look: boolean): Promise<readonly ActuatorSafety[]> {
    const orders = [...new Set(this.#machines.map((m) => m.actuator.safeOrder))];
    const began = this.#clock.elapsed();
    for (const order of orders.sort((a, b) => a - b)) {
      const group = this.#machines.filter((m) => m.actuator.safeOrder === order);
      // What is on its way goes on: a look begins nothing anew.
      const isAsked = (m: ActuatorMachine) => !look || m.acted || !this.#driven.has(m);
      for (const m of group.filter(isAsked)) m.begin(cause, this.#clock.elapsed(), look);
      this.#wake.tell();
      for (const machine of group) void this.#drive(machine);
      const isPassed = () => group.every((m) => m.passed || m.isDone);
      await this.#until(isPassed, () => Math.max(...group.map((m) => m.dueAt)));
    }
    await this.#until(never, () => this.#reportDue(began));
    this.#tellOpen();
    return this.safety();
  }

  #tellOpen(): void {
    if (this.#energised.length === 0) return;
    for (const machine of this.#machines) {
      if (machine.isDone || machine.forbidden !== undefined) continue;
      machine.energised = true;
      this.#told.open(machine.actuator.role);
    }
  }

  /** Until when a report waits: for each that has not acted its own time, longer where it is seen falling. */
  #reportDue(began: ElapsedMs): ElapsedMs {
    const now = this.#clock.elapsed();
    const fallDue = Math.min(now + fallLookMs, began + longestFallMs);
    const open = this.#machines.filter((m) => !m.isDone && !m.isRunningOn);
    const dues = open.map((m) => (m.fall.isSeen(now) ? fallDue : m.dueAt));
    return Math.max(Number.NEGATIVE_INFINITY, ...dues);
  }

  /** Until it has acted. Even our own mistake in one must not keep it, or the others, from being made safe. */
  async #drive(machine: ActuatorMachine): Promise<void> {
    if (this.#driven.has(machine)) return;
    this.#driven.add(machine);
    let isPermitted: boolean | undefined;
    while (!this.#closed && !machine.isDone && isPermitted !== false) {
      try {
        isPermitted ??= await this.#permit(machine);
        if (isPermitted) await this.#act(machine, machine.next(this.#clock.elapsed()));
      } catch (error) {
        machine.problem = error instanceof Error ? error.message : String(error);
        machine.passed = true;
        isPermitted = undefined;
        await this.#clock.sleep(afterDefectMs);
      }
    }
    this.#driven.delete(machine);
    this.#change.tell();
  }

  /** False: nothing may be written, and nobody has to ask again. */
  async #permit(machine: ActuatorMachine): Promise<boolean> {
    for (;;) {
      const asked = this.#talk.permission(machine.actuator.device);
      const permission = asked instanceof Promise ? await asked : asked;
      machine.forbidden = permission.write ? undefined : permission.why;
      if (permission.write) {
        if (permission.look === true && !machine.passed) machine.lookFirst();
        return true;
      }
      machine.passed = true;
      this.#change.tell();
      if (permission.retryMs === null || this.#closed) return false;
      await this.#wake.wait(this.#clock, permission.retryMs);
    }
  }

  async #act(machine: ActuatorMachine, action: Action): Promise<void> {
    if (action.kind === "wait") return this.#wake.wait(this.#clock, action.ms);
    if (action.kind === "silence") return this.#keepSilent(machine, action.ms);
    if (action.kind === "exchange") {
      const reply = await this.#exchange(action);
      if (reply.ok && action.request.kind === "write") {
        this.#talk.wrote(action.device, action.name, action.request.values);
      }
      machine.learn(action, reply, this.#clock.elapsed());
    } else if (machine.energised) this.#told.acted(machine.actuator.role);
    this.#change.tell();
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
    const { devices } = this.#plan;
    const isFed = (name: string) => {
      return feeds === "frames" ? devices[name]?.line === devices[device]?.line : name === device;
    };
    const quiet = feeds === "words" ? [] : Object.keys(devices).filter(isFed);
    const others = this.#machines.filter((m) => m !== machine && quiet.includes(m.actuator.device));
    // What shares the wire is made safe first: the silence would keep it from being asked.
    if (feeds === "frames" && others.some((m) => !m.acted && !m.isSilent)) {
      machine.wasSilent();
      return this.#clock.sleep(fallLookMs);
    }
    machine.isSilent = true;
    this.#talk.quiet(quiet, true);
    await this.#clock.sleep(ms);
    this.#talk.quiet(quiet, false);
    machine.wasSilent();
  }

  /** Until it is so, the time is over, or it is closed. */
  async #until(isSo: () => boolean, due = () => Number.POSITIVE_INFINITY): Promise<void> {
    while (!isSo() && !this.#closed) {
      const leftMs = due() - this.#clock.elapsed();
      if (leftMs <= 0) return;
      await this.#change.wait(this.#clock, leftMs);
    }
  }
}
