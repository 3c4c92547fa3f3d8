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

/** A stretch of time and what is known of it. NaN or undefined: not known. */
export type ExposureSlice = {
  dtMs: number;
  /** In the state Execute. */
  executing: boolean | undefined;
  atStress: boolean | undefined;
  /** In a state in which the specimen may still turn (Holding, Stopping, Aborting, ...). */
  mayTurn: boolean;
  /** Mean over the slice. */
  speedRpm: number;
  /** What the speed cannot have exceeded: counts as "at most" where it is unknown. */
  speedMaxRpm: number;
  loadCyclesPerTurn: number;
  damagePerMs: number;
  damageMaxPerMs: number;
  /** Through the specimen, either direction; NaN where it is not measured. */
  powerW: number;
  /** Bound for an unknown power; without it the energy is then unbounded above. */
  powerMaxW?: number;
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
  const speed = Math.abs(slice.speedRpm);
  const perTurn = slice.loadCyclesPerTurn;
  addRate(next, 2, dtMs / 60_000, speed, slice.speedMaxRpm, certain);
  addRate(next, 3, dtMs / 60_000, speed * perTurn, slice.speedMaxRpm * perTurn, certain);
  addRate(next, 4, dtMs, slice.damagePerMs, slice.damageMaxPerMs, certain);
  const powerMaxW = slice.powerMaxW ?? Number.NaN;
  addRate(next, 5, dtMs / 1000, Math.abs(slice.powerW), powerMaxW, certain);
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

/** Known: the same on both sides. Unknown: nothing at least, the bound (or without end) at most. */
function addRate(
  book: ExposureBook,
  at: number,
  length: number,
  rate: number,
  most: number,
  certain: boolean,
): void {
  if (length === 0) return;
  if (!Number.isNaN(rate)) {
    if (certain) add(book, at, rate * length);
    add(book, at + count, rate * length);
  } else add(book, at + count, Number.isNaN(most) ? Infinity : most * length);
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
