/** Everything that `rig watch` and a page show of one rig, at one moment. Times of day are Unix milliseconds, UTC. */
import { qualities } from "../base/sample.js";
import { OneOf, type Static, type TSchema, Type } from "../base/schema.js";
import { alarmStates } from "../limit/alarm/state.js";
import { priorities } from "../limit/limit.js";
import { safeLevels } from "../rig/safety.js";
import { PackmlStateName } from "./answer.js";

const Wall = Type.Number({ description: "Unix time in milliseconds, UTC" });

function OrNull<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

/** At least, at most; null where nothing bounds it. */
const Interval = Type.Tuple([Type.Number(), OrNull(Type.Number())], {
  description: "at least, at most; null: without a bound",
});

/** Without a station it is of the whole rig. Values in `unit`; null unless `quality` is good or held. */
export const RoleReading = Type.Object({
  role: Type.String(),
  station: Type.Optional(Type.String()),
  value: OrNull(Type.Number()),
  unit: Type.String(),
  quality: OneOf(qualities),
  ageMs: OrNull(Type.Number({ description: "since it was last good; null: never" })),
  setpoint: Type.Optional(Type.Number({ description: "of an actuator, in the unit" })),
  ceiling: Type.Optional(Type.Number({ description: "of an actuator, in the unit" })),
  limits: Type.Optional(Type.String({ description: "those in force, as warn > 3.5, trip > 25" })),
});
export type RoleReading = Static<typeof RoleReading>;

/** A row of the alarm book (ISA-18.2); one that is normal is in it as long as it is the first out of a group. */
export const AlarmRow = Type.Object({
  id: Type.String({ description: "limit, or limit@station" }),
  limit: Type.String(),
  station: OrNull(Type.String()),
  priority: OneOf(priorities),
  reaction: Type.String(),
  state: OneOf(alarmStates),
  firstOut: Type.Boolean({ description: "first of its group of trips" }),
  raisedWall: OrNull(Wall),
  returnedWall: OrNull(Wall),
  acknowledgedWall: OrNull(Wall),
  acknowledgedBy: OrNull(Type.String()),
  shelvedUntilWall: OrNull(Wall),
  reason: OrNull(Type.String({ description: "of shelving or taking out of service" })),
  count: Type.Integer({ description: "how often it was raised since it was last normal" }),
  raisedRevision: Type.Integer({
    description: "of the alarm book at the last raising; 0: never raised. For `alarm ack`",
  }),
  text: Type.String(),
  guidance: OrNull(
    Type.Object({ en: Type.Optional(Type.String()), zh: Type.Optional(Type.String()) }),
  ),
});
export type AlarmRow = Static<typeof AlarmRow>;

export const SafetyRow = Type.Object({
  role: Type.String(),
  device: Type.String(),
  level: OneOf(safeLevels),
  acted: Type.Boolean({ description: "at the highest level that its type and rig can show" }),
  text: Type.String({ description: "what was found, and what a person should do" }),
});
export type SafetyRow = Static<typeof SafetyRow>;

export const StationRow = Type.Object({
  station: Type.String(),
  specimen: Type.String(),
  outcome: Type.String({ description: "running, failed or censored" }),
  suspect: OrNull(Type.String({ description: "why it needs a disposition" })),
  turns: Interval,
  damage: Interval,
});

const Exposure = Type.Object({
  timeOnTestMs: Interval,
  timeAtStressMs: Interval,
  turns: Interval,
  energyJ: Interval,
});

/** The rig's guest. */
export const RunNow = Type.Object({
  id: Type.String(),
  profile: Type.String(),
  atMs: Type.Number({ description: "on the run's clock" }),
  outcome: OrNull(Type.String({ description: "null: it is open" })),
  step: OrNull(
    Type.Object({
      number: Type.Integer({ minimum: 1 }),
      of: Type.Integer(),
      name: Type.String(),
      spentMs: Type.Number(),
      lengthMs: OrNull(Type.Number({ description: "planned; null: not known" })),
    }),
  ),
  remainingMs: OrNull(Type.Number({ description: "to the planned end, if nothing fails" })),
  exposure: Exposure,
  stations: Type.Array(StationRow),
});
export type RunNow = Static<typeof RunNow>;

export const RigPicture = Type.Object(
  {
    rig: Type.String(),
    simulated: Type.Boolean(),
    atMs: Type.Number({ description: "since its keeper opened the lines" }),
    wall: Wall,
    state: PackmlStateName,
    reason: Type.String(),
    sinceWall: Wall,
    revision: Type.Integer({ description: "another number whenever the state is another" }),
    run: OrNull(RunNow),
    readings: Type.Array(RoleReading),
    alarms: Type.Array(AlarmRow),
    safety: Type.Array(SafetyRow),
    lately: Type.Array(Type.String(), { description: "what happened last, oldest first" }),
  },
  { $id: "rig-picture", title: "rig picture" },
);
export type RigPicture = Static<typeof RigPicture>;
