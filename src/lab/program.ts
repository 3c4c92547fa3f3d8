import { failOnProblems } from "../base/error.js";
import type { Parsed } from "../base/schema.js";
import { compileProfile } from "../profile/compile.js";
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
