import { join } from "node:path";
import { WearoutError } from "../base/error.js";
import type { Json } from "../base/json.js";
import { canonicalJson, chainHash, hashBytes, hashText } from "./canonical.js";
import { blockHash, type Chunk, chunkHash, type NumberedBlock, placesPerChunk } from "./chunk.js";
import { digestName, fileHash } from "./digest.js";
import { type EventKind, type RecordEvent, triggerKinds } from "./document/event.js";
import type { RunHeader } from "./document/run.js";
import { Folding } from "./folding.js";
import { createTables, layoutOf, layoutProblem, layoutVersion } from "./layout.js";
import { OwnFiles } from "./own-files.js";
import type { WriteRequest } from "./protocol.js";
import { replaceFile, syncFolder } from "./replace.js";
import { freeBytes, lowWaterBytes, type Reserve } from "./reserve.js";
import { rollupLevels } from "./rollup.js";
import { type Database, full, openForWriting, type Statement, sqliteCode } from "./sqlite.js";
import { Thinning } from "./thinning.js";
import { WaitingBlocks } from "./waiting.js";
import type { Attachment } from "./writer-port.js";

/** The last link of the chain: number and hash of the last event, 0 and the header's hash before. */
type Head = { seq: number; hash: string };

/** Where a database to be written on stands. */
type Place = { head: Head; blocks: number; chunks: number; chunkHash: string };

/** `run.db` for its one writer: transactions, chains, and what waits for a disk that is full. */
export class RunStore {
  readonly #folder: string;
  readonly #db: Database;
  readonly #insertBlock: Statement;
  readonly #insertEvent: Statement;
  readonly #folding: Folding;
  readonly #thinning: Thinning;
  #head: Head;
  /** The number of the last block on the disk. */
  #blocks: number;
  #chunkHash: string;
  readonly #waiting: WaitingBlocks;
  readonly #reserve: Reserve | undefined;
  readonly #files: OwnFiles;
  #ended = false;

  /** A new database in the folder; its header is on the disk when this returns. */
  static create(folder: string, header: RunHeader, reserve?: Reserve): RunStore {
    const db = openForWriting(join(folder, "run.db"));
    const text = headerText(header);
    transaction(db, () => {
      createTables(db);
      db.prepare("INSERT INTO meta VALUES ('header', ?)").run(text);
      const insert = db.prepare("INSERT INTO file (kind, name, hash, text) VALUES (?, ?, ?, ?)");
      for (const f of header.files) insert.run(f.kind, f.name, hashText(f.text), f.text);
    });
    syncFolder(folder);
    const hash = hashText(text);
    const place = { head: { seq: 0, hash }, blocks: 0, chunks: 0, chunkHash: hash };
    return new RunStore(folder, db, header, place, reserve);
  }

  /** Goes on after the last event of an existing database. */
  static reopen(folder: string, reserve?: Reserve): RunStore {
    const db = openForWriting(join(folder, "run.db"));
    const problem = layoutProblem(db)?.why ?? olderLayout(db);
    if (problem !== undefined) throw new WearoutError("RECORD_DAMAGED", problem);
    const text = String(db.prepare("SELECT value FROM meta WHERE key = 'header'").get()?.["value"]);
    const header = JSON.parse(text) as RunHeader;
    const store = new RunStore(folder, db, header, placeOf(db, text), reserve);
    store.#thinning.note(turningPoints(db));
    store.#folding.add(blocksOf(db));
    return store;
  }

  private constructor(
    folder: string,
    db: Database,
    header: RunHeader,
    place: Place,
    reserve: Reserve | undefined,
  ) {
    this.#folder = folder;
    this.#reserve = reserve;
    reserve?.take();
    this.#db = db;
    this.#head = place.head;
    this.#blocks = place.blocks;
    this.#chunkHash = place.chunkHash;
    const { columns, cycleMs } = header;
    this.#waiting = new WaitingBlocks(columns.length);
    this.#thinning = new Thinning(header);
    const levels = rollupLevels(cycleMs);
    this.#folding = new Folding(columns.length, levels, place.chunks, this.#thinning);
    this.#insertEvent = db.prepare("INSERT INTO event (seq, body, hash) VALUES (?, ?, ?)");
    this.#insertBlock = db.prepare("INSERT INTO sample_block VALUES (?, ?, ?, ?, ?, ?, ?)");
    this.#files = new OwnFiles(folder);
  }

  /** Samples given up since the start, because the disk refused more than memory should hold. */
  get lostSamples(): number {
    return this.#waiting.lostSamples;
  }

  /**
   * One synced transaction. When it fails nothing of it is in the file: its events are refused for
   * good, its samples wait for the next one. A chunk that is ready goes along, unless somebody waits for
   * the request. A record that was taken away is not ended: nobody must take it for one.
   */
  write(request: WriteRequest): void {
    if (this.#files.look() !== undefined) this.#keepAway(request);
    try {
      this.#write(request);
    } finally {
      this.#files.note();
    }
  }

  /**
   * What was taken away or overwritten is left as it is: events and samples go where they still can, into
   * the files that are open, and SQLite no longer moves them from the WAL into the database.
   */
  #keepAway({ summary }: WriteRequest): void {
    this.#db.exec("PRAGMA wal_autocheckpoint = 0");
    if (summary !== undefined) throw new Error(this.#files.look());
  }

  #write(request: WriteRequest): void {
    const { block, events, urgent, summary } = request;
    if (block !== undefined) this.#waiting.add(block);
    if (summary !== undefined) this.#foldRest();
    else if (this.#folding.isBehind) this.#folding.finish(false);
    const chunk = urgent ? undefined : this.#folding.done;
    try {
      this.#commit(request, this.#numbered(), chunk);
      this.#waiting.written();
      if (!this.#ended) this.#reserve?.take();
    } catch (error) {
      if (events.length === 0 || !this.#commitEvents(request, error)) throw error;
    }
    if (summary === undefined) return;
    this.#ended = true;
    this.#reserve?.free();
    replaceFile(this.#folder, "summary.json", `${summary}\n`);
  }

  /** Why the run should not go on: taken away, little room, or samples that the disk refuses. */
  get short(): string | undefined {
    const taken = this.#files.look();
    if (taken !== undefined) return `the record is lost: ${taken}`;
    if (this.#reserve === undefined) return undefined;
    const waiting = this.#waiting.blocks.length;
    if (waiting > 0) return "the disk takes no more samples";
    const free = freeBytes(this.#folder);
    if (free >= lowWaterBytes) return undefined;
    return `${Math.floor(free / 2 ** 20)} MB are left on the disk of the record`;
  }

  /** A full disk takes events yet: they have room of their own, and the samples wait. */
  #commitEvents(request: WriteRequest, error: unknown): boolean {
    if (this.#reserve === undefined || sqliteCode(error) !== full) return false;
    this.#reserve.free();
    try {
      this.#commit(request, [], undefined);
      return true;
    } catch {
      return false;
    }
  }

  #commit(
    { events, attachments, wall, summary }: WriteRequest,
    blocks: readonly NumberedBlock[],
    chunk: Chunk | undefined,
  ): void {
    let head = this.#head;
    transaction(this.#db, () => {
      for (const b of blocks) this.#appendBlock(b);
      for (const attachment of attachments) this.#appendAttachment(attachment);
      for (const event of events) head = this.#appendEvent(head, event, wall);
      if (chunk !== undefined) this.#appendChunk(chunk);
      if (summary !== undefined) this.#appendEnd(head, summary);
    });
    this.#head = head;
    this.#thinning.note(events);
    this.#settle(blocks, chunk);
  }

  /** Folds a little; true when there is more to do at once. */
  fold(): boolean {
    return this.#folding.turn();
  }

  /** An ended run becomes one plain file, so that it reads from any copy or read-only medium. */
  close(): void {
    const plain = this.#ended && this.#becomePlain();
    this.#db.close();
    if (!plain) return;
    const hash = fileHash(join(this.#folder, "run.db"));
    replaceFile(this.#folder, digestName, `${hash}  run.db\n`);
  }

  #becomePlain(): boolean {
    try {
      this.#db.exec("PRAGMA incremental_vacuum; PRAGMA busy_timeout = 0");
      this.#db.exec("PRAGMA journal_mode = DELETE");
      return true;
    } catch {
      // A reader is connected: the file stays in WAL mode, which is as complete.
      return false;
    }
  }

  /** The last samples of a run become chunks as well, whatever their number. */
  #foldRest(): void {
    if (this.#waiting.blocks.length > 0) this.#commitWaiting();
    while (this.#folding.finish(true)) {
      const chunk = this.#folding.done!;
      transaction(this.#db, () => this.#appendChunk(chunk));
      this.#settle([], chunk);
    }
  }

  #commitWaiting(): void {
    const blocks = this.#numbered();
    transaction(this.#db, () => {
      for (const b of blocks) this.#appendBlock(b);
    });
    this.#waiting.written();
    this.#settle(blocks, undefined);
  }

  #numbered(): NumberedBlock[] {
    return this.#waiting.blocks.map((b, i) => ({ ...b, seq: this.#blocks + i + 1 }));
  }

  #settle(blocks: readonly NumberedBlock[], chunk: Chunk | undefined): void {
    this.#blocks += blocks.length;
    this.#folding.add(blocks);
    if (chunk === undefined) return;
    this.#chunkHash = hashOf(this.#chunkHash, chunk);
    this.#folding.written();
  }

  #appendBlock(b: NumberedBlock): void {
    this.#insertBlock.run(b.seq, b.firstCycle, b.count, b.fromMs, b.toMs, b.data, blockHash(b));
  }

  #appendAttachment({ name, data }: Attachment): void {
    const insert = "INSERT INTO attachment (name, hash, data) VALUES (?, ?, ?)";
    this.#db.prepare(insert).run(name, hashBytes(data), data);
  }

  #appendEvent(head: Head, event: RecordEvent, wall: number): Head {
    const seq = head.seq + 1;
    const body = canonicalJson({ ...event, seq, wall });
    const hash = chainHash(head.hash, body);
    this.#insertEvent.run(seq, body, hash);
    return { seq, hash };
  }

  /** The chunk comes and its blocks go in one transaction, so that no sample is there twice or never. */
  #appendChunk(c: Chunk): void {
    const head = [c.chunk, c.firstCycle, c.count, c.fromMs, c.toMs, c.lastBlock];
    const hash = hashOf(this.#chunkHash, c);
    this.#db.prepare("INSERT INTO chunk VALUES (?, ?, ?, ?, ?, ?, ?)").run(...head, hash);
    const column = this.#db.prepare("INSERT INTO chunk_column VALUES (?, ?, ?)");
    c.columns.forEach(({ data, hash: digest }, place) => {
      column.run(c.chunk * placesPerChunk + place, data, digest);
    });
    const rollup = this.#db.prepare("INSERT INTO rollup VALUES (?, ?, ?, ?)");
    for (const r of c.rollups) rollup.run(r.place, r.levelMs, c.chunk, r.data);
    this.#db.prepare("DELETE FROM sample_block WHERE seq <= ?").run(c.lastBlock);
  }

  /**
   * The summary is the last link, over the last event and the last chunk, so that neither events nor
   * samples that are missing at the end go unseen.
   */
  #appendEnd(head: Head, summary: string): void {
    const insert = this.#db.prepare("INSERT OR REPLACE INTO meta VALUES (?, ?)");
    insert.run("summary", summary);
    insert.run("end", chainHash(chainHash(head.hash, this.#chunkHash), summary));
  }
}

function hashOf(before: string, chunk: Chunk): string {
  return chunkHash(
    before,
    chunk,
    chunk.columns.map((c) => c.hash),
  );
}

/** A layout that is only read: what an older Wearout wrote is never written in another form. */
function olderLayout(db: Database): string | undefined {
  const layout = layoutOf(db);
  if (layout === layoutVersion) return undefined;
  return `run.db has layout ${layout}, which is read but not written on; start a new run`;
}

function placeOf(db: Database, header: string): Place {
  const event = db.prepare("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1").get();
  const block = db.prepare("SELECT max(seq) AS seq FROM sample_block").get();
  const chunk = db.prepare("SELECT * FROM chunk ORDER BY seq DESC LIMIT 1").get();
  const start = hashText(header);
  return {
    head: { seq: Number(event?.["seq"] ?? 0), hash: String(event?.["hash"] ?? start) },
    blocks: Math.max(Number(block?.["seq"] ?? 0), Number(chunk?.["last_block"] ?? 0)),
    chunks: Number(chunk?.["seq"] ?? 0),
    chunkHash: String(chunk?.["hash"] ?? start),
  };
}

/** What thinning must know of before. */
function turningPoints(db: Database): Pick<RecordEvent, "kind" | "at" | "data">[] {
  const kinds = ["checkpoint", ...triggerKinds].map((kind) => `'${kind}'`).join(", ");
  return db
    .prepare(
      `SELECT kind, at_ms, iif(kind = 'state', data, '{}') AS data FROM event_list
       WHERE kind IN (${kinds}) OR (kind = 'state' AND data ->> 'to' = 'Aborting') ORDER BY seq`,
    )
    .all()
    .map((row) => ({
      kind: row["kind"] as EventKind,
      at: Number(row["at_ms"]),
      data: JSON.parse(String(row["data"])) as RecordEvent["data"],
    }));
}

function blocksOf(db: Database): NumberedBlock[] {
  return db
    .prepare("SELECT * FROM sample_block ORDER BY seq")
    .all()
    .map((row) => ({
      seq: Number(row["seq"]),
      firstCycle: Number(row["first_cycle"]),
      count: Number(row["count"]),
      fromMs: Number(row["from_ms"]),
      toMs: Number(row["to_ms"]),
      data: Uint8Array.from(row["data"] as Uint8Array),
    }));
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
