import type { Command } from "commander";
import type { Add } from "./program.js";
import type { Shell } from "./shell.js";
import { loadVerbs, type VerbTable } from "./verb-table.js";

const recordsHelp = "folder of the records (default: $WEAROUT_HOME, else the user's data folder)";

/** A list of runs needs no line and no plant. */
const verbs: VerbTable<[recordsHelp: string]> = {
  start: async () => (await import("./run-start-verb.js")).addStart,
  resume: async () => (await import("./run-resume.js")).addResume,
  hold: async () => sent("hold"),
  stop: async () => (await import("./run-stop.js")).addStop,
  park: async () => (await import("./kept/park.js")).addPark,
  abort: async () => sent("abort"),
  dispose: async () => sent("dispose"),
  leave: async () => sent("leave"),
  list: async () => (await import("./run-list.js")).addList,
  show: async () => (await import("./run-show.js")).addShow,
  events: async () => (await import("./run-events.js")).addEvents,
  verify: async () => (await import("./run-verify.js")).addVerify,
  export: async () => (await import("./run-export.js")).addExport,
  plot: async () => (await import("./run-plot.js")).addPlot,
  blackbox: async () => (await import("./run-blackbox.js")).addBlackBox,
};

/** To who keeps the run. */
async function sent(
  verb: "hold" | "abort" | "dispose" | "leave",
): Promise<(run: Command, shell: Shell) => void> {
  const kept = await import("./kept/run.js");
  return kept.adding(kept[verb]);
}

export function loadRun(asked: string | undefined, says: string): Promise<Add> {
  return loadVerbs({ name: "run", says }, verbs, asked, recordsHelp);
}
