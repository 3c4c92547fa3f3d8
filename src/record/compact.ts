/**
 * Giving back the room that an ended run does not need. The new database is made beside the old one,
 * verified, and put in its place: killed at any moment, this leaves the old record or the new one whole.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { WearoutError } from "../base/error.js";
import { bytesOf } from "./admin.js";
import { digestName, fileHash } from "./digest.js";
import { runFolder } from "./folder.js";
import { refusable, takeLock } from "./lock.js";
import { moveInPlace, putInPlace, stagedName, stageFile, syncTree } from "./replace.js";
import { copyDatabase, makePlain } from "./sqlite.js";
import { type RunVerification, verifyRun } from "./verify/run.js";

/** Where the new database lies until it is put in its place; its folder is named as the run's. */
const besideName = "compact.part";

/**
 * One plain file without free pages, with its digest, also of a run that was read while it ended. Never
 * changes what is in it: it is verified before and after. Answers with the bytes won. Throws
 * `STATE_REFUSED` (it has not ended), `RECORD_DAMAGED`, `RECORD_LOCKED` or `RECORD_FAILED`.
 */
export function compactRun(root: string, id: string): number {
  const folder = runFolder(root, id);
  const { condition } = whole(root, id);
  if (condition !== "ended") {
    const text = `run ${id} is ${condition}: room is given back after its end`;
    throw new WearoutError("STATE_REFUSED", text);
  }
  const lock = refusable(folder, () => takeLock(folder));
  const beside = join(folder, besideName);
  try {
    return refusable(folder, () => {
      finishEarlier(folder, beside);
      const before = bytesOf(folder);
      if (existsSync(join(folder, "run.db-wal"))) makePlain(join(folder, "run.db"));
      replaceDatabase(folder, beside, id);
      return before - bytesOf(folder);
    });
  } finally {
    rmSync(beside, { recursive: true, force: true });
    lock.release(true);
  }
}

/** What one that was killed left behind: its digest, when it is that of the database, and nothing else. */
function finishEarlier(folder: string, beside: string): void {
  rmSync(beside, { recursive: true, force: true });
  const staged = join(folder, stagedName(digestName));
  if (!existsSync(staged)) return;
  const agrees = readFileSync(staged, "utf8").split(" ")[0] === fileHash(join(folder, "run.db"));
  if (agrees) putInPlace(folder, digestName);
  else rmSync(staged);
}

/** The digest of the new database is on the disk before the database has its name. */
function replaceDatabase(folder: string, beside: string, id: string): void {
  const fresh = join(beside, id);
  mkdirSync(fresh, { recursive: true });
  copyDatabase(join(folder, "run.db"), join(fresh, "run.db"));
  whole(beside, id);
  syncTree(beside);
  stageFile(folder, digestName, `${fileHash(join(fresh, "run.db"))}  run.db\n`);
  moveInPlace(join(fresh, "run.db"), folder, "run.db");
  putInPlace(folder, digestName);
}

function whole(root: string, id: string): RunVerification {
  const verification = verifyRun(root, id, () => {});
  const { ok, findings } = verification;
  if (ok) return verification;
  throw new WearoutError("RECORD_DAMAGED", `${id}: ${JSON.stringify(findings[0])}`);
}
