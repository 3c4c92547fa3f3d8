/** The events of a run's record: a schema for what each kind says. The TypeScript types are theirs. */
import type { EpochMs, RunMs } from "../../base/clock.js";
import type { Json } from "../../base/json.js";
import { OneOf, type Static, Strict, type TSchema, Type } from "../../base/schema.js";
import { RecordedInput } from "./input.js";

const numberOrNone = Type.Union([Type.Number(), Type.Null()], {
  description: "canonical; null: no number",
});
const ms = (description: string) => Type.Number({ description: `${description}, in ms` });

/** [at least, at most]; null: no bound is known. */
export const Interval = Type.Tuple([Type.Number(), Type.Union([Type.Number(), Type.Null()])]);
export type Interval = Static<typeof Interval>;

/** What a rig or a specimen has lived; damage belongs to a specimen. */
export const LivedExposure = Strict(
  {
    timeOnTestMs: Interval,
    timeAtStressMs: Interval,
    turns: Interval,
    loadCycles: Interval,
    damage: Type.Optional(Interval),
    energyJ: Interval,
  },
  { $id: "lived-exposure", description: "at least and at most of each counter" },
);
export type LivedExposure = Static<typeof LivedExposure>;

/** Whether somebody sets the wall clock, and by what that is known; `unknown` is never taken for set. */
export const TimeSync = Strict({
  state: OneOf(["synchronised", "not synchronised", "unknown"]),
  source: Type.String(),
});
export type TimeSync = Static<typeof TimeSync>;

const input = Type.Optional(RecordedInput);

/** `data` of each kind. What older records lack may be missing. */
export const eventData = {
  input: Strict(
    {
      input,
      waits: Type.Optional(Type.String({ description: "why a person has to say `resume`" })),
      answers: Type.Optional(Type.String({ description: "what somebody waits for" })),
    },
    { description: "told from outside, or waited for from there" },
  ),
  state: Strict(
    { from: Type.String(), to: Type.String(), command: Type.String(), reason: Type.String() },
    { description: "PackML states and the command between them" },
  ),
  step: Strict(
    {
      segment: Type.Integer({ description: "place in the compiled program, from 0" }),
      path: Type.String({ description: "in the profile, as `steps[2].dwell`" }),
      name: Type.String(),
      kind: Type.String(),
    },
    { description: "a step of the profile begins" },
  ),
  alarm: Strict(
    {
      limit: Type.String(),
      reaction: Type.String(),
      change: OneOf(["raised", "returned"]),
      value: numberOrNone,
      message: Type.Optional(Type.String({ description: "what its limit says is to be done" })),
    },
    { description: "a limit was violated, or is so no more" },
  ),
  failure: Strict(
    {
      specimen: Type.String(),
      mode: Type.String(),
      limit: Type.String(),
      value: numberOrNone,
      exposure: LivedExposure,
    },
    { description: "a specimen met its criterion" },
  ),
  trip: Strict(
    { limit: Type.Optional(Type.String()), input },
    { description: "a limit of the run, or with `input` one that the rig's guard watches" },
  ),
  disposition: Strict(
    {
      kind: Type.Optional(Type.String({ description: "where the cause lay" })),
      decision: OneOf(["continue", "failed", "withdrawn"]),
      by: Type.String(),
      limit: Type.String(),
      trippedAt: ms("of the trip on the run's clock"),
      remounted: Type.Optional(
        Type.Literal(true, { description: "the specimen was taken off and is in place again" }),
      ),
      input,
    },
    { description: "a signed word on a suspect station" },
  ),
  park: Strict(
    {
      by: Type.String(),
      reason: Type.String(),
      mounted: Type.Array(Type.String(), { description: "stations whose specimens stay in place" }),
      takenOff: Type.Array(Type.String(), { description: "stations on test that are emptied" }),
    },
    { description: "the run is put down, and its rig free for another one" },
  ),
  safe: Strict({ input, answers: Type.Optional(Type.String()) }, { description: "made safe" }),
  fault: Strict(
    {
      input,
      answers: Type.Optional(Type.String()),
      verb: Type.Optional(Type.String({ description: "what was refused" })),
      state: Type.Optional(Type.String()),
      allowed: Type.Optional(Type.Array(Type.String())),
      segment: Type.Optional(Type.Integer()),
      otherwise: Type.Optional(
        Type.String({ description: "what an `until` does that is not met" }),
      ),
      planned: Type.Optional(Type.Integer({ description: "cycles" })),
      done: Type.Optional(Type.Integer()),
      missed: Type.Optional(Type.Integer()),
      lastMs: Type.Optional(ms("the last cycle")),
      counted: Type.Optional(Type.Number({ description: "turns by a counter that contradicts" })),
      bySpeed: Type.Optional(Interval),
    },
    { description: "something of the rig, the record or the controller does not work" },
  ),
  baseline: Strict(
    {
      name: Type.String(),
      role: Type.String(),
      specimen: Type.Optional(Type.String()),
      samples: Type.Integer({ description: "good ones in its window" }),
      mean: numberOrNone,
      deviation: numberOrNone,
      isUsed: Type.Boolean({ description: "false: too few, or they scatter too much" }),
    },
    { description: "what a specimen was like in a window of its profile; limits compare with it" },
  ),
  checkpoint: Strict(
    {
      state: Type.Unsafe<Json>(
        Type.Unknown({ description: "all that the run remembers; see run/checkpoint.ts" }),
      ),
    },
    { description: "a restart begins at the last one" },
  ),
  interruption: Strict(
    {
      number: Type.Integer(),
      segment: Type.Integer(),
      spent: Type.Number({ description: "ms or turns of the step that are done" }),
      fromMs: Type.Optional(ms("the controller was away from, on the run's clock")),
      toMs: Type.Optional(ms("until")),
      lengthMs: Type.Optional(numberOrNone),
      state: Type.Optional(Type.String()),
      exposure: Type.Optional(LivedExposure),
    },
    { description: "the run left Execute before its end" },
  ),
  clock: Strict(
    { byMs: Type.Optional(ms("set by")), timeSync: Type.Optional(TimeSync) },
    { description: "the wall clock was set, or who sets it changed" },
  ),
  attachment: Strict(
    {
      name: Type.String(),
      bytes: Type.Integer(),
      sha256: Type.String(),
      number: Type.Optional(Type.Integer({ description: "of a black box" })),
    },
    { description: "something that lies beside events and samples" },
  ),
  "run-ended": Strict(
    { outcome: Type.String(), reason: Type.String(), state: Type.String() },
    { description: "the end: nothing comes after it but attachments" },
  ),
} satisfies Record<string, TSchema>;

export type EventKind = keyof typeof eventData;
export const eventKinds = Object.keys(eventData) as readonly EventKind[];
export type EventData<K extends EventKind> = Static<(typeof eventData)[K]>;

type About = {
  /** On the run's clock, zero at the start of the run. */
  at: RunMs;
  /** Number of the sample the event follows; 0 before the first. */
  cycle: number;
  station?: string;
  /** One sentence for people. */
  text: string;
};

/** What happened. Inputs to `run.decide` are recorded too, so that a run can be folded again. */
export type RecordEvent = {
  [K in EventKind]: About & { kind: K; data: EventData<K> };
}[EventKind];

/**
 * An event as stored: numbered from 1, stamped with `clock.wall()` of its commit, and chained. A number
 * in `data` that is not finite is stored as null.
 */
export type StoredEvent = RecordEvent & { seq: number; wall: EpochMs; hash: string };

/** The `body` of a stored event; its hash stands beside it. */
export const EventBody: TSchema = Type.Union(
  eventKinds.map((kind) =>
    Strict({
      seq: Type.Integer({ minimum: 1 }),
      wall: Type.Number({ description: "the wall clock at its commit (ms since 1970, UTC)" }),
      kind: Type.Literal(kind),
      at: ms("on the run's clock"),
      cycle: Type.Integer({ description: "number of the sample it follows; 0 before the first" }),
      station: Type.Optional(Type.String()),
      text: Type.String(),
      data: eventData[kind],
    }),
  ),
  { $id: "record-event", title: "event of a record" },
);

/** The stored events of one kind. */
export type StoredOf<K extends EventKind> = Extract<StoredEvent, { kind: K }>;

/** Those of one kind, in order. */
export function ofKind<E extends RecordEvent, K extends EventKind>(
  events: readonly E[],
  kind: K,
): Extract<E, { kind: K }>[] {
  return events.filter((event): event is Extract<E, { kind: K }> => event.kind === kind);
}

/** Why a person has to say `resume`, where an event says so. */
export function waitsIn({ data }: Pick<RecordEvent, "data">): string | undefined {
  return "waits" in data ? data.waits : undefined;
}

/** Events that open a black box. */
export const triggerKinds: readonly EventKind[] = ["trip", "failure"];

type Happened = Pick<RecordEvent, "kind" | "data">;

/** Around which every sample is kept: what opens a black box, and an abort that neither explains. */
export function isTrigger(event: Happened): boolean {
  return triggerKinds.includes(event.kind) || isAbort(event);
}

/** A run begins to abort. */
export function isAbort(event: Happened): boolean {
  return entersState(event, "Aborting");
}

export function entersState({ kind, data }: Happened, state: string): boolean {
  return kind === "state" && "to" in data && data.to === state;
}
