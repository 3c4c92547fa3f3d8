/** Verbs of a run that a process keeps. Each may name the run it means; it must be the one on the rig. */
import { OneOf, type Static, Strict, Type } from "../base/schema.js";
import { decisions, findings } from "../record/document/input.js";
import { alwaysCommand, By, command, Reason } from "./verb.js";

const run = Type.Optional(Type.String({ description: "id of the run that is meant" }));
const reason = Type.Optional(Reason);

const records = Type.String({
  minLength: 1,
  description: "folder of the records, as the sender's machine has it: an absolute path",
});

/** The words of `wearout run start`. */
export const StartInput = Strict({
  profile: Type.String({ minLength: 1, description: "name, or a file by its absolute path" }),
  specimen: Type.String({
    description: "one for each station in order, `a,b,,d`; an empty one leaves its station empty",
  }),
  product: Type.Optional(Type.String({ description: "of specimens that nobody knows yet" })),
  lot: Type.Optional(Type.String({ description: "of all, or one each: `B6,B6,B7,B7`" })),
  set: Type.Array(Type.String(), { description: "parameters of the profile, as `load=4kN`" }),
  records,
});
export type StartInput = Static<typeof StartInput>;

/** Of a run that is on the rig only `run` and `reason` count: the others bring one back that is not. */
export const ResumeInput = Strict({
  run,
  reason,
  yes: Type.Optional(Type.Boolean({ description: "rig and specimens were looked at: go on" })),
  dispositions: Type.Optional(
    Type.Array(Type.String(), { description: "as `s2=sensor continue: cable was loose`" }),
  ),
  by: Type.Optional(By),
  records: Type.Optional(records),
});
export type ResumeInput = Static<typeof ResumeInput>;

export const ParkInput = Strict({
  run,
  reason: Reason,
  by: By,
  mounted: Type.Optional(
    Type.Array(Type.String(), {
      description: "stations whose specimens stay in place; those of the others are taken off",
    }),
  ),
});
export type ParkInput = Static<typeof ParkInput>;

export const runVerbs = [
  command("run start", "a run of a profile becomes the guest of a rig that is kept", StartInput, {
    presence: true,
    brings: true,
  }),
  alwaysCommand(
    "run hold",
    "down at the ramps, safe, and wait for a person",
    Strict({
      run,
      reason,
      atNextStep: Type.Optional(Type.Boolean({ description: "when the step now running is done" })),
    }),
  ),
  alwaysCommand("run abort", "safe values at once; the run stays open", Strict({ run, reason })),
  command("run resume", "go on after a hold, a suspension or, when cleared, a trip", ResumeInput, {
    presence: true,
    brings: true,
  }),
  command(
    "run stop",
    "end the test: down at the ramps, and what is on test is censored",
    Strict({ run, reason }),
  ),
  command(
    "run dispose",
    "a person's signed word on a station that a trip was on, or of a run that was parked",
    Strict({
      run,
      station: Type.String(),
      kind: OneOf(findings, { description: "where the cause lay" }),
      decision: OneOf(decisions, { description: "what becomes of the specimen" }),
      text: Type.String({ minLength: 1, maxLength: 1000, description: "how it was looked at" }),
      by: By,
    }),
  ),
  command(
    "run park",
    "down and safe; the run is put down by a signed word, and the rig is free for another one",
    ParkInput,
  ),
  command(
    "run leave",
    "down and safe; the process lets go of the rig and ends, the run stays open",
    Strict({ run, reason }),
  ),
] as const;
