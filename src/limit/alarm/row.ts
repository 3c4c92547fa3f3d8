/** One alarm of the book, and what each change makes of it. */
import type { ElapsedMs, EpochMs } from "../../base/clock.js";
import {
  type AlarmChange,
  type AlarmFacts,
  type AlarmKey,
  type ChangeOf,
  factsOf,
} from "./change.js";
import type { AlarmState } from "./state.js";

/** When something was written down, by the wall clock and on the clock of the keeper of that time. */
export type Stamp = { at: ElapsedMs; wall: EpochMs };

export type Shelf = {
  by: string;
  reason: string;
  /** When it was put there; after a restart when the controller came back. */
  since: Stamp;
  lengthMs: number;
  isWallTrusted: boolean;
  /** It began again after a restart because no clock could say what was left of it: once, and no more. */
  beganAgain: boolean;
};

/** `lengthMs` null: until somebody returns it. `second`: it is a bypass, and its limit is not looked at. */
export type OutOfService = {
  by: string;
  reason: string;
  second: string | null;
  since: Stamp;
  lengthMs: number | null;
  isWallTrusted: boolean;
};

/** An alarm that is not normal; what is shelved or out of service is listed and counted all the same. */
export type AlarmRow = AlarmFacts & {
  state: AlarmState;
  /** The condition is there now, whatever was said of it. */
  stands: boolean;
  /** The first trip of its group: since then not all trips of the rig were acknowledged and returned. */
  isFirstOut: boolean;
  raisedAt: Stamp | null;
  lastRaisedAt: Stamp | null;
  returnedAt: Stamp | null;
  /** Of the last raising. */
  acknowledgedAt: Stamp | null;
  acknowledgedBy: string | null;
  /** How often it was raised since it was last normal. */
  count: number;
  /** Canonical, at the first and the last raising; null where there was none. */
  firstValue: number | null;
  lastValue: number | null;
  /** For people, at the last raising. */
  text: string;
  shelf: Shelf | null;
  outOfService: OutOfService | null;
  /** Why nobody looks at its limit any more; null while somebody does. */
  unwatched: string | null;
  /** Revision of the book at the last raising: whoever saw an earlier one has not seen it. */
  raisedRevision: number;
};

/** A row of which nothing is known yet; only its first change says what it is. */
export function newRow({ rig, limit, station }: AlarmKey): AlarmRow {
  return {
    ...{ rig, limit, station, reaction: "warn", priority: "low" },
    ...{ state: "normal", stands: false, isFirstOut: false },
    ...{ raisedAt: null, lastRaisedAt: null, returnedAt: null },
    ...{ acknowledgedAt: null, acknowledgedBy: null },
    ...{ count: 0, firstValue: null, lastValue: null, text: "" },
    ...{ shelf: null, outOfService: null, unwatched: null, raisedRevision: 0 },
  };
}

/** The row after a change that its state allows. */
export function rowAfter(row: AlarmRow, change: AlarmChange, revision: number): AlarmRow {
  const now = stampOf(change);
  switch (change.change) {
    case "raised":
      return raisedRow(row, change, revision);
    case "returned":
      return { ...row, stands: false, returnedAt: now };
    case "acknowledged":
      return { ...row, acknowledgedAt: now, acknowledgedBy: change.by };
    case "shelved":
      return { ...row, ...factsOf(change), shelf: shelfOf(change) };
    case "carried":
      return carriedRow(row, change);
    case "unshelved":
      return { ...row, shelf: null };
    case "expired":
      return { ...row, shelf: null, outOfService: null };
    case "out-of-service":
      return { ...row, ...factsOf(change), shelf: null, outOfService: serviceOf(change) };
    case "in-service":
      return { ...row, outOfService: null };
    case "unwatched":
      return unwatchedRow(row, change);
  }
}

function stampOf({ at, wall }: Stamp): Stamp {
  return { at, wall };
}

function raisedRow(row: AlarmRow, change: ChangeOf<"raised">, revision: number): AlarmRow {
  const now = stampOf(change);
  const { value, text } = change;
  return {
    ...row,
    ...factsOf(change),
    stands: true,
    raisedAt: row.raisedAt ?? now,
    ...{ lastRaisedAt: now, returnedAt: null, acknowledgedAt: null, acknowledgedBy: null },
    count: row.count + 1,
    firstValue: row.count === 0 ? value : row.firstValue,
    lastValue: value,
    ...{ text, unwatched: null, raisedRevision: revision },
  };
}

function shelfOf(change: ChangeOf<"shelved">): Shelf {
  const { by, reason, lengthMs, isWallTrusted } = change;
  return { by, reason, since: stampOf(change), lengthMs, isWallTrusted, beganAgain: false };
}

/** What is left of its time after a restart. */
function carriedRow(row: AlarmRow, change: ChangeOf<"carried">): AlarmRow {
  const { lengthMs, isWallTrusted, beganAgain } = change;
  const left = { since: stampOf(change), lengthMs, isWallTrusted };
  const { shelf, outOfService } = row;
  if (shelf !== null) return { ...row, shelf: { ...shelf, ...left, beganAgain } };
  if (outOfService === null) return row;
  return { ...row, outOfService: { ...outOfService, ...left } };
}

function serviceOf(change: ChangeOf<"out-of-service">): OutOfService {
  const { by, reason, lengthMs = null, isWallTrusted = false, second = null } = change;
  return { by, reason, second, since: stampOf(change), lengthMs, isWallTrusted };
}

function unwatchedRow(row: AlarmRow, change: ChangeOf<"unwatched">): AlarmRow {
  const returnedAt = row.stands ? stampOf(change) : row.returnedAt;
  const none = { stands: false, shelf: null, outOfService: null };
  return { ...row, ...none, returnedAt, unwatched: change.why };
}
