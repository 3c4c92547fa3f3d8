import type { ElapsedMs } from "../base/clock.js";
import type { Request } from "../device/request.js";
import type { Slow } from "../device/slow.js";
import type { DeviceTiming } from "../device/timing.js";
import { type Durations, Histogram } from "./histogram.js";
import type { FrameSeen, Trace } from "./trace.js";

export type { DeviceTiming } from "../device/timing.js";
export type { LineSpec, SerialSpec } from "./wire.js";

/** Order in which waiting exchanges are served; STOP overtakes everything. */
export const lanes = ["stop", "write", "fast", "slow", "probe"] as const;
export type Lane = (typeof lanes)[number];

/**
 * Why an exchange gave no data. The world's failures are values, never exceptions.
 * `exception` carries the device's code; `foreign` another unit's or function's frame; `echo` a write
 * confirmed for another register or value; `length` a reply whose byte count lies; `closed` the line
 * is down; `cut` the wait was cut short for a stop; `stale` what came may be the answer to another
 * question.
 */
export type LineFault =
  | "timeout"
  | "partial"
  | "crc"
  | "foreign"
  | "length"
  | "echo"
  | "exception"
  | "closed"
  | "cut"
  | "stale";

/** Registers (or bits as 0 and 1) of a read, none for a write, or the fault. */
export type Reply =
  | { ok: true; words: readonly number[] | Uint16Array; at: ElapsedMs }
  | { ok: false; fault: LineFault; exception?: number; detail: string; at: ElapsedMs };

/** Faults at which nobody said anything. */
const silences: readonly LineFault[] = ["timeout", "closed", "cut"];

/** Did somebody answer, whatever it was? */
export function isHeard(reply: Reply): boolean {
  return reply.ok || !silences.includes(reply.fault);
}

/** What is counted for a whole line and for each of its units. */
export type ExchangeCounts = {
  exchanges: number;
  ok: number;
  timeouts: number;
  partial: number;
  crc: number;
  foreign: number;
  length: number;
  echo: number;
  exceptions: number;
  closed: number;
  cut: number;
  stale: number;
  retries: number;
};

/** What a line counts; shown by `line monitor` and written down at the end of a run. */
export type LineStatistics = ExchangeCounts & {
  /** Bytes that arrived when nothing was asked, or belonged to nobody. */
  staleBytes: number;
  /** Whole answers that came after their timeout and were thrown away. */
  lateReplies: number;
  /** Requests of another master that were heard on the line. */
  otherMaster: number;
  /** Own requests that the adapter gave back. */
  localEcho: number;
  /** Requests that went out before the wire had been silent for T3.5: only on a line that never is. */
  gapViolations: number;
  reconnects: number;
  /** Time the wire carried frames. */
  busyMs: number;
  /** The adapter was asked to hand bytes over at once, and says whether it does; absent elsewhere. */
  lowLatency?: boolean;
  /** Exceptions by code (Modbus Application Protocol V1.1b3, 7). */
  exceptionCodes: Record<number, number>;
  /** Units that were heard to answer slower than their turnaround says; on virtual lines empty. */
  slow: Record<number, Slow>;
  /** By address; on virtual lines empty. */
  units: Record<number, ExchangeCounts>;
  /** From the request of a stop to its confirmation. */
  stopLatency: Histogram;
  /** From a request's first byte to the end of its exchange; on virtual lines empty. */
  service: Histogram;
  /** What an exchange that found the line busy waited for its turn. */
  queueWait: Histogram;
};

type DurationCounts = "stopLatency" | "service" | "queueWait";

/** What was counted up to a moment, as it is shown and written down. */
export type StatisticsNow = Omit<LineStatistics, DurationCounts> & {
  [name in DurationCounts]?: Durations;
};

export function statisticsNow(statistics: LineStatistics): StatisticsNow {
  return JSON.parse(JSON.stringify(statistics)) as StatisticsNow;
}

/**
 * One wire or socket, one exchange at a time: the only port towards hardware. Never throws for what
 * the world does; a stop is never dropped behind other lanes.
 */
export interface Line {
  readonly name: string;
  /** Goes on counting; as JSON it is what it is now. */
  readonly statistics: LineStatistics;
  /** The last frames, newest last. */
  readonly recent: readonly FrameSeen[];
  exchange(unit: number, request: Request, timing: DeviceTiming, lane: Lane): Promise<Reply>;
  /** Settles everything that waits with `closed`; later exchanges get the same. */
  close(): Promise<void>;
}

/**
 * What carries one exchange: real serial, real TCP, or the simulated line. The queue above it
 * guarantees that `exchange` is never called while another one runs.
 */
export interface Transport {
  readonly statistics: LineStatistics;
  /** Frames as they were on the wire; absent where there are none. */
  readonly trace?: Trace;
  /**
   * Keeps the silence, sends, waits for the reply or its timeout. Never rejects. `urgent` (a stop)
   * does not wait for the pause between two attempts to reconnect.
   */
  exchange(unit: number, request: Request, timing: DeviceTiming, urgent: boolean): Promise<Reply>;
  /**
   * A stop waits: give up the exchange in flight once the device's turnaround has passed, or `letEnd` the question
   * that is on the wire. Either way nothing more is sent for it.
   */
  hurry(letEnd: boolean): void;
  close(): Promise<void>;
}

export function newCounts(): ExchangeCounts {
  return {
    exchanges: 0,
    ok: 0,
    timeouts: 0,
    partial: 0,
    crc: 0,
    foreign: 0,
    length: 0,
    echo: 0,
    exceptions: 0,
    closed: 0,
    cut: 0,
    stale: 0,
    retries: 0,
  };
}

export function newStatistics(): LineStatistics {
  return {
    ...newCounts(),
    staleBytes: 0,
    lateReplies: 0,
    otherMaster: 0,
    localEcho: 0,
    gapViolations: 0,
    reconnects: 0,
    busyMs: 0,
    exceptionCodes: {},
    slow: {},
    units: {},
    stopLatency: new Histogram(),
    service: new Histogram(),
    queueWait: new Histogram(),
  };
}

/** Which counter a fault belongs to. */
export const counterOf: Record<LineFault, keyof ExchangeCounts> = {
  timeout: "timeouts",
  partial: "partial",
  crc: "crc",
  foreign: "foreign",
  length: "length",
  echo: "echo",
  exception: "exceptions",
  closed: "closed",
  cut: "cut",
  stale: "stale",
};
