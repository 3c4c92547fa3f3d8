/** Verbs of a rig that a process keeps, with or without a run. */
import { logLevels } from "../base/log.js";
import { OneOf, Strict, Type } from "../base/schema.js";
import { RigPicture } from "./picture.js";
import { alwaysCommand, By, command, Nothing, Reason, reading } from "./verb.js";

const reason = Type.Optional(Reason);

/** One device or one line of the rig; without either all of it. */
const part = {
  device: Type.Optional(Type.String()),
  line: Type.Optional(Type.String()),
};
const forMs = Type.Number({ exclusiveMinimum: 0, description: "so long; then a person is called" });
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
    "rig take",
    "the terminal that asks counts as the one at the rig, and no other that had taken it",
    Nothing,
    { presence: true, bound: false },
  ),
  command(
    "rig token",
    "the six digits that the keeper's terminal shows; for its user alone",
    Nothing,
    { bound: false },
  ),
  command(
    "rig release",
    "let the rig go: down and safe, a run stays open, and the process that keeps it ends",
    Strict({ reason }),
  ),
  command(
    "rig out-of-service",
    "not one frame goes to a device, a line or the rig until a person returns it; it must be safe",
    Strict({ ...part, reason: Reason, by: By, forMs }),
  ),
  command(
    "rig return",
    "back in service: it must say who it is, and is made safe",
    Strict({ ...part, by: By }),
    { presence: true },
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
