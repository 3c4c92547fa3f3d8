/** Verbs of a rig that a process keeps, with or without a run. */
import { OneOf, Strict, Type } from "../base/schema.js";
import { RigPicture } from "./picture.js";
import { alwaysCommand, By, command, Reason, reading } from "./verb.js";

const reason = Type.Optional(Reason);
/** A week: who is away for longer says so again. */
const longestServiceMs = 7 * 24 * 3_600_000;
/** A device or a line by its name in the rig file; without either the rig as a whole. */
const part = {
  device: Type.Optional(Type.String()),
  line: Type.Optional(Type.String()),
};

export const rigVerbs = [
  reading("rig status", "query", "the rig as it is now", RigPicture),
  reading("rig watch", "stream", "the rig as it is, again and again", RigPicture),
  alwaysCommand(
    "rig safe",
    "safe values at once, whatever the rig does",
    Strict({
      reason,
      cause: Type.Optional(
        OneOf(["trip", "isolate"], { description: "isolate: auxiliaries go off too" }),
      ),
    }),
  ),
  command(
    "rig clear",
    "after a trip or an abort: looked at, and ready for what comes next",
    Strict({ reason }),
    { presence: true },
  ),
  command("rig reset", "reset faults of the devices; moves nothing", Strict({ reason }), {
    presence: true,
  }),
  command(
    "rig release",
    "close the lines of a safe rig, so that another program may have them",
    Strict({ reason }),
  ),
  command("rig take", "open the lines again and identify every device", Strict({ reason }), {
    presence: true,
  }),
  command(
    "rig abandon",
    "leave what could not be made safe, by a person's signed word",
    Strict({ reason: Reason, by: By }),
    { bound: false },
  ),
  command(
    "rig out-of-service",
    "not one frame to the rig, a device or a line; this is not a lock-out: lock the isolator",
    Strict({
      ...part,
      reason: Reason,
      by: By,
      forMs: Type.Number({ exclusiveMinimum: 0, maximum: longestServiceMs }),
    }),
  ),
  command(
    "rig return",
    "back into service: identified and looked at, never started",
    Strict({ ...part, by: By, reason }),
    { presence: true },
  ),
] as const;
