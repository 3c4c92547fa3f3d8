/** The texts a run keeps, once more beside its database: they name the rig when that cannot be read. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { KeptFile, RunHeader } from "./document/run.js";
import { replaceFile } from "./replace.js";

const textsName = "files.json";

/** What is known of a run without its database. */
export type KeptTexts = Pick<RunHeader, "id" | "rig" | "profile" | "simulated"> & {
  files: readonly KeptFile[];
};

/** Writes `files.json` into the folder of a new run, synced. Throws the file system's error. */
export function keepTexts(folder: string, header: RunHeader): void {
  const { id, rig, profile, simulated, files } = header;
  const texts: KeptTexts = { id, rig, profile, simulated, files };
  replaceFile(folder, textsName, `${JSON.stringify(texts, null, 1)}\n`);
}

/** Undefined when there are none (a record of an older version) or they cannot be read either. */
export function keptTextsOf(folder: string): KeptTexts | undefined {
  try {
    const texts = JSON.parse(readFileSync(join(folder, textsName), "utf8")) as Partial<KeptTexts>;
    return typeof texts?.rig === "string" && Array.isArray(texts.files)
      ? (texts as KeptTexts)
      : undefined;
  } catch {
    return undefined;
  }
}
