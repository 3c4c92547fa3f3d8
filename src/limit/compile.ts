/** From limits as written to limits as numbers, and from a station's role to one limit per station. */
import { type Dimension, formatQuantity, parseQuantity } from "../base/quantity.js";
import type { Column } from "../base/sample.js";
import type { Path } from "../base/schema.js";
import { show, suggest } from "../base/schema.js";
import { noPlace, placeOf, type SetpointOrder, type SetpointPlace } from "../base/setpoint.js";
import { defaultPriority } from "./alarm/priority.js";
import type { Guidance, Limit, Priority, Reaction, Written } from "./limit.js";
import { differenceOf, type Resolved } from "./written.js";

/**
 * A limit in canonical units of its role. A bound that was not written is infinite, so that it can
 * never act.
 */
export type ResolvedLimit = {
  name: string;
  role: string;
  /** Violated below `lo` and above `hi`. */
  lo: number;
  hi: number;
  /** Violated when the reading is farther than this from the role's setpoint. */
  tolerance: number;
  /** Violated when the last good value is older than this; nothing else is then looked at. */
  staleMs?: number;
  forMs: number;
  hysteresis: number;
  maskAfterStartMs: number;
  maskAfterStepMs: number;
  maskWhileRamping: boolean;
  reaction: Reaction;
  /** At a trip the rig's isolate values are driven. */
  isolate?: true;
  /** Failure mode for reaction `fail`; the limit's name when none was written. */
  mode: string;
  protects: "equipment" | "test";
  /** How soon a person is needed when it is raised. */
  priority: Priority;
  message?: string;
  guidance?: Guidance;
};

/** One limit on one column: what `checkLimit` looks at. */
export type CompiledLimit = ResolvedLimit & {
  /** Position in the list the limits came from; stations of one limit share it. */
  limitIndex: number;
  station?: string;
  column: number;
  /** Place of the role's setpoint, -1 for limits that do not compare with it. */
  setpointIndex: SetpointPlace;
};

/** What is known about the role a limit watches. `ceiling` is the actuator's, if it is a setpoint. */
export type WatchedRole = {
  dimension: Dimension;
  unit: string;
  hasSetpoint: boolean;
  ceiling?: number;
};

/** Something wrong inside one limit; the path starts at the limit. */
export type Complaint = { path: Path; found: string; expected: string };

const conditions = ["above", "below", "outside", "differsFromSetpoint", "stale"] as const;

type Resolve = (written: Written, dimension: Dimension) => Resolved;

/** One limit as numbers. With any complaint the numbers are not to be used. */
export function resolveLimit(
  limit: Limit,
  role: WatchedRole,
  resolve: Resolve,
): { limit: ResolvedLimit; complaints: Complaint[] } {
  const complaints: Complaint[] = [];
  const value = (
    written: Written | undefined,
    dimension: Dimension,
    path: Path,
    absent: number,
  ) => {
    if (written === undefined) return absent;
    const resolved = resolve(written, dimension);
    if (resolved.ok) return resolved.value;
    complaints.push({ path, found: resolved.found, expected: resolved.expected });
    return absent;
  };
  const difference = differenceOf(role.dimension);
  const [outsideLo, outsideHi] = limit.outside ?? [];
  const lowest = limit.below ?? outsideLo;
  const highest = limit.above ?? outsideHi;
  const hiPath: Path = limit.above === undefined ? ["outside", 1] : ["above"];
  const resolved: ResolvedLimit = {
    name: limit.name,
    role: limit.role,
    lo: value(lowest, role.dimension, limit.below ? ["below"] : ["outside", 0], -Infinity),
    hi: value(highest, role.dimension, hiPath, Infinity),
    tolerance: value(limit.differsFromSetpoint, difference, ["differsFromSetpoint"], Infinity),
    forMs: timeMs(limit.for),
    hysteresis: value(limit.hysteresis, difference, ["hysteresis"], 0),
    maskAfterStartMs: timeMs(limit.mask?.afterStart),
    maskAfterStepMs: timeMs(limit.mask?.afterStep),
    maskWhileRamping: limit.mask?.whileRamping ?? false,
    reaction: limit.reaction,
    ...(limit.isolate === true ? { isolate: true } : {}),
    mode: limit.mode ?? limit.name,
    protects: limit.protects ?? "equipment",
    priority: limit.priority ?? defaultPriority(limit.reaction, limit.isolate === true),
  };
  if (limit.stale !== undefined) resolved.staleMs = timeMs(limit.stale);
  if (limit.message !== undefined) resolved.message = limit.message;
  if (limit.guidance !== undefined) resolved.guidance = limit.guidance;
  complaints.push(...conditionComplaints(limit), ...rangeComplaints(limit, resolved));
  complaints.push(...roleComplaints(limit, resolved, role, hiPath));
  return { limit: resolved, complaints };
}

/** The schema has already made sure that it is a time. */
function timeMs(written: string | undefined): number {
  return written === undefined ? 0 : (parseQuantity(written)?.value ?? 0);
}

function conditionComplaints(limit: Limit): Complaint[] {
  const written = conditions.filter((c) => limit[c] !== undefined);
  if (written.length === 1) return [];
  const found = written.length === 0 ? "no condition" : `the conditions ${written.join(" and ")}`;
  return [{ path: ["name"], found, expected: `exactly one of ${conditions.join(", ")}` }];
}

function rangeComplaints(limit: Limit, resolved: ResolvedLimit): Complaint[] {
  const complaints: Complaint[] = [];
  if (resolved.lo >= resolved.hi) {
    const found = `${show(limit.outside)}, lowest not below highest`;
    complaints.push({ path: ["outside"], found, expected: "[lowest, highest]" });
  }
  if (resolved.hysteresis < 0) {
    const found = show(limit.hysteresis);
    complaints.push({ path: ["hysteresis"], found, expected: "zero or more" });
  }
  if (resolved.hysteresis > 0 && 2 * resolved.hysteresis >= resolved.hi - resolved.lo) {
    const found = `${show(limit.hysteresis)}, so wide that the limit could never return`;
    complaints.push({ path: ["hysteresis"], found, expected: "less than half the band" });
  }
  if (resolved.tolerance <= resolved.hysteresis) {
    const found = `${show(limit.hysteresis ?? limit.differsFromSetpoint)}`;
    const expected = "a tolerance above zero and above its hysteresis";
    complaints.push({ path: ["differsFromSetpoint"], found, expected });
  }
  return complaints;
}

function roleComplaints(
  limit: Limit,
  resolved: ResolvedLimit,
  role: WatchedRole,
  hiPath: Path,
): Complaint[] {
  const complaints: Complaint[] = [];
  if (limit.differsFromSetpoint !== undefined && !role.hasSetpoint) {
    const found = `the role "${limit.role}", which has no setpoint`;
    complaints.push({ path: ["differsFromSetpoint"], found, expected: "a role that is set" });
  }
  // At rest such a reading says nothing of what the run would meet again.
  if (limit.reaction === "suspend" && role.hasSetpoint && limit.stale === undefined) {
    const found = `suspend on a value of "${limit.role}", which the rig itself brings to rest`;
    complaints.push({ path: ["reaction"], found, expected: "hold, or a stale limit" });
  }
  if (role.ceiling !== undefined && Number.isFinite(resolved.hi) && resolved.hi > role.ceiling) {
    const found = `${formatQuantity(resolved.hi, role.unit)}, where the limit can never act`;
    const expected = `at most the ceiling of "${limit.role}", ${formatQuantity(role.ceiling, role.unit)}`;
    complaints.push({ path: hiPath, found, expected });
  }
  return complaints;
}

/** One compiled limit per column of the limit's role: one, or one per station. */
export function expandLimit(
  limit: ResolvedLimit,
  limitIndex: number,
  columns: readonly Column[],
  order: SetpointOrder,
): CompiledLimit[] {
  const compares = limit.tolerance !== Infinity;
  const setpointIndex = compares ? placeOf(order, limit.role) : noPlace;
  return columns.flatMap((column, at) => {
    if (column.role !== limit.role) return [];
    const compiled: CompiledLimit = { ...limit, limitIndex, column: at, setpointIndex };
    if (column.station !== undefined) compiled.station = column.station;
    return [compiled];
  });
}

/** All limits of a list on all their columns, in the list's order. */
export function expandLimits(
  limits: readonly ResolvedLimit[],
  columns: readonly Column[],
  order: SetpointOrder,
): CompiledLimit[] {
  return limits.flatMap((l, i) => expandLimit(l, i, columns, order));
}

/** Limits as written (a rig's) on its columns; the paths of complaints start at the list. */
export function compileLimits(
  limits: readonly Limit[],
  columns: readonly Column[],
  order: SetpointOrder,
  resolve: Resolve,
): { limits: CompiledLimit[]; complaints: Complaint[] } {
  const compiled: CompiledLimit[] = [];
  const complaints = repeatedNames(limits);
  limits.forEach((limit, i) => {
    const column = columns.find((c) => c.role === limit.role);
    if (column === undefined) {
      const roles = [...new Set(columns.map((c) => c.role))];
      const found = `the role "${limit.role}", which is never read`;
      complaints.push({ path: [i, "role"], found, expected: suggest(limit.role, roles) });
      return;
    }
    const { dimension, unit } = column;
    const hasSetpoint = order.includes(limit.role);
    const resolved = resolveLimit(limit, { dimension, unit, hasSetpoint }, resolve);
    complaints.push(...resolved.complaints.map((c) => ({ ...c, path: [i, ...c.path] })));
    compiled.push(...expandLimit(resolved.limit, i, columns, order));
  });
  return { limits: compiled, complaints };
}

/** A name used twice, at its second use; paths start at the list. */
export function repeatedNames(limits: readonly Limit[]): Complaint[] {
  return limits.flatMap((limit, i) => {
    const first = limits.findIndex((other) => other.name === limit.name);
    if (first === i) return [];
    const found = `the limit name "${limit.name}" a second time`;
    return [{ path: [i, "name"], found, expected: "a name of its own for every limit" }];
  });
}
