import { Cancel, type Clock, type ElapsedMs } from "../base/clock.js";
import { assert } from "../base/error.js";
import { type Random, randomStream } from "../base/random.js";
import { asciiLength } from "../device/ascii-frame.js";
import type { Request } from "../device/request.js";
import { exceptionText, replyLength, requestLength } from "../device/rtu-frame.js";
import { charMs, replyTimeoutMs, t35Ms } from "../device/wire-time.js";
import {
  type DeviceTiming,
  type LineFault,
  type LineStatistics,
  newStatistics,
  type Reply,
  type Transport,
} from "../line/line.js";
import { busyCode, type FaultKind, type Faults, noFaults } from "./fault.js";
import { Injector } from "./injector.js";
import { isDiscarded, isUnheard, ruinOf } from "./ruin.js";
import type { DeviceAnswer, SimDevice } from "./sim-device.js";
import { VirtualClock } from "./virtual-clock.js";

/** What the simulated line is made of. */
export type SimWire = { baud: number; bitsPerChar: number; framing?: "ascii" } | "tcp";

/** One way through a local network, whatever the size. */
const networkMs = 0.1;

/**
 * A line to simulated devices on the given clock: requests and answers take their time on the wire,
 * devices carry a request out at the moment it has arrived and use all of their turnaround, and
 * whatever does not answer costs the real line's timeout. Faults act on replies here, not on bytes: what
 * a real line makes good without a trace (noise before an answer, one in pieces) only takes time.
 */
export function simTransport(
  units: ReadonlyMap<number, SimDevice>,
  clock: Clock,
  wire: SimWire,
  faults: Faults = noFaults,
  random: Random = randomStream(0, "sim-line"),
): Transport {
  return new SimTransport(units, clock, wire, faults, random);
}

const noWords = new Uint16Array(0);
/** As many as a burst of noise has on average. */
const noiseBytes = 3;

const inWords = {
  crc: "CRC does not fit",
  foreign: "another unit answered",
  echo: "a write confirmed for another register or value",
  length: "an answer whose byte count lies",
} as const;

/** One attempt of the exchange under way; there is never more than one. */
type Flight = {
  unit: number;
  request: Request;
  timing: DeviceTiming;
  /** The second attempt. */
  again: boolean;
  requestMs: number;
  settle: (reply: Reply | Promise<Reply>) => void;
  reject: (defect: unknown) => void;
};

/** Calls `work` `ms` later; the virtual clock does so without a promise. */
function after(clock: Clock, ms: number, work: () => boolean): void {
  if (clock instanceof VirtualClock) clock.call(ms, work);
  else void clock.sleep(ms).then(work);
}

/** Times of one answer, from the end of the request. */
type AnswerTimes = { turnaroundMs: number; replyMs: number; lateMs: number };

/** After so many a real TCP line takes a new connection. */
const timeoutsInARow = 3;
/** Pauses within an answer that comes in three pieces. */
const pausesOfSplit = 2;

class SimTransport implements Transport {
  readonly statistics: LineStatistics = newStatistics();
  readonly #units: ReadonlyMap<number, SimDevice>;
  readonly #clock: Clock;
  readonly #injector: Injector;
  readonly #isTcp: boolean;
  readonly #charMs: number;
  readonly #isAscii: boolean;
  readonly #hopMs: number;
  readonly #t35Ms: number;
  /** End of the last byte on the wire. */
  #quietSince: ElapsedMs = Number.NEGATIVE_INFINITY;
  /** End of an answer that is late; only a stop goes out before. */
  #lateUntil: ElapsedMs = Number.NEGATIVE_INFINITY;
  /** Requests that a half-open connection still swallows. */
  #deafFor = 0;
  /** When an exchange with a device ended that wants a pause after each. */
  readonly #restSince = new Map<number, ElapsedMs>();
  #hurried = false;
  #closed = false;
  #down = false;
  /** Ends a wait for something that has not begun to come. */
  #wait = new Cancel();
  /** The exchange under way, and the answer on its way back. */
  #flight: Flight | undefined;
  #answer: DeviceAnswer = { silent: true };
  #replyMs = 0;

  constructor(
    units: ReadonlyMap<number, SimDevice>,
    clock: Clock,
    wire: SimWire,
    faults: Faults,
    random: Random,
  ) {
    this.#units = units;
    this.#clock = clock;
    this.#injector = new Injector(faults, random, clock);
    this.#isTcp = wire === "tcp";
    this.#charMs = wire === "tcp" ? 0 : charMs(wire.baud, wire.bitsPerChar);
    this.#isAscii = wire !== "tcp" && wire.framing === "ascii";
    this.#hopMs = wire === "tcp" ? networkMs : 0;
    this.#t35Ms = wire === "tcp" ? 0 : t35Ms(wire.baud, wire.bitsPerChar);
  }

  /**
   * No promise between request and answer: a healthy exchange is two calls from the clock and one
   * promise settled, because a virtual run makes millions of them.
   */
  exchange(unit: number, request: Request, timing: DeviceTiming, urgent: boolean): Promise<Reply> {
    this.statistics.exchanges++;
    this.#hurried = false;
    if (urgent) this.#lateUntil = Number.NEGATIVE_INFINITY;
    const reply = this.#attempt(unit, request, timing, false);
    return timing.pauseMs === undefined ? reply : this.#rested(unit, reply);
  }

  async #rested(unit: number, exchange: Promise<Reply>): Promise<Reply> {
    const reply = await exchange;
    this.#restSince.set(unit, this.#clock.elapsed());
    return reply;
  }

  hurry(letEnd: boolean): void {
    if (letEnd) return;
    this.#hurried = true;
    this.#wait.cancel();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wait.cancel();
  }

  #attempt(unit: number, request: Request, timing: DeviceTiming, again: boolean): Promise<Reply> {
    if (this.#closed) return Promise.resolve(this.#isClosed());
    const requestMs = this.#frameMs(requestLength(request));
    return new Promise((settle, reject) => {
      this.#flight = { unit, request, timing, again, requestMs, settle, reject };
      after(this.#clock, this.#silenceLeft(unit, timing) + requestMs, this.#requestEnds);
    });
  }

  /** The request has arrived: the device carries it out now and answers later. */
  readonly #requestEnds = (): boolean => {
    const flight = this.#flight;
    assert(flight !== undefined, "an exchange is under way");
    try {
      return this.#carryOut(flight);
    } catch (defect) {
      flight.reject(defect);
      return true;
    }
  };

  #carryOut(flight: Flight): boolean {
    const { unit, request, timing, requestMs } = flight;
    this.#quietSince = this.#clock.elapsed();
    this.statistics.busyMs += requestMs;
    const { turnaroundMs } = timing;
    if (unit === 0 && !this.#isTcp) {
      flight.settle(this.#broadcast(request, turnaroundMs));
      return true;
    }
    const fault = this.#deafFor > 0 ? this.#swallowed() : this.#drawn(unit);
    const lateMs = this.#lateMs(fault);
    const answer = this.#ask(unit, request, fault);
    const replyMs = this.#frameMs("exception" in answer ? 5 : replyLength(request));
    if ("silent" in answer || fault !== undefined || lateMs > 0) {
      flight.settle(this.#faulty(flight, answer, fault, { turnaroundMs, replyMs, lateMs }));
      return true;
    }
    this.#answer = answer;
    this.#replyMs = replyMs;
    after(this.#clock, turnaroundMs + replyMs, this.#answerEnds);
    return false;
  }

  #drawn(unit: number): FaultKind | undefined {
    const fault = this.#injector.next(unit, this.#units.get(unit));
    if (fault === "half-open" && this.#isTcp) this.#deafFor = timeoutsInARow - 1;
    return fault;
  }

  /** A half-open connection is given up after some timeouts in a row. */
  #swallowed(): FaultKind {
    this.#deafFor--;
    if (this.#deafFor === 0) this.#down = true;
    return "timeout";
  }

  readonly #answerEnds = (): boolean => {
    this.#flight?.settle(this.#arrived(this.#answer, this.#replyMs));
    return true;
  };

  #frameMs(bytes: number): number {
    return (this.#isAscii ? asciiLength(bytes) : bytes) * this.#charMs + this.#hopMs;
  }

  #silenceLeft(unit: number, { silenceMs, pauseMs = 0 }: DeviceTiming): number {
    const wanted = Math.max(this.#t35Ms, silenceMs);
    const quietSince = Math.max(this.#quietSince, this.#lateUntil);
    const restSince = this.#restSince.get(unit) ?? Number.NEGATIVE_INFINITY;
    return Math.max(0, Math.max(quietSince + wanted, restSince + pauseMs) - this.#clock.elapsed());
  }

  #ask(unit: number, request: Request, fault: FaultKind | undefined): DeviceAnswer {
    const device = this.#units.get(unit);
    if (device === undefined || isUnheard(fault)) return { silent: true };
    if (fault === "busy") return { exception: busyCode };
    if (fault === "exception") return { exception: this.#injector.faults.exceptionCode };
    return device.handle(request);
  }

  #lateMs(fault: FaultKind | undefined): number {
    const pauseMs = fault === "split" ? pausesOfSplit * this.#injector.faults.splitMs : 0;
    return this.#injector.delayMs(fault) + pauseMs;
  }

  #arrived(answer: DeviceAnswer, replyMs: number): Reply {
    if (this.#closed) return this.#isClosed();
    const at = this.#clock.elapsed();
    this.#quietSince = at;
    this.statistics.busyMs += replyMs;
    if (this.#down) {
      this.#down = false;
      this.statistics.reconnects++;
    }
    if ("words" in answer) {
      this.statistics.ok++;
      return { ok: true, words: answer.words, at };
    }
    this.statistics.exceptions++;
    const exception = "exception" in answer ? answer.exception : 0;
    return { ok: false, fault: "exception", exception, detail: exceptionText(exception), at };
  }

  /** As on a real line, a damaged read is worth one more try, a write is never sent blindly again. */
  async #faulty(
    flight: Flight,
    answer: DeviceAnswer,
    fault: FaultKind | undefined,
    times: AnswerTimes,
  ): Promise<Reply> {
    const { unit, request, timing, again } = flight;
    const ruin = ruinOf(fault, request, this.#isTcp);
    if (ruin === "closed") return this.#lost();
    if (fault === "noise-before" && !this.#isTcp) this.statistics.staleBytes += noiseBytes;
    const reply = await this.#spoilt(answer, ruin, times);
    if (isDiscarded(fault) && ruin !== undefined) this.statistics.lateReplies++;
    const damaged = !reply.ok && reply.fault === "crc" && request.kind === "read";
    if (!damaged || again || this.#hurried) return reply;
    this.statistics.retries++;
    return this.#attempt(unit, request, timing, true);
  }

  /** No answer, one that is thrown away, or one that is late: perhaps still within the timeout. */
  async #spoilt(
    answer: DeviceAnswer,
    ruin: LineFault | undefined,
    { turnaroundMs, replyMs, lateMs }: AnswerTimes,
  ): Promise<Reply> {
    const asked = this.#clock.elapsed();
    const allowedMs = replyTimeoutMs(turnaroundMs, replyMs);
    const neededMs = turnaroundMs + lateMs + replyMs;
    const comes = !("silent" in answer) && ruin !== "timeout";
    const usable = comes && ruin === undefined && neededMs <= allowedMs;
    const beginsMs = comes ? turnaroundMs + lateMs : Number.POSITIVE_INFINITY;
    const cut = await this.#sleepUnlessCut(usable ? neededMs : allowedMs, beginsMs, turnaroundMs);
    if (this.#closed) return this.#isClosed();
    if (usable && !cut) return this.#arrived(answer, replyMs);
    if (comes) this.#lateUntil = asked + neededMs;
    if (comes && ruin === undefined) this.statistics.lateReplies++;
    return this.#failed(cut, comes ? ruin : undefined);
  }

  /** True when a stop cut the wait: no answer had begun when the turnaround was over. */
  async #sleepUnlessCut(ms: number, beginsMs: number, turnaroundMs: number): Promise<boolean> {
    const start = this.#clock.elapsed();
    for (;;) {
      const elapsed = this.#clock.elapsed() - start;
      const cut = this.#hurried && beginsMs > Math.max(turnaroundMs, elapsed);
      const leftMs = start + (cut ? Math.min(turnaroundMs, ms) : ms) - this.#clock.elapsed();
      if (leftMs <= 0 || this.#closed) return cut && elapsed < ms;
      this.#wait = new Cancel();
      await this.#clock.sleep(leftMs, this.#wait);
    }
  }

  #failed(cut: boolean, ruin: LineFault | undefined): Reply {
    const { statistics } = this;
    const at = this.#clock.elapsed();
    if (cut) {
      statistics.cut++;
      return { ok: false, fault: "cut", detail: "cut short for a stop", at };
    }
    if (ruin === "crc" || ruin === "foreign" || ruin === "echo" || ruin === "length") {
      statistics[ruin]++;
      return { ok: false, fault: ruin, detail: inWords[ruin], at };
    }
    statistics.timeouts++;
    return { ok: false, fault: "timeout", detail: "no answer", at };
  }

  /** The connection is gone; the next exchange that gets through counts as the reconnection. */
  #lost(): Reply {
    this.#down = true;
    this.statistics.closed++;
    const detail = "the simulated line is gone";
    return { ok: false, fault: "closed", detail, at: this.#clock.elapsed() };
  }

  #isClosed(): Reply {
    this.statistics.closed++;
    return { ok: false, fault: "closed", detail: "the line is closed", at: this.#clock.elapsed() };
  }

  /** Everybody carries it out and nobody answers; the turnaround gives them time to. */
  async #broadcast(request: Request, turnaroundMs: number): Promise<Reply> {
    if (this.#injector.unplugged) return this.#lost();
    const isWrite = request.kind === "write";
    if (isWrite) for (const device of this.#units.values()) device.handle(request);
    await this.#clock.sleep(isWrite ? turnaroundMs : replyTimeoutMs(turnaroundMs, 0));
    if (!isWrite) return this.#failed(false, undefined);
    this.statistics.ok++;
    return { ok: true, words: noWords, at: this.#clock.elapsed() };
  }
}
