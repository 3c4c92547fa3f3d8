/**
 * One actuator on its way to its safe state: which frame comes next, given the answers and the time
 * (docs/safety.md, "What is repeated when"). It sends nothing and waits for nothing itself, so every answer at
 * every step can be tried.
 */
import type { ElapsedMs } from "../../base/clock.js";
import { isHeard, type Reply } from "../../line/line.js";
import type { Ask, PlanActuator, PlanWatchdog, PlanWrite } from "../../rig/safe-plan.js";
import type { SafeCause, SafeLevel } from "../../rig/safety.js";
import { judge, judgeHeld, type Verdict } from "./answer.js";
import * as pace from "./pace.js";
import { Fall, Proof } from "./proof.js";
import type { Action, Exchange, Frame, Of, Operation } from "./sequence.js";
import { Sequence } from "./sequence.js";

export class ActuatorMachine {
  readonly actuator: PlanActuator;
  /** Of its device, as far as it was read back as armed. */
  watchdog: PlanWatchdog | null;
  /** It may have energy: somebody waits for it to act. */
  energised: boolean;
  level: SafeLevel = "not asked";
  /** It is at the highest level it can show. */
  acted = false;
  problem = "";
  /** Why nothing may be written to it. */
  forbidden: string | undefined;
  /** When `safe` was called, and when this level was reached. */
  begunAt: ElapsedMs = Number.NaN;
  since: ElapsedMs = Number.NaN;
  /** Every operation was tried once: what comes next in safe order may begin. */
  passed = false;
  /** When it was asked last it took no commands from us. */
  local = false;
  /** A silence is kept for it now. */
  isSilent = false;
  /** What can be seen of it is coming down, so it obeys. */
  fall = new Fall();
  #proof: Proof;
  readonly #sequence = new Sequence();
  #cause: SafeCause = "trip";
  /** The pause that the last failure asks for; 0 where nothing failed. */
  #patienceMs = 0;
  #tries = 0;
  /** In this pass it said nothing, and then something. Such a pass is not held against it, two in a row are. */
  #deaf: "no" | "is" | "was" = "no";
  #isBack = false;
  /** It shows that it has let go of its energy: no watchdog could do more. */
  #hasLetGo = false;
  #notBefore: ElapsedMs = Number.NEGATIVE_INFINITY;
  /** `kept`: nothing was sent since, so there may be no other. */
  #silence: "none" | "due" | "kept" = "none";
  #eepromWrites = 0;
  #effectUnknown = 0;
  /** It had acted before: is it still so? */
  #recheck = false;
  /** When it was seen that it is not; of what is contested five passes back. */
  #reverted: ElapsedMs[] = [];
  /** Counts what makes an answer under way belong to a question of before. */
  #era = 0;

  constructor(actuator: PlanActuator, watchdog: PlanWatchdog | null) {
    this.actuator = actuator;
    this.energised = actuator.energised;
    this.#proof = new Proof(actuator, this.#cause);
    this.watchdog = watchdog;
  }

  /** It may move again: nothing of what was shown before counts. */
  energise(): void {
    this.energised = true;
    this.level = "not asked";
    this.acted = false;
    this.passed = false;
    this.local = false;
    this.forbidden = undefined;
    this.begunAt = Number.NaN;
    this.#reverted = [];
  }

  /** As another process left it: a look will show. */
  hasActedBefore(): void {
    this.acted = true;
    this.level = this.actuator.best;
  }

  /** `safe` was called: everything is sent at once, or first `look` whether it stands as it was left. */
  begin(cause: SafeCause, now: ElapsedMs, look: boolean): void {
    const looks = look && this.acted;
    // Known to be another hand's: nothing more is written before it obeys again.
    const onlyLooks = looks || this.local;
    if (Number.isNaN(this.begunAt) || this.acted) this.begunAt = now;
    this.#cause = cause;
    this.#sequence.load(this.actuator, cause, onlyLooks);
    this.#eepromWrites = 0;
    this.#again(now);
    if (onlyLooks) this.#beginLook();
    this.acted = looks;
    this.#recheck = looks;
    if (!this.isContested) this.#notBefore = Number.NEGATIVE_INFINITY;
  }

  /** Only what its state shows to be moving is made safe. */
  lookFirst(): void {
    this.#sequence.setAll(true);
    this.#beginLook();
  }

  /** A write of somebody else's may have come in between: all of it once more. */
  repeat(now: ElapsedMs): void {
    this.#undo();
    this.#again(now);
  }

  /** Somebody else takes its state back again and again. */
  get isContested(): boolean {
    return this.#reverted.length >= pace.contestedTimes;
  }

  /** An auxiliary that keeps its value for a while: so it is meant. */
  get isRunningOn(): boolean {
    return !this.acted && this.#sequence.operation?.kind === "run-on";
  }

  /** It has acted, and nothing has to be looked at again. */
  get isDone(): boolean {
    return this.acted && !this.#recheck;
  }

  get dueAt(): ElapsedMs {
    return this.begunAt + this.actuator.safeWithinMs;
  }

  /** Nothing comes of what is sent, so its own watchdog has to act: nobody may feed it. */
  isUnheeded(now: ElapsedMs): boolean {
    if (this.isSilent) return true;
    if (this.acted || this.isRunningOn) return false;
    return this.#silence === "due" || (now >= this.dueAt && !this.fall.isSeen(now));
  }

  next(now: ElapsedMs): Action {
    if (this.isDone) return { kind: "done" };
    if (this.#silence === "due") return { kind: "silence", ms: pace.silenceMs(this.watchdog) };
    if (now < this.#notBefore) return { kind: "wait", ms: this.#notBefore - now };
    for (;;) {
      const operation = this.#sequence.operation;
      if (operation === undefined) return this.#look(now);
      const action = this.#do(operation, now);
      if (action !== undefined) return action;
    }
  }

  /** The silence is over: one look at its state, then all of it again. */
  wasSilent(): void {
    this.isSilent = false;
    this.#silence = "kept";
    this.#beginLook();
  }

  /** `action` is what was answered; one of before the last `begin` or `repeat` tells nothing. */
  learn({ era }: Exchange, reply: Reply, now: ElapsedMs): void {
    if (era !== this.#era) return;
    if (!isHeard(reply)) this.#deaf = "is";
    else if (this.#deaf === "is") this.#deaf = "was";
    const { operation, phase } = this.#sequence;
    if (operation === undefined) this.#learnProof(reply, now);
    else if (operation.kind === "expect") this.#learnExpect(operation, reply, now);
    else if (operation.kind === "need") this.#learnNeed(operation, reply, now);
    else if (operation.kind === "write") {
      if (phase === "send") this.#learnSent(operation.write, reply, now);
      else this.#learnHeld(operation.write, reply, now);
    }
  }

  #again(now: ElapsedMs): void {
    this.#era++;
    this.fall = new Fall();
    this.#tries = 0;
    this.#patienceMs = 0;
    this.#effectUnknown = 0;
    if (this.#silence === "due") this.#silence = "none";
    this.#sequence.restart(now);
  }

  #advance(now: ElapsedMs, done: boolean): undefined {
    this.#sequence.advance(now, done);
    if (this.#sequence.operation !== undefined) return;
    this.passed = true;
    this.#beginLook();
  }

  /** Undefined: the operation is over, look at the next one. */
  #do(operation: Operation, now: ElapsedMs): Action | undefined {
    const sequence = this.#sequence;
    if (sequence.isDone) return this.#advance(now, true);
    if (sequence.isGivenUp(operation, now)) return this.#advance(now, false);
    if (operation.kind === "need") return this.#ask(operation.need.ask);
    if (operation.kind === "expect") return this.#ask(operation.ask);
    if (operation.kind === "write") return this.#frame(operation.write, now);
    if (operation.kind === "wait" && sequence.stepFailed) return this.#advance(now, true);
    // What runs on holds up nobody.
    if (operation.kind === "run-on") this.passed = true;
    const leftMs = sequence.since + operation.ms - now;
    return leftMs > 0 ? { kind: "wait", ms: leftMs } : this.#advance(now, true);
  }

  #ask({ device, name, request }: Frame): Action {
    return { kind: "exchange", device, name, request, era: this.#era };
  }

  #frame({ name, request, readBack, eeprom }: PlanWrite, now: ElapsedMs): Action | undefined {
    const isWrite = this.#sequence.phase === "send";
    if (isWrite && eeprom && this.#eepromWrites >= pace.mostEepromWrites) {
      return this.#advance(now, false);
    }
    if (isWrite && this.level === "not asked") this.#reach("asked", now);
    return this.#ask({ ...this.actuator, name, request: isWrite ? request : readBack! });
  }

  #learnSent(write: PlanWrite, reply: Reply, now: ElapsedMs): void {
    if (write.eeprom) this.#eepromWrites++;
    const saysNothing = write.confirm === "none" && !reply.ok && reply.fault === "timeout";
    if (!reply.ok && !saysNothing) this.#failed(`${write.name}: ${reply.detail}`, reply, now);
    else {
      this.#reach("asked", now);
      if (write.confirm === "value" && write.readBack !== null) this.#sequence.phase = "read-back";
      else this.#advance(now, true);
    }
  }

  #learnHeld(write: PlanWrite, reply: Reply, now: ElapsedMs): void {
    const { verdict, said } = judgeHeld(write, reply);
    if (verdict === "yes") {
      if (this.level === "not asked") this.#reach("asked", now);
      this.#advance(now, true);
    } else if (this.#sequence.phase === "read-first") {
      // Not known to hold it: then it is written, which is what the sequence is for.
      this.#sequence.phase = "send";
    } else this.#failed(said, reply, now);
  }

  /** Refused, not answered or not held: the next ones are not kept from being sent. */
  #failed(problem: string, reply: Reply, now: ElapsedMs): void {
    this.problem = problem;
    if (!reply.ok) this.#patienceMs = pace.patienceMs(reply.exception);
    this.#advance(now, false);
  }

  #learnExpect({ ask, softens }: Of<"expect">, reply: Reply, now: ElapsedMs): void {
    const { verdict, said, beyond } = judge(ask, reply);
    this.fall.note(ask, beyond, now);
    if (verdict !== "yes") this.problem = said;
    // A device that cannot say it does not keep the energy on.
    if (verdict === "yes" || (verdict === "unknown" && softens)) {
      this.#advance(now, verdict === "yes");
    } else this.#notBefore = now + pace.lookMs;
  }

  #learnNeed({ need }: Of<"need">, reply: Reply, now: ElapsedMs): void {
    this.passed = true;
    const { verdict, said, beyond } = judge(need.ask, reply);
    this.fall.note(need.ask, beyond, now);
    const sequence = this.#sequence;
    if (verdict !== "yes") sequence.metSince = now;
    const over = now - sequence.since >= (need.atMostMs ?? Number.POSITIVE_INFINITY);
    this.problem = `keeps its value until ${said}`;
    if (over || (verdict === "yes" && now - sequence.metSince >= need.forMs)) {
      this.#advance(now, true);
    } else this.#notBefore = now + pace.needLookMs;
  }

  #beginLook(): void {
    this.#sequence.toEnd();
    this.#proof = new Proof(this.actuator, this.#cause);
  }

  #look(now: ElapsedMs): Action {
    const isKnown = ({ request }: Ask) => !this.#recheck && this.#sequence.wasReadBack(request);
    const question = this.#proof.next(isKnown);
    if (question !== undefined) return this.#ask(question);
    this.#conclude(now);
    return this.next(now);
  }

  #learnProof(reply: Reply, now: ElapsedMs): void {
    const { ask, beyond } = this.#proof.learn(reply, this.actuator);
    this.fall.note(ask, beyond, now);
    if (ask === this.actuator.acted[0]) this.#hasLetGo = beyond === 0;
    this.problem = this.#proof.problem || this.problem;
  }

  /** All that can be asked was asked: how far is it, and what follows? */
  #conclude(now: ElapsedMs): void {
    const { acted, held, effect, obeys } = this.#proof.verdicts;
    this.#effectUnknown = effect === "unknown" ? this.#effectUnknown + 1 : 0;
    const showsState = this.actuator.acted.length > 0;
    const shown = showsState ? acted === "yes" : held === "yes" || held === undefined;
    const stands = shown && this.#sequence.allTaken;
    const blind = effect === undefined || this.#effectUnknown >= pace.triesToSilence;
    if (this.local && obeys === "yes") {
      // Given back: one stop, whatever it shows.
      this.local = false;
      this.#undo();
      this.#repass(now, 0);
    } else if (stands && effect === "yes") this.#settle("effect", now);
    else if (stands && blind) {
      this.#settle(showsState ? "acted" : held === "yes" ? "held" : "asked", now);
    } else this.#goOn(obeys, now);
  }

  #settle(level: SafeLevel, now: ElapsedMs): void {
    this.#reach(level, now);
    this.acted = true;
    this.#recheck = false;
    this.passed = true;
    this.problem = "";
  }

  #goOn(obeys: Verdict | undefined, now: ElapsedMs): void {
    if (this.#recheck) {
      const spanMs = pace.revertedMs(this.isContested);
      const seen = Object.values(this.#proof.verdicts).includes("no") ? [now] : [];
      this.#reverted = [...this.#reverted.filter((at) => now - at < spanMs), ...seen];
      this.#undo();
    }
    this.#beginLook();
    if (this.isContested) {
      this.problem = `contested: somebody else commands it (${this.problem})`;
      this.#repass(now, pace.contestedMs);
    } else if (obeys === "no") {
      this.local = true;
      this.#notBefore = now + pace.localMs;
    } else if (this.fall.isSeen(now) && this.#sequence.allTaken)
      this.#notBefore = now + pace.lookMs;
    else this.#tryAgain(now);
  }

  #tryAgain(now: ElapsedMs): void {
    this.#tries++;
    const soon = now > this.dueAt ? 2 : pace.triesToSilence;
    const most = this.#hasLetGo ? pace.triesOfLetGo : soon;
    this.#isBack = this.#deaf === "was" && !this.#isBack;
    this.#deaf = "no";
    if (this.#silence === "kept" || this.#isBack) this.#repass(now, 0);
    else if (this.watchdog !== null && this.#tries >= most) this.#silence = "due";
    else this.#repass(now, pace.pauseMs(this.#patienceMs, this.#tries, this.dueAt - now));
  }

  /** It does not stand any more, or may not. */
  #undo(): void {
    this.acted = false;
    this.#recheck = false;
    this.#sequence.setAll(false);
  }

  /** The failed part again; where nothing failed and nothing came of it, all of it. */
  #repass(now: ElapsedMs, pauseMs: number): void {
    this.#silence = "none";
    this.#sequence.forget(this.#sequence.allTaken);
    this.#sequence.restart(now + pauseMs);
    this.#patienceMs = 0;
    this.#notBefore = Math.max(this.#notBefore, now + pauseMs);
  }

  #reach(level: SafeLevel, now: ElapsedMs): void {
    if (this.level === level) return;
    this.level = level;
    this.since = now;
  }
}
