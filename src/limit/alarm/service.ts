/**
 * Out of service for a time: a device, a line or the whole rig, which has a row of its own in the book; and a bypass, of
 * one limit that is not looked at. When the time of a bypass is over its limit counts again. When that of a device is
 * over an alarm stands, and nothing goes to the device before a person returns it.
 */
import type { Dimension } from "../../base/quantity.js";
import { type CompiledLimit, isAgainstTooMuch } from "../compile.js";
import {
  type Asked,
  askOf,
  giveBack,
  raise,
  returnToService,
  rowOrNew,
  takeOutOfService,
} from "./ask.js";
import { type AlarmBook, rowOf } from "./book.js";
import { type AlarmChange, type AlarmFacts, changeAt, factsOf, type Moment } from "./change.js";
import { chainLimit, isOfLimits, limitFacts, rigFacts } from "./facts.js";
import type { AlarmRow, OutOfService } from "./row.js";

/** One shift, and so many of a rig; chosen. */
export const longestBypassMs = 8 * 3_600_000;
export const mostBypasses = 2;

/** What is taken out of service; the name of the rig itself for `rig`. */
export type Outage = { what: "rig" | "device" | "line"; name: string };

export type ServiceWord = { by: string; reason: string; lengthMs: number };

const rowName = /^service-expired:(rig|device|line):(.+)$/;

/** The row that says it, and that is raised when its time is over. */
export function serviceFacts(rig: string, { what, name }: Outage) {
  return rigFacts(rig, "service-expired", `${what}:${name}`);
}

/** What is out of service, also when its time is over. */
export function outages({ rows }: AlarmBook): readonly Outage[] {
  return rows.flatMap((row) => {
    const outage = outageOf(row);
    return outage === undefined || !(row.stands || row.outOfService !== null) ? [] : [outage];
  });
}

/** What a row of ours is about; undefined for every other alarm. */
export function outageOf({ limit }: Pick<AlarmRow, "limit">): Outage | undefined {
  const [, what, name] = rowName.exec(limit) ?? [];
  if (what === undefined || name === undefined) return undefined;
  return { what: what as Outage["what"], name };
}

/** With the alarms of what is watched there. That nothing has energy is for the keeper to make sure. */
export function takeOut(
  book: AlarmBook,
  own: AlarmFacts,
  alarms: readonly AlarmFacts[],
  { by, reason, lengthMs }: ServiceWord,
  now: Moment,
): Asked {
  const asked = takeOutOfService(book, [own], { by, reason }, now);
  if (asked.refused.length > 0) return asked;
  const { isWallTrusted } = now;
  const timed = asked.changes.map((change) => ({ ...change, lengthMs, isWallTrusted }) as const);
  const others = takeOutOfService(book, alarms, { by, reason }, now).changes;
  return { changes: [...(timed as AlarmChange[]), ...others], refused: [] };
}

/** A person returns it, with what was out of service for it alone. */
export function putBack(
  book: AlarmBook,
  own: AlarmFacts,
  alarms: readonly AlarmFacts[],
  by: string,
  now: Moment,
): readonly AlarmChange[] {
  const over = giveBack(book, own, Number.NaN, now);
  const mayReturn = (key: AlarmFacts) => rowOf(book, key)?.outOfService?.second === null;
  const keys = [own, ...alarms].filter(mayReturn);
  const back = returnToService(book, keys, by, now).changes;
  return over === undefined ? back : [over, ...back];
}

/** Is this limit not looked at? */
export function isBypassed({ rows }: AlarmBook, limit: CompiledLimit): boolean {
  return rows.some((row) => isBypass(row) && isOfLimits([limit], row));
}

export function isBypass({ outOfService }: Pick<AlarmRow, "outOfService">): boolean {
  return outOfService !== null && outOfService.second !== null;
}

/** Overspeed and over-temperature keep their limits, and so does the safety chain. */
export function mayBeBypassed(limit: CompiledLimit, dimension: Dimension): boolean {
  const isVital = dimension === "speed" || dimension === "temperature";
  return !(isVital && isAgainstTooMuch(limit)) && limit.name !== chainLimit;
}

export type BypassedLimit = { limit: CompiledLimit; dimension: Dimension };
export type BypassWord = { by: string; second: string; reason: string; lengthMs: number };

/** That the rig is safe is for the keeper to make sure. */
export function bypass(
  book: AlarmBook,
  rig: string,
  { limit, dimension }: BypassedLimit,
  { by, second, reason, lengthMs }: BypassWord,
  now: Moment,
): Asked {
  const facts = limitFacts(rig, limit);
  return askOf([rowOrNew(book, facts)], (row) => {
    if (!mayBeBypassed(limit, dimension)) return "may-not-be-bypassed";
    if (isBypass(row)) return "is-bypassed";
    if (reason.trim() === "") return "no-reason";
    if (second.trim() === "" || isSamePerson(second, by)) return "no-second-person";
    if (!(lengthMs > 0 && lengthMs <= longestBypassMs)) return "bypass-too-long";
    if (book.rows.filter(isBypass).length >= mostBypasses) return "too-many-bypasses";
    const { isWallTrusted } = now;
    const word = { by, second, reason, lengthMs, isWallTrusted };
    return { change: "out-of-service", ...changeAt(row, now), ...factsOf(facts), ...word };
  });
}

/** `mei` and `mei@rig-7` are one person; the same name on two machines may be two. */
function isSamePerson(one: string, other: string): boolean {
  const [name, machine] = one.trim().toLowerCase().split("@");
  const [otherName, otherMachine] = other.trim().toLowerCase().split("@");
  const mayBe = machine === undefined || otherMachine === undefined || machine === otherMachine;
  return name === otherName && mayBe;
}

/** Whose time is over; asked once per cycle. What was out of service stays out, and its alarm says so. */
export function expireService(book: AlarmBook, now: Moment): readonly AlarmChange[] {
  return timed(book)
    .filter(({ service, lengthMs }) => isOver(service, lengthMs, now))
    .flatMap(({ row }) => expired(row, now));
}

function expired(row: AlarmRow, now: Moment): AlarmChange[] {
  const over: AlarmChange = { change: "expired", ...changeAt(row, now) };
  const outage = outageOf(row);
  if (outage === undefined) return [over];
  const text = `${outage.name}: its time out of service is over; nothing goes to it before a person returns it`;
  return [over, raise(row, Number.NaN, text, now)];
}

function isOver({ since, isWallTrusted }: OutOfService, lengthMs: number, now: Moment): boolean {
  const isWallOver = isWallTrusted && now.isWallTrusted && now.wall - since.wall >= lengthMs;
  return now.at - since.at >= lengthMs || isWallOver;
}

/**
 * The controller is back, with a new elapsed time. Where no clock can say what is left, a bypass is over, for its
 * limit must not be blind for longer than was said; what is out of service stays out for its whole time.
 */
export function carryService(book: AlarmBook, now: Moment): readonly AlarmChange[] {
  return timed(book).flatMap(({ row, service, lengthMs }) => {
    const isKnown = service.isWallTrusted && now.isWallTrusted;
    const leftMs = isKnown ? Math.min(lengthMs, service.since.wall + lengthMs - now.wall) : 0;
    const beganAgain = !isKnown && !isBypass(row);
    if (!beganAgain && leftMs <= 0) return expired(row, now);
    const left = { lengthMs: beganAgain ? lengthMs : leftMs, isWallTrusted: now.isWallTrusted };
    return [{ change: "carried", ...changeAt(row, now), ...left, beganAgain } as const];
  });
}

function timed({ rows }: AlarmBook) {
  return rows.flatMap((row) => {
    const { outOfService: service } = row;
    const lengthMs = service?.lengthMs ?? null;
    return service === null || lengthMs === null ? [] : [{ row, service, lengthMs }];
  });
}
