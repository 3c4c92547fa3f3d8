import type { Random } from "../base/random.js";

/**
 * What goes wrong on a simulated line, as plain numbers. Shares are of exchanges, 0 to 1, and exclude
 * each other: one number is drawn per exchange. What begins for a time (busy, stuck, dropout, unplug)
 * lasts its `Ms` from the exchange that drew it. Where a fault cannot exist (a CRC on TCP, an echo in
 * the answer to a read) nothing goes wrong.
 */
export type Faults = {
  /** The request never reaches the device. */
  timeoutShare: number;
  /** The request is carried out, its answer comes `lateMs` later than it would. */
  lateShare: number;
  lateMs: number;
  /** Every answer comes this much later. */
  slowMs: number;
  /** The request is carried out, its answer arrives with a wrong CRC (serial only). */
  crcShare: number;
  /** Bytes that mean nothing stand before the answer (serial only). */
  noiseBeforeShare: number;
  /** Bytes that mean nothing stand inside the answer (serial only). */
  noiseInsideShare: number;
  /** The request is carried out, its answer names another unit. */
  wrongUnitShare: number;
  /** A write is carried out, but confirmed for another register or value. */
  echoShare: number;
  /** A read is answered with one register (or eight bits) fewer or more than was asked for. */
  byteCountShare: number;
  /** The answer comes in three pieces with pauses of `splitMs` between them. */
  splitShare: number;
  splitMs: number;
  /** The answer is held back and arrives in one piece with the next one. */
  mergedShare: number;
  /** The device does nothing and answers `exceptionCode`. */
  exceptionShare: number;
  exceptionCode: number;
  /** The device does nothing and answers exception 6 (busy) for `busyMs`. */
  busyShare: number;
  busyMs: number;
  /** Measured values stand still for `stuckMs`; the device answers and obeys as ever. */
  stuckShare: number;
  stuckMs: number;
  /** The device is silent for `dropoutMs` and does nothing meanwhile. */
  dropoutShare: number;
  dropoutMs: number;
  /**
   * The line is gone for `unplugMs`: TCP connections end and new ones are refused; a served serial port
   * stays but carries nothing; the virtual line is closed and comes back by itself.
   */
  unplugShare: number;
  unplugMs: number;
  /** The request is carried out, the connection is reset instead of an answer (TCP only). */
  resetShare: number;
  /** From now on this connection is accepted and never answered, without an end (TCP only). */
  halfOpenShare: number;
  /** The answer carries the next transaction id and other data (TCP only). */
  wrongIdShare: number;
  /** The answer carries an id that is right in its low byte only, and other data (TCP only). */
  wrapIdShare: number;
  /** The answer's header announces 60 000 bytes (TCP only). */
  badLengthShare: number;
  /** Units that do not answer at all. */
  deadUnits: readonly number[];
};

/** Nothing goes wrong; the rest says how long or with what code, once a share is set. */
export const noFaults: Faults = {
  timeoutShare: 0,
  lateShare: 0,
  lateMs: 300,
  slowMs: 0,
  crcShare: 0,
  noiseBeforeShare: 0,
  noiseInsideShare: 0,
  wrongUnitShare: 0,
  echoShare: 0,
  byteCountShare: 0,
  splitShare: 0,
  splitMs: 2,
  mergedShare: 0,
  exceptionShare: 0,
  exceptionCode: 6,
  busyShare: 0,
  busyMs: 1000,
  stuckShare: 0,
  stuckMs: 10_000,
  dropoutShare: 0,
  dropoutMs: 5000,
  unplugShare: 0,
  unplugMs: 5000,
  resetShare: 0,
  halfOpenShare: 0,
  wrongIdShare: 0,
  wrapIdShare: 0,
  badLengthShare: 0,
  deadUnits: [],
};

/** Modbus exception of a device that is busy. */
export const busyCode = 6;

/** In the order in which one number is divided among them. */
const shareOf = {
  timeout: "timeoutShare",
  crc: "crcShare",
  late: "lateShare",
  exception: "exceptionShare",
  "wrong-unit": "wrongUnitShare",
  "noise-before": "noiseBeforeShare",
  "noise-inside": "noiseInsideShare",
  echo: "echoShare",
  "byte-count": "byteCountShare",
  split: "splitShare",
  merged: "mergedShare",
  busy: "busyShare",
  stuck: "stuckShare",
  dropout: "dropoutShare",
  unplug: "unplugShare",
  reset: "resetShare",
  "half-open": "halfOpenShare",
  "wrong-id": "wrongIdShare",
  "wrap-id": "wrapIdShare",
  "bad-length": "badLengthShare",
} as const satisfies Record<string, keyof Faults>;

export type DrawnFault = keyof typeof shareOf;
export type FaultKind = DrawnFault | "dead";

const drawn = Object.entries(shareOf) as [DrawnFault, (typeof shareOf)[DrawnFault]][];

/** Written out: this is asked before each of millions of virtual exchanges. */
function allShares(f: Faults): number {
  return (
    f.timeoutShare +
    f.crcShare +
    f.lateShare +
    f.exceptionShare +
    f.wrongUnitShare +
    f.noiseBeforeShare +
    f.noiseInsideShare +
    f.echoShare +
    f.byteCountShare +
    f.splitShare +
    f.mergedShare +
    f.busyShare +
    f.stuckShare +
    f.dropoutShare +
    f.unplugShare +
    f.resetShare +
    f.halfOpenShare +
    f.wrongIdShare +
    f.wrapIdShare +
    f.badLengthShare
  );
}

/** What goes wrong with the next exchange with this unit; undefined is the usual: nothing. */
export function drawFault(faults: Faults, random: Random, unit: number): FaultKind | undefined {
  if (faults.deadUnits.includes(unit)) return "dead";
  const all = allShares(faults);
  if (all === 0) return undefined;
  let left = random();
  if (left >= all) return undefined;
  for (const [kind, share] of drawn) {
    left -= faults[share];
    if (left < 0) return kind;
  }
  return undefined;
}
