/**
 * Stalls whoever writes a record: holds SQLite's write lock on it again and again, as a card that is busy
 * with itself would hold a sync. `node build/bench/stall-record.js RUN.DB stallMs everyMs`; tells its parent of
 * every stall and goes on until it is ended.
 */
import { RealClock } from "../src/base/clock.js";
import { openForLocking } from "../src/record/sqlite.js";

const [path = "", stallMs = "400", everyMs = "1500"] = process.argv.slice(2);
const clock = new RealClock();
const db = openForLocking(path, 5000, false);
for (;;) {
  await clock.sleep(Number(everyMs) - Number(stallMs));
  db.exec("BEGIN IMMEDIATE");
  await clock.sleep(Number(stallMs));
  db.exec("ROLLBACK");
  process.send?.("stalled");
}
