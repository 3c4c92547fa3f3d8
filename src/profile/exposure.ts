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
 * A stretch of time and what is known of it. A rate has a low and a high: what it cannot have been below
 * and above. An unknown low is NaN and counts as nothing, an unknown high is NaN and has no bound.
 */
export type ExposureSlice = {
  dtMs: number;
  /** In the state Execute; undefined: not known. */
  executing: boolean | undefined;
  atStress: boolean | undefined;
  /** In a state in which the specimen may still turn (Holding, Stopping, Aborting, ...). */
  mayTurn: boolean;
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

/**
 * Adds a slice to a book in place, for whoever owns it. Rules of design, section 7: time counts in
 * Execute only; turns, load cycles, damage and energy count wherever it may turn.
 */
export function addSlice(next: ExposureBook, slice: ExposureSlice): void {
  const { dtMs, executing } = slice;
  assert(dtMs >= 0, "exposure is booked forward in time");
  addTime(next, 0, dtMs, executing);
  addTime(next, 1, dtMs, executing === false ? false : both(executing, slice.atStress));
  if (executing === false && !slice.mayTurn) return;
  const certain = executing !== undefined || slice.mayTurn;
  const { speedLowRpm, speedHighRpm, loadCyclesPerTurn: perTurn } = slice;
  const minutes = dtMs / 60_000;
  addRate(next, 2, minutes, speedLowRpm, speedHighRpm, certain);
  addRate(next, 3, minutes, speedLowRpm * perTurn, speedHighRpm * perTurn, certain);
  addRate(next, 4, dtMs, slice.damageLowPerMs, slice.damageHighPerMs, certain);
  addRate(next, 5, dtMs / 1000, slice.powerLowW, slice.powerHighW, certain);
}

/** Both, neither, or not known. */
function both(a: boolean | undefined, b: boolean | undefined): boolean | undefined {
  if (b === false) return false;
  return a === true && b === true ? true : undefined;
}

function addTime(book: ExposureBook, at: number, dtMs: number, yes: boolean | undefined): void {
  if (yes === false) return;
  if (yes === true) add(book, at, dtMs);
  add(book, at + count, dtMs);
}

/** Not known: nothing at least, without end at most. */
function addRate(
  book: ExposureBook,
  at: number,
  length: number,
  low: number,
  high: number,
  certain: boolean,
): void {
  if (length === 0) return;
  // Of nothing in a time without end, too, there is nothing.
  if (certain && low > 0) add(book, at, low * length);
  add(book, at + count, Number.isNaN(high) ? Infinity : high * length);
}

function add(book: ExposureBook, at: number, amount: number): void {
  book[at] = (book[at] as number) + amount;
}

/** [at least, at most] by name. JSON writes an infinite "at most" as null: no bound is known. */
export type Exposure = Record<Counter, [number, number]>;

export function exposureOf(book: ExposureBook): Exposure {
  const pairs = counters.map((name, i) => [name, [book[i], book[i + count]]]);
  return Object.fromEntries(pairs) as Exposure;
}
