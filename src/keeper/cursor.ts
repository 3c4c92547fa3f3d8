/** Where a sequence stands: the operation at hand, what was done, and what need not wait for the rest. */
import type { ElapsedMs } from "../base/clock.js";
import type { ReadRequest } from "../device/request.js";
import type { Operation } from "./sequence.js";

export type Phase = "read-first" | "send" | "read-back";

export class Cursor {
  phase: Phase = "send";
  /** When the operation at hand began. */
  since: ElapsedMs = Number.NaN;
  /** Something of the step at hand failed: what waits for it is passed over. */
  stepFailed = false;
  #operations: readonly Operation[] = [];
  #at = 0;
  #stepSince: ElapsedMs = Number.NaN;
  /** Per operation: it was done and needs no repeating. */
  #done: boolean[] = [];

  /** What was done of another sequence says nothing of this one. */
  load(operations: readonly Operation[], done: boolean): void {
    this.#operations = operations;
    this.#done = operations.map(() => done);
  }

  get operation(): Operation | undefined {
    return this.#operations[this.#at];
  }

  get isDone(): boolean {
    return this.#done[this.#at] === true;
  }

  /** Whatever state it shows: a device that refused to let go may start again by itself. */
  get allTaken(): boolean {
    return this.#operations.every(
      (operation, i) => operation.softens || operation.kind !== "write" || this.#done[i] === true,
    );
  }

  /** What softens has its own deadline; what removes energy does not wait for it. */
  isGivenUp(operation: Operation, now: ElapsedMs): boolean {
    if (!operation.softens) return false;
    const withinMs = "withinMs" in operation ? operation.withinMs : Number.POSITIVE_INFINITY;
    return this.stepFailed || now - this.#stepSince >= withinMs;
  }

  /** From the beginning; the first step's time counts from `from`. */
  restart(from: ElapsedMs): void {
    this.#at = 0;
    this.#enterStep(from);
    this.#enter(from);
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
    this.#done = this.#operations.map((operation, i) => {
      if (operation.kind === "run-on" || operation.kind === "need") return true;
      if (all) return false;
      const repeats = operation.softens && operation.kind === "write";
      return operation.softens ? !repeats : this.#done[i] === true;
    });
  }

  /** On to the next operation; a new step has its own deadline and its own luck. */
  advance(now: ElapsedMs, done: boolean): void {
    this.#done[this.#at] = done;
    const before = this.operation?.step;
    this.#at++;
    if (this.operation?.step !== before) this.#enterStep(now);
    else if (!done) this.stepFailed = true;
    this.#enter(now);
  }

  /** These registers were read back in this pass, right after they were written. */
  wasReadBack({ table, address }: ReadRequest): boolean {
    return this.#operations.some((operation, i) => {
      const back = operation.kind === "write" ? operation.write.readBack : null;
      return back?.table === table && back.address === address && this.#done[i] === true;
    });
  }

  #enterStep(now: ElapsedMs): void {
    this.#stepSince = now;
    this.stepFailed = false;
  }

  #enter(now: ElapsedMs): void {
    const { operation } = this;
    this.since = now;
    const readsFirst = operation?.kind === "write" && operation.write.eeprom;
    this.phase = readsFirst ? "read-first" : "send";
  }
}
