import type { Clock } from "../base/clock.js";
import type { Request } from "../device/request.js";
import type { FrameSeen } from "./line.js";
import {
  type DeviceTiming,
  type Lane,
  type Line,
  type LineStatistics,
  lanes,
  type Reply,
  type Transport,
} from "./line.js";
import { sameRequest } from "./match.js";
import { framesOf, type PastExchange } from "./trace.js";

/** Below STOP, whoever waited this long is served before higher lanes, so that none starves. */
const agedMs = 1000;
/** When stops have had the line for so long, one read goes between: it shows whether the device obeys. */
const stopsAloneMs = 100;
/** So many exchanges are kept where the transport keeps no frames. */
const mostPast = 128;

type Waiting = {
  unit: number;
  request: Request;
  timing: DeviceTiming;
  lane: Lane;
  sinceMs: number;
  reply: Promise<Reply>;
  settle: (reply: Reply | Promise<Reply>) => void;
};

/**
 * One exchange in flight, the rest in lanes. An idle line hands the exchange straight to its
 * transport: this path carries millions of virtual exchanges and must stay far below 2 µs.
 */
export class LineQueue implements Line {
  readonly name: string;
  readonly statistics: LineStatistics;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #lanes: Record<Lane, Waiting[]> = { stop: [], write: [], fast: [], slow: [], probe: [] };
  /** Lane of the exchange in flight. */
  #running: Lane | undefined;
  #waiting = 0;
  /** Since when, and until when, nothing but stops was answered; does the read in flight go between them? */
  #stopsSince: number | undefined;
  #stopsUntil = Number.NEGATIVE_INFINITY;
  #isBetweenStops = false;
  #closed = false;
  /** A ring of the last exchanges; its entries are written over, for objects that live cost time. */
  readonly #past: PastExchange[] = [];
  #pastCount = 0;
  #flightUnit = 0;
  #flightRequest: Request | undefined;
  #flightAt = 0;

  readonly #afterClose: () => Promise<void>;

  /** `afterClose` gives up what was taken for the line. */
  constructor(
    name: string,
    transport: Transport,
    clock: Clock,
    afterClose: () => Promise<void> = async () => {},
  ) {
    this.name = name;
    this.#afterClose = afterClose;
    this.statistics = transport.statistics;
    this.#transport = transport;
    this.#clock = clock;
  }

  get recent(): readonly FrameSeen[] {
    const { trace } = this.#transport;
    if (trace !== undefined) return trace.recent();
    const before = this.#pastCount - this.#past.length;
    const oldest = this.#pastCount % this.#past.length;
    const inOrder = [...this.#past.slice(oldest), ...this.#past.slice(0, oldest)];
    return inOrder.flatMap((past, i) => framesOf(past, before + i + 1));
  }

  exchange(unit: number, request: Request, timing: DeviceTiming, lane: Lane): Promise<Reply> {
    if (this.#closed) return Promise.resolve(this.#closedReply());
    if (lane === "stop") return this.#stop(unit, request, timing);
    if (this.#running === undefined) return this.#run(unit, request, timing, lane);
    return this.#enqueue(unit, request, timing, lane);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const lane of lanes) {
      for (const waiting of this.#lanes[lane].splice(0)) waiting.settle(this.#closedReply());
    }
    this.#waiting = 0;
    await this.#transport.close();
    await this.#afterClose();
  }

  async #stop(unit: number, request: Request, timing: DeviceTiming): Promise<Reply> {
    const sinceMs = this.#clock.elapsed();
    if (request.kind === "write") this.#withdrawWrites(unit);
    // One stop does not hurry another: cut short it would stay unconfirmed.
    const isOther = this.#running !== undefined && this.#running !== "stop";
    if (isOther) this.#transport.hurry(this.#isBetweenStops);
    const reply = await (this.#running === undefined
      ? this.#run(unit, request, timing, "stop")
      : this.#enqueue(unit, request, timing, "stop"));
    if (reply.ok) this.statistics.stopLatency.add(this.#clock.elapsed() - sinceMs);
    return reply;
  }

  /** What was asked before the stop must not reach the device after it: it may start it again. */
  #withdrawWrites(unit: number): void {
    if (this.#waiting === 0) return;
    const at = this.#clock.elapsed();
    for (const lane of lanes) {
      if (lane === "stop") continue;
      const queue = this.#lanes[lane];
      const kept = queue.filter((w) => w.unit !== unit || w.request.kind === "read");
      for (const waiting of queue.filter((w) => !kept.includes(w))) {
        waiting.settle({ ok: false, fault: "cut", detail: "withdrawn for a stop", at });
        this.statistics.cut++;
        this.#waiting--;
      }
      this.#lanes[lane] = kept;
    }
  }

  #run(unit: number, request: Request, timing: DeviceTiming, lane: Lane): Promise<Reply> {
    this.#running = lane;
    if (lane === "stop") this.#stopBegins();
    this.#isBetweenStops = request.kind === "read" && lane !== "stop" && this.#readIsDue();
    if (this.#isBetweenStops) this.#stopsSince = this.#clock.elapsed();
    if (this.#transport.trace === undefined) {
      this.#flightUnit = unit;
      this.#flightRequest = request;
      this.#flightAt = this.#clock.elapsed();
    }
    const reply = this.#transport.exchange(unit, request, timing, lane === "stop");
    // First in line on the promise: the next exchange starts before the caller goes on. A rejection
    // is a defect of ours and reaches the caller; the line lives on.
    reply.then(this.#ended, this.#next);
    return reply;
  }

  readonly #ended = (reply: Reply): void => {
    if (this.#flightRequest !== undefined) this.#remember(this.#flightRequest, reply);
    if (this.#stopsSince !== undefined) this.#stopMayHaveEnded(reply);
    this.#next();
  };

  #stopBegins(): void {
    const now = this.#clock.elapsed();
    if (now - this.#stopsUntil > stopsAloneMs) this.#stopsSince = undefined;
    this.#stopsSince ??= now;
    this.#stopsUntil = now;
  }

  #stopMayHaveEnded(reply: Reply): void {
    if (this.#running === "stop") this.#stopsUntil = reply.at;
    else if (reply.ok && !this.#isBetweenStops) this.#stopsSince = undefined;
  }

  #readIsDue(): boolean {
    if (this.#stopsSince === undefined) return false;
    const now = this.#clock.elapsed();
    return now - this.#stopsSince >= stopsAloneMs && now - this.#stopsUntil <= stopsAloneMs;
  }

  #remember(request: Request, reply: Reply): void {
    const entry = this.#past[this.#pastCount % mostPast];
    const [unit, at] = [this.#flightUnit, this.#flightAt];
    this.#pastCount++;
    if (entry === undefined) {
      this.#past.push({ unit, request, at, reply });
      return;
    }
    entry.unit = unit;
    entry.request = request;
    entry.at = at;
    entry.reply = reply;
  }

  readonly #next = (): void => {
    this.#running = undefined;
    if (this.#waiting === 0) return;
    const next = this.#take();
    this.#waiting--;
    this.statistics.queueWait.add(this.#clock.elapsed() - next.sinceMs);
    next.settle(this.#run(next.unit, next.request, next.timing, next.lane));
  };

  #enqueue(unit: number, request: Request, timing: DeviceTiming, lane: Lane): Promise<Reply> {
    const same = this.#find(unit, request, lane);
    if (same !== undefined) return same.reply;
    let settle: Waiting["settle"] = () => {};
    const reply = new Promise<Reply>((resolve) => {
      settle = resolve;
    });
    const sinceMs = this.#clock.elapsed();
    this.#lanes[lane].push({ unit, request, timing, lane, sinceMs, reply, settle });
    this.#waiting++;
    return reply;
  }

  /** Whoever already waits for the same; moved up when the newcomer is more pressing. */
  #find(unit: number, request: Request, lane: Lane): Waiting | undefined {
    if (this.#waiting === 0) return undefined;
    if (lane === "stop" && request.kind === "write") return find(this.#lanes.stop, unit, request);
    if (request.kind === "write") return undefined;
    for (const other of lanes) {
      const same = find(this.#lanes[other], unit, request);
      if (same === undefined) continue;
      if (lanes.indexOf(lane) < lanes.indexOf(other)) this.#move(same, lane);
      return same;
    }
    return undefined;
  }

  #move(waiting: Waiting, lane: Lane): void {
    const from = this.#lanes[waiting.lane];
    from.splice(from.indexOf(waiting), 1);
    waiting.lane = lane;
    this.#lanes[lane].push(waiting);
  }

  #take(): Waiting {
    const isRead = this.#lanes.fast[0]?.request.kind === "read";
    if (this.#lanes.stop.length > 0) {
      return isRead && this.#readIsDue() ? this.#lanes.fast.shift()! : this.#lanes.stop.shift()!;
    }
    const agedSinceMs = this.#clock.elapsed() - agedMs;
    let chosen: Waiting | undefined;
    for (const lane of lanes) {
      const head = this.#lanes[lane][0];
      if (head === undefined) continue;
      const aged = head.sinceMs <= agedSinceMs;
      if (chosen === undefined || (aged && head.sinceMs < chosen.sinceMs)) chosen = head;
    }
    this.#lanes[chosen!.lane].shift();
    return chosen!;
  }

  #closedReply(): Reply {
    const at = this.#clock.elapsed();
    return { ok: false, fault: "closed", detail: `line ${this.name} is closed`, at };
  }
}

function find(queue: Waiting[], unit: number, request: Request): Waiting | undefined {
  for (const waiting of queue) {
    if (waiting.unit === unit && sameRequest(waiting.request, request)) return waiting;
  }
  return undefined;
}
