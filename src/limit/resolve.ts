/** From a limit as written to numbers. */
import { type Dimension, parseQuantity } from "../base/quantity.js";
import { type Path, show } from "../base/schema.js";
import { defaultPriority } from "./alarm/priority.js";
import type { ResolvedLimit } from "./compiled.js";
import { type Condition, type ConditionFile, conditionNames, kindOf } from "./condition/all.js";
import { noColumn, type ResolveTools } from "./condition/kind.js";
import type { Limit } from "./limit.js";
import type { Written } from "./value.js";
import type { Complaint, OtherRoles, WatchedRole } from "./watched-role.js";
import { differenceOf, type Resolved } from "./written.js";

export type ResolveWritten = (written: Written, dimension: Dimension) => Resolved;

/** What one limit is resolved with; complaints are added to the list. */
type Bench = {
  limit: Limit;
  watched: WatchedRole;
  resolve: ResolveWritten;
  others: OtherRoles;
  wrongBaseline: WrongBaseline;
  complaints: Complaint[];
};

/** One limit as numbers; undefined where it has not exactly one condition. With any complaint they are not to be used. */
export function resolveLimit(
  limit: Limit,
  watched: WatchedRole,
  resolve: ResolveWritten,
  others: OtherRoles = noOthers,
  wrongBaseline: WrongBaseline = noBaselines,
): { limit: ResolvedLimit | undefined; complaints: readonly Complaint[] } {
  const bench: Bench = { limit, watched, resolve, others, wrongBaseline, complaints: [] };
  const condition = conditionOf(bench, limit, limit.role, watched, []);
  // At rest such a reading says nothing of what the run would meet again.
  const isStale = limit.stale !== undefined;
  if (limit.reaction === "suspend" && watched.hasSetpoint && !isStale && condition !== undefined) {
    const found = `suspend on a value of "${limit.role}", which the rig itself brings to rest`;
    complain(bench, ["reaction"], found, "hold, or a stale limit");
  }
  if (condition === undefined) return { limit: undefined, complaints: bench.complaints };
  const resolved = { ...partsOf(limit), condition, ...persistenceOf(bench), ...gatesOf(bench) };
  checkVote(bench);
  checkFail(bench);
  return { limit: resolved, complaints: bench.complaints };
}

/** Why there is no baseline of that name for the limit's role; undefined where there is one. */
export type WrongBaseline = (name: string) => Omit<Complaint, "path"> | undefined;

const noBaselines: WrongBaseline = (name) => ({
  found: `the baseline "${name}" in a limit of a rig`,
  expected: "it in a profile, which learns it",
});

const noOthers: OtherRoles = (name) => ({
  found: `the role "${name}"`,
  expected: "no other role here",
});

function complain(bench: Bench, path: Path, found: string, expected: string): void {
  bench.complaints.push({ path, found, expected });
}

/** The one condition of a part of the limit, which begins at `path`. */
function conditionOf(
  bench: Bench,
  part: ConditionFile,
  role: string,
  watched: WatchedRole,
  path: Path,
): Condition | undefined {
  const [name, ...more] = conditionNames.filter((key) => part[key] !== undefined);
  if (name === undefined || more.length > 0) {
    const said = [name, ...more].join(" and ");
    const found = name === undefined ? "no condition" : `the conditions ${said}`;
    const isWhole = path.length === 0;
    const ofPart = path[0] === "mask" ? "above, below" : "above, below, is, isNot";
    const expected = `exactly one of ${isWhole ? conditionNames.join(", ") : ofPart}`;
    complain(bench, isWhole ? ["name"] : path, found, expected);
    return undefined;
  }
  return kindOf(name).resolve(part[name], toolsOf(bench, role, watched, [...path, name]));
}

function toolsOf(bench: Bench, role: string, watched: WatchedRole, at: Path): ResolveTools {
  const isOwn = at.length === 1;
  return {
    role,
    watched,
    hysteresis: isOwn ? hysteresisOf(bench) : 0,
    afterStartMs: timeMs(bench.limit.mask?.afterStart),
    value: (written, dimension, path) => numberOf(bench, written, dimension, [...at, ...path]),
    baseline: (name, path) => {
      const wrong = bench.wrongBaseline(name);
      if (wrong) complain(bench, [...at, ...path], wrong.found, wrong.expected);
    },
    otherRole: (name, path) => otherRole(bench, name, [...at, ...path]),
    complain: (path, found, expected) => complain(bench, [...at, ...path], found, expected),
  };
}

function numberOf(bench: Bench, written: Written, dimension: Dimension, path: Path): number {
  const resolved = bench.resolve(written, dimension);
  if (resolved.ok) return resolved.value;
  complain(bench, path, resolved.found, resolved.expected);
  return Number.NaN;
}

function otherRole(bench: Bench, name: string, path: Path): WatchedRole | undefined {
  const other = bench.others(name);
  if (!("found" in other)) return other;
  complain(bench, path, other.found, other.expected);
  return undefined;
}

function hysteresisOf(bench: Bench): number {
  const { hysteresis } = bench.limit;
  if (hysteresis === undefined) return 0;
  const difference = differenceOf(bench.watched.dimension);
  const resolved = numberOf(bench, hysteresis, difference, ["hysteresis"]);
  if (resolved < 0) complain(bench, ["hysteresis"], show(hysteresis), "zero or more");
  return Number.isNaN(resolved) ? 0 : resolved;
}

/** The schema has already made sure that it is a time. */
function timeMs(written: string | undefined): number {
  return written === undefined ? 0 : (parseQuantity(written)?.value ?? 0);
}

/** What of a limit stands by itself. */
function partsOf(limit: Limit) {
  const { name, role, reaction, mask, message, guidance, vote } = limit;
  const isolate = limit.isolate === true;
  return {
    name,
    role,
    vote: vote?.atLeast ?? 1,
    voters: vote?.with ?? [],
    forMs: timeMs(limit.for),
    maskAfterStartMs: timeMs(mask?.afterStart),
    maskAfterStepMs: timeMs(mask?.afterStep),
    maskWhileRamping: mask?.whileRamping ?? false,
    reaction,
    ...(isolate ? { isolate: true as const } : {}),
    mode: limit.mode ?? name,
    fail: limit.fail ?? "count-on",
    protects: limit.protects ?? "equipment",
    priority: limit.priority ?? defaultPriority(reaction, isolate),
    ...(message === undefined ? {} : { message }),
    ...(guidance === undefined ? {} : { guidance }),
  };
}

function persistenceOf(bench: Bench): Pick<ResolvedLimit, "count"> {
  const { count, for: lasting } = bench.limit;
  if (count === undefined) return {};
  if (lasting !== undefined) complain(bench, ["count"], "both for and count", "one of them");
  const withinMs = timeMs(count.within);
  if (withinMs <= 0) complain(bench, ["count", "within"], show(count.within), "a time above zero");
  return { count: { times: count.times, withinMs } };
}

function gatesOf(bench: Bench): Pick<ResolvedLimit, "enabledBy" | "untilReached"> {
  const { while: enabling, mask, role } = bench.limit;
  const gates: Pick<ResolvedLimit, "enabledBy" | "untilReached"> = {};
  if (enabling !== undefined) {
    const other = otherRole(bench, enabling.role, ["while", "role"]);
    const condition =
      other && conditionOf(bench, partOf(enabling), enabling.role, other, ["while"]);
    if (condition) gates.enabledBy = { role: enabling.role, column: noColumn, condition };
  }
  if (mask?.untilReached === undefined) return gates;
  const path = ["mask", "untilReached"];
  const condition = conditionOf(bench, mask.untilReached, role, bench.watched, path);
  return condition === undefined ? gates : { ...gates, untilReached: condition };
}

function partOf({ role: _, ...part }: NonNullable<Limit["while"]>): ConditionFile {
  return part;
}

function checkVote(bench: Bench): void {
  const { vote, role } = bench.limit;
  if (vote === undefined) return;
  if (vote.atLeast > vote.with.length + 1) {
    const found = `${vote.atLeast} of ${vote.with.length + 1}`;
    complain(bench, ["vote", "atLeast"], found, `at most ${vote.with.length + 1}`);
  }
  vote.with.forEach((name, i) => {
    const other = otherRole(bench, name, ["vote", "with", i]);
    if (other === undefined) return;
    const isTwice = name === role || vote.with.indexOf(name) !== i;
    if (isTwice) complain(bench, ["vote", "with", i], `the role "${name}" twice`, "each once");
    const { dimension } = bench.watched;
    if (other.dimension === dimension) return;
    const found = `the role "${name}" (a ${other.dimension})`;
    complain(bench, ["vote", "with", i], found, `a ${dimension}, as "${role}"`);
  });
}

function checkFail(bench: Bench): void {
  const { fail, reaction } = bench.limit;
  if (fail === undefined || reaction === "fail") return;
  complain(bench, ["fail"], `fail beside reaction: ${reaction}`, "it beside reaction: fail");
}
