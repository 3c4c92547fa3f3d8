/** What a journal tells: a schema per kind of event. The TypeScript types are theirs. */
import type { ElapsedMs, EpochMs } from "../../base/clock.js";
import { OneOf, type Static, Strict, type TSchema, Type } from "../../base/schema.js";
import { TimeSync } from "../document/event.js";

const text = (description: string) => Type.String({ description });
const wall = (description: string) =>
  Type.Number({ description: `${description} (ms since 1970, UTC)` });
const count = (description: string) => Type.Integer({ minimum: 0, description });
const valueOrNone = Type.Union([Type.Number(), Type.Null()], {
  description: "in the canonical unit of its dimension; null where there was none",
});

const opened = Strict(
  {
    pid: Type.Integer(),
    software: Type.String(),
    how: OneOf(["new", "went-on", "anew"], {
      description: "anew: another file stood there and was set aside",
    }),
    why: Type.Optional(text("why it begins anew, or what was cut off")),
    aside: Type.Optional(text("name of the file in which what was set aside is")),
    before: Type.Optional(text("hash of the last event of the file that was set aside")),
    after: Type.Optional(text("who kept the rig before and ended without a word")),
  },
  { description: "a process keeps the rig from here on" },
);

const closed = Strict({}, { description: "that process let the rig go, in order" });

const state = Strict(
  { from: Type.String(), to: Type.String() },
  { description: "the state of the rig changed (PackML names)" },
);

const command = Strict(
  {
    verb: text("as `run hold`"),
    via: OneOf(["terminal", "socket"]),
    accepted: Type.Boolean(),
    why: Type.Optional(text("why it was refused")),
  },
  { description: "somebody asked for something" },
);

const told = Strict(
  {
    to: text("a person, or a place that people look at"),
    via: text("as terminal, socket, mail"),
    delivered: Type.Boolean(),
    about: Type.Optional(
      Type.Integer({ minimum: 1, description: "number of the event it was about" }),
    ),
  },
  { description: "who was told what" },
);

/** What every reader can use of an alarm; what else it says is for the room of alarms to define (`limit/alarm`). */
const alarm = Type.Object(
  {
    change: text("as raised, returned, acknowledged, shelved, expired"),
    rig: Type.String(),
    limit: text("with rig and station it names the alarm"),
    station: Type.Union([Type.String(), Type.Null()]),
  },
  { description: "an alarm changed" },
);

const trip = Strict(
  { limit: Type.String(), value: valueOrNone, firstOut: Type.Boolean() },
  { description: "a limit drove the rig to its safe values" },
);

const motion = Strict(
  { role: Type.String(), value: Type.Number(), unit: text("canonical unit of the value") },
  { description: "something moves, presses or heats that nobody asked for" },
);

const fault = Strict(
  {
    source: OneOf(["line", "device", "journal", "record", "keeper"]),
    name: Type.Optional(text("which line, device or run")),
    refused: Type.Optional(count("events that could not be written")),
  },
  { description: "something does not work" },
);

/** As `rig/safety.ts` has them. */
export const safeLevels = ["not asked", "asked", "held", "acted", "effect"] as const;

const safe = Strict(
  {
    actuators: Type.Array(
      Strict({
        role: Type.String(),
        level: OneOf(safeLevels, { description: "what bears out that it is safe" }),
        acted: Type.Boolean({ description: "at the highest level that can be shown of it" }),
      }),
    ),
  },
  { description: "how safe each actuator is" },
);

const handOver = Strict(
  {
    way: OneOf(["in", "out"], { description: "in: the rig is the run's from here on" }),
    run: Type.String(),
    event: count("number of the last event in the run's record"),
  },
  { description: "a run became the rig's guest, or left" },
);

const service = Strict(
  {
    what: OneOf(["rig", "device", "line"]),
    name: Type.String(),
    change: OneOf(["out", "expired", "returned"]),
    reason: Type.Optional(Type.String()),
    untilWall: Type.Optional(wall("when it expires")),
  },
  { description: "taken out of service, or returned: not one frame goes to what is out" },
);

const bypass = Strict(
  {
    limit: Type.String(),
    change: OneOf(["bypassed", "expired", "restored"]),
    reason: Type.Optional(Type.String()),
    second: Type.Optional(text("the second person")),
    untilWall: Type.Optional(wall("when it expires")),
  },
  { description: "one limit of one station is not looked at for a while" },
);

const clock = Strict(
  {
    byMs: Type.Optional(Type.Number({ description: "so far the wall clock was set" })),
    timeSync: Type.Optional(TimeSync),
  },
  { description: "the wall clock was set, or who sets it changed" },
);

/** `data` of each kind. A kind or an optional field may be added; readers pass by what they do not know. */
export const journalKinds = {
  opened,
  closed,
  state,
  command,
  told,
  alarm,
  trip,
  motion,
  fault,
  safe,
  "hand-over": handOver,
  service,
  bypass,
  clock,
} satisfies Record<string, TSchema>;

export type JournalKind = keyof typeof journalKinds;
export type JournalData<K extends JournalKind> = Static<(typeof journalKinds)[K]>;

/** What every event may say beside its kind and data. */
type About = {
  /** One sentence for people. */
  text: string;
  /** The person who did it. */
  by?: string;
  station?: string;
  /** The run that was the rig's guest, and the number of the last event in its record. */
  run?: string;
  runSeq?: number;
};

/** The `body` of an event's line. */
export const JournalBody: TSchema = Type.Union(
  Object.entries(journalKinds).map(([kind, data]) =>
    Strict({
      seq: Type.Integer({ minimum: 1 }),
      wall: wall("when it was given to the journal"),
      at: Type.Number({ description: "ms since this process opened the journal" }),
      kind: Type.Literal(kind),
      text: Type.String(),
      by: Type.Optional(text("the person who did it")),
      station: Type.Optional(Type.String()),
      run: Type.Optional(text("the run that was the rig's guest")),
      runSeq: Type.Optional(count("number of the last event in its record")),
      data,
    }),
  ),
  { $id: "journal-event", title: "event of a journal" },
);

/** What happened, as it is given to the journal. */
export type JournalEvent = {
  [K in JournalKind]: About & { kind: K; data: JournalData<K> };
}[JournalKind];

/** As it stands in the file. */
export type StoredJournalEvent = JournalEvent & {
  /** 1, 2, 3, ... in one file. */
  seq: number;
  /** The wall clock when it was given to the journal. */
  wall: EpochMs;
  /** The machine's elapsed time since this keeper opened the journal. */
  at: ElapsedMs;
  hash: string;
};
