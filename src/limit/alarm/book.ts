/**
 * The alarms of rigs that are not normal, as plain data that is replaced and never changed. A book is a fold over
 * what was written down, so that it outlives runs, restarts and edits of files (docs/alarms.md).
 */
import { type AlarmChange, type AlarmKey, isSameAlarm } from "./change.js";
import { type AlarmRow, newRow, rowAfter } from "./row.js";
import { nextAlarmState } from "./state.js";

/** `revision` counts what happened: the same changes give the same number. Rows in the order they came. */
export type AlarmBook = { readonly revision: number; readonly rows: readonly AlarmRow[] };

export const emptyBook: AlarmBook = { revision: 0, rows: [] };

/** The book that these changes lead to, in the order they were written. */
export function bookOf(changes: Iterable<AlarmChange>): AlarmBook {
  let book = emptyBook;
  for (const change of changes) book = bookAfter(book, change);
  return book;
}

export function rowOf(book: AlarmBook, key: AlarmKey): AlarmRow | undefined {
  return book.rows.find((row) => isSameAlarm(row, key));
}

/** The next book. A change that the table of states refuses changes nothing. */
export function bookAfter(book: AlarmBook, change: AlarmChange): AlarmBook {
  const known = rowOf(book, change);
  const before = known ?? newRow(change);
  const state = nextAlarmState(before.state, change.change, before.stands);
  if (typeof state !== "string") return book;
  const revision = book.revision + 1;
  const after = rowAfter({ ...before, state }, change, revision);
  const others = book.rows.filter((row) => row !== known && row.rig === change.rig);
  const row = { ...after, isFirstOut: after.isFirstOut || isFirstOut(after, others) };
  const rows =
    known === undefined ? [...book.rows, row] : book.rows.with(book.rows.indexOf(known), row);
  return { revision, rows: withoutNormal(rows, change.rig) };
}

/** Acknowledged and returned is what ends a trip's part in its group. */
function isLiveTrip({ reaction, state }: AlarmRow): boolean {
  return reaction === "trip" && state !== "normal" && state !== "out-of-service";
}

function isFirstOut(row: AlarmRow, others: readonly AlarmRow[]): boolean {
  return isLiveTrip(row) && !others.some((other) => other.isFirstOut || isLiveTrip(other));
}

/** What is normal leaves the book, but the first of a group of trips only with the group. */
function withoutNormal(rows: readonly AlarmRow[], rig: string): readonly AlarmRow[] {
  const isOver = !rows.some((row) => row.rig === rig && isLiveTrip(row));
  return rows
    .map((row) =>
      isOver && row.rig === rig && row.isFirstOut ? { ...row, isFirstOut: false } : row,
    )
    .filter((row) => row.state !== "normal" || row.isFirstOut);
}
