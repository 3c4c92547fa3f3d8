import { existsSync } from "node:fs";
import { join } from "node:path";
import { WearoutError } from "../base/error.js";
import { hashText } from "./canonical.js";
import { type ChunkHead, type NumberedBlock, placesPerChunk } from "./chunk.js";
import { layoutOf, layoutProblem } from "./layout.js";
import {
  corrupt,
  type Database,
  notADatabase,
  openForReading,
  type Row,
  readSchema,
  type SqlValue,
  type Statement,
  sqliteCode,
} from "./sqlite.js";
import type { StoredText } from "./stored-text.js";
import { cutOff, elsewhere, forbidden, withoutRoom } from "./trouble.js";

/** Rows per query: no read transaction lasts longer, so a reader never makes the writer's WAL grow. */
const eventPage = 1000;
const blockPage = 32;

type StoredEventText = { seq: number; body: string; hash: string };
export type StoredBlock = NumberedBlock & { hash: string | undefined };
export type StoredChunk = ChunkHead & { hash: string };
/** Samples in the order they were taken: first chunks, then the blocks not folded yet. */
export type StoredPiece = { chunk: StoredChunk } | { block: StoredBlock };
export type StoredRollup = { chunk: number; data: Uint8Array };

/** `run.db` for readers: the tables as rows, in pages. */
export class RunFile implements StoredText {
  readonly #folder: string;
  readonly #db: Database;
  readonly #statements = new Map<string, Statement>();
  readonly layout: number;

  /** Throws `RECORD_DAMAGED` when there is no record of a run in the folder. */
  constructor(folder: string) {
    this.#folder = folder;
    const path = join(folder, "run.db");
    const closed = forbidden(folder) ?? forbidden(path);
    if (closed !== undefined) throw unreadable(folder, closed);
    if (!existsSync(path)) throw damaged(folder, `there is no run.db in it${elsewhere(folder)}`);
    this.#db = this.#guard(nothingOf(folder), () => openForReading(path));
    const problem = this.#layoutProblem();
    this.layout = problem === undefined ? layoutOf(this.#db, readSchema) : 0;
    if (problem === undefined) return;
    this.#db.close();
    throw problem;
  }

  header(): string {
    const header = this.#meta("header");
    if (header === undefined) throw damaged(this.#folder, "it has no header");
    return header;
  }

  end(): { summary: string; hash: string } | undefined {
    const summary = this.#meta("summary");
    const hash = this.#meta("end");
    return summary === undefined || hash === undefined ? undefined : { summary, hash };
  }

  files(): { kind: string; name: string; text: string; hash: string }[] {
    const sql = "SELECT kind, name, text, hash FROM file ORDER BY seq";
    const text = (row: Row, column: string) => String(row[column]);
    return this.#all("the kept files cannot be read", sql).map((row) => ({
      kind: text(row, "kind"),
      name: text(row, "name"),
      text: text(row, "text"),
      hash: text(row, "hash"),
    }));
  }

  *events(afterSeq = 0): Generator<StoredEventText> {
    const sql = `SELECT seq, body, hash FROM event WHERE seq > ? ORDER BY seq LIMIT ${eventPage}`;
    for (let last = afterSeq; ; ) {
      const rows = this.#all(`events up to ${last} can be read`, sql, last);
      for (const row of rows) {
        last = Number(row["seq"]);
        yield { seq: last, body: String(row["body"]), hash: String(row["hash"]) };
      }
      if (rows.length < eventPage) return;
    }
  }

  /**
   * Chunks and then blocks, from the first that reaches to `from` (on the run's clock). The writer may
   * fold blocks into a chunk meanwhile: each page is one look at both tables.
   */
  *pieces(from: number): Generator<StoredPiece> {
    let after = this.#blockBefore(from);
    for (;;) {
      const page = this.#page(after);
      for (const piece of page) {
        after = "chunk" in piece ? piece.chunk.lastBlock : piece.block.seq;
        yield piece;
      }
      if (page.length === 0) return;
    }
  }

  /** One column of a chunk as it is stored; undefined when the row is missing. */
  chunkColumn(chunk: number, place: number): { data: Uint8Array; hash: string } | undefined {
    const sql = "SELECT data, hash FROM chunk_column WHERE id = ?";
    const row = this.#all(
      `chunks before ${chunk} can be read`,
      sql,
      chunk * placesPerChunk + place,
    )[0];
    if (row === undefined) return undefined;
    return { data: row["data"] as Uint8Array, hash: String(row["hash"]) };
  }

  /** Rollups of one column, a chunk each, of the chunks from `first` to `last`. */
  rollups(place: number, levelMs: number, first: number, last: number): StoredRollup[] {
    const sql = `SELECT chunk, data FROM rollup
      WHERE place = ? AND level_ms = ? AND chunk BETWEEN ? AND ? ORDER BY chunk`;
    const trusted = "its rollups cannot be read, its samples may be";
    const rows = this.#all(trusted, sql, place, levelMs, first, last);
    return rows.map((r) => ({ chunk: Number(r["chunk"]), data: r["data"] as Uint8Array }));
  }

  attachment(name: string): Uint8Array | undefined {
    if (this.layout < 2) return undefined;
    const sql = "SELECT data FROM attachment WHERE name = ? ORDER BY seq DESC LIMIT 1";
    const row = this.#all("its attachments cannot be read", sql, name)[0];
    return row === undefined ? undefined : (row["data"] as Uint8Array);
  }

  hotSamples(): number {
    const sql = "SELECT total(count) AS n FROM sample_block";
    return Number(this.#all("its samples cannot be read", sql)[0]?.["n"]);
  }

  lastSampleAt(): number | undefined {
    const tables = this.layout < 2 ? ["sample_block"] : ["sample_block", "chunk"];
    for (const table of tables) {
      const sql = `SELECT to_ms FROM ${table} ORDER BY seq DESC LIMIT 1`;
      const row = this.#all("its samples cannot be read", sql)[0];
      if (row !== undefined) return Number(row["to_ms"]);
    }
    return undefined;
  }

  chunksWithin(
    from: number,
    to: number,
  ): { first: number; last: number; toMs: number } | undefined {
    if (this.layout < 2) return undefined;
    const sql = `SELECT min(seq) AS first, max(seq) AS last, max(to_ms) AS to_ms FROM chunk
      WHERE to_ms >= ? AND from_ms <= ?`;
    const row = this.#all("its chunks cannot be read", sql, from, to)[0];
    if (row === undefined || row["first"] === null) return undefined;
    return { first: Number(row["first"]), last: Number(row["last"]), toMs: Number(row["to_ms"]) };
  }

  /** The hash of the last chunk of samples; before the first, the header's. */
  lastChunkHash(): string {
    const sql = "SELECT hash FROM chunk ORDER BY seq DESC LIMIT 1";
    const row = this.#all("its chunks cannot be read", sql)[0];
    return row === undefined ? hashText(this.header()) : String(row["hash"]);
  }

  /** Rows of any table, for verification. */
  rows(sql: string, ...values: SqlValue[]): Row[] {
    return this.#all("not all of it can be read", sql, ...values);
  }

  damaged(why: string): WearoutError {
    return damaged(this.#folder, why);
  }

  close(): void {
    this.#db.close();
  }

  /** The next chunk, or where there is none the next blocks, after the block of this number. */
  #page(after: number): StoredPiece[] {
    const trusted = `samples up to block ${after} can be read`;
    return this.#guard(trusted, () => {
      this.#db.exec("BEGIN");
      try {
        const chunk = this.layout < 2 ? undefined : this.#prepared(nextChunk).get(after);
        if (chunk !== undefined) return [{ chunk: chunkOf(chunk) }];
        return this.#prepared(nextBlocks)
          .all(after)
          .map((row) => ({ block: blockOf(row) }));
      } finally {
        this.#db.exec("ROLLBACK");
      }
    });
  }

  /** The last block before those that reach to `from`. Time grows with the number: halving finds it. */
  #blockBefore(from: number): number {
    if (from === Number.NEGATIVE_INFINITY) return 0;
    const trusted = "its samples cannot be searched";
    const before = "SELECT max(last_block) AS before FROM chunk WHERE to_ms < ?";
    const folded =
      this.layout < 2 ? 0 : Number(this.#all(trusted, before, from)[0]?.["before"] ?? 0);
    const ends = "SELECT min(seq) AS low, max(seq) AS high FROM sample_block WHERE seq > ?";
    const row = this.#all(trusted, ends, folded)[0];
    let low = Number(row?.["low"] ?? folded + 1);
    let high = Number(row?.["high"] ?? folded) + 1;
    // A chunk reaches to `from`: no block comes into question before it.
    if (low > folded + 1) return folded;
    const next = "SELECT seq, to_ms FROM sample_block WHERE seq >= ? ORDER BY seq LIMIT 1";
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const found = this.#all(trusted, next, middle)[0];
      if (found === undefined || Number(found["to_ms"]) >= from) high = middle;
      else low = Number(found["seq"]) + 1;
    }
    return low - 1;
  }

  #meta(key: string): string | undefined {
    const rows = this.#all("nothing else is known", "SELECT value FROM meta WHERE key = ?", key);
    return rows[0] === undefined ? undefined : String(rows[0]["value"]);
  }

  #all(trusted: string, sql: string, ...values: SqlValue[]): Row[] {
    return this.#guard(trusted, () => this.#prepared(sql).all(...values));
  }

  /** Preparing takes longer than reading a column. */
  #prepared(sql: string): Statement {
    const known = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }

  #layoutProblem(): WearoutError | undefined {
    try {
      const problem = this.#guard(nothingOf(this.#folder), () =>
        layoutProblem(this.#db, readSchema),
      );
      if (problem === undefined) return undefined;
      return problem.newer
        ? unreadable(this.#folder, problem.why)
        : damaged(this.#folder, problem.why);
    } catch (error) {
      if (error instanceof WearoutError) return error;
      throw error;
    }
  }

  /** SQLite's view of a broken file becomes an error for people, with what can still be trusted. */
  #guard<T>(trusted: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      const code = sqliteCode(error);
      if (code === undefined) throw error;
      const text = `${(error as Error).message}; ${trusted}`;
      if (code === corrupt || code === notADatabase) throw damaged(this.#folder, text);
      throw unreadable(this.#folder, withoutRoom(this.#folder) ?? text);
    }
  }
}

const nextChunk = "SELECT * FROM chunk WHERE last_block > ? ORDER BY seq LIMIT 1";
const nextBlocks = `SELECT * FROM sample_block WHERE seq > ? ORDER BY seq LIMIT ${blockPage}`;

function chunkOf(row: Row): StoredChunk {
  return {
    chunk: Number(row["seq"]),
    firstCycle: Number(row["first_cycle"]),
    count: Number(row["count"]),
    fromMs: Number(row["from_ms"]),
    toMs: Number(row["to_ms"]),
    lastBlock: Number(row["last_block"]),
    hash: String(row["hash"]),
  };
}

function blockOf(row: Row): StoredBlock {
  return {
    seq: Number(row["seq"]),
    firstCycle: Number(row["first_cycle"]),
    count: Number(row["count"]),
    fromMs: Number(row["from_ms"]),
    toMs: Number(row["to_ms"]),
    data: row["data"] as Uint8Array<ArrayBuffer>,
    hash: row["hash"] === undefined ? undefined : String(row["hash"]),
  };
}

/** Said where not even the header is there, with what may help. */
function nothingOf(folder: string): string {
  const cut = cutOff(folder);
  return `${cut === undefined ? "" : `${cut}; `}nothing of it can be read${elsewhere(folder)}`;
}

function unreadable(folder: string, why: string): WearoutError {
  return new WearoutError("FILE_UNREADABLE", `the record ${folder} cannot be read: ${why}`);
}

export function damaged(folder: string, why: string): WearoutError {
  return new WearoutError("RECORD_DAMAGED", `the record ${folder} is damaged: ${why}`);
}
