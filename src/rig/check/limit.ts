/** Limits of a rig file: on roles that are read, in their dimension, where they can act. */
import { own } from "../../base/own.js";
import { formatQuantity, parseQuantity } from "../../base/quantity.js";
import { show, suggest } from "../../base/schema.js";
import {
  highestOf,
  type OtherRoles,
  othersIn,
  repeatedNames,
  resolveLimit,
  type WatchedRole,
} from "../../limit/compile.js";
import type { Limit } from "../../limit/limit.js";
import { resolveWritten } from "../../limit/written.js";
import { isRead, type RoleColumn } from "../column.js";
import type { RigCheck } from "./context.js";

/**
 * A measured value may overshoot the ceiling of its setpoint; a limit that waits for more than this
 * share beyond it protects nothing and is most likely a slip of the pen.
 */
const overshoot = 1.25;

export function checkLimits(check: RigCheck): void {
  const { limits } = check.rig;
  for (const { path, found, expected } of repeatedNames(limits)) {
    check.say(["limits", ...path], found, expected);
  }
  limits.forEach((limit, i) => {
    checkLimit(check, limit, i);
  });
}

function checkLimit(check: RigCheck, limit: Limit, i: number): void {
  const { columns, say } = check;
  const watched = columns.filter((c) => c.role === limit.role);
  const column = watched[0];
  if (column === undefined) {
    const roles = [...new Set(columns.map((c) => c.role))];
    say(["limits", i, "role"], `the unknown role "${limit.role}"`, suggest(limit.role, roles));
    return;
  }
  if (watched.some((c) => !isRead(c))) {
    const found = `a ${limit.reaction} on the role "${limit.role}", which is never read`;
    say(["limits", i, "role"], found, "a role with read or derive");
    return;
  }
  checkMask(check, limit, i);
  checkIsolate(check, limit, i);
  const { complaints, limit: resolved } = resolveLimit(
    limit,
    watchedRole(check, column),
    (written, dimension) => resolveWritten(written, dimension, {}, {}),
    othersOf(check, limit.role),
  );
  for (const { path, found, expected } of complaints) {
    say(["limits", i, ...path], found, expected);
  }
  if (complaints.length > 0 || resolved === undefined) return;
  checkReach(check, limit, highestOf(resolved), column, i);
}

/** The guard acts on a rig's trips and knows neither steps nor ramps. */
function checkMask({ say }: RigCheck, { mask, reaction }: Limit, i: number): void {
  if (reaction !== "trip") return;
  for (const key of ["afterStep", "whileRamping"] as const) {
    if (mask?.[key] === undefined) continue;
    const expected = "a trip of a rig masked by afterStart only";
    say(["limits", i, "mask", key], `the mask ${key} on a trip`, expected);
  }
}

/** Only the guard isolates, and it acts on trips alone. */
function checkIsolate({ say }: RigCheck, { isolate, reaction }: Limit, i: number): void {
  if (isolate !== true || reaction === "trip") return;
  const found = `isolate on a limit with reaction ${reaction}: nothing would be isolated`;
  say(["limits", i, "isolate"], found, "reaction: trip");
}

/** Another role is as much in need of a reading as its own. */
function othersOf({ columns, rig }: RigCheck, role: string): OtherRoles {
  const find = othersIn(columns, Object.keys(rig.actuators), role);
  return (name) => {
    const other = find(name);
    const unread = columns.find((c) => (c.name === name || c.role === name) && !isRead(c));
    if ("found" in other || unread === undefined) return other;
    return { found: `the role "${name}", which is never read`, expected: "a role that is read" };
  };
}

/** A reading that only repeats the register we write can never pass the ceiling. */
function watchedRole(check: RigCheck, column: RoleColumn): WatchedRole {
  const { dimension, unit, says } = column;
  const ceiling = ceilingOf(check, column);
  // Also beside a ceiling that cannot be read, which is a problem of its own.
  const hasSetpoint = own(check.rig.actuators, column.name) !== undefined;
  const { words = {}, station } = column;
  const role = { dimension, unit, hasSetpoint, words, isOfStations: station !== undefined };
  return ceiling !== undefined && says.read === says.write ? { ...role, ceiling } : role;
}

function ceilingOf({ rig }: RigCheck, column: RoleColumn): number | undefined {
  const text = own(rig.actuators, column.name)?.ceiling;
  return text === undefined ? undefined : parseQuantity(text)?.value;
}

function checkReach(
  check: RigCheck,
  limit: Limit,
  hi: number,
  column: RoleColumn,
  i: number,
): void {
  const ceiling = ceilingOf(check, column);
  if (ceiling === undefined || hi === Number.POSITIVE_INFINITY) return;
  if (hi <= ceiling * overshoot) return;
  const at = formatQuantity(ceiling * overshoot, column.unit);
  const found = `${show(limit.above ?? limit.outside)}, far above the ceiling of "${column.name}"`;
  const expected = `at most ${at}: 25 % above the ceiling ${formatQuantity(ceiling, column.unit)}`;
  const key = limit.above === undefined ? "outside" : "above";
  check.say(["limits", i, key], found, expected);
}
