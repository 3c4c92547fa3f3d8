/** What stands where a journal is to be written, and so whether it goes on or begins anew. */
import { readdirSync, statSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { StoredJournalEvent } from "./kinds.js";
import type { JournalHeader, Link } from "./line.js";
import { damageOf, headerOf, JournalReader } from "./reader.js";

/** Whose journal it is. */
export type JournalPlace = {
  /** See `journalBeside`. */
  file: string;
  rig: string;
  /** Real path of the site's folder. */
  site: string;
  /** Id of this machine. */
  machine: string;
  software: string;
};

export type Standing =
  | { how: "new" }
  /** Behind byte `bytes`; so many bytes of an unfinished line stand there. */
  | { how: "went-on"; link: Link; bytes: number; tornBytes: number }
  /** What stands there is set aside under a name with this label. */
  | { how: "anew"; label: string; why: string; before: string | undefined };

const ending = ".journal.jsonl";

/** The journal lies beside the rig's safe plan, under its name. */
export function journalBeside(planFile: string): string {
  return planFile.replace(/\.plan\.json$/, ending);
}

/** The sites of all journals in a state folder that are of a rig of this name. */
export function journalsIn(folder: string, rig: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  const isOne = (name: string) => name.startsWith(`${rig}-`) && name.endsWith(ending);
  const headers = readdirSync(folder)
    .filter(isOne)
    .map((name) => headerOf(join(folder, name)));
  return headers.flatMap((header) => (header?.rig === rig ? [header.site] : []));
}

/**
 * Reads what is there; `fold` gets every event of this rig that agrees, also of a file that has to be set
 * aside. Throws `FILE_UNREADABLE`.
 */
export async function standingOf(
  place: JournalPlace,
  fold: (event: StoredJournalEvent) => void,
): Promise<Standing> {
  if (!(await isThere(place.file))) return { how: "new" };
  const reader = new JournalReader(place.file);
  for await (const events of reader.batches()) {
    if (strangeIn(reader.header, place) !== undefined) break;
    for (const event of events) fold(event);
  }
  return judged(reader, place);
}

function judged(reader: JournalReader, place: JournalPlace): Standing {
  const { link, bytes, tail, header } = reader;
  const before = link === undefined || link.seq === 0 ? undefined : link.hash;
  const strange = strangeIn(header, place);
  if (strange !== undefined) return { how: "anew", ...strange, before: undefined };
  const damage = damageOf(reader);
  if (damage !== undefined) {
    const label = tail.kind === "newer" ? "newer" : "damaged";
    return { how: "anew", label, why: damage.message, before };
  }
  if (link === undefined) {
    const why = `the journal ${place.file} has no first line`;
    return { how: "anew", label: "damaged", why, before };
  }
  return { how: "went-on", link, bytes, tornBytes: tail.kind === "torn" ? tail.bytes : 0 };
}

/** What makes it another's journal. */
function strangeIn(
  header: JournalHeader | undefined,
  { file, rig, site, machine }: JournalPlace,
): { label: string; why: string } | undefined {
  if (header === undefined) return undefined;
  const is = (what: string) => `the journal ${file} is of ${what}`;
  if (header.machine !== machine) {
    return { label: "other-machine", why: is(`another machine (${header.machine})`) };
  }
  if (header.site !== site) return { label: "other-site", why: is(`the site ${header.site}`) };
  return header.rig === rig ? undefined : { label: "other-rig", why: is(`the rig ${header.rig}`) };
}

async function isThere(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    // Whatever else is wrong is said by who reads it.
    return (error as NodeJS.ErrnoException).code !== "ENOENT";
  }
}
