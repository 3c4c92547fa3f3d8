import { statfsSync } from "node:fs";
import { join } from "node:path";
import { type EpochMs, RealClock } from "../../base/clock.js";
import { type Machine, openMachine } from "../../line/machine.js";
import { sqliteVersion } from "../../record/sqlite.js";

/** Everything the commands ask of the machine they run on; tests make one up. */
export type Host = Machine & {
  nodeVersion: string;
  /** Throws `RECORD_FAILED` where there is none that records can be trusted to. */
  sqliteVersion(): string;
  /** What this user may still write on the disk of this folder. */
  freeBytes(folder: string): number | undefined;
  wall(): EpochMs;
};

export function openHost(root = "/"): Host {
  const clock = new RealClock();
  return {
    ...openMachine(root),
    nodeVersion: process.version,
    sqliteVersion,
    freeBytes: (folder) => {
      try {
        const { bavail, bsize } = statfsSync(join(root, folder));
        return bavail * bsize;
      } catch {
        return undefined;
      }
    },
    wall: () => clock.wall(),
  };
}
