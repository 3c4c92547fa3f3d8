/**
 * Shelving: an alarm out of sight for a time, by name and with a reason. It still acts, counts and is listed. The
 * time is the keeper's elapsed one; the wall clock ends a shelf only where it was known to be set, then and now.
 */
import { type Asked, askOf, rowOrNew } from "./ask.js";
import type { AlarmBook } from "./book.js";
import {
  type AlarmChange,
  type AlarmFacts,
  type AlarmKey,
  changeAt,
  factsOf,
  type Moment,
} from "./change.js";
import type { AlarmRow, Shelf } from "./row.js";

/**
 * One shift, chosen. ISA-18.2 and IEC 62682 ask that shelving be limited in time and leave the figure to the
 * plant; OPC 10000-9, 5.8.17, knows it as `MaxTimeShelved` and refuses what is longer.
 */
export const longestShelfMs = 8 * 3_600_000;

/** Never what has driven safe values, and never what needs a person now. */
export function mayBeShelved({
  reaction,
  priority,
}: Pick<AlarmFacts, "reaction" | "priority">): boolean {
  return reaction !== "trip" && priority !== "urgent";
}

/** Also of what is normal now. A shelf is not made longer: it ends first, and whoever shelves again says why. */
export function shelve(
  book: AlarmBook,
  facts: AlarmFacts,
  { by, reason, lengthMs }: { by: string; reason: string; lengthMs: number },
  now: Moment,
): Asked {
  return askOf([rowOrNew(book, facts)], (row) => {
    if (!mayBeShelved(facts) || !mayBeShelved(row)) return "may-not-be-shelved";
    if (reason.trim() === "") return "no-reason";
    if (!(lengthMs > 0 && lengthMs <= longestShelfMs)) return "shelf-too-long";
    const shelf = { by, reason, lengthMs, isWallTrusted: now.isWallTrusted };
    return { change: "shelved", ...changeAt(row, now), ...factsOf(facts), ...shelf };
  });
}

export function unshelve(book: AlarmBook, key: AlarmKey, by: string, now: Moment): Asked {
  return askOf([rowOrNew(book, key)], (row) => {
    return { change: "unshelved", ...changeAt(row, now), by };
  });
}

/** Of the shelves that are over; asked once per cycle. */
export function expire(book: AlarmBook, now: Moment): readonly AlarmChange[] {
  return shelved(book)
    .filter(({ shelf }) => isOver(shelf, now))
    .map(({ row }) => ({ change: "expired", ...changeAt(row, now) }));
}

function isOver(shelf: Shelf, now: Moment): boolean {
  const { since, lengthMs } = shelf;
  return now.at - since.at >= lengthMs || wallLeftMs(shelf, now) <= 0;
}

/** By the wall clock; NaN where it is not to be trusted. */
function wallLeftMs({ since, lengthMs, isWallTrusted }: Shelf, now: Moment): number {
  if (!isWallTrusted || !now.isWallTrusted) return Number.NaN;
  return Math.min(lengthMs, since.wall + lengthMs - now.wall);
}

/**
 * The controller is back, with a new elapsed time: each shelf goes on with what the wall clock says is left. Where
 * no clock can say, it begins again, but only once: then what was asked for is over at the next restart.
 */
export function carryShelves(book: AlarmBook, now: Moment): readonly AlarmChange[] {
  return shelved(book).map(({ row, shelf }) => {
    const leftMs = wallLeftMs(shelf, now);
    const beganAgain = Number.isNaN(leftMs);
    const isEnd = beganAgain ? shelf.beganAgain : leftMs <= 0;
    if (isEnd) return { change: "expired", ...changeAt(row, now) };
    const lengthMs = beganAgain ? shelf.lengthMs : leftMs;
    const { isWallTrusted } = now;
    return { change: "carried", ...changeAt(row, now), lengthMs, isWallTrusted, beganAgain };
  });
}

function shelved({ rows }: AlarmBook): { row: AlarmRow; shelf: Shelf }[] {
  return rows.flatMap((row) => (row.shelf === null ? [] : [{ row, shelf: row.shelf }]));
}
