/** Verbs of a rig that a process keeps, with or without a run. */
import { logLevels } from "../base/log.js";
import { OneOf, Strict, Type } from "../base/schema.js";
import { RigPicture } from "./picture.js";
import { alwaysCommand, By, command, Reason, reading } from "./verb.js";

const reason = Type.Optional(Reason);
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
    "let the rig go: down and safe, a run stays open, and the process that keeps it ends",
    Strict({ reason }),
  ),
  command(
    "rig log",
    "how much the log of its process says from now on; the record is another matter",
    Strict({ level: OneOf(logLevels) }),
    { bound: false },
  ),
  command(
    "rig abandon",
    "leave what could not be made safe, by a person's signed word",
    Strict({ reason: Reason, by: By }),
    { bound: false },
  ),
] as const;
