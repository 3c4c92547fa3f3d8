import type { Machine } from "./machine.js";

/** A process that has a port open. */
export type Holder = { pid: number; command: string };

export type Holders = {
  /** By device, as `/dev/ttyUSB0`. */
  of: ReadonlyMap<string, readonly Holder[]>;
  /** Processes of other users whose open files this user may not see. */
  unseenProcesses: number;
};

/** Who has which of these devices open, from the links in `/proc/PID/fd` (proc(5)). */
export function findHolders(machine: Machine, devices: readonly string[]): Holders {
  const wanted = new Set(devices);
  const of = new Map<string, Holder[]>();
  let unseenProcesses = 0;
  for (const pid of (machine.list("/proc") ?? []).filter((name) => /^\d+$/.test(name))) {
    const files = machine.list(`/proc/${pid}/fd`);
    if (files === undefined) {
      // Kernel threads have no command line and hold no ports; a process that has ended has neither.
      if ((machine.text(`/proc/${pid}/cmdline`) ?? "") !== "") unseenProcesses++;
      continue;
    }
    const links = new Set(files.map((fd) => machine.link(`/proc/${pid}/fd/${fd}`) ?? ""));
    for (const device of links) {
      if (!wanted.has(device)) continue;
      const command = machine.text(`/proc/${pid}/comm`) ?? "";
      of.set(device, [...(of.get(device) ?? []), { pid: Number(pid), command }]);
    }
  }
  return { of, unseenProcesses };
}
