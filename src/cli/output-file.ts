import { writeFileSync } from "node:fs";
import { WearoutError } from "../base/error.js";

/** Writes a result into a file that a person named; throws `USAGE` when it cannot be written. */
export function writeResult(path: string, text: string | Uint8Array): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new WearoutError("USAGE", `${path} cannot be written: ${reasonOf(error)}`);
  }
}

/** In words for what a person can mend. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Record<string, string> = {
    ENOENT: "its folder is not there",
    EACCES: "no permission",
    EISDIR: "it is a folder",
    ENOSPC: "no space is left",
    EROFS: "the disk is read-only",
  };
  return words[code ?? ""] ?? message;
}
