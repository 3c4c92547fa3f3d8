import { type Database, pragma } from "./sqlite.js";

/** Raised when a table changes; a reader refuses a layout newer than its own. */
export const layoutVersion = 1;

/** "WEAR", so that `file run.db` and we know the kind of database. */
const applicationId = 0x57454152;

/**
 * Everything is appended in commit order, so that a commit touches few pages (flash wear). `body` is
 * the only truth of an event; `event_list` is for people with an SQL tool.
 */
const tables = `
PRAGMA application_id = ${applicationId};
PRAGMA user_version = ${layoutVersion};
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE file (
  seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL,
  hash TEXT NOT NULL, text TEXT NOT NULL
) STRICT;
CREATE TABLE event (seq INTEGER PRIMARY KEY, body TEXT NOT NULL, hash TEXT NOT NULL) STRICT;
CREATE TABLE sample_block (
  seq INTEGER PRIMARY KEY, first_cycle INTEGER NOT NULL, count INTEGER NOT NULL,
  from_ms REAL NOT NULL, to_ms REAL NOT NULL, data BLOB NOT NULL
) STRICT;
CREATE VIEW event_list AS SELECT
  seq, body ->> 'kind' AS kind, body ->> 'at' AS at_ms, body ->> 'wall' AS wall_ms,
  body ->> 'cycle' AS cycle, body ->> 'station' AS station, body ->> 'text' AS text,
  body -> 'data' AS data
FROM event;
`;

export function createTables(db: Database): void {
  db.exec(tables);
}

/** What is wrong with the layout of a database; undefined when this version reads it. */
export function layoutProblem(db: Database): string | undefined {
  if (pragma(db, "application_id") !== applicationId) return "run.db is not the record of a run";
  const version = Number(pragma(db, "user_version"));
  if (version === layoutVersion) return undefined;
  return `run.db has layout ${version}, this version of Wearout reads layout ${layoutVersion}`;
}
