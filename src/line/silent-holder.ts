/** Who holds a line and says nothing: a process that was stopped answers nobody (Linux). */
import { isStopped } from "../base/process-state.js";
import { findHolders } from "./holders.js";
import type { Machine } from "./machine.js";

/**
 * The process behind an abstract socket, from /proc/net/unix and the links in /proc/PID/fd (proc(5)):
 * `process 4711, which is stopped: kill -CONT 4711 lets it go on`. Undefined where it cannot be seen.
 */
export function silentHolder(machine: Machine, socketName: string): string | undefined {
  const wanted = socketName.replace(/^\0/, "@");
  const rows = (machine.text("/proc/net/unix") ?? "").split("\n").map((row) => row.split(/\s+/));
  // Num RefCount Protocol Flags Type St Inode Path; who connects and is not accepted yet has inode 0.
  const ours = rows.filter((columns) => columns.at(-1)?.startsWith(wanted) === true);
  const sockets = ours.map((columns) => `socket:[${columns.at(-2)}]`);
  const [holder] = [...findHolders(machine, sockets).of.values()].flat();
  const pid = holder?.pid;
  if (pid === undefined) return undefined;
  const says = isStopped(machine.text(`/proc/${pid}/stat`) ?? "")
    ? `is stopped: kill -CONT ${pid} lets it go on`
    : "does not answer";
  return `process ${pid}, which ${says}`;
}
