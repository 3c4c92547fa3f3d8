import type { Command } from "commander";
import type { Add } from "./program.js";
import type { Shell } from "./shell.js";

type AddVerb = (rig: Command, shell: Shell) => void;

/** In the order of the help. Each is loaded when it is asked for: making a rig safe waits for nothing else. */
const verbs: Readonly<Record<string, () => Promise<AddVerb>>> = {
  list: async () => (await import("./rig-show.js")).addList,
  show: async () => (await import("./rig-show.js")).addShow,
  keep: async () => (await import("./rig-keep.js")).addKeep,
  safe: async () => (await import("./rig-safe.js")).addRigSafe,
  abandon: async () => (await import("./rig-abandon.js")).addRigAbandon,
  journal: async () => (await import("./rig-journal.js")).addRigJournal,
  verify: async () => (await import("./rig-verify.js")).addRigVerify,
  status: async () => (await import("./kept/watch.js")).addStatus,
  watch: async () => (await import("./kept/watch.js")).addWatch,
  clear: async () => (await import("./kept/rig.js")).addClear,
  reset: async () => (await import("./kept/rig.js")).addReset,
  release: async () => (await import("./kept/rig.js")).addRelease,
  log: async () => (await import("./kept/rig.js")).addLog,
};

/** The noun with the verb that is asked for; with all of them where it is none of them. */
export async function loadRig(asked: string | undefined, says: string): Promise<Add> {
  const only = asked === undefined ? undefined : verbs[asked];
  const adds = await Promise.all(
    (only === undefined ? Object.values(verbs) : [only]).map((v) => v()),
  );
  return (program, shell) => {
    const rig = program.command("rig").description(says);
    for (const add of adds) add(rig, shell);
  };
}
