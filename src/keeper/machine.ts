/**
 * One actuator on its way to its safe state: which frame comes next, given the answers and the time
 * (docs/safety.md, "What is repeated when"). It sends nothing and waits for nothing itself, so every answer at
 * every step can be tried.
 */
import type { ElapsedMs } from "../base/clock.js";
import type { Request } from "../device/request.js";
import type { Reply } from "../line/line.js";
import type { Ask, PlanActuator, PlanWatchdog, PlanWrite } from "../rig/safe-plan.js";
import type { SafeCause, SafeLevel } from "../rig/safety.js";
import { judge, type Verdict } from "./answer.js";
import { Fall, Proof } from "./proof.js";
import { type Operation, operationsOf } from "./sequence.js";

/** What is to be done now. A `silence` is one in which nothing that feeds the device is sent. */
export type Action =
  | { kind: "exchange"; device: string; request: Request; point: string; era: number }
  | { kind: "wait"; ms: number }
  | { kind: "silence"; ms: number }
  | { kind: "done" };
export type Exchange = Extract<Action, { kind: "exchange" }>;

/** Between two looks at a device that is expected to change, and at a need. */
const lookMs = 50;
const needLookMs = 250;
/** After a refusal or silence, the first times and later. */
const soonMs = 20;
const laterMs = 500;
const soonTries = 3;
/** A device that answers and does not obey is asked again this often where it has no watchdog. */
const unheededMs = 1000;
/** So many passes without effect, and the device's own watchdog is given its chance. */
const triesToSilence = 3;
/** A device in local mode, or one that somebody else commands. */
const localMs = 10_000;
const contestedMs = 60_000;
const contestedSpanMs = 60_000;
const contestedTimes = 3;
const mostEepromWrites = 5;
/** Modbus Application Protocol V1.1b3, 7: acknowledge (5) and busy (6) ask for patience. */
const busyCodes: readonly (number | undefined)[] = [5, 6];
const busyMs = 100;

type Phase = "read-first" | "send" | "read-back";

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
  /** It takes no commands from us, or somebody else takes them back. */
  local = false;
  contested = false;
  readonly #watchdog: PlanWatchdog | null;
  readonly #proof: Proof;
  readonly #fall = new Fall();
  #operations: readonly Operation[] = [];
  #cause: SafeCause = "trip";
  #at = 0;
  #phase: Phase = "send";
  /** When the operation at hand began, and the step it belongs to. */
  #opSince: ElapsedMs = Number.NaN;
  #stepSince: ElapsedMs = Number.NaN;
  #stepFailed = false;
  #belowSince: ElapsedMs = Number.NaN;
  /** Per operation: it was done and needs no repeating. */
  #done: boolean[] = [];
  #failures = 0;
  #patience = soonMs;
  #tries = 0;
  #notBefore: ElapsedMs = Number.NEGATIVE_INFINITY;
  #silenceDue = false;
  #eepromWrites = 0;
  #effectUnknown = 0;
  #reverted: ElapsedMs[] = [];
  /** It had acted before: is it still so? */
  #recheck = false;
  /** Counts what makes an answer under way belong to a question of before. */
  #era = 0;

  constructor(actuator: PlanActuator, watchdog: PlanWatchdog | null) {
    this.actuator = actuator;
    this.#watchdog = watchdog;
    this.#proof = new Proof(actuator);
  }

  /** It may move again: nothing of what was shown before counts. */
  energised(): void {
    this.level = "not asked";
    this.acted = false;
    this.passed = false;
    this.begunAt = Number.NaN;
    this.contested = false;
    this.#reverted = [];
  }

  /** As another process left it: a look will show. */
  hasActedBefore(): void {
    this.acted = true;
    this.level = this.actuator.best;
  }

  /** `safe` was called. What has acted already is looked at first; everything else is sent at once. */
  begin(cause: SafeCause, now: ElapsedMs): void {
    const wasThere = this.acted && cause === this.#cause;
    if (Number.isNaN(this.begunAt) || this.acted || cause !== this.#cause) this.begunAt = now;
    this.#cause = cause;
    this.#operations = operationsOf(this.actuator, cause);
    this.#eepromWrites = 0;
    this.#again(now, !wasThere);
    this.#notBefore = this.contested ? this.#notBefore : Number.NEGATIVE_INFINITY;
    if (!wasThere) this.acted = false;
    this.#recheck = wasThere;
  }

  /** Only what its state shows to be moving is made safe. */
  lookFirst(): void {
    this.#done = this.#operations.map(() => true);
    this.#beginLook();
  }

  /** A write of somebody else's may have come in between: all of it once more. */
  repeat(now: ElapsedMs): void {
    this.acted = false;
    this.#recheck = false;
    this.#again(now, true);
  }

  /** What can be seen of it is coming down, so it obeys. */
  isFalling(now: ElapsedMs): boolean {
    return this.#fall.isSeen(now);
  }

  /** It has acted, and nothing has to be looked at again. */
  get isDone(): boolean {
    return this.acted && !this.#recheck;
  }

  next(now: ElapsedMs): Action {
    if (this.isDone) return { kind: "done" };
    if (this.#silenceDue) return { kind: "silence", ms: this.#silenceMs() };
    if (now < this.#notBefore) return { kind: "wait", ms: this.#notBefore - now };
    for (;;) {
      const operation = this.#operations[this.#at];
      if (operation === undefined) return this.#look(now);
      const action = this.#do(operation, now);
      if (action !== undefined) return action;
    }
  }

  /** The silence is over: one look at its state, then all of it again. */
  wasSilent(): void {
    this.#silenceDue = false;
    this.#tries = triesToSilence - 1;
    this.#beginLook();
  }

  /** `action` is what was answered; one of before the last `begin` or `repeat` tells nothing. */
  learn({ era }: Exchange, reply: Reply, now: ElapsedMs): void {
    if (era !== this.#era) return;
    const operation = this.#operations[this.#at];
    if (operation === undefined) this.#learnProof(reply, now);
    else if (operation.kind === "write") this.#learnWrite(operation, reply, now);
    else if (operation.kind === "expect") this.#learnExpect(operation, reply, now);
    else if (operation.kind === "need") this.#learnNeed(operation, reply, now);
  }

  #learnProof(reply: Reply, now: ElapsedMs): void {
    const question = this.#proof.next(this.#cause, (q) => this.#wasReadBack(q));
    if (question === undefined) return;
    this.#fall.note(this.#proof.learn(question, reply), now);
    if (this.#proof.problem !== "") this.problem = this.#proof.problem;
  }

  #again(now: ElapsedMs, all: boolean): void {
    this.#era++;
    if (all || this.#done.length === 0) this.#done = this.#operations.map(() => !all);
    this.#at = all ? 0 : this.#operations.length;
    this.#enter(now);
    this.#stepSince = now;
    this.#stepFailed = false;
    this.#fall.begin();
    this.#tries = 0;
    this.#failures = 0;
    this.#effectUnknown = 0;
    this.#silenceDue = false;
    this.#beginLook();
    if (all) this.#at = 0;
  }

  #enter(now: ElapsedMs): void {
    const operation = this.#operations[this.#at];
    this.#opSince = now;
    this.#belowSince = Number.NaN;
    const readsFirst = operation?.kind === "write" && operation.write.eeprom;
    this.#phase = readsFirst ? "read-first" : "send";
  }

  /** On to the next operation; a new step has its own deadline and its own luck. */
  #advance(now: ElapsedMs, done: boolean): undefined {
    this.#done[this.#at] = done;
    const before = this.#operations[this.#at]?.step;
    this.#at++;
    if (this.#operations[this.#at]?.step !== before) {
      this.#stepSince = now;
      this.#stepFailed = false;
    } else if (!done) this.#stepFailed = true;
    this.#enter(now);
    if (this.#at >= this.#operations.length) {
      this.passed = true;
      this.#beginLook();
    }
    return undefined;
  }

  /** Undefined: the operation is over, look at the next one. */
  #do(operation: Operation, now: ElapsedMs): Action | undefined {
    if (this.#done[this.#at] === true) return this.#advance(now, true);
    // What softens has its own deadline; what removes energy does not wait for it.
    const late = operation.softens && now - this.#stepSince >= withinOf(operation);
    if (late || (operation.softens && this.#stepFailed)) return this.#advance(now, false);
    switch (operation.kind) {
      case "run-on":
      case "wait":
        return this.#waitFor(operation, now);
      case "need":
        return this.#ask(operation.need.ask);
      case "expect":
        if (now - this.#opSince > operation.withinMs) return this.#advance(now, false);
        return this.#ask(operation.ask);
      case "write":
        return this.#frame(operation.write, now);
    }
  }

  #waitFor({ kind, ms }: { kind: string; ms: number }, now: ElapsedMs): Action | undefined {
    if (kind === "wait" && this.#stepFailed) return this.#advance(now, true);
    const left = this.#opSince + ms - now;
    // What runs on holds up nobody.
    if (kind === "run-on") this.passed = true;
    return left > 0 ? { kind: "wait", ms: left } : this.#advance(now, true);
  }

  #ask({ device, request, name }: Ask): Action {
    return { kind: "exchange", device, request, point: name, era: this.#era };
  }

  #frame({ name, request, readBack, eeprom }: PlanWrite, now: ElapsedMs): Action | undefined {
    if (this.#phase === "read-first" && readBack === null) this.#phase = "send";
    const isWrite = this.#phase === "send";
    if (isWrite && eeprom && this.#eepromWrites >= mostEepromWrites) {
      return this.#advance(now, false);
    }
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
    if (this.#phase === "send") {
      if (write.eeprom) this.#eepromWrites++;
      const silent = write.confirm === "none" && !reply.ok && reply.fault === "timeout";
      if (!reply.ok && !silent) this.#refused(`${write.name}: ${reply.detail}`, reply, now);
      else this.#wasTaken(write, now);
      return;
    }
    const words = reply.ok ? Array.from(reply.words) : [];
    const holds = reply.ok && write.request.values.every((word, i) => word === words[i]);
    if (holds) {
      if (this.level === "not asked") this.#reach("asked", now);
      this.#advance(now, true);
    } else if (this.#phase === "read-first") {
      // Not known to hold it: then it is written, which is what the sequence is for.
      this.#phase = "send";
    } else if (!reply.ok) this.#refused(`${write.name}: ${reply.detail}`, reply, now);
    else {
      const wanted = write.request.values.join(" ");
      this.problem = `${write.name} reads back ${words.join(" ")} instead of ${wanted}`;
      this.#advance(now, false);
    }
  }

  #wasTaken({ confirm, readBack }: PlanWrite, now: ElapsedMs): void {
    this.#reach("asked", now);
    if (confirm === "value" && readBack !== null) this.#phase = "read-back";
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
    this.#fall.note(beyond, now);
    if (verdict !== "yes") this.problem = said;
    // A device that cannot say it does not keep the energy on.
    if (verdict === "yes" || (verdict === "unknown" && softens)) {
      this.#advance(now, verdict === "yes");
    } else this.#notBefore = now + lookMs;
  }

  #learnNeed({ need }: Extract<Operation, { kind: "need" }>, reply: Reply, now: ElapsedMs): void {
    this.passed = true;
    const { verdict, said, beyond } = judge(need.ask, reply);
    this.#fall.note(beyond, now);
    if (verdict !== "yes") this.#belowSince = Number.NaN;
    else if (Number.isNaN(this.#belowSince)) this.#belowSince = now;
    const seen = now - this.#belowSince >= need.forMs;
    const over = need.atMostMs !== null && now - this.#opSince >= need.atMostMs;
    if (seen || over) {
      this.#advance(now, true);
      return;
    }
    this.problem = `keeps its value until ${said}`;
    this.#notBefore = now + needLookMs;
  }

  #beginLook(): void {
    this.#at = this.#operations.length;
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
    if (this.#recheck) return false;
    return this.#operations.some((operation, i) => {
      const back = operation.kind === "write" ? operation.write.readBack : null;
      const same = back?.table === request.table && back.address === request.address;
      return same && this.#done[i] === true;
    });
  }

  /** All that can be asked was asked: how far is it, and what follows? */
  #conclude(now: ElapsedMs): void {
    const { acted, held, effect, obeys } = this.#proof.verdicts;
    this.#effectUnknown = effect === "unknown" ? this.#effectUnknown + 1 : 0;
    const hasActed = this.actuator.acted.length > 0;
    const isHeld = (held === "yes" || held === undefined) && this.#allTaken();
    const stands = hasActed ? acted === "yes" && this.#allTaken() : isHeld;
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

  /** Whatever state it shows: a device that refused to let go may start again by itself. */
  #allTaken(): boolean {
    return this.#operations.every(
      (operation, i) => operation.softens || operation.kind !== "write" || this.#done[i] === true,
    );
  }

  #goOn(obeys: Verdict | undefined, now: ElapsedMs): void {
    if (this.#recheck) this.#wasReverted(now);
    this.#beginLook();
    if (this.contested) {
      this.problem = `contested: somebody else commands it (${this.problem})`;
      this.#repass(now, contestedMs);
    } else if (obeys === "no") {
      this.local = true;
      this.#notBefore = now + localMs;
    } else if (this.local && obeys === "yes") {
      this.local = false;
      this.#repass(now, 0);
    } else if (this.isFalling(now) && this.#allTaken()) this.#notBefore = now + lookMs;
    else this.#tryAgain(now);
  }

  #tryAgain(now: ElapsedMs): void {
    this.#tries++;
    const over = now - this.begunAt > this.actuator.safeWithinMs;
    const maySilence = this.#watchdog !== null && (this.#tries >= triesToSilence || over);
    if (maySilence) this.#silenceDue = true;
    else this.#repass(now, this.#pause(now));
  }

  /** It had acted and does not stand there any more. */
  #wasReverted(now: ElapsedMs): void {
    this.acted = false;
    this.#recheck = false;
    this.#done = this.#operations.map(() => false);
    this.#reverted = [...this.#reverted.filter((at) => now - at < contestedSpanMs), now];
    this.contested = this.#reverted.length >= contestedTimes;
  }

  #pause(now: ElapsedMs): number {
    if (this.#failures === 0) return this.#tries <= soonTries ? lookMs : unheededMs;
    return now - this.begunAt < this.actuator.safeWithinMs ? this.#patience : laterMs;
  }

  /** The failed part again; where nothing failed and nothing came of it, all of it. */
  #repass(now: ElapsedMs, pauseMs: number): void {
    if (this.#allTaken()) this.#done = this.#operations.map(isWaited);
    this.#at = 0;
    this.#failures = 0;
    this.#enter(now);
    this.#stepSince = now + pauseMs;
    this.#stepFailed = false;
    this.#notBefore = Math.max(this.#notBefore, now + pauseMs);
  }

  #silenceMs(): number {
    return 1.2 * (this.#watchdog?.timeMs ?? 0) + 500;
  }

  #reach(level: SafeLevel, now: ElapsedMs): void {
    if (this.level === level) return;
    this.level = level;
    this.since = now;
  }
}

/** What was waited for once is not waited for again. */
function isWaited({ kind }: Operation): boolean {
  return kind === "run-on" || kind === "need";
}

function withinOf(operation: Operation): number {
  return "withinMs" in operation ? operation.withinMs : Number.POSITIVE_INFINITY;
}
