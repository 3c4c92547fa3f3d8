import type { Clock, ElapsedMs } from "../base/clock.js";
import { replyLength, requestLength } from "../device/rtu-frame.js";
import { bitsPerCharOf, charMs, replyTimeoutMs, t35Ms } from "../device/wire-time.js";
import { Asking } from "./asking.js";
import type { ByteStream } from "./byte-stream.js";
import { RtuFramer } from "./frame.js";
import type { Asked, Framer } from "./framer.js";
import { type Habits, networkMs } from "./habits.js";
import { LateAnswers } from "./late.js";
import type { DeviceTiming, LineFault } from "./line.js";
import type { Ask, Outcome } from "./outcome.js";
import { Overheard } from "./overheard.js";
import { requestInWords } from "./trace.js";
import { StreamTransport } from "./transport.js";
import type { RtuWire } from "./wire.js";

/** An answer may be as late again as it was given time for, and at least this. */
const shortestLateWindowMs = 100;

/** Faults after which no answer is under way any more. */
const brought: readonly LineFault[] = ["crc", "closed"];

/**
 * Modbus RTU over a serial line, or over a serial server's TCP connection: keeps T3.5 (or the device's
 * longer silence) between frames, gives each exchange its wire time and turnaround, and takes no answer
 * that may belong to another question, or to another master's.
 */
export class RtuTransport extends StreamTransport {
  readonly #charMs: number;
  /** Of a serial server; a port on this machine has none. */
  readonly #habits: Habits | undefined;
  readonly #t35Ms: number;
  readonly #late: LateAnswers;
  readonly #overheard: Overheard;
  readonly #asking: Asking;
  /** When the last request ended; of units that were given up, when theirs did, and what they were allowed. */
  #requestEnd: ElapsedMs = Number.NaN;
  readonly #givenUp = new Map<number, { requestEnd: ElapsedMs; timing: DeviceTiming }>();
  /** End of the last byte on the wire, either way. */
  #quietSince: ElapsedMs;

  /** `habits`: of the serial server that passes the frames through, whose way there and back counts. */
  constructor(wire: RtuWire, dial: () => Promise<ByteStream>, clock: Clock, habits?: Habits) {
    super(dial, clock);
    const now = () => clock.elapsed();
    this.#late = new LateAnswers(now, (asked) => this.#cameLate(asked));
    this.#overheard = new Overheard(wire.localEcho === true, this.statistics);
    this.#asking = new Asking(this.#late, this.#overheard, now);
    const bitsPerChar = bitsPerCharOf(wire.format);
    this.#charMs = charMs(wire.baud, bitsPerChar);
    this.#habits = habits;
    this.#t35Ms = t35Ms(wire.baud, bitsPerChar);
    this.#quietSince = clock.elapsed();
  }

  protected newFramer(): Framer {
    this.#quietSince = this.clock.elapsed();
    this.#habits?.begin();
    return new RtuFramer(this.#late, this.#overheard, this.statistics, (asked, frame) =>
      this.#heardOther(asked, frame),
    );
  }

  protected silentAt(timing: DeviceTiming): ElapsedMs {
    const silentAt = this.#quietSince + Math.max(this.#t35Ms, timing.silenceMs);
    return this.#habits === undefined ? silentAt : Math.max(silentAt, this.#habits.hungUpAt());
  }

  protected override connectPauseMs(): number {
    return this.#habits?.pauseMs ?? 0;
  }

  protected override beforeSending(): void {
    this.#dropFor(this.#habits?.whyNotNow());
  }

  protected clearAt({ unit }: Asked): ElapsedMs {
    return this.#late.patientUntil(unit);
  }

  protected answer(asked: Asked, urgent: boolean, ask: Ask): Promise<Outcome> {
    return this.#asking.answer(asked, urgent, ask);
  }

  /** Our own bytes that an adapter gives back are no answer. */
  protected hasBegun(heard: readonly Uint8Array[]): boolean {
    let bytes = 0;
    for (const piece of heard) bytes += piece.length;
    return bytes > this.wireBytes(this.#overheard.echoLength);
  }

  protected judged(outcome: Outcome): Outcome {
    const { doubt } = this.#late;
    if (doubt === undefined || !outcome.ok) return outcome;
    return { ok: false, fault: "stale", detail: doubt };
  }

  protected requestMs({ request }: Asked): number {
    return this.wireBytes(requestLength(request)) * this.#charMs;
  }

  protected answerMs(asked: Asked, timing: DeviceTiming): number {
    if (this.isBroadcast(asked)) return timing.turnaroundMs;
    return replyTimeoutMs(timing.turnaroundMs, this.#replyMs(asked)) + this.#networkMs();
  }

  protected beginsMs(timing: DeviceTiming): number {
    return timing.turnaroundMs + this.#networkMs();
  }

  #networkMs(): number {
    return this.#habits === undefined ? 0 : networkMs;
  }

  protected isBroadcast({ unit, request }: Asked): boolean {
    return unit === 0 && request.kind === "write";
  }

  /** A damaged read is worth one more try; silence is not, and a write is never sent blindly again. */
  protected mayRepeat(asked: Asked, fault: LineFault): boolean {
    if (fault === "crc" || fault === "partial") return asked.request.kind === "read";
    if (fault !== "closed" && fault !== "timeout") return false;
    // The device may answer over the fresh connection what it was asked over the lost one: that stays owed.
    const mayBeAsked = fault === "timeout" || this.redial.isReady;
    return mayBeAsked && this.#habits?.mayRepeat(asked, fault) === true;
  }

  protected override isWarmingUp(): boolean {
    return this.redial.link !== undefined && this.#habits?.isWarmingUp() === true;
  }

  protected sent(asked: Asked): void {
    const requestMs = this.requestMs(asked);
    this.statistics.busyMs += requestMs;
    this.#requestEnd = this.clock.elapsed() + requestMs;
    this.#quietSince = Math.max(this.#quietSince, this.#requestEnd);
    this.#habits?.sent(asked);
  }

  protected heard(): void {
    this.#quietSince = this.clock.elapsed();
    this.#habits?.heard();
    // A late answer too comes from somebody.
    this.#habits?.isThere();
  }

  protected ended(asked: Asked, timing: DeviceTiming, outcome: Outcome): void {
    this.#owed(asked, timing, outcome);
    const habits = this.#habits;
    if (habits === undefined || this.isBroadcast(asked)) return;
    if (outcome.ok || outcome.fault === "exception") habits.answered(asked.unit);
    else if (outcome.fault === "timeout") this.#dropFor(habits.wasSilent(asked.unit));
  }

  #dropFor(why: string | undefined): void {
    if (why === undefined) return;
    this.#habits?.dropped();
    this.redial.drop(why);
  }

  /** What is still to come, and the time that the wire was in use. */
  #owed(asked: Asked, timing: DeviceTiming, outcome: Outcome): void {
    if (outcome.ok) {
      if (!this.isBroadcast(asked)) this.statistics.busyMs += this.#replyMs(asked);
      return;
    }
    if (outcome.fault === "exception") return;
    const now = this.clock.elapsed();
    if (brought.includes(outcome.fault)) {
      this.#late.lost(now);
      return;
    }
    this.#givenUp.set(asked.unit, { requestEnd: this.#requestEnd, timing });
    const answerMs = this.answerMs(asked, timing);
    const stillDueMs = outcome.fault === "cut" ? answerMs : 0;
    this.#late.lost(now + stillDueMs + Math.max(answerMs, shortestLateWindowMs));
  }

  #cameLate(asked: Asked): void {
    const late = this.#givenUp.get(asked.unit);
    if (late === undefined) return;
    const began = this.clock.elapsed() - this.#replyMs(asked);
    this.noteTurnaround(asked.unit, began - late.requestEnd, late.timing);
  }

  #heardOther({ unit, request }: Asked, frame: Uint8Array): void {
    const verdict = () => `another master: ${requestInWords(request)}`;
    const at = this.clock.elapsed();
    this.trace.add({ at, unit, direction: "in", bytes: [frame], verdict });
  }

  #replyMs({ request }: Asked): number {
    return this.wireBytes(replyLength(request)) * this.#charMs;
  }

  /** Bytes that a frame takes on this wire. */
  protected wireBytes(frameBytes: number): number {
    return frameBytes;
  }
}
