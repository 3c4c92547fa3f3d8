/** `rig verify`: is a rig's journal what was written? */
import type { Command } from "commander";
import { type JournalVerification, verifyJournal } from "../record/journal/verify.js";
import { plural } from "./life-data.js";
import { json } from "./output.js";
import { stateHelp } from "./plan-execute.js";
import { journalOf } from "./rig-journal.js";
import type { Shell } from "./shell.js";

type VerifyOptions = { state?: string; json?: boolean };

/** As for `run verify`. */
const damagedExit = 3;

export function addRigVerify(rig: Command, shell: Shell): void {
  rig
    .command("verify <rig>")
    .description("is the journal of a rig what was written? every hash, and what was set aside")
    .option("--state <dir>", stateHelp)
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Examples:
  wearout rig verify bearing-four

Exit status: 0 whole, 3 not what was written.`,
    )
    .action(shell.action((name: string, o: VerifyOptions) => verifyCommand(shell, name, o)));
}

async function verifyCommand(shell: Shell, name: string, o: VerifyOptions): Promise<number> {
  const found = await verifyJournal(journalOf(shell, o.state, name));
  if (o.json === true) shell.out.print(json(found));
  else for (const line of verificationLines(name, found)) shell.out.print(line);
  return found.ok ? 0 : damagedExit;
}

function verificationLines(name: string, v: JournalVerification): string[] {
  const layout = v.header === undefined ? "" : ` (layout ${v.header.layout})`;
  const lines = [`journal of ${name}: ${v.ok ? "whole" : "NOT whole"}${layout}`];
  if (v.finding !== null) lines.push(`  ${v.finding}`);
  lines.push(`  file      ${v.file}`);
  lines.push(`  events    ${v.events} in the chain${spanOf(v)}`);
  lines.push(`  kept      ${keptText(v)}`);
  lines.push(`  last      sha256 ${v.lastHash ?? "none"}`);
  for (const aside of v.asides) lines.push(`  aside     ${aside}`);
  return lines;
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
