/** Verbs of the alarm book (ISA-18.2). None of them clears a trip or goes on with a run. */
import { type Static, Strict, Type } from "../base/schema.js";
import { longestShelfMs } from "../limit/alarm/shelf.js";
import { AlarmRow } from "./picture.js";
import { By, command, Reason, reading } from "./verb.js";

const alarm = Type.String({ description: "id of an alarm: limit, or limit@station" });

/** What a person saw. One that was raised again since is not acknowledged. */
export const Seen = Strict({ alarm, raisedRevision: Type.Integer({ minimum: 0 }) });
export type Seen = Static<typeof Seen>;

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
