import type { Command } from "commander";
import type { Add } from "./program.js";
import type { Shell } from "./shell.js";

const recordsHelp = "folder of the records (default: $WEAROUT_HOME, else the user's data folder)";

type AddVerb = (run: Command, shell: Shell, recordsHelp: string) => void;

/** In the order of the help. Each is loaded when it is asked for: a list of runs needs no line and no plant. */
const verbs: Readonly<Record<string, () => Promise<AddVerb>>> = {
  start: async () => (await import("./run-start-verb.js")).addStart,
  resume: async () => (await import("./run-resume.js")).addResume,
  hold: async () => sent("hold"),
  stop: async () => (await import("./run-stop.js")).addStop,
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
async function sent(verb: "hold" | "abort" | "dispose" | "leave"): Promise<AddVerb> {
  const kept = await import("./kept/run.js");
  return kept.adding(kept[verb]);
}

/** The noun with the verb that is asked for; with all of them where it is none of them. */
export async function loadRun(asked: string | undefined, says: string): Promise<Add> {
  const only = asked === undefined ? undefined : verbs[asked];
  const adds = await Promise.all(
    (only === undefined ? Object.values(verbs) : [only]).map((v) => v()),
  );
  return (program, shell) => {
    const run = program.command("run").description(says);
    for (const add of adds) add(run, shell, recordsHelp);
  };
}
