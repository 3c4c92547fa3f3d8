/** The lines of a journal as text: what stands in them, and the hash that chains each to the one before. */
import type { EpochMs } from "../../base/clock.js";
import type { Json } from "../../base/json.js";
import { type Static, Strict, Type, valueProblems } from "../../base/schema.js";
import { canonicalJson, chainHash, hashText } from "../canonical.js";
import type { StoredJournalEvent } from "./kinds.js";

/** Raised when lines change; kinds and optional fields may be added without. A reader refuses a newer one. */
export const journalLayout = 1;

export const JournalHeader = Strict(
  {
    journal: Type.Literal("rig"),
    layout: Type.Integer({ minimum: 1 }),
    rig: Type.String(),
    site: Type.String({ description: "real path of the site's folder" }),
    machine: Type.String({ description: "id of the machine that the rig hangs on" }),
    software: Type.String(),
    madeWall: Type.Number({
      description: "the wall clock when the file was made (ms since 1970, UTC)",
    }),
  },
  { description: "the first line" },
);
export type JournalHeader = Static<typeof JournalHeader>;

/** Where a chain stands: the next event gets `seq + 1` and is hashed over `hash`. */
export type Link = { seq: number; hash: string };

/** An event before it is chained. */
export type Unchained = Omit<StoredJournalEvent, "seq" | "hash">;

const head = '{"body":';
const middle = ',"hash":"';
const hexDigits = 64;
/** Behind the body: `,"hash":"`, the digits, `"}`. */
const tailLength = middle.length + hexDigits + 2;

/** A line of the right form, whatever its hash says. */
export const lineForm = /^\{"body":\{.*\},"hash":"[0-9a-f]{64}"\}$/;

function lineOf(body: string, hash: string): string {
  return `${head}${body}${middle}${hash}"}\n`;
}

/** The first line, and the link that the first event follows. */
export function headerLine(header: JournalHeader): { text: string; link: Link } {
  const body = canonicalJson(header);
  const hash = hashText(body);
  return { text: lineOf(body, hash), link: { seq: 0, hash } };
}

export function eventLine(before: Link, event: Unchained): { text: string; link: Link } {
  const seq = before.seq + 1;
  // An event is data of a schema, so it is JSON whatever its type says.
  const body = canonicalJson({ ...event, seq } as unknown as Json);
  const hash = chainHash(before.hash, body);
  return { text: lineOf(body, hash), link: { seq, hash } };
}

/** The body and the hash of a line without its line feed; undefined when it has not that form. */
function partsOf(line: string): { body: string; hash: string } | undefined {
  const end = line.length - tailLength;
  if (!line.startsWith(head) || !line.startsWith(middle, end) || !line.endsWith('"}')) {
    return undefined;
  }
  const hash = line.slice(end + middle.length, -2);
  return { body: line.slice(head.length, end), hash };
}

/** A text says why the line is not what was written. */
export function readEvent(line: string, before: Link): StoredJournalEvent | string {
  const parts = partsOf(line);
  if (parts === undefined) return "it is cut or damaged";
  if (chainHash(before.hash, parts.body) !== parts.hash) {
    return "it was changed or does not follow from the line before";
  }
  const event = jsonOf(parts.body) as StoredJournalEvent | undefined;
  if (event === undefined) return "it is not JSON";
  if (event.seq !== before.seq + 1) return `it has the number ${event.seq}`;
  event.hash = parts.hash;
  return event;
}

export type HeaderRead = { header: JournalHeader; link: Link };

/** The header as far as it is known of every layout. */
export type NewerHeader = { layout: number; software: string; madeWall: EpochMs };

/** A text says why it is not what was written. */
export function readHeader(line: string): HeaderRead | { newer: NewerHeader } | string {
  const parts = partsOf(line);
  if (parts === undefined || hashText(parts.body) !== parts.hash) return "it is cut or damaged";
  const header = jsonOf(parts.body) as JournalHeader | undefined;
  if (header?.journal !== "rig") return "it is not that of a journal";
  if (header.layout > journalLayout) return { newer: header };
  const [misfit] = valueProblems(JournalHeader, header);
  if (misfit !== undefined) return misfit;
  return { header, link: { seq: 0, hash: parts.hash } };
}

/** The hash agrees, but whoever wrote it may not have been we. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
