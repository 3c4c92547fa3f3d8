import type { ElapsedMs } from "../base/clock.js";
import { schedulingMs } from "../device/wire-time.js";
import type { Asked, Framer } from "./framer.js";
import type { DeviceTiming } from "./line.js";
import { TcpFramer } from "./mbap.js";
import type { Ask, Outcome } from "./outcome.js";
import { StreamTransport } from "./transport.js";

/** Allowance for the network, and for servers that hold answers back for delayed acknowledges. */
export const networkMs = 100;
/** After so many timeouts in a row the peer is taken for gone although TCP has not noticed. */
const timeoutsInARow = 3;
/** Ids have 16 bits; one that was never answered must not come round again. */
const idsPerConnection = 0xffff;

/**
 * Modbus TCP: one request at a time on our own socket, answers matched by the whole transaction id.
 * The connection is replaced after a streak of timeouts, and before an id that got no answer could
 * be used again.
 */
export class TcpTransport extends StreamTransport {
  #requests = 0;
  #unanswered = false;
  #streak = 0;
  #startedAt: ElapsedMs = 0;
  #lastByteAt: ElapsedMs = Number.NEGATIVE_INFINITY;

  protected newFramer(): Framer {
    this.#requests = 0;
    this.#unanswered = false;
    this.#streak = 0;
    return new TcpFramer(this.statistics);
  }

  protected silentAt(timing: DeviceTiming): ElapsedMs {
    return this.#lastByteAt + timing.silenceMs;
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

  /** TCP repeats lost bytes itself. */
  protected mayRepeat(): boolean {
    return false;
  }

  protected sent(): void {
    this.#requests++;
    this.#startedAt = this.clock.elapsed();
  }

  protected heard(): void {
    this.#lastByteAt = this.clock.elapsed();
  }

  protected ended(_asked: Asked, _timing: DeviceTiming, outcome: Outcome): void {
    this.statistics.busyMs += this.clock.elapsed() - this.#startedAt;
    const answered = outcome.ok || outcome.fault === "exception";
    if (!answered) this.#unanswered = true;
    if (answered) this.#streak = 0;
    else if (outcome.fault === "timeout") this.#streak++;
    if (this.#streak >= timeoutsInARow) {
      this.redial.drop(`${timeoutsInARow} timeouts in a row`);
    } else if (this.#unanswered && this.#requests >= idsPerConnection) {
      this.redial.drop("transaction ids are used up");
    }
  }
}
