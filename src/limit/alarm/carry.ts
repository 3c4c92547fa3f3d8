/** A book written down anew, where what it was a fold over is lost. */
import type { AlarmBook } from "./book.js";
import { type AlarmChange, type ChangeOf, changeAt, factsOf } from "./change.js";
import type { AlarmRow } from "./row.js";

/**
 * Changes whose book has the same alarms in the same states; how often each was raised begins again. All are raised
 * before any is over, the first trip first: it stays the first. What is out of service is none before it is raised.
 */
export function changesAnew({ rows }: AlarmBook): AlarmChange[] {
  const first = rows.filter((row) => row.isFirstOut);
  const others = rows.filter((row) => !row.isFirstOut);
  const watched = others.filter(({ unwatched }) => unwatched === null);
  const raised = [first.map(raisedOf), watched.map(outOf), others.map(raisedOf)];
  const all = [...raised.flat(), ...rows.flatMap(laterOf)];
  return all.filter((change) => change !== undefined);
}

/** What was said of it, and that it is over. Out of sight comes last: it outlives that nobody looks any more. */
function laterOf(row: AlarmRow): (AlarmChange | undefined)[] {
  const isOut = row.isFirstOut || row.unwatched !== null;
  const out = isOut ? outOf(row) : undefined;
  return [acknowledgedOf(row), returnedOf(row), unwatchedOf(row), ...shelvedOf(row), out];
}

function raisedOf(row: AlarmRow): ChangeOf<"raised"> | undefined {
  const { lastRaisedAt, lastValue, text } = row;
  if (lastRaisedAt === null) return undefined;
  const when = changeAt(row, lastRaisedAt);
  return { change: "raised", ...when, ...factsOf(row), value: lastValue, text };
}

function acknowledgedOf(row: AlarmRow): ChangeOf<"acknowledged"> | undefined {
  const { acknowledgedAt, acknowledgedBy, state } = row;
  if (acknowledgedAt === null || acknowledgedBy === null) return undefined;
  // Back in sight it is told again, whatever was said before; and so it is when nobody looks any more.
  if (state !== "acknowledged" && state !== "normal") return undefined;
  return { change: "acknowledged", ...changeAt(row, acknowledgedAt), by: acknowledgedBy };
}

function returnedOf(row: AlarmRow): ChangeOf<"returned"> | undefined {
  const { returnedAt, stands, unwatched } = row;
  if (stands || returnedAt === null || unwatched !== null) return undefined;
  return { change: "returned", ...changeAt(row, returnedAt), value: null };
}

function unwatchedOf(row: AlarmRow): ChangeOf<"unwatched"> | undefined {
  const { returnedAt, unwatched } = row;
  if (returnedAt === null || unwatched === null) return undefined;
  return { change: "unwatched", ...changeAt(row, returnedAt), why: unwatched };
}

function shelvedOf(row: AlarmRow): AlarmChange[] {
  if (row.shelf === null) return [];
  const { by, reason, since, lengthMs, isWallTrusted, beganAgain } = row.shelf;
  const when = changeAt(row, since);
  const shelf = { lengthMs, isWallTrusted };
  const shelved = { change: "shelved", ...when, ...factsOf(row), by, reason, ...shelf } as const;
  const carried = { change: "carried", ...when, ...shelf, beganAgain } as const;
  return beganAgain ? [shelved, carried] : [shelved];
}

function outOf(row: AlarmRow): ChangeOf<"out-of-service"> | undefined {
  if (row.outOfService === null) return undefined;
  const { by, reason, since, second, lengthMs, isWallTrusted } = row.outOfService;
  const length = lengthMs === null ? {} : { lengthMs, isWallTrusted };
  const agrees = second === null ? {} : { second };
  const word = { by, reason, ...length, ...agrees };
  return { change: "out-of-service", ...changeAt(row, since), ...factsOf(row), ...word };
}
