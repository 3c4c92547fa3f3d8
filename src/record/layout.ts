import { type Database, pragma } from "./sqlite.js";

/**
 * Raised when a table changes. A reader reads every layout up to its own and refuses a newer one; a
 * record is written on in its own layout or not at all, never rewritten.
 */
export const layoutVersion = 2;

/** "WEAR", so that `file run.db` and we know the kind of database. */
const applicationId = 0x57454152;

/**
 * Everything is appended in commit order, so that a commit touches few pages (flash wear); only rollups
 * lie by column, for they are read by column. `body` is the only truth of an event; `event_list` is for
 * people with an SQL tool.
 */
export const tables = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE file (
  seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL,
  hash TEXT NOT NULL, text TEXT NOT NULL
) STRICT;
CREATE TABLE event (seq INTEGER PRIMARY KEY, body TEXT NOT NULL, hash TEXT NOT NULL) STRICT;
CREATE TABLE attachment (
  seq INTEGER PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL, data BLOB NOT NULL
) STRICT;
CREATE TABLE sample_block (
  seq INTEGER PRIMARY KEY, first_cycle INTEGER NOT NULL, count INTEGER NOT NULL,
  from_ms REAL NOT NULL, to_ms REAL NOT NULL, data BLOB NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE TABLE chunk (
  seq INTEGER PRIMARY KEY, first_cycle INTEGER NOT NULL, count INTEGER NOT NULL,
  from_ms REAL NOT NULL, to_ms REAL NOT NULL, last_block INTEGER NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE TABLE chunk_column (id INTEGER PRIMARY KEY, data BLOB NOT NULL, hash TEXT NOT NULL) STRICT;
CREATE TABLE rollup (
  place INTEGER NOT NULL, level_ms INTEGER NOT NULL, chunk INTEGER NOT NULL, data BLOB NOT NULL,
  PRIMARY KEY (place, level_ms, chunk)
) STRICT, WITHOUT ROWID;
CREATE VIEW event_list AS SELECT
  seq, body ->> 'kind' AS kind, body ->> 'at' AS at_ms, body ->> 'wall' AS wall_ms,
  body ->> 'cycle' AS cycle, body ->> 'station' AS station, body ->> 'text' AS text,
  body -> 'data' AS data
FROM event;
`;

export function createTables(db: Database): void {
  db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${layoutVersion}`);
  db.exec(tables);
}

/** The layout of a database; `schema` is what it is called on this connection. */
export function layoutOf(db: Database, schema = "main"): number {
  return Number(pragma(db, `${schema}.user_version`));
}

/** What is wrong with the layout of a database; undefined when this version reads it. */
export function layoutProblem(
  db: Database,
  schema = "main",
): { newer: boolean; why: string } | undefined {
  if (pragma(db, `${schema}.application_id`) !== applicationId) {
    return { newer: false, why: "run.db is not the record of a run" };
  }
  const version = layoutOf(db, schema);
  if (version >= 1 && version <= layoutVersion) return undefined;
  const reads = `this version of Wearout reads layouts up to ${layoutVersion}`;
  const why = `run.db has layout ${version}, ${reads}; a newer Wearout wrote it, nothing is lost`;
  return { newer: version > layoutVersion, why };
}
