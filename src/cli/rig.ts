import type { Add } from "./program.js";
import { loadVerbs, type VerbTable } from "./verb-table.js";

/** Making a rig safe waits for nothing else. */
const verbs: VerbTable = {
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
  take: async () => (await import("./kept/presence.js")).addTake,
  token: async () => (await import("./kept/presence.js")).addToken,
  "out-of-service": async () => (await import("./kept/rig.js")).addOutOfService,
  return: async () => (await import("./kept/rig.js")).addReturn,
  log: async () => (await import("./kept/rig.js")).addLog,
};

export function loadRig(asked: string | undefined, says: string): Promise<Add> {
  return loadVerbs({ name: "rig", says }, verbs, asked);
}
