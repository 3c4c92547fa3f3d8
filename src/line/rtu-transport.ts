import type { Clock, ElapsedMs } from "../base/clock.js";
import { replyLength, requestLength } from "../device/rtu-frame.js";
import { bitsPerCharOf, charMs, replyTimeoutMs, t35Ms } from "../device/wire-time.js";
import type { ByteStream } from "./byte-stream.js";
import { RtuFramer } from "./frame.js";
import type { Asked, Framer } from "./framer.js";
import { LateAnswers } from "./late.js";
import type { DeviceTiming, LineFault } from "./line.js";
import { type Outcome, StreamTransport } from "./transport.js";
import type { Wire } from "./wire.js";

/** An answer may be as late again as it was given time for, and at least this. */
const shortestLateWindowMs = 100;

/** Faults after which no answer is outstanding any more. */
const answered: readonly LineFault[] = ["exception", "crc", "closed"];

/**
 * Modbus RTU over a serial line, or over a serial server's TCP connection: keeps T3.5 (or the device's longer silence) between frames, gives
 * each exchange its wire time and turnaround, and keeps the line in quarantine after a timeout.
 *
 * What remains: a read of one register (or of at most eight bits) has no shorter probe. Its answer
 * can be told from one that is later than turnaround plus late window only by the next timeout, so
 * a device type's turnaround must be honest.
 */
export class RtuTransport extends StreamTransport {
  readonly #charMs: number;
  readonly #networkMs: number;
  readonly #t35Ms: number;
  readonly #late = new LateAnswers();
  /** End of the last byte on the wire, either way. */
  #quietSince: ElapsedMs;

  /** `networkMs` is the longest way to and from a serial server that passes the frames through. */
  constructor(wire: Wire, dial: () => Promise<ByteStream>, clock: Clock, networkMs = 0) {
    super(dial, clock);
    const bitsPerChar = bitsPerCharOf(wire.format);
    this.#charMs = charMs(wire.baud, bitsPerChar);
    this.#networkMs = networkMs;
    this.#t35Ms = t35Ms(wire.baud, bitsPerChar);
    this.#quietSince = clock.elapsed();
  }

  protected newFramer(): Framer {
    this.#quietSince = this.clock.elapsed();
    return new RtuFramer(this.#late, this.statistics);
  }

  protected silentAt(timing: DeviceTiming): ElapsedMs {
    return this.#quietSince + Math.max(this.#t35Ms, timing.silenceMs);
  }

  protected clearAt(asked: Asked): ElapsedMs {
    return this.#late.clearAt(asked, this.clock.elapsed());
  }

  protected probeFor(asked: Asked): Asked | undefined {
    return this.#late.probeFor(asked);
  }

  protected probed(probe: Asked): void {
    this.#late.settle(probe);
  }

  protected requestMs({ request }: Asked): number {
    return requestLength(request) * this.#charMs;
  }

  protected answerMs(asked: Asked, timing: DeviceTiming): number {
    if (this.isBroadcast(asked)) return timing.turnaroundMs;
    return replyTimeoutMs(timing.turnaroundMs, this.#replyMs(asked)) + this.#networkMs;
  }

  protected beginsMs(timing: DeviceTiming): number {
    return timing.turnaroundMs + this.#networkMs;
  }

  protected isBroadcast({ unit, request }: Asked): boolean {
    return unit === 0 && request.kind === "write";
  }

  /** A damaged read is worth one more try; silence is not, and a write is never sent blindly again. */
  protected mayRepeat({ request }: Asked, fault: LineFault): boolean {
    return request.kind === "read" && (fault === "crc" || fault === "partial");
  }

  protected sent(asked: Asked): void {
    const requestMs = this.requestMs(asked);
    this.statistics.busyMs += requestMs;
    this.#quietSince = Math.max(this.#quietSince, this.clock.elapsed() + requestMs);
  }

  protected heard(): void {
    this.#quietSince = this.clock.elapsed();
  }

  protected ended(asked: Asked, timing: DeviceTiming, outcome: Outcome): void {
    if (outcome.ok) {
      if (!this.isBroadcast(asked)) this.statistics.busyMs += this.#replyMs(asked);
      return;
    }
    if (answered.includes(outcome.fault)) return;
    const answerMs = this.answerMs(asked, timing);
    const stillDueMs = outcome.fault === "cut" ? answerMs : 0;
    const windowMs = Math.max(answerMs, shortestLateWindowMs);
    this.#late.expect(asked, this.clock.elapsed() + stillDueMs + windowMs);
  }

  #replyMs({ request }: Asked): number {
    return replyLength(request) * this.#charMs;
  }
}
