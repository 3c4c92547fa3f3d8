import { Cancel, type Clock, type ElapsedMs } from "../base/clock.js";
import type { Request } from "../device/request.js";
import type { ParsedReply } from "../device/rtu-frame.js";
import { noteSlow } from "../device/slow.js";
import type { ByteStream } from "./byte-stream.js";
import type { Asked, Framer } from "./framer.js";
import {
  counterOf,
  type DeviceTiming,
  type ExchangeCounts,
  type LineFault,
  type LineStatistics,
  newCounts,
  newStatistics,
  type Reply,
  type Transport,
} from "./line.js";
import type { Ask, Outcome } from "./outcome.js";
import { type Link, Redial } from "./redial.js";
import { replyInWords, requestInWords, Trace } from "./trace.js";

/** One question on its way: when it began to go out, had gone out, and is given up. */
type Question = {
  link: Link;
  asked: Asked;
  timing: DeviceTiming;
  begun: ElapsedMs;
  requestEnd: ElapsedMs;
  deadline: ElapsedMs;
  reply?: ParsedReply;
};

/** Short enough to cost nothing, long enough for the event loop to turn. */
const lastLookMs = 0.01;
/** A peer that hangs up may do so twice at the wrong moment. */
const mostFreshConnections = 2;

/**
 * One exchange over a byte stream: connect if need be, keep quiet as long as the wire wants, send,
 * wait. Every wait looks again at the whole situation whenever anything happened (an answer, loss of the
 * line, a stop that hurries, close) and when its time is over, so no event can be missed and nothing
 * stays pending.
 */
export abstract class StreamTransport implements Transport {
  readonly trace = new Trace();
  readonly statistics: LineStatistics = newStatistics();
  protected readonly clock: Clock;
  protected readonly redial: Redial;
  /** When the first byte after the last request came; NaN while none did. */
  #heardAt: ElapsedMs = Number.NaN;
  /** When an exchange with a device ended that wants a pause after each. */
  readonly #restSince = new Map<number, ElapsedMs>();
  #wake = new Cancel();
  /** A stop waits: nothing more is sent for the exchange in flight. */
  #hurried = false;
  /** And its answer is waited for no longer than the turnaround. */
  #isCutShort = false;
  #closed = false;

  constructor(dial: () => Promise<ByteStream>, clock: Clock) {
    this.clock = clock;
    this.redial = new Redial(
      dial,
      () => this.newFramer(),
      (bytes) => this.#changed(bytes),
      clock,
    );
  }

  protected abstract newFramer(): Framer;
  /** When the wire has been silent for long enough, if no more bytes come. */
  protected abstract silentAt(timing: DeviceTiming): ElapsedMs;
  /** Until when the unit is given time for what it was asked before; a stop does not wait for it. */
  protected abstract clearAt(asked: Asked): ElapsedMs;
  /** Brings the answer to `asked` by one or more questions, each sent by `ask`. */
  protected abstract answer(asked: Asked, urgent: boolean, ask: Ask): Promise<Outcome>;
  /** Time the request takes on the wire. */
  protected abstract requestMs(asked: Asked): number;
  /** Longest wait for the whole answer, from the end of the request. */
  protected abstract answerMs(asked: Asked, timing: DeviceTiming): number;
  /** Longest time from the end of the request to the first byte of the answer. */
  protected abstract beginsMs(timing: DeviceTiming): number;
  /** Nobody answers a broadcast: waiting in vain is then success. */
  protected abstract isBroadcast(asked: Asked): boolean;
  protected abstract mayRepeat(asked: Asked, fault: LineFault): boolean;
  /** The peer may not have begun to listen: what it leaves unanswered may be repeated more than once. */
  protected isWarmingUp(): boolean {
    return false;
  }
  /** Pause between connecting and the first request. */
  protected connectPauseMs(): number {
    return 0;
  }
  /** The last moment to give the connection up for a fresh one. */
  protected beforeSending(): void {}
  protected abstract sent(asked: Asked): void;
  /** Bytes came, whether asked for or not. */
  protected abstract heard(): void;
  /** Has an answer begun, with these bytes since the request? */
  protected abstract hasBegun(heard: readonly Uint8Array[]): boolean;
  /** What a frame is taken for, where that is not all of `outcome`. */
  protected abstract judged(outcome: Outcome): Outcome;
  /** A question that was sent is over. */
  protected abstract ended(asked: Asked, timing: DeviceTiming, outcome: Outcome): void;

  /** Opens the line for the first time; rejects with a `WearoutError` that names the cause. */
  open(): Promise<void> {
    return this.redial.open();
  }

  async exchange(
    unit: number,
    request: Request,
    timing: DeviceTiming,
    urgent: boolean,
  ): Promise<Reply> {
    const asked = { unit, request };
    this.#hurried = false;
    this.#isCutShort = false;
    const ask: Ask = (question) => this.#try(question, timing, urgent);
    // By their names: the two that each exchange counts.
    this.statistics.exchanges++;
    this.#countsOf(unit).exchanges++;
    let outcome = await this.answer(asked, urgent, ask);
    this.#counted(unit, outcome);
    for (let repeats = 0; !outcome.ok && !this.#hurried; repeats++) {
      const isSilent = outcome.fault === "timeout";
      const most = outcome.fault === "closed" ? mostFreshConnections : 1;
      if (isSilent ? urgent || !this.isWarmingUp() : repeats >= most) break;
      if (!this.mayRepeat(asked, outcome.fault)) break;
      this.#count(unit, "retries");
      outcome = await this.answer(asked, urgent, ask);
      this.#counted(unit, outcome);
    }
    const at = this.clock.elapsed();
    return outcome.ok ? { ok: true, words: outcome.words, at } : { ...outcome, at };
  }

  hurry(letEnd: boolean): void {
    this.#hurried = true;
    this.#isCutShort = !letEnd;
    this.#wake.cancel();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.redial.close();
  }

  #counted(unit: number, outcome: Outcome): void {
    const { statistics } = this;
    statistics.reconnects = this.redial.reconnects;
    const lowLatency = this.redial.link?.stream.lowLatency;
    if (lowLatency !== undefined) statistics.lowLatency = lowLatency;
    if (outcome.ok) {
      statistics.ok++;
      this.#countsOf(unit).ok++;
      return;
    }
    this.#count(unit, counterOf[outcome.fault]);
    if (outcome.exception === undefined) return;
    const { exceptionCodes } = statistics;
    exceptionCodes[outcome.exception] = (exceptionCodes[outcome.exception] ?? 0) + 1;
  }

  #count(unit: number, what: keyof ExchangeCounts): void {
    this.statistics[what]++;
    this.#countsOf(unit)[what]++;
  }

  #countsOf(unit: number): ExchangeCounts {
    const { units } = this.statistics;
    units[unit] ??= newCounts();
    return units[unit];
  }

  async #try(asked: Asked, timing: DeviceTiming, urgent: boolean): Promise<Outcome> {
    const wholeMs = this.requestMs(asked) + this.answerMs(asked, timing);
    if (this.redial.link === undefined) {
      const connected = this.#connected(wholeMs, urgent);
      if (connected !== undefined) await connected;
    }
    const link = this.redial.link;
    if (link === undefined) return this.#hurried ? cut("connecting") : this.#lost();
    const silent = this.#silent(link, asked, timing, urgent, wholeMs);
    if (silent !== undefined) await silent;
    if (!this.#hurried && this.redial.link === link) this.beforeSending();
    if (this.redial.link !== link) {
      // Nothing was sent: a peer that hangs up after each answer is asked on a fresh connection.
      return this.redial.isReady && !this.#hurried
        ? this.#try(asked, timing, urgent)
        : this.#lost();
    }
    if (this.#hurried) return cut("nothing was sent");
    const question = this.#send(link, asked, timing);
    await this.#answered(question);
    return this.#judged(question);
  }

  #connected(wholeMs: number, urgent: boolean): Promise<void> | undefined {
    const connectBy = this.clock.elapsed() + wholeMs + this.connectPauseMs();
    this.redial.start(urgent);
    return this.#until(
      () => !this.redial.dialling || this.#hurried,
      () => connectBy,
    );
  }

  #silent(
    link: Link,
    asked: Asked,
    timing: DeviceTiming,
    urgent: boolean,
    wholeMs: number,
  ): Promise<void> | undefined {
    // A line that is never silent is not waited for longer than an exchange takes.
    const silentBy = this.clock.elapsed() + wholeMs;
    return this.#until(
      () => this.redial.link !== link || this.#hurried,
      () => {
        const silentAt = Math.min(silentBy, this.silentAt(timing));
        const restedAt = Math.max(silentAt, this.#restedAt(asked.unit, timing));
        return urgent ? restedAt : Math.max(restedAt, this.clearAt(asked));
      },
    );
  }

  #send(link: Link, asked: Asked, timing: DeviceTiming): Question {
    link.heard = [];
    this.#heardAt = Number.NaN;
    const begun = this.clock.elapsed();
    if (begun < this.silentAt(timing)) this.statistics.gapViolations++;
    const question: Question = { link, asked, timing, begun, requestEnd: begun, deadline: begun };
    link.client.exchange(asked.unit, asked.request, (reply) => {
      question.reply = reply;
      // At once: a server that hangs up after each answer does it before anybody has looked at it.
      if (reply.ok || reply.fault === "exception") this.redial.proven(link);
      this.#wake.cancel();
    });
    this.sent(asked);
    // After the bytes went out: on a busy machine the moment before may be long ago.
    question.requestEnd = this.clock.elapsed() + this.requestMs(asked);
    question.deadline = question.requestEnd + this.answerMs(asked, timing);
    return question;
  }

  #answered(question: Question): Promise<void> | undefined {
    const { link, timing, requestEnd, deadline } = question;
    return this.#until(
      () => question.reply !== undefined || this.redial.link !== link,
      // An answer that has begun is let through: cutting it would cost more than it saves.
      () =>
        this.#isCutShort && !this.hasBegun(link.heard)
          ? Math.min(deadline, requestEnd + this.beginsMs(timing))
          : deadline,
      // On a busy machine an answer may lie in the kernel for longer than its deadline.
      true,
    );
  }

  #judged({ link, asked, timing, begun, requestEnd, deadline, reply }: Question): Outcome {
    const now = this.clock.elapsed();
    const early = now < deadline && this.redial.link === link;
    const outcome = reply ?? this.#instead(link, asked, early);
    if (reply !== undefined) this.noteTurnaround(asked.unit, this.#heardAt - requestEnd, timing);
    if (timing.pauseMs !== undefined) this.#restSince.set(asked.unit, now);
    this.ended(asked, timing, outcome);
    this.#noted(link, asked, begun, this.judged(outcome));
    return outcome;
  }

  #restedAt(unit: number, { pauseMs = 0 }: DeviceTiming): ElapsedMs {
    return (this.#restSince.get(unit) ?? Number.NEGATIVE_INFINITY) + pauseMs;
  }

  /** An answer of the unit began `tookMs` after its request, in time or late. */
  protected noteTurnaround(unit: number, tookMs: number, { turnaroundMs }: DeviceTiming): void {
    if (tookMs > turnaroundMs) noteSlow(this.statistics.slow, unit, tookMs, turnaroundMs);
  }

  #noted(link: Link, { unit, request }: Asked, begun: ElapsedMs, outcome: Outcome): void {
    const at = this.clock.elapsed();
    this.statistics.service.add(at - begun);
    const asked = () => requestInWords(request);
    this.trace.add({ at: begun, unit, direction: "out", bytes: [link.port.sent], verdict: asked });
    const judged = () => replyInWords(outcome);
    this.trace.add({ at, unit, direction: "in", bytes: link.heard, verdict: judged });
  }

  #instead(link: Link, asked: Asked, early: boolean): Outcome {
    const instead = link.framer.end();
    if (link.framer.broken !== undefined) return { ok: false, ...instead };
    if (this.redial.link !== link) return this.#lost();
    if (this.isBroadcast(asked)) return { ok: true, words: [] };
    return early ? cut("no answer within its turnaround") : { ok: false, ...instead };
  }

  #lost(): Outcome {
    const cause = this.redial.dialling ? "connecting" : this.redial.cause;
    return { ok: false, fault: "closed", detail: this.#closed ? "the line is closed" : cause };
  }

  /**
   * `look`: not given up before the event loop has turned once more, however late it is. Undefined where nothing is
   * waited for, as mostly: a promise for it would cost a turn.
   */
  #until(done: () => boolean, deadline: () => ElapsedMs, look = false): Promise<void> | undefined {
    if (done() || (!look && deadline() <= this.clock.elapsed())) return undefined;
    return this.#wait(done, deadline, look);
  }

  async #wait(done: () => boolean, deadline: () => ElapsedMs, look: boolean): Promise<void> {
    let looked = !look;
    while (!done()) {
      const leftMs = deadline() - this.clock.elapsed();
      if (leftMs <= 0 && looked) return;
      this.#wake = new Cancel();
      await this.clock.sleep(Math.max(leftMs, lastLookMs), this.#wake);
      looked = !this.#wake.cancelled;
    }
  }

  /** Bytes only move deadlines: who waits finds that when his time is over, and sleeps on. */
  #changed(bytes: number): void {
    if (bytes === 0) this.#wake.cancel();
    else {
      if (Number.isNaN(this.#heardAt)) this.#heardAt = this.clock.elapsed();
      this.heard();
    }
  }
}

function cut(when: string): Outcome {
  return { ok: false, fault: "cut", detail: `cut short for a stop: ${when}` };
}
