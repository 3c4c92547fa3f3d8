/**
 * What a power-cut round must be able to find: rows in SQLite with `synchronous=NORMAL`, told as kept when
 * COMMIT returned. `power-control.js write FILE`, `power-control.js count FILE`.
 */
import { writeSync } from "node:fs";
import { DatabaseSync } from "@photostructure/sqlite";

const [what = "", file = ""] = process.argv.slice(2);
const db = new DatabaseSync(file);
if (what === "write") {
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE row (n INTEGER)");
  const insert = db.prepare("INSERT INTO row VALUES (?)");
  for (let n = 1; ; n++) {
    insert.run(n);
    writeSync(1, `${n}\n`);
  }
}
writeSync(1, `${String(db.prepare("SELECT count(*) AS n FROM row").get()?.["n"])}\n`);
