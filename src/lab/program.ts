import { failOnProblems, type Problem, WearoutError } from "../base/error.js";
import type { Parsed } from "../base/schema.js";
import { compileKept, compileProfile } from "../profile/compile.js";
import type { Product } from "../profile/product.js";
import type { Profile } from "../profile/profile.js";
import type { Program } from "../profile/program.js";
import type { LoadedRig } from "../rig/load.js";
import { rigFacts } from "./facts.js";

export type ParsedProfile = Parsed<Profile> & { value: Profile };

/** Compiles for these products and, if given, this rig; throws `FILE_INVALID` with every problem. */
export function programOf(
  parsed: ParsedProfile,
  products: readonly Product[],
  loaded: LoadedRig | undefined,
  parameters: Readonly<Record<string, string>>,
): Program {
  const rig = loaded === undefined ? {} : { rig: rigFacts(loaded) };
  const compiled = compileProfile(parsed.value, { parsed, products, parameters, ...rig });
  failOnProblems(compiled.problems);
  return compiled.program as Program;
}

/**
 * The program of a profile that a run has kept, with what later rules say against it: that refuses nothing. Throws
 * `FILE_INVALID` only where no whole program can be made.
 */
export function keptProgramOf(
  parsed: ParsedProfile,
  products: readonly Product[],
  loaded: LoadedRig,
  parameters: Readonly<Record<string, string>>,
): { program: Program; problems: readonly Problem[] } {
  const context = { parsed, products, parameters, rig: rigFacts(loaded) };
  const { program, problems } = compileKept(parsed.value, context);
  if (program !== undefined) return { program, problems };
  failOnProblems(problems);
  throw new WearoutError("FILE_INVALID", `${parsed.file}: no program can be made of it any more`);
}
