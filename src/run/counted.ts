/** Narrows the turns that were booked by speed times time to what a counter has counted. */
import { formatNumber, formatSpan } from "../base/quantity.js";
import { good, type RunSample } from "../base/sample.js";
import { leastTurns, mostTurns, withTurns } from "../profile/exposure.js";
import type { BySpeed } from "./book.js";
import { type Draft, emit } from "./draft.js";
import type { Range } from "./slice.js";
import {
  addSpeed,
  byCounter,
  combine,
  type Difference,
  difference,
  isLong,
  type Since,
  startCount,
  sum,
  type TurnCounter,
} from "./turn-counter.js";

/** Comes after `bookExposure`, with what that has booked by the speed. */
export function bookCounted(d: Draft, sample: RunSample, bySpeed: BySpeed): void {
  const { turnCounter: counter } = d.context;
  if (counter === undefined) return;
  follow(d, bySpeed);
  if (sample.quality[counter.column] !== good) return;
  const reading = sample.values[counter.column]! * counter.turnsPerUnit;
  const { counted } = d.s;
  const found = Number.isNaN(counted.last)
    ? undefined
    : differenceTo(d, counter, { reading, at: sample.at }, bySpeed.highRpm);
  d.s.counted = { ...counted, last: reading, lastAt: sample.at, isOnTest: true };
  if (found === undefined) return;
  if (found.turns === undefined) lose(d, found.lost);
  else count(d, counter, found.turns, counted.isOnTest);
}

/** Times are told to the microsecond. */
const grainMs = 0.001;

/** Both sources tell of the same time only where all of it was booked. */
function follow({ s }: Draft, { turns, bookedMs, executedMs }: BySpeed): void {
  const { counted } = s;
  const isWhole = bookedMs >= s.sliceMs - grainMs;
  const since = counted.since === null || !isWhole ? null : addSpeed(counted.since, turns);
  s.counted = { ...counted, since, isOnTest: counted.isOnTest && executedMs === bookedMs };
}

function differenceTo(
  { s, context }: Draft,
  counter: TurnCounter,
  now: { reading: number; at: number },
  highRpm: number,
): Difference {
  const { speedCeilingRpm, gapMs } = context;
  // A speed that nothing bounds is known while it is looked at.
  const isSeen = now.at - s.counted.lastAt <= gapMs;
  const unbounded = isSeen ? highRpm : Number.NaN;
  const fastestRpm = Number.isNaN(speedCeilingRpm) ? unbounded : Math.max(speedCeilingRpm, highRpm);
  return difference(counter, s.counted, now, { fastestRpm, gapMs });
}

/** The speed alone tells of the turns until now, and both from the next two readings on. */
function lose(d: Draft, why: string | undefined): void {
  const { counted } = d.s;
  d.s.counted = { ...counted, since: null };
  if (why === undefined) return;
  const losses = counted.losses + 1;
  const isTold = losses >= counted.tellLossAt;
  const tellLossAt = isTold ? 2 * losses : counted.tellLossAt;
  d.s.counted = { ...d.s.counted, losses, tellLossAt };
  if (!isTold) return;
  const times = losses === 1 ? "" : ` (${losses} times)`;
  const text = `turns: ${why}; what was turned meanwhile is told by the speed alone${times}`;
  emit(d, "fault", text, {});
}

function count(d: Draft, counter: TurnCounter, turns: number, isOnTest: boolean): void {
  const { since } = d.s.counted;
  if (since === null) return void start(d, turns);
  const said = byCounter(since, counter, turns);
  const { booked, isDisputed } = combine(since, said);
  const next = { ...since, booked, turns: since.turns + turns };
  const before = leastTurns(d.s.book);
  bookTurns(d, next);
  // What the counter knows better is spent where it was turned.
  const gained = leastTurns(d.s.book) - before;
  if (isOnTest) d.s.unspentTurns = Math.max(0, d.s.unspentTurns + gained);
  if (isDisputed) tellDispute(d, next);
  d.s.counted = { ...d.s.counted, since: next };
  if (isDisputed || isLong(next, said)) start(d, turns);
}

/** From here on: the last two readings bound how far the shaft has come. */
function start(d: Draft, leadTurns: number): void {
  const { s } = d;
  const books = [s.book, ...s.stations.map(({ book }) => book)];
  const from = books.map((book) => ({ low: leastTurns(book), high: mostTurns(book) }));
  s.counted = { ...s.counted, since: startCount(from, leadTurns) };
}

function bookTurns({ s, context }: Draft, { from, booked }: Since): void {
  const { cyclesPerTurn } = context;
  const all = from.map((one) => sum(one, booked));
  s.book = withTurns(s.book, all[0]!, cyclesPerTurn);
  s.stations = s.stations.map((station, i) => {
    if (station.outcome !== "running") return station;
    return { ...station, book: withTurns(station.book, all[i + 1]!, cyclesPerTurn) };
  });
}

function tellDispute(d: Draft, { turns, bySpeed }: Since): void {
  if (d.s.counted.isDisputed) return;
  d.s.counted = { ...d.s.counted, isDisputed: true };
  const speed = spanText(bySpeed);
  const text = `counted ${formatNumber(turns)} turns, speed says ${speed}: one of them is wrong`;
  emit(d, "fault", text, { counted: turns, bySpeed: [bySpeed.low, bySpeed.high] });
}

function spanText({ low, high }: Range): string {
  return formatSpan([low, high], (turns) => formatNumber(turns));
}
