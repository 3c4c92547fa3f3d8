import { writeFileSync } from "node:fs";
import { WearoutError } from "../base/error.js";

/** Writes a result into a file that a person named; throws `USAGE` when it cannot be written. */
export function writeResult(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new WearoutError("USAGE", `${path} cannot be written: ${(error as Error).message}`);
  }
}
