/** `rig journal`: what happened on a rig, with or without a run. */
import { existsSync } from "node:fs";
import type { Command } from "commander";
import { Cancel, type EpochMs, RealClock } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import { durationMs, wallTime } from "../base/moment.js";
import { visibleLine } from "../base/visible.js";
import type { StoredJournalEvent } from "../record/journal/kinds.js";
import { damageOf, JournalReader } from "../record/journal/reader.js";
import { journalBeside, journalsIn } from "../record/journal/standing.js";
import { planFile, stateFolder } from "../rig/safe-plan-file.js";
import { stateHelp } from "./plan-execute.js";
import type { Shell } from "./shell.js";
import { onInterrupt } from "./signal.js";
import { sitePath } from "./site.js";

type JournalOptions = {
  follow?: boolean;
  from?: string;
  to?: string;
  state?: string;
  json?: boolean;
};

/** How often a followed journal is looked at. */
const lookMs = 500;

export function addRigJournal(rig: Command, shell: Shell): void {
  rig
    .command("journal <rig>")
    .description("everything that happened on a rig, in order, also without a run")
    .option("--follow", "go on with what happens, until Ctrl-C")
    .option("--from <time>", 'from "-12 h" before now, or a date as "2026-01-31 12:00" (UTC)')
    .option("--to <time>", "until then, in the same forms")
    .option("--state <dir>", stateHelp)
    .option("--json", "one JSON object per line")
    .addHelpText(
      "after",
      `
The journal lies in the state folder, beside the rig's safe plan. What happened during a run is in the run's
record: wearout run events ID. Every line is verified as it is read.

Examples:
  wearout rig journal bearing-four --from "-12 h"
  wearout rig journal bearing-four --follow
  wearout rig journal bearing-four --json | jq 'select(.kind == "alarm")'

Exit status: 0, or 3 where the journal is not what was written.`,
    )
    .action(shell.action((name: string, o: JournalOptions) => showJournal(shell, name, o)));
}

async function showJournal(shell: Shell, name: string, o: JournalOptions): Promise<number> {
  const reader = new JournalReader(journalOf(shell, o.state, name));
  const clock = new RealClock();
  const isAsked = within(o, clock.wall());
  const stop = new Cancel();
  const stopListening = o.follow === true ? onInterrupt(() => stop.cancel()) : () => {};
  if (o.follow === true) shell.out.talk("Ctrl-C ends the following, nothing else");
  try {
    for (;;) {
      // Asked before reading: what was written until Ctrl-C is then not missed.
      const isLast = o.follow !== true || stop.cancelled;
      for await (const events of reader.batches()) {
        for (const event of events.filter(isAsked)) await print(shell, event, o.json === true);
      }
      const damage = damageOf(reader);
      if (damage !== undefined) throw damage;
      if (isLast) return 0;
      await clock.sleep(lookMs, stop);
    }
  } finally {
    stopListening();
  }
}

/** The journal of a rig of this site. Throws `FILE_UNREADABLE`, and says of which other sites there is one. */
export function journalOf(shell: Shell, state: string | undefined, rig: string): string {
  const folder = stateFolder(state, shell.env);
  const site = sitePath(shell.siteFolder());
  const file = journalBeside(planFile(folder, site, rig));
  if (existsSync(file)) return file;
  const others = journalsIn(folder, rig);
  const hint =
    others.length === 0
      ? "one begins when the rig is kept for the first time"
      : `there is one of the site ${others.join(" and of ")}: give it with --site`;
  throw new WearoutError("FILE_UNREADABLE", `no journal of ${rig} for the site ${site}: ${hint}`);
}

function within({ from, to }: JournalOptions, now: EpochMs): (e: StoredJournalEvent) => boolean {
  const first = from === undefined ? Number.NEGATIVE_INFINITY : moment("--from", from, now);
  const last = to === undefined ? Number.POSITIVE_INFINITY : moment("--to", to, now);
  return ({ wall }) => wall >= first && wall <= last;
}

function moment(name: "--from" | "--to", text: string, now: EpochMs): EpochMs {
  const before = text.startsWith("-") ? durationMs(text.slice(1)) : undefined;
  const wall = before === undefined ? wallTime(text) : now - before;
  if (wall !== undefined) return wall;
  const expected =
    'a time before now as "-12 h", or a date as "2026-01-31 12:00" (UTC) or 2026-01-31T12:00+08:00';
  throw new WearoutError("USAGE", `${name}: found "${text}", expected ${expected}`);
}

/** Waits where whoever reads is slower: a year is long. */
async function print(shell: Shell, event: StoredJournalEvent, asJson: boolean): Promise<void> {
  await shell.out.write(`${asJson ? JSON.stringify(event) : lineOf(event)}\n`);
}

/** `2026-01-31 12:00:05Z  command    run hold: accepted (lin)` */
export function lineOf({ wall, kind, text, by, station }: StoredJournalEvent): string {
  const time = new Date(wall).toISOString().replace("T", " ").replace(/\.\d+/, "");
  const where = station === undefined || text.includes(station) ? "" : `${station}: `;
  const whose = by === undefined || text.includes(by) ? "" : ` (${by})`;
  return `${time}  ${kind.padEnd(10)} ${visibleLine(`${where}${text}${whose}`)}`;
}
