/** What happens to alarms, as it is written down: the data of journal events of the kind `alarm`. */
import type { ElapsedMs, EpochMs } from "../../base/clock.js";
import { OneOf, type Static, Strict, Type } from "../../base/schema.js";
import { Guidance, priorities, reactions } from "../limit.js";

/** A moment by both clocks; elapsed time is the keeper's and means nothing to the next process. */
export type Moment = {
  at: ElapsedMs;
  wall: EpochMs;
  /** The wall clock is known to be set (`TimeSync` says synchronised). */
  isWallTrusted: boolean;
};

/** One alarm: a limit of a rig, at a station where the limit counts for each. */
const key = {
  rig: Type.String({ minLength: 1 }),
  limit: Type.String({ minLength: 1 }),
  station: Type.Union([Type.String({ minLength: 1 }), Type.Null()]),
};
const when = { at: Type.Number(), wall: Type.Number() };
/** Enough to show an alarm whose limit is in no file any more. */
const facts = {
  reaction: OneOf(reactions),
  priority: OneOf(priorities),
  message: Type.Optional(Type.String()),
  guidance: Type.Optional(Guidance),
};
const by = { by: Type.String({ minLength: 1, description: "who said so" }) };
const reason = { reason: Type.String({ minLength: 1 }) };
const value = {
  value: Type.Union([Type.Number(), Type.Null()], { description: "canonical; null: none" }),
};
const shelf = {
  lengthMs: Type.Number({ exclusiveMinimum: 0 }),
  isWallTrusted: Type.Boolean({ description: "`wall` is known to be right" }),
};

/** How long something is out of service; a bypass has a second person, and its limit is not looked at. */
const length = {
  lengthMs: Type.Optional(shelf.lengthMs),
  isWallTrusted: Type.Optional(shelf.isWallTrusted),
  second: Type.Optional(Type.String({ minLength: 1, description: "of a bypass: who agrees" })),
};

function change<const C extends string, P extends Parameters<typeof Strict>[0]>(name: C, parts: P) {
  return Strict({ change: Type.Literal(name), ...key, ...when, ...parts });
}

export const AlarmChange = Type.Union([
  change("raised", { ...facts, ...value, text: Type.String() }),
  change("returned", value),
  change("acknowledged", by),
  change("shelved", { ...facts, ...by, ...reason, ...shelf }),
  change("carried", {
    ...shelf,
    beganAgain: Type.Boolean({ description: "with its whole length: no clock could say" }),
  }),
  change("unshelved", by),
  change("expired", {}),
  change("out-of-service", { ...facts, ...by, ...reason, ...length }),
  change("in-service", by),
  change("unwatched", { why: Type.String({ minLength: 1 }) }),
]);
export type AlarmChange = Static<typeof AlarmChange>;
export type ChangeOf<C extends AlarmChange["change"]> = Extract<AlarmChange, { change: C }>;

export type AlarmKey = Pick<AlarmChange, keyof typeof key>;
export type AlarmFacts = AlarmKey & Pick<ChangeOf<"raised">, keyof typeof facts>;

export function isSameAlarm(a: AlarmKey, b: AlarmKey): boolean {
  return a.limit === b.limit && a.station === b.station && a.rig === b.rig;
}

/** What a change begins with. */
export function changeAt(
  { rig, limit, station }: AlarmKey,
  { at, wall }: Pick<Moment, "at" | "wall">,
): AlarmKey & { at: ElapsedMs; wall: EpochMs } {
  return { rig, limit, station, at, wall };
}

/** What shows an alarm, without its key. */
export function factsOf({
  reaction,
  priority,
  message,
  guidance,
}: Omit<AlarmFacts, keyof AlarmKey>) {
  return {
    ...{ reaction, priority },
    ...(message === undefined ? {} : { message }),
    ...(guidance === undefined ? {} : { guidance }),
  };
}
