import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { RealClock } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import { durationMs } from "../base/moment.js";
import { formatDuration } from "../base/quantity.js";
import { lifeMeasures, livesOf, measureOf } from "../lab/lives-of.js";
import { lifeTable } from "../lives/life-table.js";
import { openNote } from "../lives/notes.js";
import { noteCopy } from "../record/copies.js";
import { fileHash } from "../record/digest.js";
import { exportCsv, exportEventsCsv } from "../record/export.js";
import { recordsRoot } from "../record/folder.js";
import { exportParquet } from "../record/parquet.js";
import { openRecord } from "../record/reader.js";
import type { RecordReader } from "../record/reader-port.js";
import { columnsNamed, everything, type Selection } from "../record/selection.js";
import { lastMoment } from "../record/series.js";
import { tellKept } from "./kept.js";
import { exposureOption, tableCsv, tableJson } from "./life-table.js";
import { reasonOf } from "./output-file.js";
import { progressLine } from "./progress.js";
import { formerly } from "./renamed.js";
import type { Shell } from "./shell.js";
import { fromHelp, runTime } from "./time-range.js";

type ExportOptions = {
  format: "csv" | "parquet" | "life-table";
  what: "samples" | "events";
  role?: string;
  from?: string;
  to?: string;
  every?: string;
  exposure: string;
  output?: string;
  records?: string;
  json?: boolean;
};

export function addExport(run: Command, shell: Shell, recordsHelp: string): void {
  const verb = run
    .command("export <id>")
    .description("samples, events or lives as a table, also while the run goes on")
    .addOption(
      new Option("--format <format>", "csv, parquet or life-table")
        .choices(["csv", "parquet", "life-table"])
        .default("csv"),
    )
    .addOption(
      new Option("--what <what>", "of CSV").choices(["samples", "events"]).default("samples"),
    )
    .option("--role <names>", "roles or columns, as speed,s1.vibration (default: all)")
    .option("--from <time>", fromHelp)
    .option("--to <time>", "to, in the same ways")
    .option("--every <duration>", "one row per so long, with means, as 1s or 10min")
    .addOption(exposureOption("what the life table counts"))
    .option("--output <file>", "into a file (CSV and life tables default to stdout)")
    .option("--records <dir>", recordsHelp)
    .option("--json", "life tables with a description of every column")
    .addHelpText(
      "after",
      `
Examples:
  wearout run export bearing-four-1 > samples.csv
  wearout run export bearing-four-1 --format parquet --output samples.parquet
  wearout run export bearing-four-1 --role speed,vibration --from "-1 h" --every 1s
  wearout run export bearing-four-1 --format life-table --exposure turns | wearout life fit -

Columns, units and metadata: docs/record.md.`,
    )
    .action(shell.action((id: string, options: ExportOptions) => exportRun(shell, id, options)));
  formerly(verb, shell, {
    "--roles <names>": "--role",
    "--life <measure>": "--exposure",
    "--out <file>": "--output",
  });
}

async function exportRun(shell: Shell, id: string, options: ExportOptions): Promise<number> {
  if (options.what === "events") refuseForEvents(options);
  const reader = openRecord(recordsRoot(options.records, shell.env), id);
  const sink = openSink(shell, options);
  const progress = progressLine(shell.out, new RealClock(), "kB written");
  try {
    let bytes = 0;
    for (const part of partsOf(reader, options)) {
      await sink.write(part);
      bytes += part.length;
      progress.show(Math.round(bytes / 1000));
    }
    sink.done();
    const { condition, header } = reader;
    const tellsLives = options.format === "life-table" && condition !== "ended";
    if (tellsLives) shell.out.talk(openNote(header.id, condition).en);
    if (isOfSamples(options)) tellSamples(shell, reader, selectionOf(reader, options));
    noteWhole(shell, reader, options);
    return 0;
  } catch (error) {
    sink.giveUp();
    throw error;
  } finally {
    progress.end();
    reader.close();
  }
}

/** What chooses among samples says nothing of events. */
function refuseForEvents({ format, role, from, to, every }: ExportOptions): void {
  if (format !== "csv") {
    throw new WearoutError("USAGE", `--what events: found --format ${format}, expected csv`);
  }
  const given = Object.entries({ role, from, to, every }).filter(([, v]) => v !== undefined);
  const [[name] = []] = given;
  if (name === undefined) return;
  throw new WearoutError("USAGE", `--${name} chooses samples; all events are exported`);
}

function isOfSamples({ format, what }: ExportOptions): boolean {
  return format === "parquet" || (format === "csv" && what === "samples");
}

/** What a reader of the samples should know of them; that there are none in this time, too. */
function tellSamples(shell: Shell, reader: RecordReader, selection: Selection): void {
  const { columns, from } = selection;
  tellKept(
    shell,
    columns.map((index) => reader.header.columns[index]!),
  );
  const last = lastMoment(reader);
  if (from > last) {
    shell.out.talk(`nothing is from there on: the run has samples until ${formatDuration(last)}`);
  }
}

/** A whole export is a copy: `record prune` may then delete the run. */
function noteWhole(shell: Shell, reader: RecordReader, options: ExportOptions): void {
  const { output, format, what, role, from, to, every } = options;
  const isWhole = [role, from, to, every].every((o) => o === undefined) && what === "samples";
  if (output === undefined || format === "life-table" || !isWhole) return;
  if (reader.condition !== "ended") return;
  const path = resolve(output);
  noteCopy(reader.folder, { kind: format, path, sha256: fileHash(path), wall: shell.host.wall() });
}

function partsOf(reader: RecordReader, options: ExportOptions): Iterable<string | Uint8Array> {
  if (options.format === "life-table") return lifeParts(reader, options);
  if (options.format === "parquet") return exportParquet(reader, selectionOf(reader, options));
  if (options.what === "events") return exportEventsCsv(reader);
  return exportCsv(reader, selectionOf(reader, options));
}

/** What `--role`, `--from`, `--to` and `--every` say. */
export function selectionOf(
  reader: RecordReader,
  options: Pick<ExportOptions, "role" | "from" | "to" | "every">,
): Selection {
  const { columns } = reader.header;
  const all = everything(columns);
  const { role, from, to, every } = options;
  const everyMs = every === undefined ? undefined : durationMs(every);
  if (every !== undefined && !((everyMs ?? 0) > 0)) {
    const found = `found "${every}", expected a duration as 1s or "10 min"`;
    throw new WearoutError("USAGE", `--every: ${found}`);
  }
  const selection = {
    columns: role === undefined ? all.columns : columnsNamed(namesIn(role), columns),
    from: from === undefined ? all.from : runTime("--from", from, reader),
    to: to === undefined ? all.to : runTime("--to", to, reader),
    everyMs,
  };
  if (from === undefined || to === undefined || selection.from <= selection.to) return selection;
  const until = `run ${reader.header.id} has samples until ${formatDuration(lastMoment(reader))}`;
  throw new WearoutError("USAGE", `${until}; nothing is between --from ${from} and --to ${to}`);
}

export function namesIn(list: string): string[] {
  return list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function lifeParts(reader: RecordReader, options: ExportOptions): string[] {
  const measure = lifeMeasures[options.exposure]!;
  const table = lifeTable(livesOf(reader, measure), measureOf(measure));
  return [options.json === true ? tableJson(table) : tableCsv(table)];
}

type Sink = {
  write(part: string | Uint8Array): Promise<void>;
  done(): void;
  giveUp(): void;
};

/** Stdout, or a file that has its name only when it is whole. */
function openSink({ out }: Shell, { output, format }: ExportOptions): Sink {
  if (output !== undefined) return fileSink(output);
  if (format === "parquet") {
    throw new WearoutError("USAGE", "--format parquet needs --output FILE");
  }
  return { write: (part) => out.write(String(part)), done: () => {}, giveUp: () => {} };
}

function fileSink(path: string): Sink {
  const unfinished = `${path}.part`;
  const fd = refusable(path, () => openSync(unfinished, "w"));
  return {
    write: async (part) =>
      refusable(path, () => {
        const bytes = typeof part === "string" ? Buffer.from(part) : part;
        for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
      }),
    done: () => {
      closeSync(fd);
      renameSync(unfinished, path);
    },
    giveUp: () => {
      closeSync(fd);
      rmSync(unfinished, { force: true });
    },
  };
}

/** A full disk or a folder that is not there is no defect of ours. */
function refusable<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new WearoutError("USAGE", `${path} cannot be written: ${reasonOf(error)}`);
  }
}
