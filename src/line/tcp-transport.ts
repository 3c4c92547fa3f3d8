import type { Clock, ElapsedMs } from "../base/clock.js";
import { schedulingMs } from "../device/wire-time.js";
import type { ByteStream } from "./byte-stream.js";
import type { Asked, Framer } from "./framer.js";
import { Habits, networkMs } from "./habits.js";
import type { DeviceTiming, LineFault } from "./line.js";
import { TcpFramer } from "./mbap.js";
import type { Ask, Outcome } from "./outcome.js";
import { StreamTransport } from "./transport.js";
import type { TcpSpec, Tolerated } from "./wire.js";

/** Ids have 16 bits; one that was never answered must not come round again. */
const idsPerConnection = 0xffff;
/** So many unanswered questions are remembered, to tell how late an answer was. */
const mostGivenUp = 16;

/**
 * Modbus TCP: one request at a time on our own socket, answers matched by the whole transaction id. The connection is
 * replaced after a streak of timeouts, after an answer that was cut short, and before an id that got no answer could
 * be used again. What was never answered because the peer hung up is asked again at once where that can do no harm:
 * reads, and whatever had not been sent yet.
 */
export class TcpTransport extends StreamTransport {
  readonly #habits: Habits;
  readonly #tolerate: readonly Tolerated[];
  #requests = 0;
  #unanswered = false;
  #startedAt: ElapsedMs = 0;
  /** Questions of this connection that were given up, by their number. */
  readonly #givenUp = new Map<number, { unit: number; at: ElapsedMs; timing: DeviceTiming }>();

  /** `dial` connects and hands the stream over after so many milliseconds. */
  constructor(
    dial: (pauseMs: number) => Promise<ByteStream>,
    clock: Clock,
    { pauseAfterConnectMs, tolerate = [] }: Pick<TcpSpec, "pauseAfterConnectMs" | "tolerate"> = {},
  ) {
    const habits = new Habits(clock, pauseAfterConnectMs);
    super(() => dial(habits.pauseMs), clock);
    this.#habits = habits;
    this.#tolerate = tolerate;
  }

  protected newFramer(): Framer {
    this.#habits.begin();
    this.#requests = 0;
    this.#unanswered = false;
    this.#givenUp.clear();
    return new TcpFramer(this.statistics, this.#tolerate, (id) => this.#cameLate(id));
  }

  protected silentAt(timing: DeviceTiming): ElapsedMs {
    return Math.max(this.#habits.heardAt + timing.silenceMs, this.#habits.hungUpAt());
  }

  protected override connectPauseMs(): number {
    return this.#habits.pauseMs;
  }

  /** Transaction ids keep late answers apart. */
  protected clearAt(): ElapsedMs {
    return Number.NEGATIVE_INFINITY;
  }

  /** The id tells whose answer it is. */
  protected answer(asked: Asked, _urgent: boolean, ask: Ask): Promise<Outcome> {
    return ask(asked);
  }

  protected hasBegun(heard: readonly Uint8Array[]): boolean {
    return heard.length > 0;
  }

  protected judged(outcome: Outcome): Outcome {
    return outcome;
  }

  protected requestMs(): number {
    return 0;
  }

  protected answerMs(_asked: Asked, timing: DeviceTiming): number {
    return timing.turnaroundMs + networkMs + schedulingMs;
  }

  /** Ids keep the answer apart that comes after all: the network's time is not waited for. */
  protected beginsMs(timing: DeviceTiming): number {
    return timing.turnaroundMs;
  }

  /** Unit 0 is the addressed server itself here (Modbus Messaging on TCP/IP V1.0b, 4.4.1.2). */
  protected isBroadcast(): boolean {
    return false;
  }

  /** TCP repeats lost bytes itself; what is lost with its connection, it does not. */
  protected mayRepeat(asked: Asked, fault: LineFault): boolean {
    if (fault === "timeout") return this.#habits.mayRepeat(asked, fault);
    const isLost = fault === "closed" || fault === "partial";
    return isLost && this.redial.isReady && this.#habits.mayRepeat(asked, fault);
  }

  protected override isWarmingUp(): boolean {
    return this.redial.link !== undefined && this.#habits.isWarmingUp();
  }

  protected override beforeSending(): void {
    this.#dropFor(this.#habits.whyNotNow());
  }

  protected sent(asked: Asked): void {
    this.#habits.sent(asked);
    this.#requests++;
    this.#startedAt = this.clock.elapsed();
  }

  protected heard(): void {
    this.#habits.heard();
  }

  protected ended({ unit }: Asked, timing: DeviceTiming, outcome: Outcome): void {
    this.statistics.busyMs += this.clock.elapsed() - this.#startedAt;
    if (outcome.ok || outcome.fault === "exception") this.#habits.answered(unit);
    else this.#notAnswered(unit, timing, outcome.fault);
    // Without a number of its own an answer belongs to its question only where there was no other one.
    if (this.#tolerate.includes("transaction")) this.#dropFor("one question per connection");
    else if (this.#unanswered && this.#requests >= idsPerConnection) {
      this.#dropFor("transaction ids are used up");
    }
  }

  #notAnswered(unit: number, timing: DeviceTiming, fault: LineFault): void {
    this.#unanswered = true;
    this.#giveUp(unit, timing);
    if (fault === "partial") this.#dropFor("an answer was cut short");
    else if (fault === "timeout") this.#dropFor(this.#habits.wasSilent(unit));
  }

  #giveUp(unit: number, timing: DeviceTiming): void {
    this.#givenUp.set(this.#requests & 0xffff, { unit, at: this.#startedAt, timing });
    const [oldest] = this.#givenUp.keys();
    if (this.#givenUp.size > mostGivenUp && oldest !== undefined) this.#givenUp.delete(oldest);
  }

  #cameLate(id: number): void {
    const late = this.#givenUp.get(id);
    if (late === undefined) return;
    this.#givenUp.delete(id);
    this.noteTurnaround(late.unit, this.clock.elapsed() - late.at, late.timing);
  }

  #dropFor(why: string | undefined): void {
    if (why === undefined) return;
    this.#habits.dropped();
    this.redial.drop(why);
  }
}
