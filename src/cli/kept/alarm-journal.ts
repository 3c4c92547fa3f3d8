/** The alarms of a rig that nobody keeps, as its journal has them. Reads only. */
import { existsSync } from "node:fs";
import type { EpochMs } from "../../base/clock.js";
import type { WearoutError } from "../../base/error.js";
import { bookOf } from "../../limit/alarm/book.js";
import type { AlarmChange } from "../../limit/alarm/change.js";
import { damageOf, JournalReader } from "../../record/journal/reader.js";
import { journalBeside } from "../../record/journal/standing.js";
import { planFile, stateFolder } from "../../rig/safe-plan-file.js";
import type { AlarmRow } from "../../verb/picture.js";
import { alarmRows } from "../../verb/rig-picture.js";
import type { Shell } from "../shell.js";
import { sitePath } from "../site.js";
import { rigOfRun } from "./keeper.js";
import type { KeptOptions } from "./places.js";

export type Stood = {
  rig: string;
  alarms: readonly AlarmRow[];
  /** When the journal was last written. */
  wall: EpochMs;
  /** It is not what was written: what stands behind that is not known. */
  damage: WearoutError | undefined;
};

/** What a rig, or the rig of a run, left behind; undefined where it has no journal. */
export async function alarmsLeft(
  shell: Shell,
  name: string,
  { state }: KeptOptions,
): Promise<Stood | undefined> {
  const folder = stateFolder(state, shell.env);
  const site = sitePath(shell.siteFolder());
  for (const rig of new Set([name, rigOfRun(name)])) {
    const file = journalBeside(planFile(folder, site, rig));
    if (existsSync(file)) return { rig, ...(await fold(file)) };
  }
  return undefined;
}

async function fold(file: string): Promise<Omit<Stood, "rig">> {
  const reader = new JournalReader(file);
  const changes: AlarmChange[] = [];
  let wall: EpochMs = Number.NaN;
  for await (const events of reader.batches()) {
    for (const event of events) {
      wall = event.wall;
      if (event.kind === "alarm") changes.push(event.data as AlarmChange);
    }
  }
  return { alarms: alarmRows(bookOf(changes).rows), wall, damage: damageOf(reader) };
}
