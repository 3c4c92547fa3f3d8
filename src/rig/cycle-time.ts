/**
 * Is a cycle long enough for what it reads? The planned reads of each line, with its wire and its devices'
 * turnarounds, against the rig's `cycle`. Lines work side by side.
 */
import { formatDuration, parseQuantity } from "../base/quantity.js";
import type { RigCheck } from "./check/context.js";
import type { RoleColumn } from "./column.js";
import { type LoadedDevice, loadDevices } from "./device.js";
import type { LoadedRig } from "./loaded-rig.js";
import { blocksOf } from "./read-plan.js";
import type { RigFile } from "./rig-file.js";
import { exchangeMs } from "./trip-budget.js";

/** What the reads of the slowest line take: on the wire alone, and with the turnarounds that devices may take. */
export type ReadTime = { line: string; wireMs: number; longestMs: number };

type Parts = {
  rig: RigFile;
  columns: readonly RoleColumn[];
  devices: ReadonlyMap<string, LoadedDevice>;
};

/** Of the line whose reads may take longest. */
export function readTimeOf({ rig, columns, devices }: Parts): ReadTime {
  const times = Object.entries(rig.lines).map(([name, line]): ReadTime => {
    const total = { line: name, wireMs: 0, longestMs: 0 };
    for (const device of [...devices.values()].filter((d) => d.line === name)) {
      for (const { table, address, count } of blocksOf(columns, device.name, device.type)) {
        const took = exchangeMs(line, device, { kind: "read", table, address, count });
        total.longestMs += took;
        total.wireMs += took - device.timing.turnaroundMs;
      }
    }
    return total;
  });
  return times.reduce((a, b) => (b.longestMs > a.longestMs ? b : a));
}

/** A cycle that the wire alone fills is refused: it would miss cycles for ever. */
export function checkCycle({ rig, types, columns, say }: RigCheck): void {
  const cycleMs = parseQuantity(rig.cycle)?.value ?? 0;
  const devices = loadDevices(rig, types);
  const { line, wireMs, longestMs } = readTimeOf({ rig, columns, devices });
  if (wireMs <= cycleMs) return;
  const found = `${rig.cycle}, but the reads of line ${line} need ${ms(wireMs)} on the wire alone`;
  say(["cycle"], found, `at least ${ms(longestMs)}, or fewer devices on that line`);
}

/** Why cycles may be missed, with the figure to write; undefined where the cycle has time enough. */
export function cycleWarning(
  loaded: Pick<LoadedRig, "rig" | "columns" | "devices">,
): string | undefined {
  const { rig } = loaded;
  const cycleMs = parseQuantity(rig.cycle)?.value ?? 0;
  const { line, longestMs } = readTimeOf(loaded);
  if (longestMs <= cycleMs) return undefined;
  return `cycle ${rig.cycle}: the reads of line ${line} may take ${ms(longestMs)}, so cycles may be missed; at least ${ms(longestMs)} would be safe`;
}

/** Rounded up: the figure is to be written into a file. */
function ms(value: number): string {
  return formatDuration(value < 1000 ? Math.ceil(value) : 100 * Math.ceil(value / 100));
}
