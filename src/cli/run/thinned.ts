/** What is told wherever samples are shown of which the record keeps less than all. */
import { formatDuration, formatQuantity } from "../../base/quantity.js";
import type { Column } from "../../base/sample.js";
import type { Shell } from "../shell.js";

/** One line per column that does not keep every sample. */
export function keptLines(columns: readonly Column[]): string[] {
  return columns.flatMap((column) => {
    const text = keptText(column);
    return text === undefined
      ? []
      : [`${column.name} is kept ${text}, and whole around trips, failures and aborts`];
  });
}

/** Beside the samples, not among them. */
export function tellKept(shell: Shell, columns: readonly Column[]): void {
  for (const line of keptLines(columns)) shell.out.talk(line);
}

function keptText({ keep, dimension, unit }: Column): string | undefined {
  if (keep === undefined) return undefined;
  if ("every" in keep) return `once in ${keep.every} samples`;
  if ("intervalMs" in keep)
    return `as least, mean and most of every ${formatDuration(keep.intervalMs)}`;
  const by = formatQuantity(keep.change, dimension === "temperature" ? "K" : unit);
  return `when it has changed by more than ${by}`;
}
