/** Reads a journal and computes its chain anew, also while another process writes it. */
import { closeSync, openSync, readSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { WearoutError } from "../../base/error.js";
import type { StoredJournalEvent } from "./kinds.js";
import {
  type JournalHeader,
  journalLayout,
  type Link,
  lineForm,
  type NewerHeader,
  readEvent,
  readHeader,
} from "./line.js";

/** What stands behind the last line that agrees. */
export type JournalTail =
  | { kind: "whole" }
  /** A line that was never finished: of a write that was cut, or that is under way. */
  | { kind: "torn"; bytes: number }
  | { kind: "damaged"; line: number; why: string }
  | { kind: "newer"; header: NewerHeader };

/** So much is read, hashed and parsed in one go: about a millisecond of the event loop. */
const readBytes = 64 * 1024;

/** No line and no unfinished write is longer; what is longer is not ours. */
export const longestBytes = 1024 * 1024;

const lineFeed = 10;

export class JournalReader {
  readonly file: string;
  header: JournalHeader | undefined;
  /** The last line that agrees; undefined before the header was read. */
  link: Link | undefined;
  /** Bytes of the lines that agree. */
  bytes = 0;
  tail: JournalTail = { kind: "whole" };
  #inode: number | undefined;

  constructor(file: string) {
    this.file = file;
  }

  /**
   * Events that were not read yet, in order, some hundred at a time; `header` is there before the first. Ends
   * where the lines end or do not agree any more, and `tail` says which; called again it goes on there, or at the
   * beginning of the file that has taken its place. Throws `FILE_UNREADABLE`.
   */
  async *batches(): AsyncGenerator<StoredJournalEvent[]> {
    const handle = await openToRead(this.file);
    try {
      this.#beginAt((await handle.stat()).ino);
      for await (const text of this.#lines(handle)) {
        const events = this.#take(text);
        if (events.length > 0) yield events;
        if (this.#isBad()) return await this.#judge(handle);
      }
    } finally {
      await handle.close();
    }
  }

  #beginAt(inode: number): void {
    this.tail = { kind: "whole" };
    if (inode === this.#inode) return;
    this.#inode = inode;
    this.header = undefined;
    this.link = undefined;
    this.bytes = 0;
  }

  /** Whole lines from where this reader stands, many at a time; `tail` says what stands behind the last. */
  async *#lines(handle: FileHandle): AsyncGenerator<string> {
    let at = this.bytes;
    let rest: Buffer = Buffer.alloc(0);
    // The disk, and whoever has the threads, is waited for while what came before is taken.
    const ahead = () => {
      const reading = handle.read(Buffer.allocUnsafe(readBytes), 0, readBytes, at);
      // Nobody may be there any more to hear that it failed.
      reading.catch(() => {});
      return reading;
    };
    let reading = ahead();
    while (rest.length <= longestBytes) {
      const { bytesRead, buffer } = await reading;
      if (bytesRead === 0) {
        if (rest.length > 0) this.tail = { kind: "torn", bytes: rest.length };
        return;
      }
      at += bytesRead;
      reading = ahead();
      const all = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      const end = all.lastIndexOf(lineFeed) + 1;
      rest = all.subarray(end);
      if (end > 0) yield all.toString("utf8", 0, end);
    }
    this.#damaged("it is longer than any line");
  }

  /** The events of whole lines, up to the first that does not agree. */
  #take(text: string): StoredJournalEvent[] {
    const events: StoredJournalEvent[] = [];
    let from = 0;
    while (from < text.length) {
      const end = text.indexOf("\n", from);
      const line = text.slice(from, end);
      if (this.link === undefined) this.#takeHeader(line);
      else this.#takeEvent(line, this.link, events);
      if (this.#isBad()) break;
      from = end + 1;
    }
    this.bytes += Buffer.byteLength(text.slice(0, from));
    return events;
  }

  #takeHeader(line: string): void {
    const read = readHeader(line);
    if (typeof read === "string") this.#damaged(read);
    else if ("newer" in read) this.tail = { kind: "newer", header: read.newer };
    else {
      this.header = read.header;
      this.link = read.link;
    }
  }

  #takeEvent(line: string, before: Link, events: StoredJournalEvent[]): void {
    const event = readEvent(line, before);
    if (typeof event === "string") this.#damaged(event);
    else {
      this.link = { seq: event.seq, hash: event.hash };
      events.push(event);
    }
  }

  #isBad(): boolean {
    return this.tail.kind !== "whole";
  }

  #damaged(why: string): void {
    const line = this.link === undefined ? 1 : this.link.seq + 2;
    this.tail = { kind: "damaged", line, why };
  }

  /**
   * A power cut leaves the end of the last write away, or nothing but zeros in its place. Where a whole line
   * stands behind what does not agree, or is it, something else has happened.
   */
  async #judge(handle: FileHandle): Promise<void> {
    if (this.tail.kind !== "damaged") return;
    const rest = Buffer.alloc(longestBytes + 1);
    const { bytesRead } = await handle.read(rest, 0, rest.length, this.bytes);
    const lines = rest.toString("utf8", 0, bytesRead).split("\n").slice(0, -1);
    const isTorn = bytesRead <= longestBytes && !lines.some((line) => lineForm.test(line));
    if (isTorn) this.tail = { kind: "torn", bytes: bytesRead };
  }
}

function openToRead(file: string): Promise<FileHandle> {
  return open(file, "r").catch((error: Error) => {
    throw new WearoutError(
      "FILE_UNREADABLE",
      `the journal ${file} cannot be read: ${error.message}`,
    );
  });
}

/** What a journal does not agree with itself in; undefined where it is whole or only its last line is torn. */
export function damageOf({ file, link, tail }: JournalReader): WearoutError | undefined {
  if (tail.kind === "newer") {
    const { layout, software } = tail.header;
    const reads = `this version of Wearout reads layouts up to ${journalLayout}`;
    const why = `it has layout ${layout}, ${reads}; ${software} wrote it, nothing is lost`;
    return new WearoutError("FILE_UNREADABLE", `the journal ${file} cannot be read: ${why}`);
  }
  if (tail.kind !== "damaged") return undefined;
  const trusted = `${link?.seq ?? 0} events before it are as written`;
  const why = `line ${tail.line}: ${tail.why}; ${trusted}`;
  return new WearoutError("RECORD_DAMAGED", `the journal ${file} is damaged: ${why}`);
}

/** Every event in order, each verified. Throws `FILE_UNREADABLE`, and `RECORD_DAMAGED` at the first bad line. */
export async function* readJournal(file: string): AsyncGenerator<StoredJournalEvent> {
  const reader = new JournalReader(file);
  for await (const batch of reader.batches()) yield* batch;
  const damage = damageOf(reader);
  if (damage !== undefined) throw damage;
}

/** The first line alone; undefined where it cannot be read. */
export function headerOf(file: string): JournalHeader | undefined {
  const start = Buffer.alloc(readBytes);
  try {
    const fd = openSync(file, "r");
    try {
      const text = start.toString("utf8", 0, readSync(fd, start, 0, readBytes, 0));
      const read = readHeader(text.slice(0, text.indexOf("\n")));
      return typeof read === "object" && "header" in read ? read.header : undefined;
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}
