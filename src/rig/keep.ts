/** What the record keeps of a role, in canonical units. */
import { parseQuantity } from "../base/quantity.js";
import type { Keep } from "../base/sample.js";
import type { KeepFile } from "./rig-file.js";

/** `keep` of a role in canonical units; the file was checked. */
export function compileKeep({ every, change, interval }: KeepFile): Keep {
  if (every !== undefined) return { every };
  const value = parseQuantity(change ?? interval ?? "")?.value ?? 0;
  return change === undefined ? { intervalMs: value } : { change: value };
}
