/** What a journal says of the runs that were its rig's guests, against their records. */
import { WearoutError } from "../../base/error.js";
import { runIds } from "../folder.js";
import { openRecord } from "../reader.js";
import { readJournal } from "./reader.js";

export type HandOvers = {
  /** Hand-overs whose record is there. */
  checked: number;
  /** What a record does not bear out, a sentence each. */
  findings: readonly string[];
};

/**
 * Looks at each hand-over whose run lies under `root`: the record is of this rig and has the event that was its
 * last then. A record that lies elsewhere is no finding. Throws what reading the journal throws.
 */
export async function handOversAgainst(
  root: string,
  file: string,
  rig: string,
): Promise<HandOvers> {
  const there = new Set(runIds(root));
  const findings: string[] = [];
  let checked = 0;
  for await (const { kind, seq, data } of readJournal(file)) {
    if (kind !== "hand-over" || !there.has(data.run)) continue;
    checked++;
    const why = unlike(root, rig, data.run, data.event);
    if (why !== undefined) findings.push(`event ${seq}: run ${data.run} ${why}`);
  }
  return { checked, findings };
}

/** Why a record cannot be the one that had so many events when the rig was handed over. */
function unlike(root: string, rig: string, run: string, event: number): string | undefined {
  try {
    const reader = openRecord(root, run);
    try {
      if (reader.header.rig !== rig) return `is of the rig ${reader.header.rig}`;
      if (event === 0 || reader.stored.events(event - 1).next().done === false) return undefined;
      return `had event ${event} then, and its record ends before it`;
    } finally {
      reader.close();
    }
  } catch (error) {
    if (error instanceof WearoutError) return `cannot be read: ${error.message}`;
    throw error;
  }
}
