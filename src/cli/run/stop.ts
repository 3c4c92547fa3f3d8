import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { RealClock } from "../../base/clock.js";
import { WearoutError } from "../../base/error.js";
import { checkedSentence } from "../../base/name.js";
import { headOf, refuseKept } from "../../lab/comeback.js";
import { type EndSpec, endRun, foldRun, stakeOf } from "../../lab/end-run.js";
import { keptRun } from "../../lab/kept-run.js";
import { namingTheRig } from "../../lab/rig-behind.js";
import { stopCommand } from "../../lab/ways-on.js";
import { recordsRoot } from "../../record/folder.js";
import { openRecord } from "../../record/reader.js";
import { defaultWriterOptions } from "../../record/writer.js";
import { VirtualClock } from "../../sim/virtual-clock.js";
import { stopWhereKept } from "../kept/live-run.js";
import { timeSyncOf } from "../machine/time-sync.js";
import { json } from "../output.js";
import { stateHelp } from "../rig/plan-execute.js";
import { endedEarly, safeFirstOfRun } from "../rig/safe-first.js";
import type { Shell } from "../shell.js";
import { signature } from "../signature.js";
import { lastWallOf } from "./plant-again.js";
import { summaryLines } from "./words.js";

type StopOptions = {
  yes?: boolean;
  reason?: string;
  by?: string;
  saw?: string;
  records?: string;
  state?: string;
  json?: boolean;
};

export function addStop(run: Command, shell: Shell, recordsHelp: string): void {
  run
    .command("stop <id>")
    .description("end a test: its specimens are censored at what they have lived")
    .option("--yes", "end it without being asked")
    .option("--reason <text>", "why, for the record")
    .option("--by <name>", "who says so (default: the user and this machine)")
    .option(
      "--saw <revision>",
      "of the state that was looked at (rig status), of a run that is kept",
    )
    .option("--records <dir>", recordsHelp)
    .option("--state <dir>", stateHelp)
    .option("--json", "the summary as JSON; of a run that is kept the answer")
    .addHelpText("after", help)
    .action(shell.action((id: string, options: StopOptions) => stop(shell, id, options)));
}

const help = `
For a run that is open and that no process keeps: after a trip, an outage, Ctrl-C. Where the safe plan of its rig
says that something may be energised that is made safe first; where nobody answers there, wearout rig abandon RIG
says that a person has switched it off. Else neither line nor site is needed.
The record is verified and folded, the time without a controller is booked, what is on test is censored, what is
suspect after a trip is withdrawn. What has ended cannot be gone on with. A run that a process keeps is stopped
there: the verb is sent to it, bound to the state that was seen before the question.

Examples:
  wearout run stop bearing-four-3
  wearout run stop bearing-four-3 --yes --reason "the spindle goes to repair"

Exit status: 0 ended, 3 when its record is damaged, 4 when its rig may be energised and nobody answers, 5 refused.`;

async function stop(shell: Shell, id: string, options: StopOptions): Promise<number> {
  const kept = await stopWhereKept(shell, id, options);
  if (kept !== undefined) return kept;
  const first = await safeFirstOfRun(shell, id, options.state);
  if (first.interrupted) return endedEarly(shell);
  const root = recordsRoot(options.records, shell.env);
  return namingTheRig(root, id, () => endOne(shell, root, id, options));
}

async function endOne(shell: Shell, root: string, id: string, options: StopOptions) {
  if (options.reason !== undefined) checkedSentence("--reason", options.reason);
  refuseKept(root, id);
  const header = headOf(root, id);
  const { simulated } = header;
  for (const text of keptRun(header).told) shell.out.talk(text);
  if (options.yes !== true) await askFirst(root, id);
  const by = signature(options.by);
  const { reason = `stopped by ${by}` } = options;
  const time = endingTime(shell, root, id, simulated);
  const { summary } = await endRun({ recordsRoot: root, id, by, reason, ...time });
  if (options.json === true) shell.out.print(json(summary));
  else for (const line of summaryLines(summary)) shell.out.print(line);
  return 0;
}

/** Names the stake; without a terminal nobody can answer. */
async function askFirst(root: string, id: string): Promise<void> {
  const stake = `run ${id}: this ends ${stakeOf(foldRun(root, id))}`;
  if (process.stdin.isTTY !== true) {
    throw new WearoutError("STATE_REFUSED", `${stake}; say so with: ${stopCommand({ id })} --yes`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${stake}. End it? Type yes: `);
  terminal.close();
  if (answer.trim() === "yes") return;
  throw new WearoutError("STATE_REFUSED", `run ${id} is left as it is`);
}

/** A simulated run has no time of its own after its end; the machine's goes on for a real one. */
export function endingTime(
  { host }: Shell,
  root: string,
  id: string,
  simulated: boolean,
): Pick<EndSpec, "clock" | "writer" | "timeSync"> {
  if (!simulated) {
    const timeSync = () => timeSyncOf(host, host.wall());
    return { clock: new RealClock(), writer: defaultWriterOptions, timeSync };
  }
  const reader = openRecord(root, id);
  try {
    const writer = { ...defaultWriterOptions, flushMs: Number.POSITIVE_INFINITY };
    return { clock: new VirtualClock(lastWallOf(reader)), writer };
  } finally {
    reader.close();
  }
}
