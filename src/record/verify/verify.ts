import { WearoutError } from "../../base/error.js";
import { chainHash, hashText } from "../canonical.js";
import type { RecordReader } from "../reader-port.js";

export type Verification = {
  ok: boolean;
  /** Events from the first on whose hashes agree. */
  events: number;
  /** The first event that does not agree with the chain; what stands before it is trustworthy. */
  firstBad?: { seq: number; why: string };
  /** Kept files that are not what the header says. */
  badFiles: readonly string[];
};

/** Computes every hash anew: header, kept files, events in order, and the summary of an ended run. */
export function verifyChain(reader: RecordReader): Verification {
  const badFiles = filesOutOfHash(reader);
  const { events, why } = walkChain(reader);
  if (why === undefined) return { ok: badFiles.length === 0, events, badFiles };
  return { ok: false, events, firstBad: { seq: events + 1, why }, badFiles };
}

/** How many events agree, and why the next one (or the summary) does not. */
function walkChain(reader: RecordReader): { events: number; why?: string } {
  let before = hashText(reader.stored.header());
  let events = 0;
  try {
    for (const { seq, body, hash } of reader.stored.events()) {
      if (seq !== events + 1) return { events, why: `event ${events + 1} is missing` };
      if (hash !== chainHash(before, body)) return { events, why: whyNot(seq) };
      before = hash;
      events++;
    }
  } catch (error) {
    if (error instanceof WearoutError) return { events, why: error.message };
    throw error;
  }
  const end = reader.stored.end();
  if (end === undefined || end.hash === endHash(reader, before, end.summary)) return { events };
  return { events, why: "the summary does not follow from the last event and the last samples" };
}

/** Since layout 2 the last link holds the samples as well. */
function endHash({ stored }: RecordReader, lastEvent: string, summary: string): string {
  const samples = stored.layout < 2 ? [] : [stored.lastChunkHash()];
  return [...samples, summary].reduce(chainHash, lastEvent);
}

function whyNot(seq: number): string {
  const before = seq === 1 ? "the header" : `event ${seq - 1}`;
  return `event ${seq} was changed or does not follow from ${before}`;
}

function filesOutOfHash(reader: RecordReader): string[] {
  const kept = reader.stored.files();
  const header = JSON.parse(reader.stored.header()) as { files: { name: string; hash: string }[] };
  const wrong = header.files.filter((f, i) => {
    const text = kept[i]?.text;
    return text === undefined || hashText(text) !== f.hash;
  });
  return wrong.map((f) => f.name);
}
