import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { WearoutError } from "../base/error.js";
import type { Block } from "./block.js";
import { canonicalJson, chainHash, hashText } from "./canonical.js";
import { createTables, layoutProblem } from "./layout.js";
import type { WriteRequest } from "./protocol.js";
import type { Json, RecordEvent, RunHeader } from "./record.js";
import { type Database, openForWriting, type Statement } from "./sqlite.js";

/** Samples that the disk refuses wait for a later commit; beyond this the oldest are given up. */
const waitingLimitBytes = 64 * 1024 * 1024;

/** The last link of the chain: number and hash of the last event, 0 and the header's hash before. */
type Head = { seq: number; hash: string };

/** `run.db` for its one writer: transactions, chain, and what waits for a disk that is full. */
export class RunStore {
  readonly #folder: string;
  readonly #db: Database;
  readonly #insertEvent: Statement;
  readonly #insertBlock: Statement;
  #head: Head;
  #waiting: Block[] = [];
  #lostSamples = 0;
  #ended = false;

  /** A new database in the folder; its header is on the disk when this returns. */
  static create(folder: string, header: RunHeader): RunStore {
    const db = openForWriting(join(folder, "run.db"));
    const text = headerText(header);
    transaction(db, () => {
      createTables(db);
      db.prepare("INSERT INTO meta VALUES ('header', ?)").run(text);
      const insert = db.prepare("INSERT INTO file (kind, name, hash, text) VALUES (?, ?, ?, ?)");
      for (const f of header.files) insert.run(f.kind, f.name, hashText(f.text), f.text);
    });
    syncFolder(folder);
    return new RunStore(folder, db, { seq: 0, hash: hashText(text) });
  }

  /** Goes on after the last event of an existing database. */
  static reopen(folder: string): RunStore {
    const db = openForWriting(join(folder, "run.db"));
    const problem = layoutProblem(db);
    if (problem !== undefined) throw new WearoutError("RECORD_DAMAGED", problem);
    const last = db.prepare("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1").get();
    const header = db.prepare("SELECT value FROM meta WHERE key = 'header'").get();
    const head = { seq: 0, hash: hashText(String(header?.["value"])) };
    if (last !== undefined) Object.assign(head, { seq: Number(last["seq"]), hash: last["hash"] });
    return new RunStore(folder, db, head);
  }

  private constructor(folder: string, db: Database, head: Head) {
    this.#folder = folder;
    this.#db = db;
    this.#head = head;
    this.#insertEvent = db.prepare("INSERT INTO event (seq, body, hash) VALUES (?, ?, ?)");
    this.#insertBlock = db.prepare(
      "INSERT INTO sample_block (first_cycle, count, from_ms, to_ms, data) VALUES (?, ?, ?, ?, ?)",
    );
  }

  /** Samples given up since the start, because the disk refused them for too long. */
  get lostSamples(): number {
    return this.#lostSamples;
  }

  /**
   * One synced transaction. When it fails nothing of it is in the file: its events are refused for
   * good, its samples wait for the next one.
   */
  write(request: WriteRequest): void {
    if (request.block !== undefined) this.#waiting.push(request.block);
    this.#giveUpOldest();
    let head = this.#head;
    transaction(this.#db, () => {
      for (const block of this.#waiting) this.#appendBlock(block);
      for (const event of request.events) head = this.#appendEvent(head, event, request.wall);
      if (request.summary !== undefined) this.#appendEnd(head, request.summary);
    });
    this.#head = head;
    this.#waiting = [];
    if (request.summary === undefined) return;
    this.#ended = true;
    replaceFile(this.#folder, "summary.json", `${request.summary}\n`);
  }

  /** An ended run becomes one plain file, so that it reads from any copy or read-only medium. */
  close(): void {
    try {
      if (this.#ended) this.#db.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE");
    } catch {
      // A reader is connected: the file stays in WAL mode, which is as complete.
    }
    this.#db.close();
  }

  #appendBlock(b: Block): void {
    this.#insertBlock.run(b.firstCycle, b.count, b.fromMs, b.toMs, b.data);
  }

  #appendEvent(head: Head, event: RecordEvent, wall: number): Head {
    const seq = head.seq + 1;
    const body = canonicalJson({ ...event, seq, wall });
    const hash = chainHash(head.hash, body);
    this.#insertEvent.run(seq, body, hash);
    return { seq, hash };
  }

  /** The summary is the last link, so that lost events at the end do not go unseen. */
  #appendEnd(head: Head, summary: string): void {
    const insert = this.#db.prepare("INSERT OR REPLACE INTO meta VALUES (?, ?)");
    insert.run("summary", summary);
    insert.run("end", chainHash(head.hash, summary));
  }

  #giveUpOldest(): void {
    let bytes = this.#waiting.reduce((sum, b) => sum + b.data.byteLength, 0);
    while (bytes > waitingLimitBytes) {
      const oldest = this.#waiting.shift();
      if (oldest === undefined) return;
      bytes -= oldest.data.byteLength;
      this.#lostSamples += oldest.count;
    }
  }
}

/** The header as stored and hashed: files by their hash, their texts stand in their own table. */
function headerText(header: RunHeader): string {
  const files = header.files.map(({ kind, name, text }) => ({ kind, name, hash: hashText(text) }));
  return canonicalJson({ ...header, files } as unknown as Json);
}

function transaction(db: Database, work: () => void): void {
  db.exec("BEGIN IMMEDIATE");
  try {
    work();
    db.exec("COMMIT");
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

function rollBack(db: Database): void {
  try {
    db.exec("ROLLBACK");
  } catch {
    // After a full disk or an I/O error SQLite has often rolled back by itself already.
  }
}

/** All of the new text or all of the old, also after a power cut. */
function replaceFile(folder: string, name: string, text: string): void {
  const path = join(folder, name);
  const fd = openSync(`${path}.new`, "w");
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(`${path}.new`, path);
  syncFolder(folder);
}

/** Makes new names in a folder survive a power cut; Windows cannot open a folder and needs no such call. */
export function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const fd = openSync(folder, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
