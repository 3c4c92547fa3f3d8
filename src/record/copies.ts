import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EpochMs } from "../base/clock.js";
import { replaceFile } from "./replace.js";

/** A whole copy of an ended run in another place: what makes it safe to delete. */
export type Copy = {
  kind: "backup" | "csv" | "parquet";
  path: string;
  sha256: string;
  wall: EpochMs;
};

const copiesName = "copies.json";

/** Copies that were noted in a run's folder, oldest first. */
export function copiesOf(folder: string): Copy[] {
  try {
    const list = JSON.parse(readFileSync(join(folder, copiesName), "utf8")) as unknown;
    return Array.isArray(list) ? (list as Copy[]) : [];
  } catch {
    return [];
  }
}

/** Notes a copy; a folder that cannot be written (a read-only medium) is not noted in. */
export function noteCopy(folder: string, copy: Copy): boolean {
  try {
    replaceFile(folder, copiesName, `${JSON.stringify([...copiesOf(folder), copy], null, 2)}\n`);
    return true;
  } catch {
    return false;
  }
}
