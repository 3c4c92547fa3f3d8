import type { Command } from "commander";
import { WearoutError } from "../../base/error.js";
import { formatDuration } from "../../base/quantity.js";
import { isTrigger } from "../../record/document/event.js";
import { recordsRoot } from "../../record/folder.js";
import { openRecord } from "../../record/reader.js";
import type { RecordReader } from "../../record/reader-port.js";
import {
  type BlackBoxData,
  blackBoxes,
  blackBoxFiles,
  blackBoxText,
} from "../../report/black-box.js";
import { zip } from "../../report/zip.js";
import { json, table } from "../output.js";
import { writeResult } from "../output-file.js";
import type { Shell } from "../shell.js";

type BlackBoxOptions = { zip?: string; records?: string; json?: boolean };

export function addBlackBox(run: Command, shell: Shell, recordsHelp: string): void {
  run
    .command("blackbox <id> [number]")
    .description("what happened around each trip, failure and abort; with a number, all of it")
    .option("--zip <file>", "text, tables (CSV) and picture (SVG) in one archive")
    .option("--records <dir>", recordsHelp)
    .option("--json", "as JSON, without the samples")
    .addHelpText(
      "after",
      `
Examples:
  wearout run blackbox bearing-four-1                      the list
  wearout run blackbox bearing-four-1 1                    the first one, as text
  wearout run blackbox bearing-four-1 1 --zip trip.zip     to send to somebody`,
    )
    .action(
      shell.action((id: string, number: string | undefined, options: BlackBoxOptions) =>
        blackBox(shell, id, number, options),
      ),
    );
}

function blackBox(
  shell: Shell,
  id: string,
  number: string | undefined,
  options: BlackBoxOptions,
): number {
  const reader = openRecord(recordsRoot(options.records, shell.env), id);
  try {
    const all = blackBoxes(reader);
    if (number === undefined && options.zip === undefined)
      return listBoxes(shell, reader, id, all, options);
    const box = all.find((b) => b.number === Number(number ?? 1));
    if (box === undefined) throw new WearoutError("USAGE", noneSuch(id, number ?? "1", all.length));
    show(shell, reader, box, options);
    return 0;
  } finally {
    reader.close();
  }
}

function noneSuch(id: string, number: string, count: number): string {
  const many = count === 1 ? "only number 1" : `numbers 1 to ${count}`;
  const has = count === 0 ? "has none" : `has ${many}`;
  return `run ${id} has no black box "${number}": it ${has} (one is written around each trip, failure and abort)`;
}

function whyNone(reader: RecordReader): string {
  const first = [...reader.events()].find(isTrigger);
  if (first === undefined) return "no trip, no failure, no abort";
  const when =
    reader.condition === "running"
      ? "is not written yet"
      : "was not written before the controller ended";
  return `that of "${first.text}" ${when}; samples and events are there`;
}

function listBoxes(
  shell: Shell,
  reader: RecordReader,
  id: string,
  all: readonly BlackBoxData[],
  options: BlackBoxOptions,
): number {
  if (options.json === true) shell.out.print(json(all));
  else if (all.length === 0) shell.out.talk(`run ${id} has no black box: ${whyNone(reader)}`);
  else {
    const rows = all.map(({ number, triggers: [first], frames, triggers }) => [
      String(number),
      formatDuration(first!.at),
      triggers.length === 1 ? first!.kind : `${first!.kind} and ${triggers.length - 1} more`,
      String(frames.length),
      first!.text,
    ]);
    shell.out.print(table(["", "after", "what", "frames", "first trigger"], rows));
  }
  return 0;
}

function show(
  shell: Shell,
  reader: RecordReader,
  box: BlackBoxData,
  options: BlackBoxOptions,
): void {
  if (options.zip !== undefined) {
    const path = options.zip;
    writeResult(path, zip(blackBoxFiles(reader, box)));
    shell.out.talk(`${path}: black box ${box.number}`);
  } else if (options.json === true) shell.out.print(json(box));
  else for (const text of blackBoxText(reader, box)) shell.out.print(text);
}
