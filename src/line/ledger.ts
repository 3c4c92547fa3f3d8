import type { ElapsedMs } from "../base/clock.js";
import { functionCode, type Request, wordsAnswered } from "../device/request.js";
import type { Asked } from "./framer.js";
import { confusable, overlaps, sameRequest } from "./match.js";

/** One request that the unit may still answer, with the numbers of its questions, oldest first. */
type Debt = {
  asked: Asked;
  questions: number[];
  /** When it was asked last, and how long the unit is given to bring it after all. */
  at: ElapsedMs;
  patientUntil: ElapsedMs;
  /** Asked by another master. */
  foreign: boolean;
};

/** As the debts stood when a frame came. */
type Candidate = { asked: Asked; oldest: number; foreign: boolean };

/** Passed over by a later answer: of a unit that answers in order nothing will come. */
type Ghost = { asked: Asked; count: number; until: ElapsedMs };

/** A unit, or a server before it, that overtakes itself is later than this by nobody's report. */
const overtakenMs = 5000;
/** While late answers come, the unit is not asked more: they would come as fast as new questions go. */
const quietMs = 100;
/** Different requests, and questions of each, that are remembered of one unit. */
const mostDebts = 64;
const mostQuestions = 1000;

/**
 * What one unit was asked and has not answered. A frame came from one of the questions that it fits; a
 * unit answers in order, so everything asked before the oldest of these will not be answered any more.
 * Nothing else ends a debt, no time does.
 */
export class UnitLedger {
  #debts: Debt[] = [];
  #ghosts: Ghost[] = [];
  /** Writes that were sent while something was owed. */
  #writes: { asked: Asked; n: number }[] = [];

  isEmpty(now: ElapsedMs): boolean {
    if (this.#ghosts.length > 0) this.#ghosts = this.#ghosts.filter(({ until }) => until > now);
    return this.#debts.length === 0 && this.#ghosts.length === 0;
  }

  /** Question `n` may be answered from now on. */
  owe(asked: Asked, n: number, at: ElapsedMs, patientUntil: ElapsedMs, foreign: boolean): void {
    const known = this.#debts.find(
      (d) => d.foreign === foreign && sameRequest(d.asked.request, asked.request),
    );
    if (known === undefined) {
      this.#debts.push({ asked, questions: [n], at, patientUntil, foreign });
      if (this.#debts.length > mostDebts) this.#debts.shift();
      return;
    }
    known.questions.push(n);
    // One whose answer turned out to be none is owed later than it was asked.
    if (n < known.questions.at(-2)!) known.questions.sort((a, b) => a - b);
    if (known.questions.length > mostQuestions) known.questions.shift();
    known.at = at;
    known.patientUntil = patientUntil;
  }

  wrote(asked: Asked, n: number): void {
    this.#writes.push({ asked, n });
    if (this.#writes.length > mostDebts) this.#writes.shift();
  }

  /**
   * A frame came: the requests owed that it may answer, as they were before it. A refusal fits whatever was asked
   * with its function, and is taken for what is owed.
   */
  arrived(
    fits: (asked: Asked) => boolean,
    now: ElapsedMs,
    isRefusal: boolean,
  ): readonly Candidate[] {
    const candidates = this.#debts.filter((d) => fits(d.asked)).map(candidateOf);
    if (candidates.length === 0) return candidates;
    const oldest = Math.min(...candidates.map((c) => c.oldest));
    // One of several, or one that was passed over before: then the oldest's own may still come.
    const isOfSeveral = (!isRefusal && this.overtaken(fits)) || candidates.length > 1;
    this.#pass(oldest, isOfSeveral, now);
    return candidates;
  }

  /** A frame came that only a question passed over can have brought; false when none. */
  overtaken(fits: (asked: Asked) => boolean): boolean {
    const fitting = this.#ghosts.filter((g) => fits(g.asked));
    if (fitting.length === 0) return false;
    const ghost = fitting.reduce((a, b) => (b.until < a.until ? b : a));
    if (--ghost.count === 0) this.#ghosts.splice(this.#ghosts.indexOf(ghost), 1);
    return true;
  }

  /** Is the answer to whichever of these one to `asked`, which was asked from question `since` on? */
  isAnswer(candidates: readonly Candidate[], asked: Asked, since: number): boolean {
    const { request } = asked;
    return candidates.every(
      (c) =>
        !c.foreign &&
        sameRequest(c.asked.request, request) &&
        (c.oldest >= since || (wordsAnswered(request) === 0 && this.#stands(request, c.oldest))),
    );
  }

  /** Is there nothing owed that could be taken for the answer to `asked`? */
  isClear(asked: Asked, since: number): boolean {
    const alike = this.#debts.filter((d) => confusable(d.asked, asked));
    return this.isAnswer(alike.map(candidateOf), asked, since);
  }

  isHaunted(asked: Asked, now: ElapsedMs): boolean {
    return this.#ghosts.some((g) => g.until > now && confusable(g.asked, asked));
  }

  refusalsToCome({ request }: Asked, now: ElapsedMs): number {
    const code = functionCode(request);
    const isOther = (g: Ghost) =>
      functionCode(g.asked.request) === code && !sameRequest(g.asked.request, request);
    const others = this.#ghosts.filter((g) => g.until > now && isOther(g));
    return others.reduce((sum, { count }) => sum + count, 0);
  }

  /** Is it only one question, and one of ours, that an answer can come to? */
  get owesOne(): boolean {
    const [debt] = this.#debts;
    return this.#debts.length === 1 && debt?.questions.length === 1 && !debt.foreign;
  }

  /** Until when the unit is given time to bring what it owes. */
  get patientUntil(): ElapsedMs {
    return Math.max(Number.NEGATIVE_INFINITY, ...this.#debts.map((d) => d.patientUntil));
  }

  /** Has nothing else been written to the same place since question `n`? */
  #stands(request: Request, n: number): boolean {
    const isOther = (w: Request) => overlaps(w, request) && !sameRequest(w, request);
    return !this.#writes.some((w) => w.n > n && isOther(w.asked.request));
  }

  /** Question `first` was answered or passed over, all before it were passed over. */
  #pass(first: number, isOneOfSeveral: boolean, now: ElapsedMs): void {
    for (const debt of this.#debts) {
      const passed = debt.questions.findIndex((n) => n >= first);
      const count = passed < 0 ? debt.questions.length : passed;
      const isFirst = debt.questions[count] === first;
      this.#haunt(debt, isFirst && isOneOfSeveral ? count + 1 : count, now);
      debt.questions.splice(0, isFirst ? count + 1 : count);
      debt.patientUntil = Math.max(debt.patientUntil, now + quietMs);
    }
    this.#debts = this.#debts.filter((d) => d.questions.length > 0);
    if (this.#debts.length === 0) this.#writes = [];
  }

  #haunt({ asked, at }: Debt, count: number, now: ElapsedMs): void {
    const until = at + overtakenMs;
    if (count > 0 && until > now) this.#ghosts.push({ asked, count, until });
  }
}

function candidateOf({ asked, questions, foreign }: Debt): Candidate {
  return { asked, oldest: questions[0]!, foreign };
}
