/** `rig verify`: is a rig's journal what was written? */
import type { Command } from "commander";
import { type HandOvers, handOversAgainst } from "../record/journal/hand-over.js";
import { type JournalVerification, verifyJournal } from "../record/journal/verify.js";
import { plural } from "./life-data.js";
import { json } from "./output.js";
import { stateHelp } from "./plan-execute.js";
import { journalOf } from "./rig-journal.js";
import type { Shell } from "./shell.js";

type VerifyOptions = { records?: string; state?: string; json?: boolean };

/** As for `run verify`. */
const damagedExit = 3;

export function addRigVerify(rig: Command, shell: Shell): void {
  rig
    .command("verify <rig>")
    .description("is the journal of a rig what was written? every hash, and what was set aside")
    .option("--records <dir>", "do the records there bear out what it says of runs?")
    .option("--state <dir>", stateHelp)
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Examples:
  wearout rig verify bearing-four
  wearout rig verify bearing-four --records ~/.local/share/wearout

Exit status: 0 whole, 3 not what was written.`,
    )
    .action(shell.action((name: string, o: VerifyOptions) => verifyCommand(shell, name, o)));
}

async function verifyCommand(shell: Shell, name: string, o: VerifyOptions): Promise<number> {
  const file = journalOf(shell, o.state, name);
  const found = await verifyJournal(file);
  // What is damaged is no witness of anything else.
  const looks = o.records !== undefined && found.ok;
  const runs = looks ? await handOversAgainst(o.records ?? "", file, name) : null;
  if (o.json === true) shell.out.print(json({ ...found, runs }));
  else for (const line of verificationLines(name, found, runs)) shell.out.print(line);
  return found.ok && (runs?.findings ?? []).length === 0 ? 0 : damagedExit;
}

function verificationLines(name: string, v: JournalVerification, runs: HandOvers | null): string[] {
  const layout = v.header === undefined ? "" : ` (layout ${v.header.layout})`;
  const lines = [`journal of ${name}: ${v.ok ? "whole" : "NOT whole"}${layout}`];
  if (v.finding !== null) lines.push(`  ${v.finding}`);
  lines.push(`  file      ${v.file}`);
  lines.push(`  events    ${v.events} in the chain${spanOf(v)}`);
  lines.push(`  kept      ${keptText(v)}`);
  if (v.clockSet > 0)
    lines.push(`  clock     the wall clock was set ${plural(v.clockSet, "time")}`);
  if (v.untold > 0) lines.push(`  told      of ${plural(v.untold, "alarm")} nobody was told`);
  lines.push(`  last      sha256 ${v.lastHash ?? "none"}`);
  if (runs !== null) lines.push(`  runs      ${runsText(runs)}`);
  for (const finding of runs?.findings ?? []) lines.push(`    ${finding}`);
  for (const aside of v.asides) lines.push(`  aside     ${aside}`);
  return lines;
}

function runsText({ checked, findings }: HandOvers): string {
  const wrong = findings.length === 0 ? "all borne out" : `${findings.length} NOT borne out`;
  return `${plural(checked, "hand-over")} with a record: ${wrong}`;
}

function spanOf({ firstWall, lastWall }: JournalVerification): string {
  if (firstWall === null || lastWall === null) return "";
  return `, from ${new Date(firstWall).toISOString()} to ${new Date(lastWall).toISOString()}`;
}

/** Openings that no closing belongs to are processes that died, but for the one that keeps it now. */
function keptText({ opened, closed, isKept }: JournalVerification): string {
  const times = plural(opened, "time");
  const died = opened - closed - (isKept ? 1 : 0);
  const ends = died > 0 ? `, ${died} ended without a last word` : "";
  return `${times}${ends}; ${isKept ? "a process keeps it now" : "nobody keeps it now"}`;
}
