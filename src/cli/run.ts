import type { Command } from "commander";
import { formatDuration, formatQuantity } from "../base/quantity.js";
import { waysOn } from "../lab/comeback.js";
import { causeOf } from "../lab/open-run.js";
import { lastTimeSync, timeSyncText } from "../lab/time-watch.js";
import { recordsRoot } from "../record/folder.js";
import { openRecord } from "../record/reader.js";
import type { RecordReader, StoredEvent } from "../record/record.js";
import { keptLines } from "./kept.js";
import { collect } from "./option.js";
import { json } from "./output.js";
import { stateHelp } from "./rig-safe.js";
import { addBlackBox } from "./run-blackbox.js";
import { addEvents } from "./run-events.js";
import { addExport } from "./run-export.js";
import { addList, isoMinute } from "./run-list.js";
import { addPlot } from "./run-plot.js";
import { addResume } from "./run-resume.js";
import { type StartOptions, startRun, summaryLines } from "./run-start.js";
import { addStop } from "./run-stop.js";
import { type VerifyOptions, verifyCommand } from "./run-verify.js";
import type { Shell } from "./shell.js";

type ReadOptions = { records?: string; json?: boolean };

const recordsHelp = "folder of the records (default: $WEAROUT_HOME, else the user's data folder)";

export function addRun(program: Command, shell: Shell): void {
  const run = program.command("run").description("runs: one execution of a profile on a rig each");
  addStart(run, shell);
  addResume(run, shell, recordsHelp);
  addStop(run, shell, recordsHelp);
  addList(run, shell, recordsHelp);
  run
    .command("show <id>")
    .description("one run: specimens, state, outcome, exposure")
    .option("--records <dir>", recordsHelp)
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Examples:
  wearout run show bearing-four-1
  wearout run show bearing-four-1 --json | jq .summary.outcome`,
    )
    .action(shell.action((id: string, options: ReadOptions) => show(shell, id, options)));
  addEvents(run, shell, recordsHelp);
  run
    .command("verify <id>")
    .description(
      "is the record what was written? every hash, digest and count, and what is missing",
    )
    .option("--records <dir>", recordsHelp)
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Examples:
  wearout run verify bearing-four-1

Exit status: 0 whole, 3 not what was written.`,
    )
    .action(
      shell.action((id: string, options: VerifyOptions) => verifyCommand(shell, id, options)),
    );
  addExport(run, shell, recordsHelp);
  addPlot(run, shell, recordsHelp);
  addBlackBox(run, shell, recordsHelp);
}

function addStart(run: Command, shell: Shell): void {
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
    .option("--json", "the summary as JSON")
    .addHelpText(
      "after",
      `
Examples:
  wearout run start bearing-constant-load --rig bearing-four --specimen a,b,c,d --virtual --seed 7
  wearout run start profiles/harmonic-constant-torque.yaml --rig rigs/my-rig.yaml --specimen HD-0042

Exit status: 0 completed or stopped, 6 a specimen failed (a result), 7 aborted.`,
    )
    .action(
      shell.action((profile: string, options: StartOptions) => startRun(shell, profile, options)),
    );
}

function withRecord<T>(
  shell: Shell,
  id: string,
  options: ReadOptions,
  use: (r: RecordReader) => T,
): T {
  const reader = openRecord(recordsRoot(options.records, shell.env), id);
  try {
    return use(reader);
  } finally {
    reader.close();
  }
}

function show(shell: Shell, id: string, options: ReadOptions): number {
  return withRecord(shell, id, options, (reader) => {
    const { header, summary, condition } = reader;
    const cause = condition === "interrupted" ? causeOf(reader.events()) : null;
    if (options.json === true) {
      const { files, ...head } = header;
      const kept = files.map(({ kind, name }) => ({ kind, name }));
      shell.out.print(json({ ...head, files: kept, condition, cause, summary: summary ?? null }));
      return 0;
    }
    const { print } = shell.out;
    const mark = header.simulated ? `SIMULATED, seed ${header.seed}` : "";
    print(`${header.id}: ${header.profile} on ${header.rig}  ${mark}`.trimEnd());
    print(
      `started ${isoMinute(header.startedWall)} UTC, ${condition}, software ${header.software}`,
    );
    for (const [role, value] of Object.entries(header.constants ?? {})) {
      print(`given for this run: ${role} ${value}`);
    }
    if (summary === undefined) showLatest(shell, reader);
    else for (const line of summaryLines(summary).slice(0, -1)) print(line);
    if (cause !== null) print(`interrupted: ${cause}; ${waysOn(header)}`);
    const alarms = (summary?.alarms ?? []) as {
      limit: string;
      station: string | null;
      count: number;
      state: string;
    }[];
    for (const a of alarms)
      print(
        `  alarm ${a.station ?? ""} ${a.limit}: ${a.state}, raised ${a.count === 1 ? "once" : `${a.count} times`}`,
      );
    for (const line of keptLines(header.columns)) print(line);
    if (header.timeSync !== undefined) {
      print(`wall clock ${timeSyncText(lastTimeSync(header, reader.events()) ?? header.timeSync)}`);
    }
    print(`events: wearout run events ${id}; samples: wearout run export ${id} --format csv`);
    return 0;
  });
}

/** A run that has not ended: where it is now. */
function showLatest(shell: Shell, reader: RecordReader): void {
  const { columns, specimens } = reader.header;
  for (const s of specimens) shell.out.print(`  ${s.station} ${s.specimen} (${s.product})`);
  let last: StoredEvent | undefined;
  for (const event of reader.events()) if (event.kind !== "checkpoint") last = event;
  if (last !== undefined) shell.out.print(`  last event, ${formatDuration(last.at)}: ${last.text}`);
  const from = last?.at ?? 0;
  for (const sample of lastOf(reader.samples(from))) {
    shell.out.print(`  last sample, ${formatDuration(sample.at)}:`);
    columns.forEach((c, i) => {
      shell.out.print(`    ${c.name} ${formatQuantity(sample.values[i] ?? Number.NaN, c.unit)}`);
    });
  }
}

function lastOf<T>(items: Iterable<T>): T[] {
  let last: T[] = [];
  for (const item of items) last = [item];
  return last;
}
