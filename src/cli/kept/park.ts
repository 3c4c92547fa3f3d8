/** `run park`: of a run that a process keeps the verb is sent there; of any other its record is enough. */
import type { Command } from "commander";
import { checkedSentence } from "../../base/name.js";
import { headOf, refuseKept } from "../../lab/comeback.js";
import { type ParkSpec, parkRun } from "../../lab/park-run.js";
import { namingTheRig } from "../../lab/rig-behind.js";
import { resumeCommand } from "../../lab/ways-on.js";
import { recordsRoot } from "../../record/folder.js";
import { json } from "../output.js";
import { endingTime } from "../run-stop.js";
import { endedEarly, safeFirstOfRun } from "../safe-first.js";
import type { Shell } from "../shell.js";
import { signature } from "../signature.js";
import { stateHelp } from "../state-option.js";
import { parkWhereKept } from "./live-run.js";

export type ParkOptions = {
  reason: string;
  by?: string;
  mounted?: string;
  saw?: string;
  records?: string;
  state?: string;
  json?: boolean;
};

export function addPark(run: Command, shell: Shell, recordsHelp: string): void {
  run
    .command("park <id>")
    .description("put an open run down so that its rig is free for another one")
    .requiredOption("--reason <text>", "why, for the record")
    .option("--by <name>", "who says so (default: the user and this machine)")
    .option("--mounted <stations>", "those whose specimens stay in place, as s1,s3 (default: none)")
    .option(
      "--saw <revision>",
      "of the state that was looked at (rig status), of a run that is kept",
    )
    .option("--records <dir>", recordsHelp)
    .option("--state <dir>", stateHelp)
    .option("--json", "what was done; of a run that is kept the answer")
    .addHelpText("after", help)
    .action(shell.action((id: string, options: ParkOptions) => park(shell, id, options)));
}

const help = `
Its specimens are taken off the rig, but for those of --mounted; they stay the run's, and no other run may have
them. A run that a process keeps goes down at the ramps and is made safe first: wait until it says that it is parked
before you touch the rig. Of any other, what the safe plan says may be energised is made safe first.
wearout run resume ID goes on with it later: it asks a signed word for each station, and counts a specimen that was
taken off as remounted (life table). Time on the shelf is no exposure.

Examples:
  wearout run park bearing-four-3 --reason "lot B8 is urgent"
  wearout run park bearing-four-3 --reason "cross-check at station 4" --mounted s1,s2,s3
  wearout run resume bearing-four-3 --disposition "s1=outside continue: same serial, mounted again, turns freely"

Exit status: 0 parked, 3 when its record is damaged, 4 when its rig may be energised and nobody answers, 5 refused.`;

async function park(shell: Shell, id: string, options: ParkOptions): Promise<number> {
  const reason = checkedSentence("--reason", options.reason);
  const said = { reason, by: signature(options.by), mounted: stationsIn(options.mounted) };
  const kept = await parkWhereKept(shell, id, said, options);
  if (kept !== undefined) return kept;
  const first = await safeFirstOfRun(shell, id, options.state);
  if (first.interrupted) return endedEarly(shell);
  const root = recordsRoot(options.records, shell.env);
  return namingTheRig(root, id, () => parkOne(shell, { recordsRoot: root, id, ...said }, options));
}

function stationsIn(list = ""): string[] {
  return list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

type Said = Pick<ParkSpec, "recordsRoot" | "id" | "by" | "reason" | "mounted">;

async function parkOne(shell: Shell, said: Said, options: ParkOptions): Promise<number> {
  const { recordsRoot: root, id, by, mounted } = said;
  refuseKept(root, id);
  const { rig, simulated } = headOf(root, id);
  const { suspects } = await parkRun({ ...said, ...endingTime(shell, root, id, simulated) });
  const takenOff = suspects.flatMap((s) => (s.takenOff === true ? [s.station] : []));
  if (options.json === true) {
    shell.out.print(json({ run: id, rig, by, reason: said.reason, mounted, takenOff }));
    return 0;
  }
  const emptied = takenOff.length === 0 ? "" : `; take off ${takenOff.join(", ")}`;
  shell.out.print(`run ${id} is parked, rig ${rig} is free for another one${emptied}`);
  shell.out.talk(`later: ${resumeCommand({ id, simulated })}`);
  return 0;
}
