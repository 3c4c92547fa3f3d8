/** Limits of a profile and its steps, resolved once and named by their place in the program. */
import { type Path, suggest } from "../base/schema.js";
import { isWhole, type OtherRoles, resolveLimit, type WatchedRole } from "../limit/compile.js";
import type { Limit } from "../limit/limit.js";
import { resolveWritten } from "../limit/written.js";
import { wrongBaseline } from "./baseline.js";
import { checkWatched, type Scope } from "./scope.js";

/** Adds the limits of one list to the scope; returns the places in force there, outer ones first. */
export function addLimits(
  scope: Scope,
  limits: readonly Limit[] | undefined,
  path: Path,
  outer: readonly number[],
): readonly number[] {
  if (limits === undefined) return outer;
  const added: number[] = [];
  limits.forEach((limit, i) => {
    const place = addLimit(scope, limit, [...path, i]);
    if (place !== undefined) added.push(place);
  });
  return [...outer, ...added];
}

function addLimit(scope: Scope, limit: Limit, path: Path): number | undefined {
  const taken = scope.limits.some((other) => other.name === limit.name);
  if (taken || scope.rig?.limitNames?.includes(limit.name)) {
    const owner = taken ? "" : `, after the rig "${scope.rig?.name}"`;
    const found = `the limit name "${limit.name}" a second time${owner}`;
    scope.problem([...path, "name"], found, "a name of its own for every limit");
  }
  if (limit.isolate === true) {
    const found = "isolate on a limit of a profile: nothing would be isolated";
    scope.problem([...path, "isolate"], found, "it on a trip limit of the rig");
  }
  if (!checkWatched(scope, limit.role, [...path, "role"], `a ${limit.reaction}`)) {
    scope.leftOut++;
    return undefined;
  }
  const { limit: resolved, complaints } = resolveLimit(
    limit,
    watched(scope, limit.role),
    (w, d) => resolveWritten(w, d, scope.ratings, scope.parameters),
    (name) => other(scope, name, limit.role),
    (name) => wrongBaseline(scope, name, limit.role),
  );
  for (const c of complaints) scope.problem([...path, ...c.path], c.found, c.expected);
  if (resolved === undefined || !isWhole(resolved)) scope.leftOut++;
  if (resolved === undefined) return undefined;
  scope.limits.push(resolved);
  return scope.limits.length - 1;
}

function watched(scope: Scope, role: string): WatchedRole {
  const { dimension, unit } = scope.roles.get(role) ?? { dimension: "ratio", unit: "1" };
  const facts: WatchedRole = { dimension, unit, hasSetpoint: scope.setpointRoles.includes(role) };
  const readable = scope.rig?.readable.find((r) => r.role === role);
  if (readable !== undefined) {
    facts.isOfStations = readable.perStation;
    facts.words = readable.words ?? {};
  }
  const ceiling = scope.rig?.setpoints.find((s) => s.role === role)?.ceiling;
  if (ceiling !== undefined) facts.ceiling = ceiling;
  return facts;
}

/** A role that a limit on `role` looks at beside it. */
function other(scope: Scope, name: string, role: string): ReturnType<OtherRoles> {
  if (!scope.roles.has(name)) {
    const found = `the unknown role "${name}"`;
    return { found, expected: suggest(name, [...scope.roles.keys()]) };
  }
  const { rig } = scope;
  const of = (n: string) => rig?.readable.find((r) => r.role === n);
  if (rig !== undefined && of(name) === undefined) {
    const found = `the role "${name}", which is never read`;
    return { found, expected: `a role that the rig "${rig.name}" reads` };
  }
  if (of(name)?.perStation === true && of(role)?.perStation === false) {
    const found = `the role "${name}" of stations`;
    return { found, expected: `a role of the whole rig, as "${role}" is` };
  }
  return watched(scope, name);
}
