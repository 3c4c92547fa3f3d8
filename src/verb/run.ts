/** Verbs of a run that a process keeps. Each may name the run it means; it must be the one on the rig. */
import { OneOf, Strict, Type } from "../base/schema.js";
import { decisions, findings } from "../record/document/input.js";
import { alwaysCommand, By, command, Reason } from "./verb.js";

const run = Type.Optional(Type.String({ description: "id of the run that is meant" }));
const reason = Type.Optional(Reason);

export const runVerbs = [
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
  command(
    "run resume",
    "go on after a hold, a suspension or, when cleared, a trip",
    Strict({ run, reason }),
    { presence: true },
  ),
  command(
    "run stop",
    "end the test: down at the ramps, and what is on test is censored",
    Strict({ run, reason }),
  ),
  command(
    "run dispose",
    "a person's signed word on a station that a trip was on",
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
    "run leave",
    "down and safe; the process lets go of the rig and ends, the run stays open",
    Strict({ run, reason }),
  ),
] as const;
