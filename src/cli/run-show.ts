import type { Command } from "commander";
import { formatDuration } from "../base/quantity.js";
import { causeOf } from "../lab/open-run.js";
import { lastTimeSync, timeSyncText } from "../lab/time-watch.js";
import { waysOn } from "../lab/ways-on.js";
import type { StoredEvent } from "../record/document/event.js";
import { recordsRoot } from "../record/folder.js";
import { openRecord, parkIn } from "../record/reader.js";
import type { RecordReader } from "../record/reader-port.js";
import { columnText } from "./column-text.js";
import { keptLines } from "./kept.js";
import { json } from "./output.js";
import { isoMinute } from "./run-list.js";
import { summaryLines } from "./run-words.js";
import type { Shell } from "./shell.js";

type ReadOptions = { records?: string; json?: boolean };

export function addShow(run: Command, shell: Shell, recordsHelp: string): void {
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
    if (summary === undefined) showLatest(shell, reader);
    else for (const line of summaryLines(summary).slice(0, -1)) print(line);
    const how = parkIn(reader.events()) === undefined ? "interrupted: " : "";
    if (cause !== null) print(`${how}${cause}; ${waysOn(header)}`);
    for (const a of summary?.alarms ?? [])
      print(
        `  alarm ${a.station ?? ""} ${a.limit}: ${a.state}, raised ${a.count === 1 ? "once" : `${a.count} times`}`,
      );
    for (const [role, value] of Object.entries(header.constants ?? {})) {
      print(`given for this run: ${role} ${value}`);
    }
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
      shell.out.print(`    ${c.name} ${columnText(c, sample.values[i] ?? Number.NaN)}`);
    });
  }
}

function lastOf<T>(items: Iterable<T>): T[] {
  let last: T[] = [];
  for (const item of items) last = [item];
  return last;
}
