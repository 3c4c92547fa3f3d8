/** From a profile file to a program that can run: everything checked, everything in numbers. Pure. */
import { failOnProblems, type Problem, WearoutError } from "../base/error.js";
import { parseQuantity } from "../base/quantity.js";
import type { Parsed } from "../base/schema.js";
import { compileBaselines } from "./baseline.js";
import { flatten } from "./flatten.js";
import type { Profile } from "./profile.js";
import type { Program, ProgramEnd, Segment } from "./program.js";
import { type CompileContext, makeScope, type Scope } from "./scope.js";
import { addLimits } from "./step-limits.js";
import { resolveSteps } from "./steps.js";

export type { CompileContext, RigFacts } from "./scope.js";

/** A profile whose form is right. */
export type ParsedProfile = Parsed<Profile> & { value: Profile };

type For = Omit<CompileContext, "parsed">;

/** The program for these products and, if given, this rig; throws `FILE_INVALID` with every problem. */
export function programOf(parsed: ParsedProfile, context: For): Program {
  const { program, problems } = compileProfile(parsed.value, { parsed, ...context });
  failOnProblems(problems);
  return program as Program;
}

/**
 * The program of a profile that a run has kept, with what later rules say against it: it was checked when the run
 * began, so that keeps nobody from going on or ending. Throws `FILE_INVALID` only where no whole program can be made.
 */
export function keptProgramOf(
  parsed: ParsedProfile,
  context: For,
): { program: Program; problems: readonly Problem[] } {
  const { program, problems, leftOut } = compileAll(parsed.value, { parsed, ...context });
  const isWhole = leftOut === 0 && program.segments.length > 0 && program.segments.every(isKnown);
  if (isWhole) return { program, problems };
  failOnProblems(problems);
  throw new WearoutError("FILE_INVALID", `${parsed.file}: no program can be made of it any more`);
}

/**
 * Compiles a profile for its specimens and, when one is given, for a rig. With any problem there is
 * no program; all problems are found, each with its place in the file.
 */
export function compileProfile(
  profile: Profile,
  context: CompileContext,
): { program?: Program; problems: Problem[] } {
  const { program, problems } = compileAll(profile, context);
  return problems.length > 0 ? { problems } : { program, problems };
}

/**
 * What is wrong in a profile of which steps are missing: each step, limit and parameter by itself, nothing that
 * follows from the order of steps.
 */
export function checkProfilePart(profile: Profile, context: CompileContext): Problem[] {
  const scope = makeScope(profile, context);
  const everywhere = addLimits(scope, profile.limits, ["limits"], []);
  resolveSteps(scope, profile.steps, ["steps"], everywhere);
  return scope.problems;
}

function compileAll(
  profile: Profile,
  context: CompileContext,
): { program: Program; problems: Problem[]; leftOut: number } {
  const scope = makeScope(profile, context);
  const everywhere = addLimits(scope, profile.limits, ["limits"], []);
  const nodes = resolveSteps(scope, profile.steps, ["steps"], everywhere);
  const start = Float64Array.from(scope.setpointRoles, (role) => floorOf(scope, role));
  const segments = flatten(scope, nodes, start);
  const baselines = compileBaselines(scope, segments);
  const program: Program = {
    name: profile.profile,
    setpointRoles: scope.setpointRoles,
    start,
    segments,
    limits: scope.limits,
    ...(baselines.length === 0 ? {} : { baselines }),
    end: endOf(profile),
    interruption: profile.interruption ?? "hold",
    blackBox: blackBoxOf(profile),
  };
  return { program, problems: scope.problems, leftOut: scope.leftOut };
}

/** Every number of it is known: a run can go through it. */
function isKnown({ targets, rampMs, arriveMs, dwellMs, dwellTurns, until }: Segment): boolean {
  const { above = 0, below = 0 } = until ?? {};
  const times = [rampMs, dwellMs ?? 0, dwellTurns ?? 0];
  return [...targets, ...arriveMs, ...times, above, below].every(Number.isFinite);
}

function floorOf(scope: Scope, role: string): number {
  return scope.rig?.setpoints.find((s) => s.role === role)?.floor ?? 0;
}

function blackBoxOf({ blackBox }: Profile): Program["blackBox"] {
  const ms = (text: string) => parseQuantity(text)?.value ?? 0;
  return {
    beforeMs: ms(blackBox?.before ?? "60 s"),
    afterMs: ms(blackBox?.after ?? "30 s"),
  };
}

function endOf({ end }: Profile): ProgramEnd {
  const result: ProgramEnd = { suddenDeath: end?.suddenDeath ?? false };
  const timeMs = parseQuantity(end?.time ?? "")?.value;
  const turns = parseQuantity(end?.turns ?? "")?.value;
  if (timeMs !== undefined) result.timeMs = timeMs;
  if (turns !== undefined) result.turns = turns;
  if (end?.failures !== undefined) result.failures = end.failures;
  return result;
}
