/**
 * The states of an alarm (ISA-18.2-2016, figure of alarm state transitions; IEC 62682 has the same) and every
 * way between them. Acknowledging is a word on what was seen: it never clears, and no state here moves a rig.
 * What the standard calls suppressed by design is a mask of the limit: then there is no alarm at all.
 */
export const alarmStates = [
  "normal",
  "unacknowledged",
  "acknowledged",
  "returned-unacknowledged",
  "shelved",
  "out-of-service",
] as const;
export type AlarmState = (typeof alarmStates)[number];

/**
 * What can happen to an alarm. `expired`: its shelf or its time out of service ran out; `carried`: that goes on after a
 * restart of the controller; `unwatched`: nobody looks at its limit any more (gone from the file, its run over).
 */
export const alarmHappenings = [
  "raised",
  "returned",
  "acknowledged",
  "shelved",
  "carried",
  "unshelved",
  "expired",
  "out-of-service",
  "in-service",
  "unwatched",
] as const;
export type AlarmHappening = (typeof alarmHappenings)[number];

/** Why something cannot happen to an alarm, or may not; `report/alarm-words.ts` has the sentences. */
export const refusalCodes = [
  "is-normal",
  "is-acknowledged",
  "has-returned",
  "is-shelved",
  "is-not-shelved",
  "is-out-of-service",
  "is-bypassed",
  "is-in-service",
  "came-since",
  "may-not-be-shelved",
  "shelf-too-long",
  "no-reason",
  "may-not-be-bypassed",
  "bypass-too-long",
  "too-many-bypasses",
  "no-second-person",
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

/** A new state; one for a condition that stands and one for a condition that does not; or a refusal. */
type Cell = AlarmState | { stands: AlarmState; clear: AlarmState } | { refused: RefusalCode };
type Row = { readonly [H in AlarmHappening]: Cell };

const refuse = (refused: RefusalCode): Cell => ({ refused });
/** Out of sight is over: what stands is told again, whatever was said of it before. */
const inSight: Cell = { stands: "unacknowledged", clear: "normal" };
/** What stood when nobody looked any more is still to be acknowledged. */
const notLookedAt: Cell = { stands: "returned-unacknowledged", clear: "normal" };

const noShelf = {
  carried: refuse("is-not-shelved"),
  unshelved: refuse("is-not-shelved"),
  expired: refuse("is-not-shelved"),
} as const;
const inService = { "in-service": refuse("is-in-service") } as const;
const outOfSight = { shelved: "shelved", "out-of-service": "out-of-service" } as const;

const table: { readonly [S in AlarmState]: Row } = {
  normal: {
    raised: "unacknowledged",
    returned: refuse("is-normal"),
    acknowledged: refuse("is-normal"),
    unwatched: refuse("is-normal"),
    ...outOfSight,
    ...noShelf,
    ...inService,
  },
  unacknowledged: {
    raised: "unacknowledged",
    returned: "returned-unacknowledged",
    acknowledged: "acknowledged",
    unwatched: "returned-unacknowledged",
    ...outOfSight,
    ...noShelf,
    ...inService,
  },
  acknowledged: {
    // Nobody saw whether it was away in between.
    raised: "unacknowledged",
    returned: "normal",
    acknowledged: refuse("is-acknowledged"),
    unwatched: "normal",
    ...outOfSight,
    ...noShelf,
    ...inService,
  },
  "returned-unacknowledged": {
    raised: "unacknowledged",
    returned: refuse("has-returned"),
    acknowledged: "normal",
    unwatched: "returned-unacknowledged",
    ...outOfSight,
    ...noShelf,
    ...inService,
  },
  shelved: {
    raised: "shelved",
    returned: "shelved",
    acknowledged: refuse("is-shelved"),
    shelved: refuse("is-shelved"),
    carried: "shelved",
    unshelved: inSight,
    expired: inSight,
    "out-of-service": "out-of-service",
    unwatched: notLookedAt,
    ...inService,
  },
  "out-of-service": {
    raised: "out-of-service",
    returned: "out-of-service",
    acknowledged: refuse("is-out-of-service"),
    shelved: refuse("is-out-of-service"),
    "out-of-service": refuse("is-out-of-service"),
    "in-service": inSight,
    // Its time out of service goes on over a restart, or is over.
    carried: "out-of-service",
    expired: inSight,
    unshelved: refuse("is-not-shelved"),
    unwatched: notLookedAt,
  },
};

/** Where a happening leads; `stands`: the condition is there now. */
export function nextAlarmState(
  state: AlarmState,
  happening: AlarmHappening,
  stands: boolean,
): AlarmState | { refused: RefusalCode } {
  const cell = table[state][happening];
  if (typeof cell === "string" || "refused" in cell) return cell;
  return stands ? cell.stands : cell.clear;
}
