import type { Command } from "commander";
import { WearoutError } from "../base/error.js";
import { durationMs } from "../base/moment.js";
import { formatNumber } from "../base/quantity.js";
import { backUpRun, prunable, pruneRun, type RunRoom, roomOfRuns } from "../record/admin.js";
import { compactRun } from "../record/compact.js";
import { recordsRoot } from "../record/folder.js";
import { plural } from "./life-data.js";
import { json, table } from "./output.js";
import type { Shell } from "./shell.js";

type Options = { records?: string; json?: boolean };

const recordsHelp = "folder of the records (default: $WEAROUT_HOME, else the user's data folder)";

export function addRecord(program: Command, shell: Shell): void {
  const record = program
    .command("record")
    .description("the records as files: room, copies, pruning");
  const add = (name: string, says: string) =>
    record.command(name).description(says).option("--records <dir>", recordsHelp);
  add("status", "room, growth, days left, what a power cut may cost")
    .option("--json", "as JSON")
    .addHelpText("after", "\nExamples:\n  wearout record status --records /mnt/lab/records")
    .action(shell.action((options: Options) => status(shell, options)));
  add("backup <folder> [ids...]", "copies of runs, verified; of a run that goes on, of this moment")
    .addHelpText("after", "\nExamples:\n  wearout record backup /mnt/usb bearing-four-1")
    .action(
      shell.action((folder: string, ids: string[], options: Options) =>
        backup(shell, folder, ids, options),
      ),
    );
  add("prune", "deletes ended runs that have a whole copy elsewhere; without --yes only says which")
    .requiredOption("--older-than <duration>", "begun so long ago or longer, as 90d")
    .option("--yes", "delete them")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
A whole copy is a backup, or an export of every sample of every role into a file, as long as it is where it
was put. Running, interrupted and damaged runs are never deleted.

Examples:
  wearout record prune --older-than 90d
  wearout record prune --older-than 90d --yes`,
    )
    .action(shell.action((options: PruneOptions) => prune(shell, options)));
  add("compact [ids...]", "gives back room that ended runs do not need; changes nothing in them")
    .addHelpText("after", "\nExamples:\n  wearout record compact bearing-four-1")
    .action(shell.action((ids: string[], options: Options) => compact(shell, ids, options)));
}

function status(shell: Shell, options: Options): number {
  const root = recordsRoot(options.records, shell.env);
  const runs = roomOfRuns(root, shell.host.wall());
  const free = shell.host.freeBytes(root);
  const bytes = runs.reduce((sum, r) => sum + r.bytes, 0);
  const perHour = runs.reduce((sum, r) => sum + (r.bytesPerHour ?? 0), 0);
  const daysLeft = free === undefined || perHour === 0 ? null : free / perHour / 24;
  const lossWindowMs = 1000;
  if (options.json === true) {
    const all = { root, bytes, freeBytes: free ?? null, bytesPerHour: perHour, daysLeft };
    shell.out.print(json({ ...all, lossWindowMs, runs }));
    return 0;
  }
  const { print } = shell.out;
  print(`records  ${root}: ${plural(runs.length, "run")}, ${size(bytes)}`);
  print(`disk     ${free === undefined ? "cannot be asked" : `${size(free)} free`}`);
  print(`growth   ${growthText(runs, perHour)}`);
  if (daysLeft !== null)
    print(`lasts    ${formatNumber(Number(daysLeft.toPrecision(2)))} days at this rate`);
  print("loss     a power cut costs at most 1 s of samples and one write, and no event");
  if (runs.length > 0) print(table(["run", "is", "room", "not folded", "copies"], runs.map(row)));
  return 0;
}

function growthText(runs: readonly RunRoom[], perHour: number): string {
  if (perHour > 0) return `${size(perHour)} per hour`;
  const young = runs.some((run) => run.condition === "running");
  return young ? "not known before a run is a quarter of an hour old" : "none: nothing is running";
}

function row(run: RunRoom): string[] {
  const { id, condition, outcome, bytes, hotSamples, copies } = run;
  return [id, outcome ?? condition, size(bytes), String(hotSamples), String(copies)];
}

/** `17 MB`, in thousands as disks are sold. */
function size(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  return `${formatNumber(Number((bytes / 1000 ** step).toPrecision(3)))} ${units[step]}`;
}

function backup(shell: Shell, folder: string, ids: readonly string[], options: Options): number {
  const root = recordsRoot(options.records, shell.env);
  const now = shell.host.wall();
  for (const id of ids.length > 0 ? ids : readable(shell, root, now)) {
    shell.out.print(`${id}: verified copy in ${backUpRun(root, id, folder, now)}`);
  }
  return 0;
}

/** All runs that can be copied; what cannot be is said. */
function readable(shell: Shell, root: string, now: number): string[] {
  return roomOfRuns(root, now).flatMap(({ id, condition, problem }) => {
    if (condition !== "damaged" && condition !== "unreadable") return [id];
    shell.out.talk(`${id}: no copy: ${problem}`);
    return [];
  });
}

type PruneOptions = Options & { olderThan: string; yes?: boolean };

function prune(shell: Shell, options: PruneOptions): number {
  const age = durationMs(options.olderThan);
  if (age === undefined) {
    const found = `found "${options.olderThan}", expected a duration as 90d`;
    throw new WearoutError("USAGE", `--older-than: ${found}`);
  }
  const root = recordsRoot(options.records, shell.env);
  const now = shell.host.wall();
  const answers = prunable(root, now - age, now);
  const going = answers.filter((a) => a.prune);
  if (options.yes === true) for (const { id } of going) pruneRun(root, id);
  if (options.json === true) {
    shell.out.print(json({ deleted: options.yes === true, runs: answers }));
    return 0;
  }
  const word = options.yes === true ? "deleted" : "would be deleted";
  const rows = answers.map((a) => [a.id, size(a.bytes), a.prune ? word : "kept", a.why]);
  if (rows.length > 0) shell.out.print(table(["run", "room", "", "because"], rows));
  const bytes = going.reduce((sum, a) => sum + a.bytes, 0);
  const hint = going.length > 0 && options.yes !== true ? "; --yes deletes them" : "";
  shell.out.talk(`${going.length} of ${answers.length} runs, ${size(bytes)}${hint}`);
  return 0;
}

function compact(shell: Shell, ids: readonly string[], options: Options): number {
  const root = recordsRoot(options.records, shell.env);
  const ended = roomOfRuns(root, shell.host.wall()).filter((r) => r.condition === "ended");
  if (ids.length === 0 && ended.length === 0) shell.out.talk("no run has ended");
  for (const id of ids.length > 0 ? ids : ended.map((r) => r.id)) {
    shell.out.print(`${id}: ${size(Math.max(0, compactRun(root, id)))} given back`);
  }
  return 0;
}
