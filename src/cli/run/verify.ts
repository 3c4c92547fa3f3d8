import type { Command } from "commander";
import { RealClock } from "../../base/clock.js";
import { formatDuration } from "../../base/quantity.js";
import { oldestWall } from "../../lab/time-watch.js";
import { recordsRoot } from "../../record/folder.js";
import { type RunVerification, verifyRun } from "../../record/verify/run.js";
import { plural } from "../life/data.js";
import { json } from "../output.js";
import { progressLine } from "../progress.js";
import type { Shell } from "../shell.js";

type VerifyOptions = { records?: string; json?: boolean };

/** Exit status of a record that is not what was written, as for `RECORD_DAMAGED`. */
const damagedExit = 3;

export function addVerify(run: Command, shell: Shell, recordsHelp: string): void {
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
}

/** Everything that can be told of a record, worst first; 0 when it is whole. */
function verifyCommand(shell: Shell, id: string, options: VerifyOptions): number {
  const root = recordsRoot(options.records, shell.env);
  const progress = progressLine(shell.out, new RealClock(), "samples verified");
  const found = verifyRun(root, id, progress.show);
  progress.end();
  if (options.json === true) shell.out.print(json(found));
  else for (const line of verificationLines(found)) shell.out.print(line);
  return found.ok ? 0 : damagedExit;
}

/** What a person wants to know of it. */
export function verificationLines(v: RunVerification): string[] {
  const lines = [`${v.id}: ${v.ok ? "whole" : "NOT whole"} (layout ${v.layout}, ${v.condition})`];
  for (const f of v.findings) {
    const when =
      f.fromMs === undefined
        ? ""
        : `, samples from ${formatDuration(f.fromMs)} to ${formatDuration(f.toMs ?? f.fromMs)}`;
    lines.push(`  ${f.table} ${f.row}: ${f.what}${when}`);
  }
  lines.push(`  events    ${v.events} in the chain`);
  const pieces = `${plural(v.chunks, "chunk")} and ${plural(v.blocks, "block")}`;
  lines.push(`  samples   ${v.samples} in ${pieces}`);
  for (const g of v.gaps) {
    const missing = g.missing === 0 ? "none was taken" : `${g.missing} samples are not there`;
    lines.push(`  gap       ${formatDuration(g.fromMs)} to ${formatDuration(g.toMs)}: ${missing}`);
  }
  if (v.gaps.length === 0) lines.push("  gaps      none");
  for (const c of v.clockSteps)
    lines.push(`  clock     ${clockText(c.byMs)} at ${formatDuration(c.at)}`);
  if (v.startedWall < oldestWall) {
    const stood = new Date(v.startedWall).toISOString();
    lines.push(`  clock     stood at ${stood}: times of day are wrong, the run's own clock is not`);
  }
  if (v.clockSteps.length === 0) lines.push("  clock     no steps");
  for (const f of v.files) lines.push(`  kept      ${f.kind} ${f.name}: sha256 ${f.hash}`);
  lines.push(`  file      ${wholeText(v.wholeFile)}`);
  lines.push(`  lost      ${lossText(v)}`);
  return lines;
}

function clockText(byMs: number): string {
  const way = byMs > 0 ? "forward" : "back";
  return `set ${way} by ${formatDuration(Math.abs(byMs))}`;
}

function wholeText(whole: boolean | null): string {
  if (whole === null) return "no digest of the whole file yet (there is one after an orderly end)";
  return whole ? "every byte as at the end of the run" : "changed since the end of the run";
}

function lossText(found: RunVerification): string {
  const { condition, lossWindowMs, lastAt, isPart } = found;
  if (lossWindowMs === null) return "nothing: the run ended in order";
  const until =
    lastAt === null ? "no samples are there" : `samples until ${formatDuration(lastAt)}`;
  if (condition === "running") return `nothing so far: ${until}; the newest are still on their way`;
  if (isPart) {
    return `this is run.db without its folder, of a run that went on: what came after ${until} is not in it`;
  }
  return `at most ${formatDuration(lossWindowMs)} of samples and one write, after ${until}; no event`;
}
