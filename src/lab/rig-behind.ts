/** What to say of the rig behind a record that cannot be read. */
import { WearoutError } from "../base/error.js";
import { parseText } from "../base/schema.js";
import { runFolder } from "../record/folder.js";
import { keptTextsOf } from "../record/kept-texts.js";
import { RigFile } from "../rig/rig-file.js";

const unreadable: readonly string[] = ["RECORD_DAMAGED", "FILE_UNREADABLE", "FILE_INVALID"];

/**
 * Does `work` with the record of a run. Where that cannot be read the error says beside its reason which
 * rig may still move and what helps without a record.
 */
export async function namingTheRig<T>(
  root: string,
  id: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof WearoutError) || !unreadable.includes(error.code)) throw error;
    const text = `${error.message}\n${rigBehind(root, id)}`;
    throw new WearoutError(error.code, text, error.problems);
  }
}

/** One sentence; the rig by the texts beside the record, else by the run's id. */
export function rigBehind(root: string, id: string): string {
  const kept = keptTextsOf(runFolder(root, id));
  const rig = kept?.rig ?? id.slice(0, id.lastIndexOf("-"));
  const text = kept?.files.find((file) => file.kind === "rig")?.text;
  const lines = text === undefined ? "" : linesOf(text, rig);
  if (kept?.simulated === true) return `rig ${rig} is SIMULATED: nothing moves`;
  return `rig ${rig}${lines} may still move: use its isolator, or: wearout rig safe ${rig}`;
}

/** ` (drives /dev/ttyUSB0, io 10.0.0.5:502)`; nothing when the text cannot be read. */
function linesOf(text: string, rig: string): string {
  const lines = parseText(RigFile, text, rig).value?.lines ?? {};
  const list = Object.entries(lines).map(([name, line]) => {
    return `${name} ${"tcp" in line ? line.tcp : line.serial}`;
  });
  return list.length === 0 ? "" : ` (${list.join(", ")})`;
}
