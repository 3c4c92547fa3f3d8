/** The alarms of a kept rig, listed and answered. */
import type { Command } from "commander";
import { WearoutError } from "../../base/error.js";
import { suggest } from "../../base/nearest.js";
import { waitsForWord } from "../../limit/alarm/ask.js";
import type { AlarmRow } from "../../verb/picture.js";
import { json, table } from "../output.js";
import type { Shell } from "../shell.js";
import { signature } from "../signature.js";
import { stateHelp } from "../state-option.js";
import { type AskOptions, askAndTell } from "./ask.js";
import { meantBy } from "./keeper.js";
import type { KeptOptions } from "./places.js";
import { addSent, byOption, reasonNeeded, type Sent, signed, timeOf } from "./send.js";

const all: readonly Sent[] = [
  {
    verb: "alarm shelve",
    takes: "<rig> <alarm>",
    options: [["!--for <time>", "as 1 h, at most 8 h"], reasonNeeded, byOption],
    args: ([alarm = ""], options) => ({
      alarm,
      reason: options.reason,
      ...signed(options),
      forMs: timeOf(options),
    }),
    examples: ['alarm shelve bearing-four vibration@s2 --for "1 h" --reason "known, watched"'],
  },
  {
    verb: "alarm unshelve",
    takes: "<rig> <alarm>",
    options: [byOption],
    args: ([alarm = ""], options) => ({ alarm, ...signed(options) }),
    examples: ["alarm unshelve bearing-four vibration@s2"],
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
    .addHelpText("after", "\nExamples:\n  wearout alarm list bearing-four")
    .action(shell.action((name: string, options: ListOptions) => list(shell, name, options)));
}

async function list(shell: Shell, name: string, options: ListOptions): Promise<number> {
  const { keeper } = await meantBy(shell, name, options);
  const { alarms } = await keeper.picture();
  const { out } = shell;
  if (options.json === true) out.print(json(alarms));
  else if (alarms.length === 0) out.talk(`${keeper.hello.rig}: no alarms`);
  else {
    const head = ["alarm", "priority", "reaction", "state", "raised (UTC)", "times", "what"];
    out.print(table(head, alarms.map(rowOf)));
  }
  return 0;
}

function rowOf(a: AlarmRow): string[] {
  const state = a.firstOut ? `${a.state}, first` : a.state;
  const raised = new Date(a.raisedWall).toISOString().slice(0, 16).replace("T", " ");
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
  wearout alarm ack bearing-four vibration@s2
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
  const { keeper } = await meantBy(shell, name, options);
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
