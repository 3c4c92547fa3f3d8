import { type Command, Option } from "commander";
import { askRuns, lifeMeasures } from "../lab/lives-of.js";
import { type LifeTable, lifeCells } from "../lives/life-table.js";
import { line } from "../record/export.js";
import { recordsRoot } from "../record/folder.js";
import { json } from "./output.js";
import { writeResult } from "./output-file.js";
import { formerly } from "./renamed.js";
import type { Shell } from "./shell.js";

type Options = EndedOptions & {
  runs?: string;
  exposure: string;
  records?: string;
  output?: string;
  json?: boolean;
};

const selectionHelp = `
A selection of runs is KEY=VALUE,...: run, rig, profile, lot, product, specimen, since, until (dates),
simulated (yes or no); a key given twice takes either, all takes every run; a value with commas stands in "quotes". A specimen without a lot of its
own (run start --lot) has its product as lot. Real and simulated lives are never mixed.`;

/** Which exposure is a life: for every verb that reads lives out of records. */
export function exposureOption(says = "what a life is counted in, of runs"): Option {
  return new Option("--exposure <counter>", says)
    .choices(Object.keys(lifeMeasures))
    .default("time-on-test");
}

/** For the same verbs: open runs or not. */
export type EndedOptions = { ended?: boolean; running?: boolean };

/** Adds `--ended`, and `--running` as it was once needed. */
export function addEndedOptions(verb: Command): Command {
  return verb
    .option("--ended", "only runs that have ended; else the living of open ones are suspensions")
    .addOption(new Option("--running", "what is usual now: open runs too").hideHelp());
}

/** Tells whoever still writes `--running` that it is usual. */
export function endedOnly(
  { out }: Shell,
  { ended = false, running = false }: EndedOptions,
): boolean {
  if (running) out.talk("--running is usual now: open runs count; --ended leaves them out");
  return ended;
}

export function addLifeTable(life: Command, shell: Shell): void {
  const verb = life
    .command("table [runs...]")
    .description("the life table of the records, as CSV that all life verbs read")
    .option("--runs <selection>", "only these, as lot=B7,profile=bearing-constant-load")
    .addOption(exposureOption());
  addEndedOptions(verb)
    .option("--records <dir>", "folder of the records")
    .option("--output <file>", "into a file instead of stdout")
    .option("--json", "with a description of every column")
    .addHelpText(
      "after",
      `${selectionHelp}
Columns: docs/record.md, "Life table". One row per specimen; of several real runs its lives add up.

Examples:
  wearout life table bearing-four-1 bearing-four-2 > lives.csv
  wearout life table --runs profile=bearing-constant-load --exposure turns | wearout life fit -
  wearout life fit --runs lot=B7,profile=bearing-constant-load`,
    )
    .action(shell.action((runs: string[], options: Options) => run(shell, runs, options)));
  formerly(verb, shell, { "--out <file>": "--output" });
}

function run(shell: Shell, runs: readonly string[], options: Options): number {
  const { table, notes } = askRuns({
    selection: options.runs ?? "",
    runs,
    measure: lifeMeasures[options.exposure]!,
    ended: endedOnly(shell, options),
    recordsRoot: recordsRoot(options.records, shell.env),
  });
  for (const { en } of notes) shell.out.talk(en);
  const text = options.json === true ? tableJson(table) : tableCsv(table);
  if (options.output === undefined) shell.out.print(text.trimEnd());
  else writeResult(options.output, text);
  return 0;
}

export function tableCsv(table: LifeTable): string {
  return [table.columns.map((c) => c.name), ...lifeCells(table)].map(line).join("");
}

/** With what each column says. */
export function tableJson(table: LifeTable): string {
  return `${json({ columns: table.columns, rows: lifeCells(table) })}\n`;
}
