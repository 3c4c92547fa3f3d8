/** What is wrong with files, all of it in one round and in the order in which it stands there. */
import { formatProblem, type Problem, WearoutError } from "../base/error.js";
import { judgeParts } from "../base/judge.js";
import type { Parsed } from "../base/schema.js";
import { checkProfilePart, compileProfile } from "../profile/compile.js";
import { loadProduct } from "../profile/load-product.js";
import type { Profile } from "../profile/profile.js";
import type { Site } from "./site.js";

/** A broken device type is a problem of itself and of every rig that names it; once is enough. By file and place. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  const once = [...new Map(problems.map((p) => [formatProblem(p), p])).values()];
  const files = new Map([...new Set(once.map((p) => p.file))].map((file, i) => [file, i]));
  const place = (p: Problem) => files.get(p.file)! * 1e9 + p.line * 1e4 + Math.min(p.column, 9999);
  return once.sort((a, b) => place(a) - place(b));
}

/** Everything wrong with a profile, in form and meaning. */
export function profileProblems(parsed: Parsed<Profile>, site: Site): Problem[] {
  const meaning = judgeParts(parsed, (part) => meaningOf(part, site));
  return inOrder([...parsed.problems, ...meaning]);
}

/** A profile alone is checked against its example product; a rig is not needed. */
function meaningOf(parsed: Parsed<Profile>, site: Site): readonly Problem[] {
  const profile = parsed.value;
  if (profile === undefined) return [];
  try {
    const product = loadProduct(profile.product, site.products);
    if (product.value === undefined) return product.problems;
    const context = { parsed, products: [product.value] };
    if (parsed.part !== undefined) return checkProfilePart(profile, context);
    return compileProfile(profile, context).problems;
  } catch (error) {
    if (!(error instanceof WearoutError) || error.code !== "PRODUCT_UNKNOWN") throw error;
    return [parsed.problem(["product"], `"${profile.product}"`, error.message)];
  }
}
