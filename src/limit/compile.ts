/** From limits as written to limits as numbers, and from a station's role to one limit per station. */
import { type Dimension, parseQuantity } from "../base/quantity.js";
import type { Column } from "../base/sample.js";
import type { Path } from "../base/schema.js";
import { show, suggest } from "../base/schema.js";
import type { SetpointOrder } from "../base/setpoint.js";
import { defaultPriority } from "./alarm/priority.js";
import { type Condition, conditionNames, kindOf } from "./condition/all.js";
import type { AtRest, Places, ResolveTools } from "./condition/kind.js";
import type { Guidance, Limit, Priority, Reaction } from "./limit.js";
import type { Written } from "./value.js";
import type { WatchedRole } from "./watched-role.js";
import { differenceOf, type Resolved } from "./written.js";

export type { WatchedRole } from "./watched-role.js";

/** A limit in canonical units of its role. */
export type ResolvedLimit = {
  name: string;
  role: string;
  condition: Condition;
  forMs: number;
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
  /** Names of what it remembers. */
  slots: readonly string[];
};

/** Something wrong inside one limit; the path starts at the limit. */
export type Complaint = { path: Path; found: string; expected: string };

type Resolve = (written: Written, dimension: Dimension) => Resolved;

/** One limit as numbers; undefined where it has not exactly one condition. With any complaint they are not to be used. */
export function resolveLimit(
  limit: Limit,
  watched: WatchedRole,
  resolve: Resolve,
): { limit: ResolvedLimit | undefined; complaints: Complaint[] } {
  const complaints: Complaint[] = [];
  const [name, ...others] = conditionNames.filter((key) => limit[key] !== undefined);
  if (name === undefined || others.length > 0) {
    const found =
      name === undefined ? "no condition" : `the conditions ${[name, ...others].join(" and ")}`;
    const expected = `exactly one of ${conditionNames.join(", ")}`;
    return { limit: undefined, complaints: [{ path: ["name"], found, expected }] };
  }
  const complain = (path: Path, found: string, expected: string) => {
    complaints.push({ path, found, expected });
  };
  const value = (written: Written, dimension: Dimension, path: Path) => {
    const resolved = resolve(written, dimension);
    if (resolved.ok) return resolved.value;
    complain(path, resolved.found, resolved.expected);
    return Number.NaN;
  };
  const condition = kindOf(name).resolve(limit[name], {
    role: limit.role,
    watched,
    hysteresis: hysteresisOf(limit, watched, value, complain),
    afterStartMs: timeMs(limit.mask?.afterStart),
    value: (written, dimension, path) => value(written, dimension, [name, ...path]),
    complain: (path, found, expected) => complain([name, ...path], found, expected),
  });
  // At rest such a reading says nothing of what the run would meet again.
  if (limit.reaction === "suspend" && watched.hasSetpoint && name !== "stale") {
    const found = `suspend on a value of "${limit.role}", which the rig itself brings to rest`;
    complain(["reaction"], found, "hold, or a stale limit");
  }
  return { limit: { ...partsOf(limit), condition }, complaints };
}

function hysteresisOf(
  { hysteresis }: Limit,
  { dimension }: WatchedRole,
  value: ResolveTools["value"],
  complain: ResolveTools["complain"],
): number {
  if (hysteresis === undefined) return 0;
  const resolved = value(hysteresis, differenceOf(dimension), ["hysteresis"]);
  if (resolved < 0) complain(["hysteresis"], show(hysteresis), "zero or more");
  return Number.isNaN(resolved) ? 0 : resolved;
}

/** All of a limit but its condition. */
function partsOf(limit: Limit): Omit<ResolvedLimit, "condition"> {
  const { name, role, reaction, mask, message, guidance } = limit;
  const isolate = limit.isolate === true;
  return {
    name,
    role,
    forMs: timeMs(limit.for),
    maskAfterStartMs: timeMs(mask?.afterStart),
    maskAfterStepMs: timeMs(mask?.afterStep),
    maskWhileRamping: mask?.whileRamping ?? false,
    reaction,
    ...(isolate ? { isolate: true } : {}),
    mode: limit.mode ?? name,
    protects: limit.protects ?? "equipment",
    priority: limit.priority ?? defaultPriority(reaction, isolate),
    ...(message === undefined ? {} : { message }),
    ...(guidance === undefined ? {} : { guidance }),
  };
}

/** The schema has already made sure that it is a time. */
function timeMs(written: string | undefined): number {
  return written === undefined ? 0 : (parseQuantity(written)?.value ?? 0);
}

/** Has it all its numbers? */
export function isWhole({ condition }: ResolvedLimit): boolean {
  return !Object.values(condition).some((part) => Number.isNaN(part));
}

/** How a limit is looked at while the rig is at rest. */
export function atRestOf({ condition }: ResolvedLimit): AtRest {
  return kindOf(condition.kind).atRest(condition);
}

/** How old its reading may be; undefined where it does not say. */
export function staleMsOf({ condition }: ResolvedLimit): number | undefined {
  return condition.kind === "stale" ? condition.staleMs : undefined;
}

/** Does it keep the role, either way round, from being too much? */
export function isAgainstTooMuch(limit: ResolvedLimit): boolean {
  const { condition } = limit;
  const lowest = condition.kind === "below" || condition.kind === "outside" ? condition.lo : 0;
  return Number.isFinite(highestOf(limit)) || (Number.isFinite(lowest) && lowest < 0);
}

/** The value above which it is violated; infinite where there is none. */
export function highestOf({ condition }: ResolvedLimit): number {
  const { kind } = condition;
  return kind === "above" || kind === "outside" ? condition.hi : Number.POSITIVE_INFINITY;
}

/** One compiled limit per column of the limit's role: one, or one per station. */
export function expandLimit(
  limit: ResolvedLimit,
  limitIndex: number,
  columns: readonly Column[],
  order: SetpointOrder,
): CompiledLimit[] {
  return columns.flatMap(({ role, station }, column) => {
    if (role !== limit.role) return [];
    const condition = bound(limit.condition, { role, columns, order, station });
    const slots = kindOf(condition.kind).slots?.(condition) ?? [];
    const compiled = { ...limit, condition, limitIndex, column, slots };
    return [station === undefined ? compiled : { ...compiled, station }];
  });
}

function bound(condition: Condition, places: Places): Condition {
  return kindOf(condition.kind).bind?.(condition, places) ?? condition;
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
    if (resolved.limit !== undefined)
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
