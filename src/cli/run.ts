import type { Command } from "commander";
import { formatDuration, formatQuantity } from "../base/quantity.js";
import { exportCsv, exportEventsCsv } from "../record/export.js";
import { recordsRoot } from "../record/folder.js";
import { listRuns, openRecord } from "../record/reader.js";
import type { RecordReader, StoredEvent } from "../record/record.js";
import { collect, oneOf } from "./option.js";
import { json, table } from "./output.js";
import { type StartOptions, startRun, summaryLines } from "./run-start.js";
import { type VerifyOptions, verifyCommand } from "./run-verify.js";
import type { Shell } from "./shell.js";

type ReadOptions = { records?: string; json?: boolean };

const recordsHelp = "folder of the records (default: $WEAROUT_HOME, else the user's data folder)";

export function addRun(program: Command, shell: Shell): void {
  const run = program.command("run").description("runs: one execution of a profile on a rig each");
  addStart(run, shell);
  run
    .command("list")
    .description("what was run, and what came of it")
    .option("--records <dir>", recordsHelp)
    .option("--json", "as JSON")
    .action(shell.action((options: ReadOptions) => list(shell, options)));
  run
    .command("show <id>")
    .description("one run: specimens, state, outcome, exposure")
    .option("--records <dir>", recordsHelp)
    .option("--json", "as JSON")
    .action(shell.action((id: string, options: ReadOptions) => show(shell, id, options)));
  run
    .command("events <id>")
    .description("everything that happened, in order")
    .option("--records <dir>", recordsHelp)
    .option("--json", "one JSON object per line")
    .action(shell.action((id: string, options: ReadOptions) => events(shell, id, options)));
  run
    .command("verify <id>")
    .description(
      "is the record what was written? every hash, digest and count, and what is missing",
    )
    .option("--records <dir>", recordsHelp)
    .option("--json", "as JSON")
    .addHelpText("after", "\nExit status: 0 whole, 3 not what was written.")
    .action(
      shell.action((id: string, options: VerifyOptions) => verifyCommand(shell, id, options)),
    );
  run
    .command("export <id>")
    .description("samples or events as a table on stdout")
    .option("--format <format>", "csv", "csv")
    .option("--what <what>", "samples or events", "samples")
    .option("--records <dir>", recordsHelp)
    .action(shell.action((id: string, options: ExportOptions) => exportRun(shell, id, options)));
}

function addStart(run: Command, shell: Shell): void {
  run
    .command("start <profile>")
    .description("run a profile (name or file) on a rig, to its end")
    .requiredOption("--rig <rig>", "rig, by name or file")
    .requiredOption("--specimen <names>", "specimens in the rig's stations, in order, as a,b,c,d")
    .option(
      "--product <product>",
      "product of specimens not yet known (default: the profile's example)",
    )
    .option("--set <name=value>", "parameter of the profile, as load=4kN", collect, [])
    .option("--virtual", "SIMULATED: virtual time, the rig file's simulated plant")
    .option("--seed <n>", "of the simulated plant; the same seed gives the same bytes", "1")
    .option("--records <dir>", recordsHelp)
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

function list(shell: Shell, options: ReadOptions): number {
  const root = recordsRoot(options.records, shell.env);
  const runs = listRuns(root);
  if (options.json === true) {
    shell.out.print(json(runs));
    return 0;
  }
  if (runs.length === 0) shell.out.talk(`no runs under ${root}`);
  const rows = runs.map((r) => [
    r.id,
    r.startedWall === null ? "" : isoMinute(r.startedWall),
    r.outcome ?? r.condition,
    r.profile,
    r.specimens.join(","),
    r.simulated ? "SIMULATED" : (r.problem ?? ""),
  ]);
  if (rows.length > 0) {
    shell.out.print(table(["run", "started (UTC)", "outcome", "profile", "specimens", ""], rows));
  }
  return 0;
}

/** `2026-01-01 00:00`, UTC: records are read in other places than they are written. */
function isoMinute(wall: number): string {
  return new Date(wall).toISOString().slice(0, 16).replace("T", " ");
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
    if (options.json === true) {
      const { files, ...head } = header;
      const kept = files.map(({ kind, name }) => ({ kind, name }));
      shell.out.print(json({ ...head, files: kept, condition, summary: summary ?? null }));
      return 0;
    }
    const { print } = shell.out;
    const mark = header.simulated ? `SIMULATED, seed ${header.seed}` : "";
    print(`${header.id}: ${header.profile} on ${header.rig}  ${mark}`.trimEnd());
    print(
      `started ${isoMinute(header.startedWall)} UTC, ${condition}, software ${header.software}`,
    );
    if (summary === undefined) showLatest(shell, reader);
    else for (const line of summaryLines(summary).slice(0, -1)) print(line);
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

function events(shell: Shell, id: string, options: ReadOptions): number {
  return withRecord(shell, id, options, (reader) => {
    for (const event of reader.events()) {
      if (options.json === true) shell.out.print(JSON.stringify(event));
      else if (event.kind !== "checkpoint") {
        shell.out.print(
          `${formatDuration(event.at).padStart(12)}  ${event.kind.padEnd(12)} ${event.text}`,
        );
      }
    }
    return 0;
  });
}

type ExportOptions = { format: string; what: string; records?: string };

async function exportRun(shell: Shell, id: string, options: ExportOptions): Promise<number> {
  oneOf("--format", options.format, ["csv"]);
  const what = oneOf("--what", options.what, ["samples", "events"]);
  const reader = openRecord(recordsRoot(options.records, shell.env), id);
  try {
    const lines = what === "samples" ? exportCsv(reader) : exportEventsCsv(reader);
    let chunk = "";
    for (const line of lines) {
      chunk += line;
      if (chunk.length < 1 << 16) continue;
      await shell.out.write(chunk);
      chunk = "";
    }
    await shell.out.write(chunk);
    return 0;
  } finally {
    reader.close();
  }
}
