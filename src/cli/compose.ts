/** A life test put together from what a person names: files of the site, specimens, parameters. */
import { failOnProblems, WearoutError } from "../base/error.js";
import { checkedName } from "../base/name.js";
import { rigFacts } from "../lab/facts.js";
import type { LifeTestSpec, Placed } from "../lab/life-test.js";
import { refuseWhileOpen } from "../lab/open-run.js";
import { SpecimenStore } from "../lab/specimen.js";
import { waysOn } from "../lab/ways-on.js";
import { type ParsedProfile, programOf } from "../profile/compile.js";
import { loadProfile } from "../profile/load.js";
import type { Profile } from "../profile/profile.js";
import { listRuns, unfinishedRuns } from "../record/reader.js";
import type { LoadedRig } from "../rig/load.js";
import { assignments } from "./option.js";
import { profileProblems } from "./problems.js";
import { productOf } from "./product.js";
import type { Site } from "./site.js";

/** As the options of `run start` have them. */
export type TestWords = {
  /** Name or file. */
  profile: string;
  /** One for each station in order; an empty one leaves its station empty: `a,b,,d`. */
  specimen: string;
  product?: string;
  lot?: string;
  set: readonly string[];
};

type Where = { loaded: LoadedRig; site: Site; recordsRoot: string; simulated: boolean };

export type ComposedTest = Pick<
  LifeTestSpec,
  "loaded" | "profile" | "program" | "placed" | "parameters"
>;

/** Throws what is wrong with the files or names; `STATE_REFUSED` where an open run has the rig or a specimen. */
export function composeTest(
  words: TestWords,
  { loaded, site, recordsRoot, simulated }: Where,
  tell: (text: string) => void,
): ComposedTest {
  const profile = profileOf(words.profile, site);
  const parameters = Object.fromEntries(assignments("--set", words.set));
  const names = namesIn(words.specimen);
  const { value } = profile;
  const known = placeSpecimens(names, words.product, value, loaded, site, recordsRoot);
  const placed = withLots(known, names, words.lot);
  for (const text of otherLots(placed, recordsRoot)) tell(text);
  const products = placed.map((p) => p.product);
  const program = programOf(profile, { products, parameters, rig: rigFacts(loaded) });
  const specimens = placed.map((p) => p.specimen);
  const { rig } = loaded.rig;
  const stations = placed.map((p) => p.station);
  if (!simulated) refuseWhileOpen({ rig, specimens, stations }, listRuns(recordsRoot));
  for (const run of unfinishedRuns(recordsRoot, rig)) {
    tell(`run ${run.id} on this rig is not finished: ${waysOn(run)}`);
  }
  return { loaded, profile, program, placed, parameters };
}

/** One for each station in its order; an empty name leaves its station empty. */
function namesIn(list: string): string[] {
  return list.split(",").map((name) => name.trim());
}

/** `--lot B7` for all, or one for each of the names as they were given. */
function withLots(
  placed: readonly Placed[],
  names: readonly string[],
  text: string | undefined,
): Placed[] {
  const lots = text === undefined ? [] : namesIn(text);
  for (const lot of lots) if (lot !== "") checkedName("--lot", lot);
  if (lots.length > 1 && lots.length !== names.length) {
    const found = `found ${lots.length} lots for ${names.length} specimens`;
    throw new WearoutError("USAGE", `--lot: ${found}, expected one for all or one each`);
  }
  return placed.map((p) => {
    const lot = lots[lots.length === 1 ? 0 : names.indexOf(p.specimen)];
    return lot === undefined || lot === "" ? p : { ...p, lot };
  });
}

function otherLots(placed: readonly Placed[], root: string): string[] {
  const store = new SpecimenStore(root);
  return placed.flatMap(({ specimen, lot }) => store.otherLot(specimen, lot) ?? []);
}

/** A profile whose form is right, by name or path; else all that is wrong with it, in meaning too. */
export function profileOf(nameOrPath: string, site: Site): ParsedProfile {
  const parsed = loadProfile(nameOrPath, site.profiles);
  if (parsed.problems.length > 0) failOnProblems(profileProblems(parsed, site));
  return { ...parsed, value: parsed.value as Profile };
}

/**
 * Specimens in the rig's stations, in the order given; an empty name leaves its station empty. Unknown ones are of `product` or, when none is
 * named, of the profile's example product; `LifeTest.open` keeps them.
 */
export function placeSpecimens(
  names: readonly string[],
  product: string | undefined,
  profile: Profile,
  loaded: LoadedRig,
  site: Site,
  recordsRoot: string,
): Placed[] {
  const stations = Object.keys(loaded.rig.stations);
  checkNames(names, stations, loaded.rig.rig);
  const wanted = product ?? profile.product;
  productOf(wanted, site);
  const store = new SpecimenStore(recordsRoot);
  return names.flatMap((name, i) => {
    if (name === "") return [];
    const specimen = store.resolve(name, wanted, product !== undefined);
    const { product: found, text } = productOf(specimen.product, site);
    return { station: stations[i]!, specimen: name, product: found, productText: text };
  });
}

function checkNames(names: readonly string[], stations: readonly string[], rig: string): void {
  const given = names.filter((name) => name !== "");
  if (given.length === 0 || names.length > stations.length) {
    const text = `found ${names.length > stations.length ? names.length : given.length} specimens, expected 1 to ${stations.length}: rig ${rig} has the stations ${stations.join(", ")}`;
    throw new WearoutError("USAGE", `--specimen: ${text}`);
  }
  const twice = given.find((name, i) => given.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new WearoutError(
      "USAGE",
      `--specimen: "${twice}" is given twice; a specimen is in one place`,
    );
  }
}
