/** An actuator's way to its safe state as single operations, and where on that way it is. */
import type { ElapsedMs } from "../../base/clock.js";
import type { ReadRequest, Request } from "../../device/request.js";
import type { Ask, Need, PlanActuator, PlanWrite } from "../../rig/safe-plan.js";
import type { SafeCause } from "../../rig/safety.js";

/** One frame, and the point that it is about. */
export type Frame = { device: string; name: string; request: Request };
export type Exchange = Frame & { kind: "exchange"; era: number };
/** What is to be done now. A `silence` is one in which nothing that feeds the device is sent. */
export type Action = Exchange | { kind: "wait" | "silence"; ms: number } | { kind: "done" };

/** `step` tells which operations belong together: a wait follows only writes that arrived. */
export type Operation =
  | { kind: "run-on"; ms: number; step: number; softens: false }
  | { kind: "need"; need: Need; step: number; softens: false }
  | { kind: "write"; write: PlanWrite; step: number; softens: boolean; withinMs: number }
  | { kind: "wait"; ms: number; step: number; softens: boolean }
  | { kind: "expect"; ask: Ask; step: number; softens: boolean; withinMs: number };
export type Of<K extends Operation["kind"]> = Extract<Operation, { kind: K }>;

/** The operation at hand, what was done, and what need not wait for the rest. */
export class Sequence {
  /** Of the write at hand. */
  phase: "read-first" | "send" | "read-back" = "send";
  /** When the operation at hand began. */
  since: ElapsedMs = Number.NaN;
  /** Since when what it waits for is seen. */
  metSince: ElapsedMs = Number.NaN;
  /** Something of the step at hand failed: what waits for it is passed over. */
  stepFailed = false;
  #operations: readonly Operation[] = [];
  #at = 0;
  #stepSince: ElapsedMs = Number.NaN;
  /** Per operation: it was done and needs no repeating; and its words were seen in this pass. */
  #done: boolean[] = [];
  #seen: boolean[] = [];

  /** What was done of another way says nothing of this one. */
  load(actuator: PlanActuator, cause: SafeCause, done: boolean): void {
    this.#operations = operationsOf(actuator, cause);
    this.setAll(done);
  }

  get operation(): Operation | undefined {
    return this.#operations[this.#at];
  }

  get isDone(): boolean {
    return this.#done[this.#at] === true;
  }

  /** Whatever state it shows: a device that refused to let go may start again by itself. */
  get allTaken(): boolean {
    const isTaken = (o: Operation, i: number) => o.softens || o.kind !== "write" || this.#done[i];
    return this.#operations.every(isTaken);
  }

  /** What softens has its own deadline; what removes energy does not wait for it. */
  isGivenUp(operation: Operation, now: ElapsedMs): boolean {
    const withinMs = "withinMs" in operation ? operation.withinMs : Number.POSITIVE_INFINITY;
    if (operation.kind === "expect" && now - this.since > withinMs) return true;
    return operation.softens && (this.stepFailed || now - this.#stepSince >= withinMs);
  }

  /** From the beginning; the first step's time counts from `from`. */
  restart(from: ElapsedMs): void {
    this.#seen = [];
    this.#goTo(0, from, true);
  }

  toEnd(): void {
    this.#at = this.#operations.length;
  }

  setAll(done: boolean): void {
    this.#done = this.#operations.map(() => done);
  }

  /**
   * Before another pass: what failed is done again, with every softening write (what comes after may need it and
   * its echo proves nothing); or all of it. What was waited for once is not waited for again.
   */
  forget(all: boolean): void {
    this.#done = this.#operations.map(({ kind, softens }, i) => {
      if (kind === "run-on" || kind === "need") return true;
      if (all) return false;
      return softens ? kind !== "write" : this.#done[i] === true;
    });
  }

  /** On to the next operation; a new step has its own deadline and its own luck. */
  advance(now: ElapsedMs, done: boolean): void {
    this.#done[this.#at] = done;
    this.#seen[this.#at] = done && this.phase !== "send";
    if (!done) this.stepFailed = true;
    const next = this.#operations[this.#at + 1];
    this.#goTo(this.#at + 1, now, next?.step !== this.operation?.step);
  }

  /** These registers were read back in this pass, right after they were written. */
  wasReadBack({ table, address }: ReadRequest): boolean {
    return this.#operations.some((operation, i) => {
      const back = operation.kind === "write" && this.#seen[i] ? operation.write.readBack : null;
      return back?.table === table && back.address === address;
    });
  }

  #goTo(at: number, now: ElapsedMs, isNewStep: boolean): void {
    this.#at = at;
    this.since = now;
    this.metSince = now;
    if (isNewStep) {
      this.#stepSince = now;
      this.stepFailed = false;
    }
    const { operation } = this;
    const readsFirst = operation?.kind === "write" && operation.write.eeprom;
    this.phase = readsFirst && operation.write.readBack !== null ? "read-first" : "send";
  }
}

/** At `isolate` an auxiliary does not run on and waits for nothing. */
function operationsOf(actuator: PlanActuator, cause: SafeCause): readonly Operation[] {
  const { runOnMs, needs } = actuator;
  const before = { step: -1, softens: false } as const;
  const operations: Operation[] = [];
  if (runOnMs === null || cause !== "isolate") {
    if (runOnMs !== null) operations.push({ kind: "run-on", ms: runOnMs, ...before });
    operations.push(...needs.map((need) => ({ kind: "need" as const, need, ...before })));
  }
  actuator.steps[cause].forEach(({ does, writes, expect, withinMs, waitMs }, step) => {
    const softens = does === "soften";
    for (const write of writes) operations.push({ kind: "write", write, step, softens, withinMs });
    if (waitMs > 0) operations.push({ kind: "wait", ms: waitMs, step, softens });
    for (const ask of expect) operations.push({ kind: "expect", ask, step, softens, withinMs });
  });
  return operations;
}
