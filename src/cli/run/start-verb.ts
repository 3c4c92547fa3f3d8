import type { Command } from "commander";
import { collect } from "../option.js";
import { stateHelp } from "../rig/plan-execute.js";
import type { Shell } from "../shell.js";
import { startRun } from "./start.js";
import type { StartOptions } from "./start-options.js";

export function addStart(run: Command, shell: Shell, recordsHelp: string): void {
  run
    .command("start <profile>")
    .description("run a profile (name or file) on a rig, to its end")
    .requiredOption("--rig <rig>", "rig, by name or file")
    .requiredOption(
      "--specimen <names>",
      "specimens in the rig's stations, in order, as a,b,c,d (a,,c leaves one empty)",
    )
    .option(
      "--product <product>",
      "product of specimens not yet known (default: the profile's example)",
    )
    .option("--lot <lots>", "lot of the specimens, or one each as B6,B6,B7,B7; for the life table")
    .option("--set <name=value>", "parameter of the profile, as load=4kN", collect, [])
    .option(
      "--constant <role=value>",
      "value of a role that the rig has given per run, as load=4.2kN",
      collect,
      [],
    )
    .option("--virtual", "SIMULATED: virtual time, the rig file's simulated plant")
    .option("--seed <n>", "of the simulated plant; the same seed gives the same bytes", "1")
    .option("--records <dir>", recordsHelp)
    .option("--state <dir>", stateHelp)
    .option("--token <digits>", "of a kept rig: shown at the terminal of who keeps it")
    .option("--saw <revision>", "of a kept rig: the state that was looked at (rig status)")
    .option("--follow", "of a kept rig: watch the run; Ctrl-C ends the watching only")
    .option("--wait", "of a kept rig: wait for the run's end and give its exit status")
    .option("--json", "the summary as JSON; of a kept rig the answer")
    .addHelpText(
      "after",
      `
On a rig that a process keeps (wearout rig keep RIG) the run becomes a guest there, and this ends when it is accepted.

Examples:
  wearout run start bearing-constant-load --rig bearing-four --specimen a,b,c,d --virtual --seed 7
  wearout run start profiles/harmonic-constant-torque.yaml --rig rigs/my-rig.yaml --specimen HD-0042

Exit status: 0 completed, stopped or left open (Ctrl-C), 4 a line or device cannot be reached, 5 refused, 6 a
specimen failed (a result), 7 interrupted by a trip, a lost line, a fault or an abort (it stays open).`,
    )
    .action(
      shell.action((profile: string, options: StartOptions) => startRun(shell, profile, options)),
    );
}
