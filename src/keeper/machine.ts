/**
 * One actuator on its way to its safe state: which frame comes next, given the answers and the time
 * (docs/safety.md, "What is repeated when"). It sends nothing and waits for nothing itself, so every answer at
 * every step can be tried.
 */
import type { ElapsedMs } from "../base/clock.js";
import type { Reply } from "../line/line.js";
import type { Ask, PlanActuator, PlanWatchdog, PlanWrite } from "../rig/safe-plan.js";
import type { SafeCause, SafeLevel } from "../rig/safety.js";
import { judge, judgeHeld, type Verdict } from "./answer.js";
import { Cursor } from "./cursor.js";
import {
  busyCodes,
  busyMs,
  contestedMs,
  localMs,
  lookMs,
  mostEepromWrites,
  needLookMs,
  pauseMs,
  silenceMs,
  soonMs,
  triesToSilence,
} from "./pace.js";
import { Contest, Fall, Proof } from "./proof.js";
import { type Action, type Exchange, type Operation, operationsOf } from "./sequence.js";

export class ActuatorMachine {
  readonly actuator: PlanActuator;
  level: SafeLevel = "not asked";
  /** It is at the highest level it can show. */
  acted = false;
  problem = "";
  /** When `safe` was called, and when this level was reached. */
  begunAt: ElapsedMs = Number.NaN;
  since: ElapsedMs = Number.NaN;
  /** Every operation was tried once: what comes next in safe order may begin. */
  passed = false;
  /** It takes no commands from us. */
  local = false;
  /** Of its device, as far as it was read back as armed. */
  watchdog: PlanWatchdog | null;
  readonly #proof: Proof;
  readonly #fall = new Fall();
  readonly #cursor = new Cursor();
  #cause: SafeCause = "trip";
  #belowSince: ElapsedMs = Number.NaN;
  #failures = 0;
  #patience = soonMs;
  #tries = 0;
  #notBefore: ElapsedMs = Number.NEGATIVE_INFINITY;
  #silenceDue = false;
  /** Something was sent since the last silence: only then may there be another. */
  #sentSince = true;
  #eepromWrites = 0;
  #effectUnknown = 0;
  readonly #contest = new Contest();
  /** It had acted before: is it still so? */
  #recheck = false;
  /** Counts what makes an answer under way belong to a question of before. */
  #era = 0;

  constructor(actuator: PlanActuator, watchdog: PlanWatchdog | null) {
    this.actuator = actuator;
    this.watchdog = watchdog;
    this.#proof = new Proof(actuator);
  }

  /** It may move again: nothing of what was shown before counts. */
  energised(): void {
    this.level = "not asked";
    this.acted = false;
    this.passed = false;
    this.begunAt = Number.NaN;
    this.#contest.begin();
  }

  /** As another process left it: a look will show. */
  hasActedBefore(): void {
    this.acted = true;
    this.level = this.actuator.best;
  }

  /** `safe` was called: everything is sent at once, or first `look` whether it stands as it was left. */
  begin(cause: SafeCause, now: ElapsedMs, look: boolean): void {
    const looks = look && this.acted;
    if (Number.isNaN(this.begunAt) || this.acted) this.begunAt = now;
    this.#cause = cause;
    this.#cursor.load(operationsOf(this.actuator, cause), looks);
    this.#eepromWrites = 0;
    this.#again(now);
    if (looks) this.#beginLook();
    else this.acted = false;
    if (!this.isContested) this.#notBefore = Number.NEGATIVE_INFINITY;
    this.#recheck = looks;
  }

  /** Only what its state shows to be moving is made safe. */
  lookFirst(): void {
    this.#cursor.setAll(true);
    this.#beginLook();
  }

  /** A write of somebody else's may have come in between: all of it once more. */
  repeat(now: ElapsedMs): void {
    this.acted = false;
    this.#recheck = false;
    this.#cursor.setAll(false);
    this.#again(now);
  }

  /** What can be seen of it is coming down, so it obeys. */
  isFalling(now: ElapsedMs): boolean {
    return this.#fall.isSeen(now);
  }

  /** Somebody else takes its state back again and again. */
  get isContested(): boolean {
    return this.#contest.isOn;
  }

  /** An auxiliary that keeps its value for a while: so it is meant. */
  get isRunningOn(): boolean {
    return !this.acted && this.#cursor.operation?.kind === "run-on";
  }

  /** Nothing comes of what is sent, so its own watchdog has to act: nobody may feed it. */
  isUnheeded(now: ElapsedMs): boolean {
    if (this.acted || this.isRunningOn) return false;
    const late = now - this.begunAt >= this.actuator.safeWithinMs;
    return this.#silenceDue || (late && !this.isFalling(now));
  }

  /** It has acted, and nothing has to be looked at again. */
  get isDone(): boolean {
    return this.acted && !this.#recheck;
  }

  next(now: ElapsedMs): Action {
    if (this.isDone) return { kind: "done" };
    if (this.#silenceDue) return { kind: "silence", ms: silenceMs(this.watchdog) };
    if (now < this.#notBefore) return { kind: "wait", ms: this.#notBefore - now };
    for (;;) {
      const operation = this.#cursor.operation;
      if (operation === undefined) return this.#look(now);
      const action = this.#do(operation, now);
      if (action !== undefined) return action;
    }
  }

  /** The silence is over: one look at its state, then all of it again. */
  wasSilent(): void {
    this.#silenceDue = false;
    this.#sentSince = false;
    this.#beginLook();
  }

  /** `action` is what was answered; one of before the last `begin` or `repeat` tells nothing. */
  learn({ era }: Exchange, reply: Reply, now: ElapsedMs): void {
    if (era !== this.#era) return;
    const operation = this.#cursor.operation;
    if (operation === undefined) this.#learnProof(reply, now);
    else if (operation.kind === "write") this.#learnWrite(operation, reply, now);
    else if (operation.kind === "expect") this.#learnExpect(operation, reply, now);
    else if (operation.kind === "need") this.#learnNeed(operation, reply, now);
  }

  #learnProof(reply: Reply, now: ElapsedMs): void {
    const question = this.#proof.next(this.#cause, (q) => this.#wasReadBack(q));
    if (question === undefined) return;
    this.#fall.note(question, this.#proof.learn(question, reply), now);
    if (this.#proof.problem !== "") this.problem = this.#proof.problem;
  }

  #again(now: ElapsedMs): void {
    this.#era++;
    this.#fall.begin();
    this.#tries = 0;
    this.#failures = 0;
    this.#effectUnknown = 0;
    this.#silenceDue = false;
    this.#belowSince = now;
    this.#cursor.restart(now);
  }

  #advance(now: ElapsedMs, done: boolean): undefined {
    this.#cursor.advance(now, done);
    this.#belowSince = now;
    if (this.#cursor.operation === undefined) {
      this.passed = true;
      this.#beginLook();
    }
    return undefined;
  }

  /** Undefined: the operation is over, look at the next one. */
  #do(operation: Operation, now: ElapsedMs): Action | undefined {
    const cursor = this.#cursor;
    if (cursor.isDone) return this.#advance(now, true);
    if (cursor.isGivenUp(operation, now)) return this.#advance(now, false);
    switch (operation.kind) {
      case "run-on":
      case "wait":
        return this.#waitFor(operation, now);
      case "need":
        return this.#ask(operation.need.ask);
      case "expect":
        if (now - cursor.since > operation.withinMs) return this.#advance(now, false);
        return this.#ask(operation.ask);
      case "write":
        return this.#frame(operation.write, now);
    }
  }

  #waitFor({ kind, ms }: { kind: string; ms: number }, now: ElapsedMs): Action | undefined {
    if (kind === "wait" && this.#cursor.stepFailed) return this.#advance(now, true);
    const left = this.#cursor.since + ms - now;
    // What runs on holds up nobody.
    if (kind === "run-on") this.passed = true;
    return left > 0 ? { kind: "wait", ms: left } : this.#advance(now, true);
  }

  #ask({ device, request, name }: Ask): Action {
    return { kind: "exchange", device, request, point: name, era: this.#era };
  }

  #frame({ name, request, readBack, eeprom }: PlanWrite, now: ElapsedMs): Action | undefined {
    if (this.#cursor.phase === "read-first" && readBack === null) this.#cursor.phase = "send";
    const isWrite = this.#cursor.phase === "send";
    if (isWrite && eeprom && this.#eepromWrites >= mostEepromWrites) {
      return this.#advance(now, false);
    }
    if (isWrite && this.level === "not asked") this.#reach("asked", now);
    const { device } = this.actuator;
    const frame = isWrite || readBack === null ? request : readBack;
    return { kind: "exchange", device, request: frame, point: name, era: this.#era };
  }

  #learnWrite(
    operation: Extract<Operation, { kind: "write" }>,
    reply: Reply,
    now: ElapsedMs,
  ): void {
    const { write } = operation;
    if (this.#cursor.phase === "send") {
      if (write.eeprom) this.#eepromWrites++;
      const silent = write.confirm === "none" && !reply.ok && reply.fault === "timeout";
      if (!reply.ok && !silent) this.#refused(`${write.name}: ${reply.detail}`, reply, now);
      else this.#wasTaken(write, now);
      return;
    }
    const held = judgeHeld(write, reply);
    if (held.verdict === "yes") {
      if (this.level === "not asked") this.#reach("asked", now);
      this.#advance(now, true);
    } else if (this.#cursor.phase === "read-first") {
      // Not known to hold it: then it is written, which is what the sequence is for.
      this.#cursor.phase = "send";
    } else if (!reply.ok) this.#refused(held.said, reply, now);
    else {
      this.problem = held.said;
      this.#advance(now, false);
    }
  }

  #wasTaken({ confirm, readBack }: PlanWrite, now: ElapsedMs): void {
    this.#reach("asked", now);
    if (confirm === "value" && readBack !== null) this.#cursor.phase = "read-back";
    else this.#advance(now, true);
  }

  /** Refused or not answered: the operation counts as failed, the next ones are not kept from being sent. */
  #refused(problem: string, reply: Reply, now: ElapsedMs): void {
    this.problem = problem;
    this.#failures++;
    this.#patience = !reply.ok && busyCodes.includes(reply.exception) ? busyMs : soonMs;
    this.#advance(now, false);
  }

  #learnExpect(
    { ask, softens }: Extract<Operation, { kind: "expect" }>,
    reply: Reply,
    now: ElapsedMs,
  ): void {
    const { verdict, said, beyond } = judge(ask, reply);
    this.#fall.note(ask, beyond, now);
    if (verdict !== "yes") this.problem = said;
    // A device that cannot say it does not keep the energy on.
    if (verdict === "yes" || (verdict === "unknown" && softens)) {
      this.#advance(now, verdict === "yes");
    } else this.#notBefore = now + lookMs;
  }

  #learnNeed({ need }: Extract<Operation, { kind: "need" }>, reply: Reply, now: ElapsedMs): void {
    this.passed = true;
    const { verdict, said, beyond } = judge(need.ask, reply);
    this.#fall.note(need.ask, beyond, now);
    if (verdict !== "yes") this.#belowSince = now;
    const over = now - this.#cursor.since >= (need.atMostMs ?? Number.POSITIVE_INFINITY);
    this.problem = `keeps its value until ${said}`;
    if (over || (verdict === "yes" && now - this.#belowSince >= need.forMs)) {
      this.#advance(now, true);
    } else this.#notBefore = now + needLookMs;
  }

  #beginLook(): void {
    this.#cursor.toEnd();
    this.#proof.begin();
  }

  #look(now: ElapsedMs): Action {
    const question = this.#proof.next(this.#cause, (q) => this.#wasReadBack(q));
    if (question !== undefined) return this.#ask(question);
    this.#conclude(now);
    return this.next(now);
  }

  /** Its words were read again when they were written, in this very pass. */
  #wasReadBack({ request }: Ask): boolean {
    return !this.#recheck && this.#cursor.wasReadBack(request);
  }

  /** All that can be asked was asked: how far is it, and what follows? */
  #conclude(now: ElapsedMs): void {
    const { acted, held, effect, obeys } = this.#proof.verdicts;
    this.#effectUnknown = effect === "unknown" ? this.#effectUnknown + 1 : 0;
    const hasActed = this.actuator.acted.length > 0;
    const isHeld = (held === "yes" || held === undefined) && this.#cursor.allTaken;
    const stands = hasActed ? acted === "yes" && this.#cursor.allTaken : isHeld;
    const blind = effect === undefined || this.#effectUnknown >= triesToSilence;
    if (stands && effect === "yes") this.#settle("effect", now);
    else if (stands && blind) {
      this.#settle(hasActed ? "acted" : held === "yes" ? "held" : "asked", now);
    } else this.#goOn(obeys, now);
  }

  #settle(level: SafeLevel, now: ElapsedMs): void {
    this.#reach(level, now);
    this.acted = true;
    this.#recheck = false;
    this.local = false;
    this.passed = true;
    this.problem = "";
  }

  #goOn(obeys: Verdict | undefined, now: ElapsedMs): void {
    if (this.#recheck) this.#wasReverted(now);
    this.#beginLook();
    if (this.isContested) {
      this.problem = `contested: somebody else commands it (${this.problem})`;
      this.#repass(now, contestedMs);
    } else if (obeys === "no") {
      this.local = true;
      this.#notBefore = now + localMs;
    } else if (this.local && obeys === "yes") {
      this.local = false;
      this.#repass(now, 0);
    } else if (this.isFalling(now) && this.#cursor.allTaken) this.#notBefore = now + lookMs;
    else this.#tryAgain(now);
  }

  #tryAgain(now: ElapsedMs): void {
    this.#tries++;
    const over = now - this.begunAt > this.actuator.safeWithinMs;
    const isDue = this.#sentSince && (this.#tries >= triesToSilence || (over && this.#tries > 1));
    if (this.watchdog !== null && isDue) this.#silenceDue = true;
    else {
      const leftMs = this.begunAt + this.actuator.safeWithinMs - now;
      const usualMs = pauseMs(this.#failures > 0, this.#tries, this.#patience, leftMs);
      this.#repass(now, this.#sentSince ? usualMs : 0);
    }
  }

  /** It had acted and does not stand there any more. */
  #wasReverted(now: ElapsedMs): void {
    this.acted = false;
    this.#recheck = false;
    this.#cursor.setAll(false);
    this.#contest.note(now);
  }

  /** The failed part again; where nothing failed and nothing came of it, all of it. */
  #repass(now: ElapsedMs, pauseMs: number): void {
    this.#sentSince = true;
    this.#cursor.forget(this.#cursor.allTaken);
    this.#cursor.restart(now + pauseMs);
    this.#failures = 0;
    this.#notBefore = Math.max(this.#notBefore, now + pauseMs);
  }

  #reach(level: SafeLevel, now: ElapsedMs): void {
    if (this.level === level) return;
    this.level = level;
    this.since = now;
  }
}
