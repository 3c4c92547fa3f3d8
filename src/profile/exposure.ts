/** The exposure ledger: how much life was spent, as intervals that gaps widen and nothing hides. */
import { assert } from "../base/error.js";

/** The counters, in the order of the book. */
export const counters = [
  "timeOnTestMs",
  "timeAtStressMs",
  "turns",
  "loadCycles",
  "damage",
  "energyJ",
] as const;
export type Counter = (typeof counters)[number];
const count = counters.length;

/**
 * Twelve numbers: what each counter is at least, then what each is at most. Damage is the fraction
 * of the rated L10 life. A plain array, because a run copies its books every cycle: beyond 64 bytes a
 * copy of a typed array costs thirty times as much (Node 20).
 */
export type ExposureBook = number[];

/**
 * Per counter, in the order of the book: does it count in a stretch of time? Undefined: nobody knows, which is
 * nothing at least and all of it at most.
 */
export type Counts = readonly (boolean | undefined)[];

/**
 * A stretch of time and what is known of it. A rate has a low and a high: what it cannot have been below
 * and above. An unknown low is NaN and counts as nothing, an unknown high is NaN and has no bound.
 */
export type ExposureSlice = {
  dtMs: number;
  counts: Counts;
  /** Either way round: never below zero. */
  speedLowRpm: number;
  speedHighRpm: number;
  loadCyclesPerTurn: number;
  damageLowPerMs: number;
  damageHighPerMs: number;
  /** Through the specimen, either direction. */
  powerLowW: number;
  powerHighW: number;
};

export function emptyExposure(): ExposureBook {
  return new Array<number>(2 * count).fill(0);
}

/** The book with one slice more, as a new book. */
export function bookSlice(book: ExposureBook, slice: ExposureSlice): ExposureBook {
  const next = book.slice();
  addSlice(next, slice);
  return next;
}

/** Adds a slice to a book in place, for whoever owns it. */
export function addSlice(next: ExposureBook, slice: ExposureSlice): void {
  const { dtMs, counts } = slice;
  assert(dtMs >= 0, "exposure is booked forward in time");
  const { speedLowRpm, speedHighRpm, loadCyclesPerTurn: perTurn } = slice;
  const minutes = dtMs / 60_000;
  addRate(next, 0, dtMs, 1, 1, counts[0]);
  addRate(next, 1, dtMs, 1, 1, counts[1]);
  addRate(next, 2, minutes, speedLowRpm, speedHighRpm, counts[2]);
  addRate(next, 3, minutes, speedLowRpm * perTurn, speedHighRpm * perTurn, counts[3]);
  addRate(next, 4, dtMs, slice.damageLowPerMs, slice.damageHighPerMs, counts[4]);
  addRate(next, 5, dtMs / 1000, slice.powerLowW, slice.powerHighW, counts[5]);
}

/** Not known: nothing at least, without end at most. */
function addRate(
  book: ExposureBook,
  at: number,
  length: number,
  low: number,
  high: number,
  counts: boolean | undefined,
): void {
  if (counts === false || length === 0) return;
  // Of nothing in a time without end, too, there is nothing.
  if (counts === true && low > 0) add(book, at, low * length);
  add(book, at + count, Number.isNaN(high) ? Infinity : high * length);
}

function add(book: ExposureBook, at: number, amount: number): void {
  book[at] = (book[at] as number) + amount;
}

const timeOnTestAt = counters.indexOf("timeOnTestMs");
const turnsAt = counters.indexOf("turns");
const loadCyclesAt = counters.indexOf("loadCycles");

/** Time on test, at least. */
export function leastTimeMs(book: ExposureBook): number {
  return book[timeOnTestAt]!;
}

/** Turns, at least. */
export function leastTurns(book: ExposureBook): number {
  return book[turnsAt]!;
}

/** Turns, at most. */
export function mostTurns(book: ExposureBook): number {
  return book[turnsAt + count]!;
}

/** The book with these turns, and the load cycles that go with them, as a new book. */
export function withTurns(
  book: ExposureBook,
  { low, high }: { low: number; high: number },
  perTurn: number,
): ExposureBook {
  const next = book.slice();
  next[turnsAt] = low;
  next[turnsAt + count] = high;
  next[loadCyclesAt] = low * perTurn;
  next[loadCyclesAt + count] = high * perTurn;
  return next;
}

/** [at least, at most] by name. JSON writes an infinite "at most" as null: no bound is known. */
export type Exposure = Record<Counter, [number, number]>;

export function exposureOf(book: ExposureBook): Exposure {
  const pairs = counters.map((name, i) => [name, [book[i], book[i + count]]]);
  return Object.fromEntries(pairs) as Exposure;
}
