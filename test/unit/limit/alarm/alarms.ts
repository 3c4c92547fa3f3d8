/** A rig's alarms for tests, and a keeper's notebook: changes written down one after the other. */
import { type AlarmBook, bookAfter, emptyBook, rowOf } from "../../../../src/limit/alarm/book.js";
import type {
  AlarmChange,
  AlarmFacts,
  AlarmKey,
  Moment,
} from "../../../../src/limit/alarm/change.js";
import type { AlarmRow } from "../../../../src/limit/alarm/row.js";

export function facts(limit: string, parts: Partial<AlarmFacts> = {}): AlarmFacts {
  return { rig: "r1", limit, station: null, reaction: "warn", priority: "low", ...parts };
}

export function trip(limit: string, parts: Partial<AlarmFacts> = {}): AlarmFacts {
  return facts(limit, { reaction: "trip", priority: "high", ...parts });
}

/** A second of the keeper's clock; the wall clock began at a million. */
export function second(s: number, parts: Partial<Moment> = {}): Moment {
  return { at: s * 1000, wall: 1e6 + s * 1000, isWallTrusted: true, ...parts };
}

/** Writes down what is asked of a book, as a keeper does. */
export class Notebook {
  book: AlarmBook = emptyBook;
  readonly written: AlarmChange[] = [];

  write(changes: readonly (AlarmChange | undefined)[]): void {
    for (const change of changes) {
      if (change === undefined) continue;
      // What is read back from a journal was text.
      const stored = JSON.parse(JSON.stringify(change)) as AlarmChange;
      this.written.push(stored);
      this.book = bookAfter(this.book, stored);
    }
  }

  row(key: AlarmKey): AlarmRow {
    const row = rowOf(this.book, key);
    if (row === undefined) throw new Error(`no alarm ${key.limit} in the book`);
    return row;
  }
}
