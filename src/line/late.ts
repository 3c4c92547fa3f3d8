import type { ElapsedMs } from "../base/clock.js";
import type { Asked } from "./framer.js";
import { UnitLedger } from "./ledger.js";
import { answerAt, isConfirmedAlike, isRefusalAt } from "./match.js";

const earlier = "it may be the answer to an earlier question";
const mostUnshown = 64;

/**
 * Tells the answer to a question from one to an earlier question. RTU frames carry no number: an answer
 * that comes after its timeout, however late, looks like the answer to the next question of that unit,
 * function and length. So every question that got no answer is owed until a later answer shows that it
 * was passed over (`UnitLedger`), and an answer is sure only where nothing that is owed fits it.
 */
export class LateAnswers {
  readonly #now: () => ElapsedMs;
  readonly #cameLate: (asked: Asked) => void;
  readonly #units = new Map<number, UnitLedger>();
  /** Questions so far, of whichever master; number of the first one of this exchange. */
  #n = 0;
  #since = 0;
  /** The question under way and its number. */
  #asked: Asked | undefined;
  #number = 0;
  #disturbed = false;
  /** Writes whose confirmation may turn out to have been the adapter's echo: their own is still to come. */
  #unshown: { asked: Asked; n: number }[] = [];
  /** Can the last answer be nothing but the one to the question under way? */
  isOwn = true;
  /** Why the last answer may be another question's; undefined when it is sure. */
  doubt: string | undefined;

  /** `cameLate` is told of a late answer where it can only be the one to the unit's last question. */
  constructor(now: () => ElapsedMs, cameLate: (asked: Asked) => void = () => {}) {
    this.#now = now;
    this.#cameLate = cameLate;
  }

  /** An exchange begins: whatever is asked from here on is asked for it. */
  opens(): void {
    this.#since = this.#n + 1;
    if (this.#units.size === 0) return;
    for (const [unit, ledger] of this.#units) {
      if (ledger.isEmpty(this.#now())) this.#units.delete(unit);
    }
  }

  /** A question goes out. */
  begin(asked: Asked): void {
    this.#number = ++this.#n;
    this.#asked = asked;
    this.#disturbed = false;
    this.doubt = undefined;
    if (asked.request.kind === "write") this.#units.get(asked.unit)?.wrote(asked, this.#n);
  }

  /** The frame `[at, end)` fits the question under way: is it its answer? `echoes`: does the adapter, if known? */
  take(bytes: Uint8Array, at: number, end: number, echoes: boolean | undefined): void {
    const asked = this.#asked;
    if (asked === undefined) return;
    this.#asked = undefined;
    this.isOwn = true;
    if (this.#disturbed) this.doubt = "another master asked at the same time";
    if (isConfirmedAlike(asked.request) && echoes !== true) {
      if (echoes === false) this.#remember(asked);
      else {
        this.#takeUnshown(asked);
        return;
      }
    }
    this.#judge(asked, bytes, at, end);
  }

  #judge(asked: Asked, bytes: Uint8Array, at: number, end: number): void {
    const ledger = this.#units.get(asked.unit);
    if (ledger === undefined) return;
    const now = this.#now();
    ledger.owe(asked, this.#number, now, now, false);
    const fits = (a: Asked) => answerAt(bytes, at, end, a) > 0;
    const debts = ledger.arrived(fits, now, isRefusalAt(bytes, at));
    this.isOwn = debts.every(({ oldest }) => oldest === this.#number);
    if (!ledger.isAnswer(debts, asked, this.#since)) this.doubt ??= earlier;
  }

  /** The adapter echoes: what it was not yet known of confirmed nothing. */
  echoed(): void {
    for (const { asked, n } of this.#unshown.splice(0)) this.#owe(asked, n, this.#now(), false);
  }

  /** A read shows that it does not echo. */
  echoedNot(): void {
    this.#unshown.length = 0;
  }

  /** As well the echo of the question: it answers nothing and passes nothing over. */
  #takeUnshown(asked: Asked): void {
    if (!this.isClear(asked)) this.doubt ??= earlier;
    this.#owe(asked, this.#number, this.#now(), false);
  }

  #remember(asked: Asked): void {
    this.#unshown.push({ asked, n: this.#number });
    if (this.#unshown.length > mostUnshown) this.#unshown.shift();
  }

  /** The question under way got no answer; the unit is left alone until `patientUntil`. */
  lost(patientUntil: ElapsedMs): void {
    const asked = this.#asked;
    this.#asked = undefined;
    if (asked !== undefined) this.#owe(asked, this.#number, patientUntil, false);
  }

  /** Another master asks: its answer is nobody's, and what comes until ours is not trusted. */
  overheard(asked: Asked): void {
    this.#n++;
    this.#disturbed = this.#asked !== undefined;
    if (asked.unit !== 0) this.#owe(asked, this.#n, this.#now(), true);
    if (asked.request.kind === "write") this.#units.get(asked.unit)?.wrote(asked, this.#n);
  }

  /** Length of the answer to an earlier question that stands at `at`; 0 when none does. */
  claim(bytes: Uint8Array, at: number, end: number): number {
    const ledger = this.#units.get(bytes[at] ?? -1);
    if (ledger === undefined) return 0;
    let length = 0;
    const fits = (asked: Asked) => {
      const fit = answerAt(bytes, at, end, asked);
      if (fit > 0) length = fit;
      return fit > 0;
    };
    const isOnlyOne = ledger.owesOne;
    const [came] = ledger.arrived(fits, this.#now(), isRefusalAt(bytes, at));
    if (came === undefined) ledger.overtaken(fits);
    else if (isOnlyOne) this.#cameLate(came.asked);
    return length;
  }

  /** Would the answer to `asked`, asked now, be sure? */
  isClear(asked: Asked): boolean {
    return this.#units.get(asked.unit)?.isClear(asked, this.#since) ?? true;
  }

  /** Would it be sure even if the unit does not answer in order? */
  isHaunted(asked: Asked): boolean {
    return this.#units.get(asked.unit)?.isHaunted(asked, this.#now()) ?? false;
  }

  /** So many questions of its function, but not itself, may still be refused: what came for them was passed over. */
  refusalsToCome(asked: Asked): number {
    return this.#units.get(asked.unit)?.refusalsToCome(asked, this.#now()) ?? 0;
  }

  /** From when on the unit has been given time to answer what it was asked before. */
  patientUntil(unit: number): ElapsedMs {
    return this.#units.get(unit)?.patientUntil ?? Number.NEGATIVE_INFINITY;
  }

  #owe(asked: Asked, n: number, patientUntil: ElapsedMs, foreign: boolean): void {
    const ledger = this.#units.get(asked.unit) ?? new UnitLedger();
    this.#units.set(asked.unit, ledger);
    ledger.owe(asked, n, this.#now(), patientUntil, foreign);
  }
}
