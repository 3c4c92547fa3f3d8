/** What a profile's steps and limits are read against: roles, parameters, ratings, ceilings. */

import type { Problem } from "../base/error.js";
import { own } from "../base/own.js";
import { type Dimension, dimensionOf, formatQuantity } from "../base/quantity.js";
import type { Column } from "../base/sample.js";
import { type Parsed, type Path, show, suggest } from "../base/schema.js";
import type { ResolvedLimit } from "../limit/compile.js";
import type { Written } from "../limit/limit.js";
import { type NamedValues, resolveWritten } from "../limit/written.js";
import { ceilingsOf, ratingsOf } from "./check-product.js";
import type { Product } from "./product.js";
import type { Profile, Step } from "./profile.js";

/** What a profile has to know of a rig. Numbers in the canonical unit of the role's dimension. */
export type RigFacts = {
  name: string;
  /** Kinds of specimen its stations hold. */
  kinds: readonly string[];
  /** Roles that can be set, in actuator order. */
  setpoints: readonly {
    role: string;
    dimension: Dimension;
    ceiling: number;
    floor: number;
    rampPerS: number;
  }[];
  /** Roles that are read or derived; `perStation` when every station has its own. */
  readable: readonly {
    role: string;
    dimension: Dimension;
    perStation: boolean;
    words?: Column["words"];
  }[];
  /** Names of its own limits: an alarm is known by its name, so a profile must not use them again. */
  limitNames?: readonly string[];
};

export type CompileContext = {
  /** The profile's file, for positions. */
  parsed: Parsed<Profile>;
  /** Parameter values given for this run, as written; the defaults hold for the others. */
  parameters?: Readonly<Record<string, string>>;
  /** Products of the specimens (checked). A share of a rating needs the same rating in all of them. */
  products: readonly Product[];
  /** Absent when only the file is checked. */
  rig?: RigFacts;
};

type Bound = { value: number; whose: string };

/** The compile's workbench: facts looked up once, and the problems and limits found so far. */
export type Scope = {
  profile: Profile;
  rig: RigFacts | undefined;
  roles: ReadonlyMap<string, { dimension: Dimension; unit: string }>;
  setpointRoles: readonly string[];
  ratings: NamedValues;
  parameters: NamedValues;
  /** Ceilings of the rig and the products by setpoint role. */
  ceilings: ReadonlyMap<string, readonly Bound[]>;
  limits: ResolvedLimit[];
  problems: Problem[];
  /** Steps, targets and limits that could not be resolved and are in no program. */
  leftOut: number;
  problem(path: Path, found: string, expected: string): void;
};

export function makeScope(profile: Profile, context: CompileContext): Scope {
  const { parsed, products, rig } = context;
  const problems: Problem[] = [];
  const setpointRoles = rig?.setpoints.map((s) => s.role) ?? rolesSet(profile);
  const scope: Scope = {
    profile,
    rig,
    roles: new Map(
      Object.entries(profile.roles).map(([role, unit]) => [
        role,
        { dimension: dimensionOf(unit) ?? "ratio", unit },
      ]),
    ),
    setpointRoles,
    ratings: commonRatings(products),
    parameters: {},
    ceilings: new Map(setpointRoles.map((role) => [role, bounds(role, profile, products, rig)])),
    limits: [],
    problems,
    leftOut: 0,
    problem: (path, found, expected) => problems.push(parsed.problem(path, found, expected)),
  };
  checkKinds(scope, products);
  checkRoles(scope);
  scope.parameters = parameterValues(scope, context.parameters ?? {});
  return scope;
}

/** Setpoint roles in the order the steps first name them. */
function rolesSet(profile: Profile): string[] {
  const found = new Set<string>();
  const visit = (step: Step) => {
    const maps = [step.set, step.ramp?.to, ...(step.spectrum?.blocks.map((b) => b.set) ?? [])];
    for (const map of maps) for (const role of Object.keys(map ?? {})) found.add(role);
    step.steps?.forEach(visit);
  };
  profile.steps.forEach(visit);
  return [...found].filter((role) => own(profile.roles, role) !== undefined);
}

/** The ratings that all products share with the same value. */
function commonRatings(products: readonly Product[]): NamedValues {
  const [first, ...others] = products.map(ratingsOf);
  const same = Object.entries(first ?? {}).filter(([name, rating]) =>
    others.every((other) => own(other, name)?.value === rating.value),
  );
  return Object.fromEntries(same);
}

/** A product's ceiling is given by role, or by dimension for every role of it. */
function bounds(
  role: string,
  profile: Profile,
  products: readonly Product[],
  rig: RigFacts | undefined,
): Bound[] {
  const dimension = dimensionOf(own(profile.roles, role) ?? "");
  const found: Bound[] = [];
  const actuator = rig?.setpoints.find((s) => s.role === role);
  if (actuator !== undefined) {
    found.push({ value: actuator.ceiling, whose: `the rig "${rig?.name}"` });
  }
  for (const product of products) {
    const ceilings = ceilingsOf(product);
    const bound = own(ceilings, role) ?? own(ceilings, dimension ?? "");
    if (bound?.dimension === dimension && bound !== undefined) {
      found.push({ value: bound.value, whose: `the product ${product.product}` });
    }
  }
  return found;
}

function checkKinds(scope: Scope, products: readonly Product[]): void {
  const { profile, rig } = scope;
  for (const { kind, product } of products) {
    if (!profile.for.includes(kind)) {
      const found = `a profile for ${profile.for.join(", ")}`;
      scope.problem(["for"], found, `one for the specimen ${product}, a ${kind}`);
    } else if (rig !== undefined && !rig.kinds.includes(kind)) {
      const found = `the specimen ${product}, a ${kind}`;
      scope.problem(["for"], found, `one the rig "${rig.name}" holds: ${rig.kinds.join(", ")}`);
    }
  }
}

function checkRoles(scope: Scope): void {
  const { rig } = scope;
  if (rig === undefined) return;
  const known = new Map([...rig.readable, ...rig.setpoints].map((r) => [r.role, r.dimension]));
  for (const [role, { dimension, unit }] of scope.roles) {
    const there = known.get(role);
    if (there === undefined) {
      const found = `the role "${role}", which the rig "${rig.name}" does not bind`;
      scope.problem(["roles", role], found, suggest(role, [...known.keys()]));
    } else if (there !== dimension) {
      const expected = `a unit of ${there}, as on the rig "${rig.name}"`;
      scope.problem(["roles", role], `${show(unit)} (a ${dimension})`, expected);
    }
  }
}

function parameterValues(scope: Scope, given: Readonly<Record<string, string>>): NamedValues {
  const declared = scope.profile.parameters ?? {};
  for (const name of Object.keys(given)) {
    if (own(declared, name) !== undefined) continue;
    const expected = suggest(name, Object.keys(declared));
    scope.problem(["parameters"], `a value for the unknown parameter "${name}"`, expected);
  }
  const values: Record<string, { value: number; dimension: Dimension }> = {};
  for (const name of Object.keys(declared)) {
    const dimension = dimensionOf(own(declared, name)?.unit ?? "") ?? "ratio";
    const value = parameterValue(scope, name, dimension, own(given, name));
    values[name] = { value, dimension };
  }
  return values;
}

function parameterValue(
  scope: Scope,
  name: string,
  dimension: Dimension,
  given: string | undefined,
): number {
  const declared = own(scope.profile.parameters, name);
  if (declared === undefined) return Number.NaN;
  const path = ["parameters", name];
  const text = given ?? declared.default;
  const at = given === undefined ? [...path, "default"] : path;
  const value = numberOf(scope, text, dimension, at);
  if (declared.range === undefined) return value;
  const [lowest, highest] = declared.range;
  const lo = numberOf(scope, lowest, dimension, [...path, "range", 0]);
  const hi = numberOf(scope, highest, dimension, [...path, "range", 1]);
  if (value < lo || value > hi) {
    const found = `${show(text)} (${formatQuantity(value, declared.unit)})`;
    const range = `${formatQuantity(lo, declared.unit)} to ${formatQuantity(hi, declared.unit)}`;
    scope.problem(at, found, `${lowest} to ${highest} (${range})`);
  }
  return value;
}

/** A written value as a number; a problem and NaN when it is none. */
export function numberOf(scope: Scope, written: Written, dimension: Dimension, path: Path): number {
  const resolved = resolveWritten(written, dimension, scope.ratings, scope.parameters);
  if (resolved.ok) return resolved.value;
  scope.problem(path, resolved.found, resolved.expected);
  return Number.NaN;
}

/** Whether a role may be watched: declared by the profile and, on a rig, read. */
export function checkWatched(scope: Scope, role: string, path: Path, what: string): boolean {
  if (!scope.roles.has(role)) {
    scope.problem(path, `the unknown role "${role}"`, suggest(role, [...scope.roles.keys()]));
    return false;
  }
  const { rig } = scope;
  if (rig === undefined || rig.readable.some((r) => r.role === role)) return true;
  if (rig.setpoints.some((s) => s.role === role)) {
    const expected = `a role that the rig "${rig.name}" reads`;
    scope.problem(path, `${what} on the role "${role}", which is never read`, expected);
  }
  return false;
}
