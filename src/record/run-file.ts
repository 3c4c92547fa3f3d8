import { existsSync } from "node:fs";
import { join } from "node:path";
import { WearoutError } from "../base/error.js";
import { layoutProblem } from "./layout.js";
import type { StoredText } from "./record.js";
import {
  corrupt,
  type Database,
  notADatabase,
  openForReading,
  type Row,
  type SqlValue,
  sqliteCode,
} from "./sqlite.js";

/** Rows per query: no read transaction lasts longer, so a reader never makes the writer's WAL grow. */
const eventPage = 1000;
const blockPage = 32;

type StoredEventText = { seq: number; body: string; hash: string };
export type StoredBlock = { seq: number; count: number; fromMs: number; data: Uint8Array };

/** `run.db` for readers: the tables as rows, in pages. */
export class RunFile implements StoredText {
  readonly #folder: string;
  readonly #db: Database;

  /** Throws `RECORD_DAMAGED` when there is no record of a run in the folder. */
  constructor(folder: string) {
    this.#folder = folder;
    const path = join(folder, "run.db");
    if (!existsSync(path)) throw damaged(folder, "there is no run.db in it");
    this.#db = this.#guard("nothing of it can be read", () => openForReading(path));
    const problem = this.#layoutProblem();
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

  /** Blocks in order, from the first that reaches to `from` (on the run's clock). */
  *blocks(from: number): Generator<StoredBlock> {
    const sql = `SELECT seq, count, from_ms, data FROM sample_block
      WHERE seq > ? ORDER BY seq LIMIT ${blockPage}`;
    for (let last = this.#firstBlock(from) - 1; ; ) {
      const rows = this.#all(`sample blocks up to ${last} can be read`, sql, last);
      for (const row of rows) {
        last = Number(row["seq"]);
        const data = row["data"] as Uint8Array;
        yield { seq: last, count: Number(row["count"]), fromMs: Number(row["from_ms"]), data };
      }
      if (rows.length < blockPage) return;
    }
  }

  close(): void {
    this.#db.close();
  }

  /** Time grows with the number of the block, so halving finds the place without an index. */
  #firstBlock(from: number): number {
    const trusted = "its samples cannot be searched";
    const ends = this.#all(
      trusted,
      "SELECT min(seq) AS low, max(seq) AS high FROM sample_block",
    )[0];
    let low = Number(ends?.["low"] ?? 1);
    let high = Number(ends?.["high"] ?? 0) + 1;
    if (from === Number.NEGATIVE_INFINITY) return low;
    const sql = "SELECT seq, to_ms FROM sample_block WHERE seq >= ? ORDER BY seq LIMIT 1";
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const row = this.#all(trusted, sql, middle)[0];
      if (row === undefined || Number(row["to_ms"]) >= from) high = middle;
      else low = Number(row["seq"]) + 1;
    }
    return low;
  }

  #meta(key: string): string | undefined {
    const rows = this.#all("nothing else is known", "SELECT value FROM meta WHERE key = ?", key);
    return rows[0] === undefined ? undefined : String(rows[0]["value"]);
  }

  #all(trusted: string, sql: string, ...values: SqlValue[]): Row[] {
    return this.#guard(trusted, () => this.#db.prepare(sql).all(...values));
  }

  #layoutProblem(): WearoutError | undefined {
    try {
      const problem = this.#guard("nothing of it can be read", () => layoutProblem(this.#db));
      return problem === undefined ? undefined : damaged(this.#folder, problem);
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
      const message = `the record ${this.#folder} cannot be read: ${text}`;
      throw new WearoutError("FILE_UNREADABLE", message);
    }
  }
}

export function damaged(folder: string, why: string): WearoutError {
  return new WearoutError("RECORD_DAMAGED", `the record ${folder} is damaged: ${why}`);
}
