/** Everything that can be told of a journal from its file and those beside it. */
import { readdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { EpochMs } from "../../base/clock.js";
import { isLockedAt } from "../lock.js";
import { lockPlace } from "./chain-file.js";
import type { StoredJournalEvent } from "./kinds.js";
import type { JournalHeader } from "./line.js";
import { damageOf, JournalReader } from "./reader.js";

export type JournalVerification = {
  /** Every line agrees, and an unfinished one only while somebody writes. */
  ok: boolean;
  file: string;
  /** Undefined where the first line cannot be read. */
  header: JournalHeader | undefined;
  /** Events from the first on whose hashes agree. */
  events: number;
  /** How often a process took the rig over, and how often it let it go. */
  opened: number;
  closed: number;
  /** How often the wall clock was set, and how many alarms nobody was there to be told of. */
  clockSet: number;
  untold: number;
  firstWall: EpochMs | null;
  lastWall: EpochMs | null;
  /** Of the last event that agrees: noted elsewhere it shows that nothing was cut off behind. */
  lastHash: string | null;
  /** What does not agree; null in a whole one. */
  finding: string | null;
  isKept: boolean;
  /** Names of what was set aside, beside the journal. */
  asides: readonly string[];
};

/** Computes every hash anew. Throws `FILE_UNREADABLE` where there is none, or of a newer version. */
export async function verifyJournal(file: string): Promise<JournalVerification> {
  const isKept = isLockedAt(lockPlace(file));
  const reader = new JournalReader(file);
  const seen: Seen = { ...{ opened: 0, closed: 0, clockSet: 0, untold: 0 }, ...nothingSeen };
  for await (const events of reader.batches()) for (const event of events) note(seen, event);
  const damage = damageOf(reader);
  if (damage?.code === "FILE_UNREADABLE") throw damage;
  const finding = damage?.message ?? tornText(reader, isKept) ?? null;
  const { header, link } = reader;
  return {
    ok: finding === null,
    file,
    header,
    events: link?.seq ?? 0,
    ...seen,
    lastHash: link?.hash ?? null,
    finding,
    isKept,
    asides: await asidesOf(file),
  };
}

type Seen = Pick<
  JournalVerification,
  "opened" | "closed" | "clockSet" | "untold" | "firstWall" | "lastWall"
>;
const nothingSeen = { firstWall: null, lastWall: null };

function note(seen: Seen, event: StoredJournalEvent): void {
  const { kind, wall } = event;
  if (kind === "opened") seen.opened++;
  if (kind === "closed") seen.closed++;
  if (event.kind === "clock" && event.data.byMs !== undefined) seen.clockSet++;
  if (event.kind === "told" && !event.data.delivered) seen.untold++;
  seen.firstWall ??= wall;
  seen.lastWall = wall;
}

function tornText({ link, tail }: JournalReader, isKept: boolean): string | undefined {
  if (link === undefined) return "it has no first line";
  if (tail.kind !== "torn" || isKept) return undefined;
  return `the last line was never finished (${tail.bytes} bytes); all before it is as written`;
}

async function asidesOf(file: string): Promise<string[]> {
  const own = basename(file);
  const names = await readdir(dirname(file)).catch(() => []);
  const isAside = (name: string) =>
    name.startsWith(`${own}.`) && /-\d{8}T\d{6}Z(-\d+)?$/.test(name);
  return names.filter(isAside).sort();
}
