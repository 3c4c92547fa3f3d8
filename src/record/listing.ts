/** A run in one line, of what stands beside its database: a list of thousands opens none of them. */
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import type { RunSummary } from "./document/run.js";
import { layoutVersion } from "./layout.js";
import type { RunListing } from "./reader-port.js";

const magic = "SQLite format 3\0";
const headBytes = 100;
/** One for all: a buffer for each of thousands of runs costs more than reading into it. */
const head = Buffer.alloc(headBytes);

/**
 * Of a run that has ended in order: from its `summary.json`, when its database is there, of a layout that is known, and as long as its head
 * says (SQLite file format, 1.3). Undefined for any other, which must be opened to be told of.
 */
export function quickListing(folder: string, id: string): RunListing | undefined {
  const summary = summaryOf(folder);
  if (summary?.id !== id || !isWhole(`${folder}/run.db`)) return undefined;
  const { rig, profile, simulated, outcome, startedWall, endedWall, stations } = summary;
  return {
    ...{ id, rig, profile, simulated, outcome, startedWall, endedWall },
    specimens: stations.map(({ specimen }) => specimen),
    condition: "ended",
    problem: null,
  };
}

function summaryOf(folder: string): RunSummary | undefined {
  try {
    const found = JSON.parse(readFileSync(`${folder}/summary.json`, "utf8")) as RunSummary;
    const isOne =
      typeof found.outcome === "string" &&
      Array.isArray(found.stations) &&
      found.stations.length > 0;
    return isOne ? found : undefined;
  } catch {
    return undefined;
  }
}

function isWhole(file: string): boolean {
  let fd: number | undefined;
  try {
    fd = openSync(file, "r");
    if (readSync(fd, head, 0, headBytes, 0) < headBytes || head.toString("latin1", 0, 16) !== magic)
      return false;
    const layout = head.readUInt32BE(60);
    if (layout < 1 || layout > layoutVersion) return false;
    // 1 stands for 65536.
    const page = head.readUInt16BE(16) === 1 ? 65536 : head.readUInt16BE(16);
    const bytes = page * head.readUInt32BE(28);
    // The last byte is there, and none behind it.
    return bytes > 0 && readSync(fd, head, 0, 2, bytes - 1) === 1;
  } catch {
    return false;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
