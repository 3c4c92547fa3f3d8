import type { Clock, ElapsedMs } from "../base/clock.js";
import { schedulingMs } from "../device/wire-time.js";
import type { ByteStream } from "./byte-stream.js";
import type { Asked, Framer } from "./framer.js";
import type { DeviceTiming, LineFault } from "./line.js";
import { TcpFramer } from "./mbap.js";
import type { Ask, Outcome } from "./outcome.js";
import { StreamTransport } from "./transport.js";
import { WarmUp } from "./warm-up.js";
import type { TcpSpec, Tolerated } from "./wire.js";

/** Allowance for the network, and for servers that hold answers back for delayed acknowledges. */
export const networkMs = 100;
/** After so many timeouts in a row the peer is taken for gone although TCP has not noticed. */
const timeoutsInARow = 3;
/** Ids have 16 bits; one that was never answered must not come round again. */
const idsPerConnection = 0xffff;
/** So many unanswered questions are remembered, to tell how late an answer was. */
const mostGivenUp = 16;
/** A server that hung up after its one answer so often in a row will do it again. */
const timesToExpect = 2;
/** So often it is then hung up for it, when it does not, before that is forgotten. */
const mostHangUps = 4;
/** It is given so long to do it, rather than losing the next request in its hanging up. */
const hangUpMs = 20;

/**
 * Modbus TCP: one request at a time on our own socket, answers matched by the whole transaction id. The connection is
 * replaced after a streak of timeouts, after an answer that was cut short, and before an id that got no answer could
 * be used again. What was never answered because the peer hung up is asked again at once where that can do no harm:
 * reads, and whatever had not been sent yet.
 */
export class TcpTransport extends StreamTransport {
  readonly #warmUp: WarmUp;
  readonly #tolerate: readonly Tolerated[];
  #requests = 0;
  #answers = 0;
  #unanswered = false;
  #streak = 0;
  #startedAt: ElapsedMs = 0;
  #lastByteAt: ElapsedMs = Number.NEGATIVE_INFINITY;
  /** What went out last: an exchange that is not this one was never sent. */
  #sent: Asked | undefined;
  /** Questions of this connection that were given up, by their number. */
  readonly #givenUp = new Map<number, { unit: number; at: ElapsedMs; timing: DeviceTiming }>();
  /** We gave the connection up, not the peer. */
  #dropped = false;
  #hangUps = 0;

  /** `dial` connects and hands the stream over after so many milliseconds. */
  constructor(
    dial: (pauseMs: number) => Promise<ByteStream>,
    clock: Clock,
    { pauseAfterConnectMs, tolerate = [] }: Pick<TcpSpec, "pauseAfterConnectMs" | "tolerate"> = {},
  ) {
    const warmUp = new WarmUp(pauseAfterConnectMs);
    super(() => dial(warmUp.pauseMs), clock);
    this.#warmUp = warmUp;
    this.#tolerate = tolerate;
  }

  protected newFramer(): Framer {
    if (!this.#dropped) {
      this.#hangUps = this.#answers === 1 ? Math.min(this.#hangUps + 1, mostHangUps) : 0;
    }
    this.#requests = 0;
    this.#answers = 0;
    this.#unanswered = false;
    this.#streak = 0;
    this.#dropped = false;
    this.#warmUp.begin(this.clock.elapsed());
    this.#givenUp.clear();
    return new TcpFramer(this.statistics, this.#tolerate, (id) => this.#cameLate(id));
  }

  protected silentAt(timing: DeviceTiming): ElapsedMs {
    return this.#lastByteAt + Math.max(timing.silenceMs, this.#expectsHangUp() ? hangUpMs : 0);
  }

  #expectsHangUp(): boolean {
    return this.#answers > 0 && this.#hangUps >= timesToExpect;
  }

  protected override connectPauseMs(): number {
    return this.#warmUp.pauseMs;
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
    const isRead = asked.request.kind === "read";
    if (fault === "timeout") return isRead && this.isWarmingUp();
    if (fault !== "closed" && fault !== "partial") return false;
    return this.redial.isReady && (isRead || this.#sent !== asked);
  }

  protected override isWarmingUp(): boolean {
    return this.redial.link !== undefined && this.#warmUp.isWorthAsking(this.clock.elapsed());
  }

  /** It had the time to hang up and did not: perhaps it is slow, perhaps that is no habit of its. */
  protected override beforeSending(): void {
    if (!this.#expectsHangUp()) return;
    this.#hangUps--;
    this.#drop("the peer used to hang up after each answer");
  }

  protected sent(asked: Asked): void {
    this.#sent = asked;
    this.#requests++;
    this.#startedAt = this.clock.elapsed();
  }

  protected heard(): void {
    this.#lastByteAt = this.clock.elapsed();
  }

  protected ended({ unit }: Asked, timing: DeviceTiming, outcome: Outcome): void {
    this.statistics.busyMs += this.clock.elapsed() - this.#startedAt;
    if (outcome.ok || outcome.fault === "exception") this.#answered(unit);
    else this.#notAnswered(unit, timing, outcome.fault);
    // Without a number of its own an answer belongs to its question only where there was no other one.
    if (this.#tolerate.includes("transaction")) this.#drop("one question per connection");
    else if (this.#unanswered && this.#requests >= idsPerConnection) {
      this.#drop("transaction ids are used up");
    }
  }

  #notAnswered(unit: number, timing: DeviceTiming, fault: LineFault): void {
    this.#unanswered = true;
    this.#giveUp(unit, timing);
    if (fault === "timeout") {
      this.#streak++;
      this.#warmUp.wasSilent(unit);
    }
    if (fault === "partial") this.#drop("an answer was cut short");
    else if (this.#streak >= timeoutsInARow && !this.#warmUp.isTooEarly(this.clock.elapsed())) {
      this.#drop(`${this.#streak} timeouts in a row`);
    }
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

  #answered(unit: number): void {
    this.#streak = 0;
    this.#answers++;
    this.#warmUp.hasAnswered(unit, this.#startedAt);
  }

  #drop(why: string): void {
    this.#dropped = true;
    this.redial.drop(why);
  }
}
