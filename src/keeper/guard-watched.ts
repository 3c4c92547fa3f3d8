/** Whose silence the guard acts on. */
import { type CompiledLimit, staleMsOf } from "../limit/compile.js";
import type { BoundRig } from "../rig/bind.js";

/** A column whose readings must not stay away. */
export type Watched = {
  limit: string;
  column: number;
  station?: string;
  maskMs: number;
  longestMs: number;
};

/** One per trip limit in its order, then what enables some and the actuators that are read: blind, none may move. */
export function watchedColumns(
  rig: BoundRig,
  limits: readonly CompiledLimit[],
  staleMs: number,
): Watched[] {
  const watched = limits.map((limit) => {
    const { name, column, station, maskAfterStartMs } = limit;
    const longestMs = Math.min(staleMsOf(limit) ?? staleMs, staleMs);
    const watch = { limit: name, column, maskMs: maskAfterStartMs, longestMs };
    return station === undefined ? watch : { ...watch, station };
  });
  const enabling = limits.flatMap(({ name, enabledBy, maskAfterStartMs: maskMs }) => {
    // What enables a trip is seen as well as what it looks at.
    if (enabledBy === undefined) return [];
    return [{ limit: name, column: enabledBy.column, maskMs, longestMs: staleMs }];
  });
  const actuators = rig.actuators.filter(({ column }) => rig.isRead(column));
  const silent = { limit: "actuator-silent", maskMs: 0, longestMs: staleMs };
  return [...watched, ...enabling, ...actuators.map(({ column }) => ({ ...silent, column }))];
}

/**
 * Lines on which the rig file answers silence by suspending (`stale` with reaction `suspend`), and that
 * carry nothing the guard needs: neither a trip's reading nor an actuator's.
 */
export function leftAlone(
  rig: BoundRig,
  limits: readonly CompiledLimit[],
  watched: readonly Watched[],
): ReadonlySet<string> {
  const suspending = limits.filter((l) => l.reaction === "suspend" && staleMsOf(l) !== undefined);
  const needed = new Set([...watched, ...rig.actuators].map(({ column }) => column));
  const lines = rig.columnsOfLines().filter(({ columns }) => {
    const isNeeded = columns.some((column) => needed.has(column));
    return !isNeeded && suspending.some(({ column }) => columns.includes(column));
  });
  return new Set(lines.map(({ line }) => line));
}
