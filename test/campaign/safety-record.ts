/** What may become of a record while it is written, or before somebody goes on with it. */
import { closeSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Dice } from "./safety-dice.js";
import type { LabProcess } from "./safety-process.js";

/** Says what it did; nothing where there is no record any more. */
export function spoilRecord({ test, clock }: LabProcess, dice: Dice): string {
  const database = join(test.folder, "run.db");
  if (statSync(database, { throwIfNoEntry: false }) === undefined) return "no record is left";
  const what = dice.one(["removed", "overwritten", "read-only"] as const);
  if (what === "removed") rmSync(test.folder, { recursive: true });
  else if (what === "overwritten") overwrite(database);
  else clock.isReadOnly = true;
  return `the record is ${what}`;
}

/** A page in the middle. */
function overwrite(file: string): void {
  const open = openSync(file, "r+");
  try {
    writeSync(open, Buffer.alloc(4096, 0x5a), 0, 4096, 4096);
  } finally {
    closeSync(open);
  }
}
