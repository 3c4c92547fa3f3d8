import type { ElapsedMs } from "../base/clock.js";
import { type Form, Forms } from "./forms.js";
import type { Asked } from "./framer.js";
import type { LateAnswers } from "./late.js";
import type { LineFault } from "./line.js";
import { isConfirmedAlike } from "./match.js";
import type { Ask, Outcome } from "./outcome.js";
import type { Overheard } from "./overheard.js";

/** Questions that one exchange may take, with those that only make it sure. */
const mostQuestions = 6;
/** Refused for what was asked, not for the state of the device (Modbus Application Protocol, 7). */
const refusals: readonly (number | undefined)[] = [1, 2, 3];
const damaged: readonly LineFault[] = ["crc", "partial", "foreign", "length"];

/**
 * Asks so that the answer is sure. While the unit owes nothing that is the question itself, and no frame
 * more. After a lost answer a read is asked in a wider form; where the unit refuses that, behind a proof;
 * where it answers neither, again, until the answer can only be one to this question.
 */
export class Asking {
  readonly #late: LateAnswers;
  readonly #overheard: Overheard;
  readonly #forms: Forms;
  /** What nobody listened to yet: asked again it is one exchange with what was asked before. */
  #unheard: Asked | undefined;
  /** Units that answered nothing of late: not even the question itself. */
  readonly #silent = new Set<number>();

  constructor(late: LateAnswers, overheard: Overheard, now: () => ElapsedMs) {
    this.#late = late;
    this.#overheard = overheard;
    this.#forms = new Forms(now);
  }

  /** An `urgent` write goes out at once; what makes it sure comes after it. */
  async answer(asked: Asked, urgent: boolean, ask: Ask): Promise<Outcome> {
    const isAgain = this.#unheard === asked;
    this.#unheard = undefined;
    if (!isAgain) this.#late.opens();
    const atOnce = isAgain || (urgent && asked.request.kind === "write");
    let form = atOnce ? itself(asked) : this.#next(asked);
    for (let n = 1; ; n++) {
      let outcome = await ask(form.asked);
      if (this.#isUnheard(form, outcome)) {
        outcome = await this.#askItself(form, asked, ask);
        form = itself(asked);
      }
      // Only a stop may be sent again blindly.
      const isSpent = asked.request.kind === "write" && !urgent && form.kind === "itself";
      const isOver = this.#isOver(form, outcome);
      // As it is now: what haunts it may come behind the next question.
      const isHaunted = outcome.ok && this.#isHaunted(form);
      const isWorthTrying = isOver && isHaunted && n + 1 < mostQuestions;
      if (isWorthTrying && (await this.#refusesLonger(asked, ask))) {
        n++;
        form = this.#next(asked);
        continue;
      }
      if (isOver || isSpent || n === mostQuestions) {
        const isSure = isOver && !isHaunted;
        const judged = this.#judged(asked, form, outcome, isSure);
        if (isSilent(outcome)) this.#unheard = asked;
        return judged.ok && this.#isUnproven(asked) ? this.#proven(asked, judged, ask) : judged;
      }
      form = this.#next(asked);
    }
  }

  /** Did another form meet silence, and only that form as far as is known? */
  #isUnheard({ kind, asked: { unit } }: Form, outcome: Outcome): boolean {
    if (isAnswer(outcome)) this.#silent.delete(unit);
    return isSilent(outcome) && kind !== "itself" && !this.#silent.has(unit);
  }

  /** The question itself tells whether anybody is there; if so, `form` is nothing for that unit. */
  async #askItself(form: Form, asked: Asked, ask: Ask): Promise<Outcome> {
    const outcome = await ask(asked);
    if (isAnswer(outcome)) this.#forms.wasSilent(form);
    else this.#silent.add(asked.unit);
    return outcome;
  }

  /** Is nothing more to be asked? Also learns what the unit refuses. */
  #isOver(form: Form, outcome: Outcome): boolean {
    if (form.kind === "wide" && isRefusal(outcome)) {
      this.#forms.wasRefused(form);
      return false;
    }
    if (!isAnswer(outcome)) return true;
    if (form.kind !== "itself") this.#forms.wasAnswered(form);
    return form.kind !== "proof" && this.#late.doubt === undefined;
  }

  #next(asked: Asked): Form {
    const isSure = (a: Asked) => this.#late.isClear(a) && !this.#late.isHaunted(a);
    if (isSure(asked)) return itself(asked);
    // A unit that says nothing at all needs no other form: they are kept for when it speaks again.
    if (asked.request.kind === "read" && this.#silent.has(asked.unit)) return itself(asked);
    const wide = this.#forms.wide(asked, isSure);
    if (wide !== undefined) return wide;
    const proof = this.#late.isClear(asked) ? undefined : this.#forms.proof(asked);
    return proof ?? itself(asked);
  }

  /** Could what was passed over come yet, to a unit that can be asked otherwise when that is over? */
  #isHaunted({ kind, asked }: Form): boolean {
    if (kind !== "itself" || !this.#late.isHaunted(asked)) return false;
    return this.#forms.wide(asked, () => true) !== undefined;
  }

  /**
   * It was asked itself only because no answer to a longer form would be sure now. A refusal can be: where the unit
   * refuses the longer ones, its answer need not wait until they are. True: ask again.
   */
  async #refusesLonger(asked: Asked, ask: Ask): Promise<boolean> {
    const longer = this.#forms.untried(asked);
    if (longer === undefined) return false;
    const isRefused = isRefusal(await ask(longer.asked)) && this.#late.doubt === undefined;
    return this.#forms.wasTried(longer, isRefused, this.#late.refusalsToCome(asked));
  }

  #judged(asked: Asked, { from }: Form, outcome: Outcome, isSure: boolean): Outcome {
    if (!isSure) {
      const detail = this.#late.doubt ?? "an earlier question may still be answered";
      return { ok: false, fault: "stale", detail };
    }
    if (!outcome.ok || asked.request.kind === "write") return outcome;
    const { count } = asked.request;
    if (from === 0 && outcome.words.length === count) return outcome;
    return { ok: true, words: outcome.words.slice(from, from + count) };
  }

  /** Was it confirmed by what may as well be the adapter's echo? */
  #isUnproven({ unit, request }: Asked): boolean {
    return this.#overheard.echoes === undefined && unit !== 0 && isConfirmedAlike(request);
  }

  /** Before the first read of a line nobody knows whether its adapter echoes: a read shows it. */
  async #proven({ unit, request }: Asked, outcome: Outcome, ask: Ask): Promise<Outcome> {
    const { table, address } = request;
    const read: Asked = { unit, request: { kind: "read", table, address, count: 1 } };
    // In a form whose answer is sure: one that may be owed already would show nothing, for ever.
    const look = () => ask(this.#next(read).asked);
    let shown = await look();
    if (isDamaged(shown)) shown = await look();
    if (this.#overheard.echoes === true) {
      return { ok: false, fault: "echo", detail: "only the echo of the adapter came" };
    }
    if (isSilent(shown)) this.#overheard.settle();
    if (this.#overheard.echoes === false) return outcome;
    if (!shown.ok && (shown.fault === "cut" || shown.fault === "closed")) return shown;
    return { ok: false, fault: "stale", detail: "it may be the echo of the adapter" };
  }
}

function isSilent(outcome: Outcome): boolean {
  return !outcome.ok && outcome.fault === "timeout";
}

/** Did something come that can have been anything? */
function isDamaged(outcome: Outcome): boolean {
  return !outcome.ok && damaged.includes(outcome.fault);
}

function isRefusal(outcome: Outcome): boolean {
  return !outcome.ok && refusals.includes(outcome.exception);
}

function isAnswer(outcome: Outcome): boolean {
  return outcome.ok || outcome.fault === "exception";
}

function itself(asked: Asked): Form {
  return { kind: "itself", asked, from: 0 };
}
