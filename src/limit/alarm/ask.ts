/**
 * What may happen to the alarms of a book. Each answer is the changes to write down, which `bookAfter` carries
 * out, and what was refused and why. Nothing here changes a book, moves a rig or resumes a run.
 */
import type { Reaction } from "../limit.js";
import { type AlarmBook, rowOf } from "./book.js";
import {
  type AlarmChange,
  type AlarmFacts,
  type AlarmKey,
  changeAt,
  factsOf,
  type Moment,
} from "./change.js";
import { type AlarmRow, newRow } from "./row.js";
import { nextAlarmState, type RefusalCode } from "./state.js";

/** Why one alarm did not get what was asked for. */
export type AlarmRefusal = AlarmKey & { code: RefusalCode };
export type Asked = { changes: readonly AlarmChange[]; refused: readonly AlarmRefusal[] };

/** What is only written down needs nobody: it is an event and no alarm. */
export function isAlarm(reaction: Reaction): boolean {
  return reaction !== "log";
}

/** A limit was raised. `value` is canonical, NaN where there is none. */
export function raise(facts: AlarmFacts, value: number, text: string, now: Moment): AlarmChange {
  const found = { value: finite(value), text };
  return { change: "raised", ...changeAt(facts, now), ...factsOf(facts), ...found };
}

/** A limit has returned; undefined where no alarm of it stands. */
export function giveBack(
  book: AlarmBook,
  key: AlarmKey,
  value: number,
  now: Moment,
): AlarmChange | undefined {
  if (rowOf(book, key)?.stands !== true) return undefined;
  return { change: "returned", ...changeAt(key, now), value: finite(value) };
}

/** JSON has no NaN. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/**
 * A person has seen these alarms (without `keys` all that wait for it) in the book of revision `seen`. What was
 * raised since is refused: nobody acknowledges what came after the look.
 */
export function acknowledge(
  book: AlarmBook,
  { keys, seen, by }: { keys?: readonly AlarmKey[]; seen: number; by: string },
  now: Moment,
): Asked {
  const waiting = book.rows.filter(waitsForWord);
  const rows = keys === undefined ? waiting : keys.map((key) => rowOrNew(book, key));
  return askOf(rows, (row) => {
    if (waitsForWord(row) && row.raisedRevision > seen) return "came-since";
    return { change: "acknowledged", ...changeAt(row, now), by };
  });
}

/** Is there anything to acknowledge? */
export function waitsForWord({ state }: Pick<AlarmRow, "state">): boolean {
  return state === "unacknowledged" || state === "returned-unacknowledged";
}

/** What is out of service gives no alarm. That nothing there has energy is for the keeper to make sure. */
export function takeOutOfService(
  book: AlarmBook,
  alarms: readonly AlarmFacts[],
  { by, reason }: { by: string; reason: string },
  now: Moment,
): Asked {
  const facts = new Map(alarms.map((one) => [rowOrNew(book, one), one]));
  return askOf([...facts.keys()], (row) => {
    if (reason.trim() === "") return "no-reason";
    const known = factsOf(facts.get(row) ?? row);
    return { change: "out-of-service", ...changeAt(row, now), ...known, by, reason };
  });
}

/** Back in service: what stands is told as if it had just been raised. */
export function returnToService(
  book: AlarmBook,
  keys: readonly AlarmKey[],
  by: string,
  now: Moment,
): Asked {
  const rows = keys.map((key) => rowOrNew(book, key));
  return askOf(rows, (row) => ({ change: "in-service", ...changeAt(row, now), by }));
}

/** Of the alarms whose limit nobody looks at any more. What stood stays until it is acknowledged, and says why. */
export function unwatch(
  book: AlarmBook,
  isWatched: (row: AlarmRow) => boolean,
  why: string,
  now: Moment,
): readonly AlarmChange[] {
  const gone = book.rows.filter((row) => row.unwatched === null && !isWatched(row));
  return askOf(gone, (row) => ({ change: "unwatched", ...changeAt(row, now), why })).changes;
}

export function rowOrNew(book: AlarmBook, key: AlarmKey): AlarmRow {
  return rowOf(book, key) ?? newRow(key);
}

/** The changes that the table of states allows; the refusals of the others. */
export function askOf(
  rows: readonly AlarmRow[],
  want: (row: AlarmRow) => AlarmChange | RefusalCode,
): Asked {
  const changes: AlarmChange[] = [];
  const refused: AlarmRefusal[] = [];
  for (const row of new Set(rows)) {
    const wanted = want(row);
    const code = typeof wanted === "string" ? wanted : refusalOf(row, wanted);
    if (code !== undefined) {
      refused.push({ rig: row.rig, limit: row.limit, station: row.station, code });
    } else if (typeof wanted !== "string") changes.push(wanted);
  }
  return { changes, refused };
}

function refusalOf(row: AlarmRow, { change }: AlarmChange): RefusalCode | undefined {
  const { state, stands, outOfService } = row;
  const to = nextAlarmState(state, change, stands);
  if (typeof to === "string") return undefined;
  const isBypassed = outOfService !== null && outOfService.second !== null;
  return isBypassed && to.refused === "is-out-of-service" ? "is-bypassed" : to.refused;
}
