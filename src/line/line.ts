import type { ElapsedMs } from "../base/clock.js";
import type { Request } from "../device/request.js";

/** Order in which waiting exchanges are served; STOP overtakes everything. */
export const lanes = ["stop", "write", "fast", "slow", "probe"] as const;
export type Lane = (typeof lanes)[number];

/**
 * Why an exchange gave no data. The world's failures are values, never exceptions.
 * `exception` carries the device's code; `foreign` another unit's or function's frame; `echo` a write
 * confirmed for another register or value; `length` a reply whose byte count lies; `closed` the line
 * is down; `cut` the wait was cut short for a stop.
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
  | "cut";

/** Registers (or bits as 0 and 1) of a read, none for a write, or the fault. */
export type Reply =
  | { ok: true; words: readonly number[] | Uint16Array; at: ElapsedMs }
  | { ok: false; fault: LineFault; exception?: number; detail: string; at: ElapsedMs };

/** Timing facts of one device, from its type. */
export type DeviceTiming = {
  /** Longest time from the end of a request to the first byte of the reply. */
  turnaroundMs: number;
  /** Silence the device wants around frames; the line takes the larger of this and T3.5. */
  silenceMs: number;
};

/** What a line counts; shown by `line monitor` and stored at the end of a run. */
export type LineStatistics = {
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
  retries: number;
  /** Bytes that arrived when nothing was asked, or belonged to nobody. */
  staleBytes: number;
  /** Whole answers that came after their timeout and were thrown away. */
  lateReplies: number;
  reconnects: number;
  /** Longest wait of a stop from request to confirmation. */
  stopLatencyMs: number;
  /** Time the wire carried frames. */
  busyMs: number;
};

/**
 * One wire or socket, one exchange at a time: the only port towards hardware. Never throws for what
 * the world does; a stop is never dropped behind other lanes.
 */
export interface Line {
  readonly name: string;
  readonly statistics: LineStatistics;
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
  /**
   * Keeps the silence, sends, waits for the reply or its timeout. Never rejects. `urgent` (a stop)
   * does not wait for the pause between two attempts to reconnect.
   */
  exchange(unit: number, request: Request, timing: DeviceTiming, urgent: boolean): Promise<Reply>;
  /** A stop waits: give up the exchange in flight once the device's turnaround has passed. */
  hurry(): void;
  close(): Promise<void>;
}

export function newStatistics(): LineStatistics {
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
    retries: 0,
    staleBytes: 0,
    lateReplies: 0,
    reconnects: 0,
    stopLatencyMs: 0,
    busyMs: 0,
  };
}
