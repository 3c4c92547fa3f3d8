/** What a run is told from outside, as its record keeps it: with the samples it is enough to decide a run again. */
import { OneOf, type Static, Strict, Type } from "../../base/schema.js";

const at = Type.Number({ description: "on the run's clock, in ms" });
const text = Type.String({ description: "one sentence for people" });
const station = Type.Union([Type.String(), Type.Null()]);
const lengthMs = Type.Union([Type.Number(), Type.Null()], {
  description: "since what was last written; null where nobody can say",
});

/** What a person or program may ask of a run. */
export const verbs = [
  "reset",
  "start",
  "hold",
  "suspend",
  "resume",
  "leave",
  "stop",
  "abort",
  "clear",
] as const;
export type Verb = (typeof verbs)[number];

/** What only the rig can do, and must report back. */
export const acts = ["identify", "start", "safe", "reset"] as const;
export type Act = (typeof acts)[number];

/** After a restart of the controller: wait for a person, go on, or end the run. */
export const afterwards = ["hold", "resume", "end"] as const;
export type Afterwards = (typeof afterwards)[number];

/** Where the cause of a trip lay. */
export const findings = ["outage", "outside", "equipment", "sensor", "specimen"] as const;
/** What becomes of the specimen; `withdrawn`: taken off while nobody knows whether it had failed. */
export const decisions = ["continue", "failed", "withdrawn"] as const;

export const Disposition = Strict(
  {
    station: Type.String(),
    kind: OneOf(findings),
    decision: OneOf(decisions),
    text: Type.String({ description: "how it was looked at and what was found" }),
    by: Type.String({ description: "who says so" }),
  },
  { description: "one person's signed word on one station" },
);
export type Disposition = Static<typeof Disposition>;

const Command = Strict({
  kind: Type.Literal("command"),
  verb: OneOf(verbs),
  at,
  by: Type.String(),
  reason: Type.String(),
  atCheckpoint: Type.Boolean({ description: "at the next step of the profile" }),
});

const Confirmed = Strict({
  kind: Type.Literal("confirmed"),
  at,
  act: OneOf(acts),
  ok: Type.Boolean(),
  inAnotherHand: Type.Optional(
    Type.Boolean({ description: "of `safe`: nothing else has not acted" }),
  ),
  text,
});

const Hand = Strict(
  {
    kind: Type.Literal("hand"),
    at,
    roles: Type.Array(Type.String(), { description: "of the actuators of its device" }),
    isTaken: Type.Boolean({ description: "false: it is given back" }),
    text,
  },
  { description: "a device takes its commands from elsewhere (its panel, another controller)" },
);

const Trip = Strict({ kind: Type.Literal("trip"), at, limit: Type.String(), station, text });

const Disposed = Strict({ kind: Type.Literal("disposition"), at, disposition: Disposition });

const Acted = Strict(
  {
    kind: Type.Literal("acted"),
    at,
    text,
    by: Type.Union([Type.String(), Type.Null()], { description: "who leaves it as it is" }),
  },
  { description: "every actuator has acted, or somebody leaves it as it is" },
);

const Interrupted = Strict(
  {
    ...{
      kind: Type.Literal("interrupted"),
      at,
      lengthMs,
      text,
      next: OneOf(afterwards),
      why: text,
    },
    speedAtMostRpm: Type.Optional(
      Type.Number({
        description:
          "the rig was kept meanwhile: on average its shaft was no faster, by its readings",
      }),
    ),
  },
  { description: "the controller was away; `next` follows when the rig is safe" },
);

const Parked = Strict(
  {
    kind: Type.Literal("parked"),
    at,
    lengthMs: Type.Optional(lengthMs),
    by: Type.String(),
    reason: Type.String(),
    mounted: Type.Array(Type.String(), { description: "stations whose specimens stay in place" }),
  },
  {
    description:
      "a person puts the run down so that the rig is free for another one; without `lengthMs` a process keeps it",
  },
);
export type ParkedInput = Static<typeof Parked>;

const Ended = Strict(
  {
    kind: Type.Literal("ended"),
    at,
    lengthMs,
    by: Type.String(),
    reason: Type.String(),
    text,
  },
  { description: "a person ends a run that nobody keeps" },
);

const Fault = Strict(
  { kind: Type.Literal("fault"), at, text, abort: Type.Boolean() },
  { description: "something of the rig did not work; abort: the run cannot go on with it" },
);

export const RecordedInput = Type.Union(
  [Command, Confirmed, Trip, Hand, Disposed, Acted, Interrupted, Parked, Ended, Fault],
  { $id: "run-input", description: "what a run was told from outside" },
);
export type RecordedInput = Static<typeof RecordedInput>;
