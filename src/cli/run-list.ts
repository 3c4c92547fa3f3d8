import type { Command } from "commander";
import { WearoutError } from "../base/error.js";
import { wallTime } from "../base/moment.js";
import { visibleLine } from "../base/visible.js";
import { causeOf } from "../lab/open-run.js";
import { recordsRoot } from "../record/folder.js";
import { listRuns, openRecord } from "../record/reader.js";
import type { RunListing } from "../record/reader-port.js";
import { oneOf } from "./option.js";
import { json, table } from "./output.js";
import type { Shell } from "./shell.js";

type ListOptions = {
  rig?: string;
  specimen?: string;
  profile?: string;
  outcome?: string;
  since?: string;
  until?: string;
  records?: string;
  json?: boolean;
};

/** How runs end, and what those are that have not. */
const outcomes = [
  ...["failed", "completed", "stopped", "aborted"],
  ...["running", "interrupted", "parked", "damaged", "unreadable"],
];

export function addList(run: Command, shell: Shell, recordsHelp: string): void {
  run
    .command("list")
    .description("what was run, and what came of it")
    .option("--rig <rig>", "only of this rig")
    .option("--specimen <name>", "only with this specimen")
    .option("--profile <profile>", "only of this profile")
    .option(
      "--outcome <outcome>",
      `only ${outcomes.slice(0, -1).join(", ")} or ${outcomes.at(-1)} ones`,
    )
    .option("--since <date>", "begun at this date or later, as 2026-01-31 (UTC)")
    .option("--until <date>", "begun before this date")
    .option("--records <dir>", recordsHelp)
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Examples:
  wearout run list --rig bearing-four --since 2026-01-31
  wearout run list --outcome interrupted`,
    )
    .action(shell.action((options: ListOptions) => list(shell, options)));
}

function list(shell: Shell, options: ListOptions): number {
  if (options.outcome !== undefined) oneOf("--outcome", options.outcome, outcomes);
  const root = recordsRoot(options.records, shell.env);
  const all = listRuns(root);
  const runs = all.filter(filterOf(options));
  if (options.json === true) {
    const told = runs.map((r) => ({
      ...r,
      outcome: openOutcome(r),
      cause: interruptedBy(root, r),
    }));
    shell.out.print(json(told));
    return 0;
  }
  if (runs.length === 0) {
    const none = all.length === 0 ? `no runs under ${root}` : `none of ${all.length} runs is so`;
    shell.out.talk(none);
    return 0;
  }
  const rows = runs.map((r) => [
    r.id,
    r.startedWall === null ? "" : isoMinute(r.startedWall),
    outcomeOf(r),
    r.profile,
    r.specimens.join(","),
    [r.simulated ? "SIMULATED" : null, r.problem, interruptedBy(root, r)]
      .filter((text) => text !== null)
      .join(", "),
  ]);
  shell.out.print(table(["run", "started (UTC)", "outcome", "profile", "specimens", ""], rows));
  return 0;
}

/** An open run that nobody keeps has an outcome too: it was interrupted, or parked. */
function openOutcome(run: RunListing): string | null {
  return isOpen(run) ? run.condition : run.outcome;
}

function isOpen({ condition }: Pick<RunListing, "condition">): boolean {
  return condition === "interrupted" || condition === "parked";
}

/** What interrupted it; null of any other run. */
function interruptedBy(root: string, run: RunListing): string | null {
  if (!isOpen(run)) return null;
  const { id } = run;
  try {
    const reader = openRecord(root, id);
    try {
      return causeOf(reader.events());
    } finally {
      reader.close();
    }
  } catch (error) {
    if (error instanceof WearoutError) return error.message;
    throw error;
  }
}

/** Of a run that has not ended, what it does. */
function outcomeOf(run: RunListing): string {
  return run.outcome ?? run.condition;
}

function filterOf(options: ListOptions): (run: RunListing) => boolean {
  const { rig, specimen, profile, outcome } = options;
  const since = dateOf("--since", options.since);
  const until = dateOf("--until", options.until);
  return (run) => {
    if (rig !== undefined && run.rig !== rig) return false;
    if (profile !== undefined && run.profile !== profile) return false;
    const isNamed = (name: string) => name === specimen || visibleLine(name) === specimen;
    if (specimen !== undefined && !run.specimens.some(isNamed)) return false;
    if (outcome !== undefined && outcomeOf(run) !== outcome) return false;
    if (since !== undefined && !(run.startedWall !== null && run.startedWall >= since))
      return false;
    return until === undefined || (run.startedWall !== null && run.startedWall < until);
  };
}

function dateOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const wall = wallTime(text);
  if (wall !== undefined) return wall;
  throw new WearoutError(
    "USAGE",
    `${name}: found "${text}", expected a date as 2026-01-31 or "2026-01-31 12:00" (UTC)`,
  );
}

/** `2026-01-01 00:00`, UTC: records are read in other places than they are written. */
export function isoMinute(wall: number): string {
  return new Date(wall).toISOString().slice(0, 16).replace("T", " ");
}
