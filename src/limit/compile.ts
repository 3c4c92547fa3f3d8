/** From limits as written to limits as numbers, and from a station's role to one limit per station. */
import type { Column } from "../base/sample.js";
import { suggest } from "../base/schema.js";
import type { SetpointOrder } from "../base/setpoint.js";
import type { CompiledLimit, Enabling, ResolvedLimit } from "./compiled.js";
import { type Condition, kindOf } from "./condition/all.js";
import { type AtRest, columnOf, noColumn, type Places } from "./condition/kind.js";
import { levelAt } from "./condition/level.js";
import { layoutOf } from "./layout.js";
import type { Limit } from "./limit.js";
import type { Look } from "./look.js";
import { type ResolveWritten, resolveLimit } from "./resolve.js";
import type { Complaint, OtherRoles, WatchedRole } from "./watched-role.js";

export type { CompiledLimit, ResolvedLimit } from "./compiled.js";
export { resolveLimit } from "./resolve.js";
export type { Complaint, OtherRoles, WatchedRole } from "./watched-role.js";

/** Has it all its numbers? */
export function isWhole({ condition, enabledBy, untilReached }: ResolvedLimit): boolean {
  const parts = [condition, enabledBy?.condition, untilReached];
  return parts.every(isKnown);
}

function isKnown(part: unknown): boolean {
  if (typeof part !== "object" || part === null) return !Number.isNaN(part);
  return Object.values(part).every(isKnown);
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
  if (condition.kind === "rises" || condition.kind === "above" || condition.kind === "integral")
    return true;
  const lowest = condition.kind === "below" || condition.kind === "outside" ? condition.lo : 0;
  const isReverse = typeof lowest === "number" && Number.isFinite(lowest) && lowest < 0;
  return Number.isFinite(highestOf(limit)) || isReverse;
}

/** The value above which it is violated now; infinite where there is none. */
export function highestAt({ condition, column }: CompiledLimit, look: Look): number {
  const { kind } = condition;
  const isUpper = kind === "above" || kind === "outside";
  return isUpper ? levelAt(condition.hi, column, look) : Number.POSITIVE_INFINITY;
}

/** The number above which it is violated; infinite where there is none. */
export function highestOf({ condition }: ResolvedLimit): number {
  const { kind } = condition;
  if (kind !== "above" && kind !== "outside") return Number.POSITIVE_INFINITY;
  return typeof condition.hi === "number" ? condition.hi : Number.POSITIVE_INFINITY;
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
    const places = { role, columns, order, station };
    const condition = bound(limit.condition, places);
    const voting = limit.voters.map((name) => columnOf(places, name));
    const on = { ...limit, ...gatesOn(limit, places), condition, columns: [column, ...voting] };
    const compiled = { ...on, ...layoutOf(on), limitIndex, column };
    return [station === undefined ? compiled : { ...compiled, station }];
  });
}

function gatesOn(
  { enabledBy, untilReached }: ResolvedLimit,
  places: Places,
): Pick<ResolvedLimit, "enabledBy" | "untilReached"> {
  return {
    ...(enabledBy === undefined ? {} : { enabledBy: enablingOn(enabledBy, places) }),
    ...(untilReached === undefined ? {} : { untilReached: bound(untilReached, places) }),
  };
}

function enablingOn({ role, condition }: Enabling, places: Places): Enabling {
  const column = columnOf(places, role);
  // Its words are those of its own column.
  const of = places.columns[column]?.role ?? role;
  return { role, column, condition: bound(condition, { ...places, role: of }) };
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
  resolve: ResolveWritten,
): { limits: CompiledLimit[]; complaints: Complaint[] } {
  const compiled: CompiledLimit[] = [];
  const complaints = repeatedNames(limits);
  limits.forEach((limit, i) => {
    const watched = watchedIn(columns, order, limit.role);
    if (watched === undefined) {
      const roles = [...new Set(columns.map((c) => c.role))];
      const found = `the role "${limit.role}", which is never read`;
      complaints.push({ path: [i, "role"], found, expected: suggest(limit.role, roles) });
      return;
    }
    const resolved = resolveLimit(limit, watched, resolve, othersIn(columns, order, limit.role));
    complaints.push(...resolved.complaints.map((c) => ({ ...c, path: [i, ...c.path] })));
    if (resolved.limit !== undefined) {
      compiled.push(...expandLimit(resolved.limit, i, columns, order));
    }
  });
  return { limits: compiled, complaints };
}

function watchedIn(
  columns: readonly Column[],
  order: SetpointOrder,
  role: string,
): WatchedRole | undefined {
  const column = columns.find((c) => c.role === role);
  if (column === undefined) return undefined;
  const { dimension, unit, words = {}, station } = column;
  const isOfStations = station !== undefined;
  return { dimension, unit, hasSetpoint: order.includes(role), words, isOfStations };
}

/** Roles that every column of this role finds: its own station's, or the rig's. */
export function othersIn(
  columns: readonly Column[],
  order: SetpointOrder,
  role: string,
): OtherRoles {
  return (name) => {
    const own = columns.filter((c) => c.role === role);
    const found = own.map(({ station }) => columnOf({ role, columns, order, station }, name));
    const [first] = found;
    if (first !== undefined && !found.includes(noColumn)) {
      const { dimension, unit, words = {}, role: of } = columns[first]!;
      return { dimension, unit, words, hasSetpoint: order.includes(of) };
    }
    const isElsewhere = columns.some((c) => c.role === name);
    if (!isElsewhere) {
      const names = [...new Set(columns.flatMap((c) => [c.role, c.name]))];
      return { found: `the unknown role "${name}"`, expected: suggest(name, names) };
    }
    const at = columns.find((c) => c.role === name)!.name;
    return {
      found: `the role "${name}" of stations`,
      expected: `the one of a station, as "${at}"`,
    };
  };
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
