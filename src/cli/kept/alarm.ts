/** The alarms of a kept rig, listed and answered. */
import type { Command } from "commander";
import type { EpochMs } from "../../base/clock.js";
import { WearoutError } from "../../base/error.js";
import { suggest } from "../../base/nearest.js";
import { waitsForWord } from "../../limit/alarm/ask.js";
import { longestShelfMs } from "../../limit/alarm/shelf.js";
import type { AlarmRow } from "../../verb/picture.js";
import { json, table } from "../output.js";
import type { Shell } from "../shell.js";
import { signature } from "../signature.js";
import { stateHelp } from "../state-option.js";
import { alarmsLeft, type Stood } from "./alarm-journal.js";
import { type AskOptions, askAndTell } from "./ask.js";
import { meantBy, meantIfKept, nobodyKeeps } from "./keeper.js";
import type { KeptOptions } from "./places.js";
import { addSent, byOption, reasonNeeded, type Sent, signed, timeOf } from "./send.js";

/** Who writes into the journal of a rig is the process that keeps it. */
const helps = (rig: string) =>
  `only who keeps the rig takes a word on its alarms: wearout rig keep ${rig}`;

const all: readonly Sent[] = [
  {
    helps,
    verb: "alarm shelve",
    takes: "<rig> <alarm>",
    options: [["!--for <time>", "as 1 h, at most 8 h"], reasonNeeded, byOption],
    args: ([alarm = ""], options) => ({
      alarm,
      reason: options.reason,
      ...signed(options),
      forMs: timeOf(options, longestShelfMs),
    }),
    examples: ['alarm shelve bearing-four vibration-high@s2 --for "1 h" --reason "known, watched"'],
  },
  {
    helps,
    verb: "alarm unshelve",
    takes: "<rig> <alarm>",
    options: [byOption],
    args: ([alarm = ""], options) => ({ alarm, ...signed(options) }),
    examples: ["alarm unshelve bearing-four vibration-high@s2"],
  },
];

export function addAlarm(program: Command, shell: Shell): void {
  const alarm = program
    .command("alarm")
    .description("alarms of a kept rig: nothing here clears a trip or goes on with a run");
  addList(alarm, shell);
  addAck(alarm, shell);
  for (const sent of all) addSent(alarm, shell, sent);
}

type ListOptions = KeptOptions & { json?: boolean };

function addList(alarm: Command, shell: Shell): void {
  alarm
    .command("list <rig>")
    .description("the alarms of a rig, the most urgent first")
    .option("--state <dir>", stateHelp)
    .option("--json", "as schema/verb-alarm.json has it")
    .addHelpText("after", listHelp)
    .action(shell.action((name: string, options: ListOptions) => list(shell, name, options)));
}

const listHelp = `
Where nobody keeps the rig: what stood when its journal was last written.

Examples:
  wearout alarm list bearing-four

Exit status: 0, 3 there is no such rig or its journal is damaged, 4 who keeps the rig does not answer.`;

async function list(shell: Shell, name: string, options: ListOptions): Promise<number> {
  const meant = await meantIfKept(shell, name, options);
  if (meant === undefined) return listLeft(shell, name, options);
  const { keeper } = meant;
  const { alarms } = await keeper.picture();
  if (alarms.length === 0 && options.json !== true)
    shell.out.talk(`${keeper.hello.rig}: no alarms`);
  else printRows(shell, alarms, options);
  return 0;
}

async function listLeft(shell: Shell, name: string, options: ListOptions): Promise<number> {
  const left = await alarmsLeft(shell, name, options);
  if (left === undefined) {
    const never = "it has no journal yet, so no alarm stands";
    const nobody = await nobodyKeeps(shell, name, options, () => never);
    if (nobody.code !== "STATE_REFUSED") throw nobody;
    shell.out.talk(nobody.message);
    if (options.json === true) printRows(shell, [], options);
    return 0;
  }
  shell.out.talk(leftText(left));
  if (left.alarms.length > 0 || options.json === true) printRows(shell, left.alarms, options);
  if (left.damage !== undefined) throw left.damage;
  return 0;
}

function leftText({ rig, alarms, wall }: Stood): string {
  const when = Number.isNaN(wall) ? "" : `, ${minuteOf(wall)} UTC`;
  const what = alarms.length === 0 ? "no alarms stood" : "these alarms stood";
  return `no process keeps ${rig}: ${what} when its journal was last written${when}`;
}

function printRows({ out }: Shell, alarms: readonly AlarmRow[], { json: asJson }: ListOptions) {
  if (asJson === true) return out.print(json(alarms));
  const head = ["alarm", "priority", "reaction", "state", "raised (UTC)", "times", "what"];
  out.print(table(head, alarms.map(rowOf)));
}

function minuteOf(wall: EpochMs): string {
  return new Date(wall).toISOString().slice(0, 16).replace("T", " ");
}

function rowOf(a: AlarmRow): string[] {
  const state = a.firstOut ? `${a.state}, first` : a.state;
  const raised = a.raisedWall === null ? "never" : minuteOf(a.raisedWall);
  return [a.id, a.priority, a.reaction, state, raised, String(a.count), a.text];
}

type AckOptions = AskOptions & KeptOptions & { all?: boolean; by?: string };

function addAck(alarm: Command, shell: Shell): void {
  alarm
    .command("ack <rig> [alarms...]")
    .description("seen: acknowledges what stands there now, and nothing that comes later")
    .option("--all", "every alarm that stands there now")
    .option(...byOption)
    .option("--state <dir>", stateHelp)
    .option("--json", "the answer as schema/answer.json has it")
    .addHelpText(
      "after",
      `
Acknowledging never clears a trip and never goes on with a run.

Examples:
  wearout alarm ack bearing-four vibration-high@s2
  wearout alarm ack bearing-four --all`,
    )
    .action(
      shell.action((name: string, ids: string[], options: AckOptions) =>
        acknowledge(shell, name, ids, options),
      ),
    );
}

async function acknowledge(
  shell: Shell,
  name: string,
  ids: readonly string[],
  options: AckOptions,
): Promise<number> {
  if ((ids.length === 0) !== (options.all === true)) {
    throw new WearoutError("USAGE", "alarm ack: found both or neither, expected alarms or --all");
  }
  const { keeper } = await meantBy(shell, name, options, helps);
  const { alarms } = await keeper.picture();
  const seen =
    options.all === true ? alarms.filter(waitsForWord) : ids.map((id) => alarmNamed(alarms, id));
  if (seen.length === 0) {
    shell.out.talk(`${keeper.hello.rig}: no alarm waits to be acknowledged`);
    return 0;
  }
  for (const { id, text } of seen) shell.out.talk(`${id}: ${text}`);
  const args = {
    alarms: seen.map(({ id, raisedRevision }) => ({ alarm: id, raisedRevision })),
    by: signature(options.by),
  };
  return askAndTell(shell, keeper, "alarm ack", args, options);
}

function alarmNamed(alarms: readonly AlarmRow[], id: string): AlarmRow {
  const found = alarms.find((row) => row.id === id);
  if (found !== undefined) return found;
  const known = alarms.map((row) => row.id);
  const expected = known.length === 0 ? "none stands there now" : `expected ${suggest(id, known)}`;
  throw new WearoutError("USAGE", `found "${id}", which is no alarm of this rig; ${expected}`);
}
