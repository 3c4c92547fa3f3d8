import type { Random } from "../base/random.js";

/**
 * What goes wrong on a simulated line, as plain numbers. Shares are of exchanges, 0 to 1, and exclude
 * each other: one number is drawn per exchange.
 */
export type Faults = {
  /** The request never reaches the device. */
  timeoutShare: number;
  /** The request is carried out, its answer arrives with a wrong CRC (not on TCP, which has none). */
  crcShare: number;
  /** The request is carried out, its answer comes `lateMs` later than it would. */
  lateShare: number;
  lateMs: number;
  /** The device does nothing and answers `exceptionCode`. */
  exceptionShare: number;
  exceptionCode: number;
  /** The request is carried out, its answer names another unit. */
  wrongUnitShare: number;
  /** Units that do not answer at all. */
  deadUnits: readonly number[];
};

export const noFaults: Faults = {
  timeoutShare: 0,
  crcShare: 0,
  lateShare: 0,
  lateMs: 0,
  exceptionShare: 0,
  exceptionCode: 6,
  wrongUnitShare: 0,
  deadUnits: [],
};

export type FaultKind = "dead" | "timeout" | "crc" | "late" | "exception" | "wrong-unit";

/** What goes wrong with the next exchange with this unit; undefined is the usual: nothing. */
export function drawFault(faults: Faults, random: Random, unit: number): FaultKind | undefined {
  if (faults.deadUnits.includes(unit)) return "dead";
  const { timeoutShare, crcShare, lateShare, exceptionShare, wrongUnitShare } = faults;
  const all = timeoutShare + crcShare + lateShare + exceptionShare + wrongUnitShare;
  if (all === 0) return undefined;
  let left = random();
  if (left >= all) return undefined;
  left -= timeoutShare;
  if (left < 0) return "timeout";
  left -= crcShare;
  if (left < 0) return "crc";
  left -= lateShare;
  if (left < 0) return "late";
  return left < exceptionShare ? "exception" : "wrong-unit";
}
