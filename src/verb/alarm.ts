/** Verbs of the alarm book (ISA-18.2). None of them clears a trip or goes on with a run. */
import { Strict, Type } from "../base/schema.js";
import { AlarmRow } from "./picture.js";
import { By, command, Reason, reading } from "./verb.js";

const alarm = Type.String({ description: "id of an alarm: limit, or limit@station" });
/** A shift. */
const longestShelfMs = 8 * 3_600_000;

/** What a person saw: raised so often. One that was raised again since is not acknowledged. */
const Seen = Strict({ alarm, count: Type.Integer({ minimum: 1 }) });

export const AlarmList = Type.Array(AlarmRow);

export const alarmVerbs = [
  reading("alarm list", "query", "the alarms of a rig, the most urgent first", AlarmList),
  command(
    "alarm ack",
    "seen: acknowledges what was seen, and nothing that came since",
    Strict({ alarms: Type.Array(Seen, { minItems: 1, maxItems: 500 }), by: By }),
    { bound: false },
  ),
  command(
    "alarm shelve",
    "not told for a while; never a trip",
    Strict({
      alarm,
      reason: Reason,
      by: By,
      forMs: Type.Number({ exclusiveMinimum: 0, maximum: longestShelfMs }),
    }),
    { bound: false },
  ),
  command("alarm unshelve", "told again", Strict({ alarm, by: By }), { bound: false }),
] as const;
