import type { Command } from "commander";
import { WearoutError } from "../../base/error.js";
import { formatDuration } from "../../base/quantity.js";
import { recordsRoot } from "../../record/folder.js";
import { openRecord } from "../../record/reader.js";
import type { RecordReader } from "../../record/reader-port.js";
import { lastMoment, type Series, seriesOf } from "../../record/series.js";
import { type Mark, seriesSvg } from "../../report/series-svg.js";
import { bucketsAcross, seriesText } from "../../report/series-text.js";
import { plural } from "../life/data.js";
import { writeResult } from "../output-file.js";
import { formerly } from "../renamed.js";
import type { Shell } from "../shell.js";
import { selectionOf } from "./export.js";
import { tellKept } from "./thinned.js";
import { fromHelp } from "./time-range.js";

type PlotOptions = {
  role?: string;
  from?: string;
  to?: string;
  svg?: string;
  records?: string;
};

const svgBuckets = 880;
const textRows = 8;
const textColumns = 80;

/** So many panels are a picture; more are a list. */
const mostPanels = 12;

export function addPlot(run: Command, shell: Shell, recordsHelp: string): void {
  const verb = run
    .command("plot <id>")
    .description("values over time, in the terminal or as SVG, also while the run goes on")
    .option(
      "--role <names>",
      "roles or columns, as housing-temperature,s1.vibration (default: all)",
    )
    .option("--from <time>", fromHelp)
    .option("--to <time>", "to, in the same ways")
    .option("--svg <file>", "a picture with alarms, trips and failures marked, instead of text")
    .option("--records <dir>", recordsHelp)
    .addHelpText(
      "after",
      `
Examples:
  wearout run plot bearing-four-1 --role s3.vibration --from "-2 h"
  wearout run plot bearing-four-1 --role speed,load --svg run.svg`,
    )
    .action(shell.action((id: string, options: PlotOptions) => plot(shell, id, options)));
  formerly(verb, shell, { "--roles <names>": "--role" });
}

function plot(shell: Shell, id: string, options: PlotOptions): number {
  const reader = openRecord(recordsRoot(options.records, shell.env), id);
  try {
    const { role, from, to } = options;
    const selection = selectionOf(reader, {
      ...(role === undefined ? {} : { role }),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    });
    const span = {
      from: Math.max(selection.from, 0),
      to: Math.min(selection.to, lastMoment(reader)),
    };
    if (!(span.to > span.from)) {
      const text = `run ${id} has samples until ${formatDuration(lastMoment(reader))}; nothing is between --from and --to`;
      throw new WearoutError("USAGE", text);
    }
    const columns = selection.columns.slice(0, mostPanels);
    if (columns.length < selection.columns.length) {
      shell.out.talk(
        `the first ${mostPanels} of ${selection.columns.length} columns; choose with --role`,
      );
    }
    tellKept(
      shell,
      columns.map((index) => reader.header.columns[index]!),
    );
    const buckets = options.svg === undefined ? bucketsAcross(textColumns) : svgBuckets;
    const series = columns.map((index) => seriesOf(reader, index, span.from, span.to, buckets));
    if (options.svg === undefined) printText(shell, reader, series);
    else writeSvg(shell, reader, series, options.svg, span);
    return 0;
  } finally {
    reader.close();
  }
}

function printText(shell: Shell, reader: RecordReader, series: readonly Series[]): void {
  const { header } = reader;
  if (header.simulated) shell.out.print(`SIMULATED ${header.id}`);
  for (const s of series) for (const line of seriesText(s, textRows)) shell.out.print(line);
}

function writeSvg(
  shell: Shell,
  reader: RecordReader,
  series: readonly Series[],
  path: string,
  span: { from: number; to: number },
): void {
  const { id, profile, rig, cycleMs, simulated, startedWall } = reader.header;
  const started = new Date(startedWall).toISOString().slice(0, 16).replace("T", " ");
  const mark = simulated ? "SIMULATED · " : "";
  const { bucketMs } = series[0]!;
  const drawn =
    bucketMs > cycleMs
      ? `line: mean, band: least to most of ${formatDuration(bucketMs)} each`
      : "every sample";
  const text = seriesSvg({
    title: `${id}: ${profile} on ${rig}`,
    subtitle: `${mark}started ${started} UTC · ${drawn}`,
    series,
    cycleMs,
    marks: marksWithin(reader, span),
  });
  writeResult(path, text);
  shell.out.talk(`${path}: ${plural(series.length, "panel")}`);
}

const marked: readonly string[] = ["trip", "failure", "interruption"];
const mostMarks = 20;

/** What a reader of the picture would look for; a picture of nothing but marks says nothing. */
export function marksWithin(reader: RecordReader, span: { from: number; to: number }): Mark[] {
  const found: Mark[] = [];
  for (const { kind, at, text } of reader.events()) {
    if (marked.includes(kind) && at >= span.from && at <= span.to)
      found.push({ atMs: at, kind, text });
  }
  return found.slice(0, mostMarks);
}
