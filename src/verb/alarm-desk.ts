/** What people say of alarms, carried to the book of the rig. */
import { suggest } from "../base/nearest.js";
import type { RigBook } from "../keeper/rig-book.js";
import type { Asked } from "../limit/alarm/ask.js";
import type { AlarmRow } from "../limit/alarm/row.js";
import { refusalWords } from "../report/alarm-words.js";
import type { Seen } from "./alarm.js";
import type { Command } from "./keeps.js";
import { alarmId } from "./rig-picture.js";

type Said = { accepted: boolean; text: string };

/** `args` fit the schema of the verb. Not accepted where not one of the alarms got what was asked for. */
export async function askAlarm(book: RigBook, verb: string, args: Command["args"]): Promise<Said> {
  const by = String(args["by"]);
  if (verb === "alarm ack") return ack(book, args["alarms"] as Seen[], by);
  const row = rowNamed(book, String(args["alarm"]));
  if (row === undefined) return unknown(book, [String(args["alarm"])]);
  if (verb === "alarm unshelve") return said("taken off the shelf", await book.unshelve(row, by));
  const how = { by, reason: String(args["reason"]), lengthMs: Number(args["forMs"]) };
  return said("shelved", await book.shelve(row, how));
}

/** Of what was raised again since it was seen nothing is acknowledged; it may have been normal in between. */
async function ack(book: RigBook, seen: readonly Seen[], by: string): Promise<Said> {
  const rows = seen.map((one) => ({ ...one, row: rowNamed(book, one.alarm) }));
  const unknowns = rows.filter(({ row }) => row === undefined).map(({ alarm }) => alarm);
  const isAsSeen = ({ row, raisedRevision }: (typeof rows)[number]) =>
    row?.raisedRevision === raisedRevision;
  const again = rows.filter((one) => one.row !== undefined && !isAsSeen(one));
  const keys = rows.flatMap((one) => (one.row !== undefined && isAsSeen(one) ? [one.row] : []));
  const asked = await book.acknowledge({ keys, seen: book.alarms.revision, by });
  const done = said("acknowledged", asked);
  const since = again.map(({ alarm }) => `${alarm} was raised again since it was seen`);
  const texts = [...(keys.length === 0 ? [] : [done.text]), ...since];
  if (unknowns.length > 0) texts.push(unknown(book, unknowns).text);
  return { accepted: keys.length > 0 && done.accepted, text: texts.join("; ") };
}

function rowNamed(book: RigBook, id: string): AlarmRow | undefined {
  return book.alarms.rows.find((row) => alarmId(row) === id);
}

function unknown({ rig, alarms }: RigBook, ids: readonly string[]): Said {
  const known = alarms.rows.map(alarmId);
  const expected =
    known.length === 0 ? "none stands there now" : `expected ${suggest(ids[0]!, known)}`;
  const text = `no such alarm: ${ids.join(", ")}; ${expected}; all of them: wearout alarm list ${rig}`;
  return { accepted: false, text };
}

function said(what: string, { changes, refused }: Asked): Said {
  const done = changes.map((change) => alarmId(change)).join(", ");
  const not = refused.map((one) => `${alarmId(one)}: ${refusalWords(one.code, "en")}`).join(", ");
  // Where nothing was done the answer itself says that it is a refusal.
  const refusedText = done === "" ? not : `refused: ${not}`;
  const texts = [done === "" ? "" : `${what}: ${done}`, not === "" ? "" : refusedText];
  return { accepted: changes.length > 0, text: texts.filter((t) => t !== "").join("; ") };
}
