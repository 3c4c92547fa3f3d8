/** The alarms of a rig when its controller comes back: what its absence changes. */
import type { CompiledLimit } from "../compile.js";
import { giveBack, unwatch } from "./ask.js";
import { type AlarmBook, bookAfter } from "./book.js";
import type { AlarmChange, Moment } from "./change.js";
import { isOfLimits, isRigAlarm, limitKey } from "./facts.js";
import type { AlarmRow } from "./row.js";
import { carryService, outageOf } from "./service.js";
import { carryShelves } from "./shelf.js";

/**
 * The controller is back and has the book as it was left: what to write down before anything else. Shelves go on or
 * end, alarms of limits that are in no file any more say so, and what only the controller before has seen (a line
 * that was lost, motion) is raised again where it is still so.
 */
export function reopenBook(
  book: AlarmBook,
  limits: readonly CompiledLimit[],
  now: Moment,
): readonly AlarmChange[] {
  const shelves = [...carryShelves(book, now), ...carryService(book, now)];
  const carried = shelves.reduce(bookAfter, book);
  const isKnown = (row: AlarmRow) => isRigAlarm(row) || isOfLimits(limits, row);
  // A person's word is no sight: what is out of service stays so, also when its time is over.
  const isSeen = (row: AlarmRow) => !isRigAlarm(row) || !row.stands || outageOf(row) !== undefined;
  return [
    ...shelves,
    ...unwatch(carried, isKnown, "its limit is not in the rig file any more", now),
    ...unwatch(carried, isSeen, "the controller that saw it has ended", now),
  ];
}

/**
 * Of alarms that stand in the book though their limits are back inside: nobody saw them return while the controller
 * was away. Once per cycle; finds nothing where the loop over limits has told of every return. `isReturned` is asked
 * of a limit by its place in the list.
 */
export function returnedUnseen(
  book: AlarmBook,
  rig: string,
  limits: readonly CompiledLimit[],
  values: ArrayLike<number>,
  isReturned: (limit: number) => boolean,
  now: Moment,
): readonly AlarmChange[] {
  if (!book.rows.some((row) => row.stands)) return [];
  return limits.flatMap((limit, i) => {
    const back = isReturned(i)
      ? giveBack(book, limitKey(rig, limit), values[limit.column]!, now)
      : undefined;
    return back === undefined ? [] : [back];
  });
}
