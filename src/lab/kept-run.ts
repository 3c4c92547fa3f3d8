/** A run put together again from what was kept with it: its site may have changed, or be gone. */
import { failOnProblems, formatProblem, WearoutError } from "../base/error.js";
import { keptProgramOf, type ParsedProfile } from "../profile/compile.js";
import { parseProfile } from "../profile/load.js";
import { parseProduct } from "../profile/load-product.js";
import type { Product } from "../profile/product.js";
import type { Program } from "../profile/program.js";
import type { KeptFile, RunHeader } from "../record/document/run.js";
import { type LoadedRig, loadRigText } from "../rig/load.js";
import { rigFacts } from "./facts.js";
import type { Placed } from "./life-test.js";

export type KeptRun = {
  loaded: LoadedRig;
  profile: ParsedProfile;
  program: Program;
  placed: readonly Placed[];
  /** What rules that came later say against its profile, a sentence each: told, and nothing is refused by it. */
  told: readonly string[];
};

/**
 * Rig, profile and products of the texts in a run's header, compiled with its parameters. Throws
 * `FILE_INVALID` where this version cannot compile one of them.
 */
export function keptRun(head: KeptHead): KeptRun {
  const { files, rig, profile: name, parameters, specimens, constants } = head;
  const loaded = loadKeptRig(rig, files, constants);
  const parsed = parseProfile(name, textOf(files, "profile", name));
  failOnProblems(parsed.problems);
  const profile = { ...parsed, value: parsed.value } as ParsedProfile;
  const placed = specimens.map(({ product: id, ...place }): Placed => {
    const productText = textOf(files, "product", id);
    return { ...place, product: productOf(id, productText), productText };
  });
  const products = placed.map((p) => p.product);
  const context = { products, parameters, rig: rigFacts(loaded) };
  const { program, problems } = keptProgramOf(profile, context);
  const told = problems.map(
    (p) => `a new run would be refused, this one goes on: ${formatProblem(p)}`,
  );
  return { loaded, profile, program, placed, told };
}

type KeptHead = Pick<
  RunHeader,
  "files" | "rig" | "profile" | "parameters" | "specimens" | "constants"
>;

/** The rig of kept files; throws `FILE_INVALID`. */
export function loadKeptRig(
  rig: string,
  files: readonly KeptFile[],
  given: Readonly<Record<string, string>> = {},
): LoadedRig {
  const ofTypes = files.filter((file) => file.kind === "device-type");
  const types = new Map(ofTypes.map(({ name, text }) => [name, text]));
  return loadRigText({ name: rig, text: textOf(files, "rig", rig), types, given });
}

function productOf(id: string, text: string): Product {
  const { value, problems } = parseProduct(id, text);
  failOnProblems(problems);
  return value as Product;
}

function textOf(files: readonly KeptFile[], kind: KeptFile["kind"], name: string): string {
  const file = files.find((f) => f.kind === kind && f.name === name);
  if (file !== undefined) return file.text;
  throw new WearoutError("FILE_INVALID", `the ${kind} ${name} was not kept with the run`);
}

/**
 * What the site says otherwise by now, a sentence each: information, for the run goes on with its own
 * texts. `now` gives the text that the site has of a file, undefined where it has none.
 */
export function changedSince(
  kept: readonly KeptFile[],
  now: (file: KeptFile) => string | undefined,
): string[] {
  return kept.flatMap((file) => {
    const text = now(file);
    if (text === file.text) return [];
    if (text === undefined) return [`${file.kind} ${file.name} is not in this site now`];
    return [`${file.kind} ${file.name} changed since: ${firstDifference(file.text, text)}`];
  });
}

function firstDifference(before: string, after: string): string {
  const [old, young] = [before.split("\n"), after.split("\n")];
  const at = old.findIndex((line, i) => line !== young[i]);
  const i = at < 0 ? old.length : at;
  const line = (lines: string[]) => (lines[i] === undefined ? "nothing" : `"${lines[i].trim()}"`);
  return `line ${i + 1} is ${line(young)}, was ${line(old)}`;
}
