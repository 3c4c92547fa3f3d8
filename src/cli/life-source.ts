/** `--runs` in the place of DATA, for every verb of `wearout life` that has such an argument. */
import type { Command } from "commander";
import { WearoutError } from "../base/error.js";
import { askRuns, lifeMeasures, type RunsQuestion } from "../lab/lives-of.js";
import type { LifeData } from "../life/data.js";
import { lifeData } from "../lives/life-data.js";
import type { RunsNote } from "../lives/notes.js";
import { recordsRoot } from "../record/folder.js";
import { addEndedOptions, type EndedOptions, endedOnly, exposureOption } from "./life-table.js";
import { collect } from "./option.js";
import type { Shell } from "./shell.js";

const dataNames = ["data", "a", "b"];

type Options = EndedOptions & { runs: string[]; exposure: string; records?: string };

/**
 * Lets a verb take `--runs SELECTION` for each DATA (arguments `data`, or `a` and `b`) that is missing.
 * The verb passes it on to `readLifeData` as it is, and need not know. Its source, for people, is
 * `LifeData.source`.
 */
export function takeRuns(verb: Command, shell: Shell): void {
  const places = verb.registeredArguments.filter((a) => dataNames.includes(a.name()));
  if (places.length === 0) return;
  for (const place of places) place.required = false;
  verb
    .option("--runs <selection>", "lives of the records as DATA, as lot=B7,profile=x", collect, [])
    .addOption(exposureOption());
  addEndedOptions(verb)
    .option("--records <dir>", "folder of the records, for --runs")
    .hook("preAction", (_, called) => {
      const options = called.opts<Options>();
      const { runs, exposure, records } = options;
      const given = called.args;
      if (given.length + runs.length !== places.length) wrongCount(verb, places.length);
      const root = recordsRoot(records, shell.env);
      const ended = endedOnly(shell, options);
      const measure = lifeMeasures[exposure]!;
      const asked = runs.map((selection) => {
        const question = { selection, runs: [], measure, ended, recordsRoot: root };
        return livesAsked(shell, question);
      });
      called.processedArgs = [...given, ...asked];
    });
}

function wrongCount(verb: Command, count: number): never {
  const each = "a file, - for standard input, or --runs SELECTION";
  const text = count === 1 ? `DATA once: ${each}` : `DATA ${count} times, each ${each}`;
  const name = `${verb.parent?.name()} ${verb.name()}`;
  throw new WearoutError("USAGE", `${name}: expected ${text}`);
}

/** The lives of a selection of runs. */
export type RunsLives = {
  /** As written behind --runs. */
  selection: string;
  data: LifeData;
  runs: readonly string[];
  notes: readonly RunsNote[];
};

/** What a verb is given as DATA: the name of a file, or lives from the records. */
export type DataArgument = string | RunsLives;

/** What the table leaves aside is told here. */
function livesAsked({ out }: Shell, question: RunsQuestion): RunsLives {
  const source = `--runs ${question.selection}`;
  const { table, runs, notes } = askRuns(question);
  const many = (n: number, noun: string) => `${n} ${noun}${n === 1 ? "" : "s"}`;
  const count = `${many(table.rows.length, "specimen")} of ${many(runs.length, "run")}`;
  out.talk(`${source}: ${count}`);
  for (const note of notes) out.talk(`${source}: ${note.en}`);
  const { selection } = question;
  return { selection, data: lifeData(table, named(selection)), runs, notes };
}

/** A selection for people: `lot B7, profile x`. */
function named(selection: string): string {
  return selection.replaceAll("=", " ").replaceAll(",", ", ");
}

const mostNamed = 4;

/** Runs for people who never see the command; all of them are listed where there is room. */
export function runsNamed(runs: readonly string[]): string {
  const shown = runs.slice(0, mostNamed).join(", ");
  return runs.length <= mostNamed ? shown : `${shown}, … (${runs.length})`;
}
