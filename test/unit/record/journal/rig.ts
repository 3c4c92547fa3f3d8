/** One rig's journal in a folder of its own; no test library, so that a second process can use it too. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../../../src/base/clock.js";
import {
  type Journal,
  type JournalOptions,
  openJournal,
} from "../../../../src/record/journal/journal.js";
import type { JournalEvent, StoredJournalEvent } from "../../../../src/record/journal/kinds.js";
import { JournalReader } from "../../../../src/record/journal/reader.js";
import type { JournalPlace } from "../../../../src/record/journal/standing.js";
import { ManualClock } from "../run.js";

export function placeIn(folder: string, more: Partial<JournalPlace> = {}): JournalPlace {
  return {
    file: join(folder, "bench-0011223344556677.journal.jsonl"),
    rig: "bench",
    site: "/srv/site",
    machine: "machine-1",
    software: "wearout 0.1.0",
    ...more,
  };
}

export function stateEvent(n: number): JournalEvent {
  return { kind: "state", text: `change ${n} ≥ "x"\n`, data: { from: `S${n}`, to: `S${n + 1}` } };
}

export type Opened = { journal: Journal; told: string[]; folded: StoredJournalEvent[] };

/** Opens it and notes what is told and folded. */
export async function opened(
  place: JournalPlace,
  options: Partial<JournalOptions> & { clock?: Clock } = {},
): Promise<Opened> {
  const told: string[] = [];
  const folded: StoredJournalEvent[] = [];
  const { clock = new ManualClock(), ...rest } = options;
  const hear = {
    tell: (text: string) => told.push(text),
    fold: (e: StoredJournalEvent) => folded.push(e),
  };
  const journal = await openJournal(place, clock, { ...hear, ...rest });
  return { journal, told, folded };
}

/** A journal with so many `state` events between `opened` and `closed`. */
export async function written(place: JournalPlace, events: number): Promise<void> {
  const { journal } = await opened(place);
  for (let n = 1; n <= events; n++) await journal.commit([stateEvent(n)]);
  await journal.close();
}

export async function readAll(
  file: string,
): Promise<{ events: StoredJournalEvent[]; reader: JournalReader }> {
  const reader = new JournalReader(file);
  const events: StoredJournalEvent[] = [];
  for await (const batch of reader.batches()) events.push(...batch);
  return { events, reader };
}

export function linesOf(file: string): string[] {
  return readFileSync(file, "utf8").split("\n").slice(0, -1);
}

/** Names beside the journal, without its own and those of its lock. */
export function besides({ file }: JournalPlace): string[] {
  const own = (name: string) => file.endsWith(name) || /\.(lock|controller\.json)$/.test(name);
  return readdirSync(join(file, "..")).filter((name) => !own(name));
}
