/** From names on a command line to checked, compiled parts. */
import { failOnProblems, WearoutError } from "../base/error.js";
import type { Placed } from "../lab/life-test.js";
import type { ParsedProfile } from "../lab/program.js";
import { SpecimenStore } from "../lab/specimen.js";
import { loadProfile } from "../profile/load.js";
import type { Profile } from "../profile/profile.js";
import type { LoadedRig } from "../rig/load.js";
import { profileProblems } from "./problems.js";
import { productOf } from "./product.js";
import type { Site } from "./site.js";

export { programOf } from "../lab/program.js";

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
